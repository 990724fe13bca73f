use std::path::Path;

use super::failure::Failure;
use crate::contract::Register;
use crate::input::Files;
use crate::scenario::Suite;
use crate::sdk::{Installation, Mutant};

/// The fixtures in this folder, or the bundled ones.
pub fn files(fixtures: Option<&Path>) -> Result<Files, Failure> {
    fixtures
        .map_or_else(|| Ok(Files::default()), Files::in_folder)
        .map_err(Failure::usage)
}

/// The scenarios, all of them right.
pub fn suite(files: &Files) -> Result<Suite, Failure> {
    Suite::load(files).map_err(|errors| Failure::all_of("fixtures", &errors))
}

/// The written mutants, all of them right.
pub fn mutants(files: &Files, register: &Register) -> Result<Vec<Mutant>, Failure> {
    let reference = Installation::reference(files).map_err(Failure::usage)?;
    Mutant::load_all(files, &reference, register)
        .map_err(|errors| Failure::all_of("mutants", &errors))
}
