use std::sync::Arc;

use super::condition::Conditions;
use super::load::{Reader, Scenario};
use crate::contract::{EventFiles, FieldTables, Guides, Register};
use crate::input::{Files, InputError, Source};

/// All scenarios, with the register and the tables they speak of.
#[derive(Debug)]
pub struct Suite {
    /// The promises.
    pub register: Register,
    /// What each check asks, and what its failure means.
    pub guides: Guides,
    /// Every scenario, by id.
    pub scenarios: Vec<Arc<Scenario>>,
    /// Every condition of pages.
    pub conditions: Conditions,
    tables: Arc<FieldTables>,
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
        let one = |error| vec![error];
        let register = Register::load(files).map_err(one)?;
        let (tables, guides) = match (FieldTables::load(files, &register), Guides::load(files)) {
            (Ok(tables), Ok(guides)) => (Arc::new(tables), guides),
            (tables, guides) => {
                return Err([tables.err(), guides.err()].into_iter().flatten().collect());
            }
        };
        let conditions = Conditions::load(files, &register).map_err(one)?;
        let events = EventFiles::of(files);
        let mut scenarios = Vec::new();
        let mut errors = Vec::new();
        for path in paths {
            match Reader::read(path, files, &events, &register, &tables, &conditions) {
                Ok(scenario) => scenarios.push(Arc::new(scenario)),
                Err(error) => errors.push(error),
            }
        }
        if errors.is_empty() {
            Ok(Self {
                register,
                guides,
                scenarios,
                conditions,
                tables,
            })
        } else {
            Err(errors)
        }
    }

    /// The scenario `id` that is written in `source`; it does not become one of the suite's.
    ///
    /// # Errors
    /// If it cannot be read, or a check of it can prove nothing.
    pub fn read(&self, id: &str, source: Source, files: &Files) -> Result<Scenario, InputError> {
        let (register, conditions) = (&self.register, &self.conditions);
        let events = EventFiles::of(files);
        Reader::of(id, source, &events, register, &self.tables, conditions)
    }
}
