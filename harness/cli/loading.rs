//! Reading the fixtures, all of them right.

use anyhow::anyhow;

use super::args::FixturesArguments;
use super::failure::Failure;
use crate::input::Files;
use crate::plan::{Case, Patterns};
use crate::scenario::Suite;
use crate::sdk::{Installation, Mutant, Proofs};

/// The fixtures that a command works with.
#[derive(Debug)]
pub struct Loaded {
    pub files: Files,
    pub suite: Suite,
}

impl Loaded {
    pub fn of(arguments: &FixturesArguments) -> Result<Self, Failure> {
        let files = files(arguments)?;
        let suite = Suite::load(&files).map_err(|errors| Failure::all_of("fixtures", &errors))?;
        Ok(Self { files, suite })
    }

    /// Every case.
    pub fn plan(&self) -> Vec<Case> {
        self.suite.plan(&mut Patterns::new(&[]))
    }

    /// The prerequisites, and the cases that `filter` selects.
    pub fn planned(&self, filter: &[String]) -> Result<Vec<Case>, Failure> {
        let mut patterns = Patterns::new(filter);
        let cases = self.suite.plan(&mut patterns);
        refuse_unmatched(&patterns).map(|()| cases)
    }

    /// Just the cases that `filter` selects.
    pub fn selected(&self, filter: &[String]) -> Result<Vec<Case>, Failure> {
        let mut patterns = Patterns::new(filter);
        let cases = self.suite.selected(&mut patterns);
        refuse_unmatched(&patterns).map(|()| cases)
    }

    /// The written mutants.
    pub fn mutants(&self) -> Result<Vec<Mutant>, Failure> {
        let reference = Installation::reference(&self.files)?;
        Mutant::load_all(&self.files, &reference, &self.suite.register)
            .map_err(|errors| Failure::all_of("mutants", &errors))
    }

    pub fn proofs(&self) -> Result<Proofs, Failure> {
        Ok(Proofs::load(&self.files)?)
    }
}

/// The fixtures in the folder that was named, or the bundled ones.
pub fn files(arguments: &FixturesArguments) -> Result<Files, Failure> {
    let folder = arguments.fixtures.as_deref();
    Ok(folder.map_or_else(|| Ok(Files::default()), Files::in_folder)?)
}

/// A pattern that selects nothing is a mistake, and a green run of nothing a lie.
pub fn refuse_unmatched(patterns: &Patterns) -> Result<(), Failure> {
    let unmatched = patterns.unmatched();
    if unmatched.is_empty() {
        return Ok(());
    }
    let quoted = unmatched.iter().map(|pattern| format!("`{pattern}`"));
    let quoted = quoted.collect::<Vec<_>>().join(", ");
    Err(Failure::nothing(anyhow!(
        "nothing matches {quoted}\n   = a pattern is matched against whole check ids, scenario ids \
         and requirement ids; `alhena-conformance list` shows them"
    )))
}
