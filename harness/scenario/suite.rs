use std::sync::Arc;

use super::load::{Reader, Scenario};
use crate::contract::{FieldTables, Register};
use crate::input::{Files, InputError};

/// All scenarios, with the register and the tables they speak of.
#[derive(Debug)]
pub struct Suite {
    /// The promises.
    pub register: Register,
    /// Every scenario, by id.
    pub scenarios: Vec<Scenario>,
}

impl Suite {
    /// Reads all fixtures.
    ///
    /// # Errors
    /// Every unreadable file, not only the first.
    pub fn load(files: &Files) -> Result<Self, Vec<InputError>> {
        let paths = files.list("scenarios", "toml");
        if paths.is_empty() {
            return Err(vec![
                InputError::new("scenarios", "no scenario was found")
                    .help("put TOML files into `scenarios/` of the fixtures folder"),
            ]);
        }
        Self::of(&paths, files)
    }

    /// Reads just the scenarios at `paths`, relative to the fixtures folder.
    pub fn of(paths: &[String], files: &Files) -> Result<Self, Vec<InputError>> {
        let (register, tables) = match (Register::load(files), FieldTables::load(files)) {
            (Ok(register), Ok(tables)) => (register, Arc::new(tables)),
            (register, tables) => {
                return Err(register.err().into_iter().chain(tables.err()).collect());
            }
        };
        let mut scenarios = Vec::new();
        let mut errors = Vec::new();
        for path in paths {
            match Reader::read(path, files, &register, &tables) {
                Ok(scenario) => scenarios.push(scenario),
                Err(error) => errors.push(error),
            }
        }
        if errors.is_empty() {
            Ok(Self {
                register,
                scenarios,
            })
        } else {
            Err(errors)
        }
    }
}
