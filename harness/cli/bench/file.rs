//! `bench.toml`: what `bench` measures.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use crate::browser::{EngineRef, engine_named};
use crate::input::{Files, InputError, Source};
use crate::plan::Case;
use crate::report::bench::Aim;
use crate::sdk::Mutant;

/// The file that holds it, below the fixtures.
const FILE: &str = "bench.toml";

/// The file, as it was read.
#[derive(Debug)]
pub struct BenchFile {
    source: Source,
    content: Content,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Content {
    simulated: Spanned<String>,
    broken: Vec<Spanned<String>>,
    engines: BTreeMap<Spanned<String>, f64>,
}

impl BenchFile {
    /// Reads it.
    pub fn load(files: &Files) -> Result<Self, InputError> {
        let source = files.fixture(FILE)?;
        let content = source.toml()?;
        Ok(Self { source, content })
    }

    /// The broken builds, in the order of the file.
    pub fn broken(&self, mutants: &[Mutant]) -> Result<Vec<Mutant>, InputError> {
        let mutant = |id| {
            let found = |id: &str| mutants.iter().find(|mutant| mutant.id == id).cloned();
            let help = "the mutants are in the folder `mutants` beside this file";
            self.found(id, "mutant", help, found)
        };
        self.content.broken.iter().map(mutant).collect()
    }

    /// The case that simulated nodes play back.
    pub fn simulated(&self, cases: &[Case]) -> Result<Case, InputError> {
        let found = |id: &str| cases.iter().find(|case| case.id == id).cloned();
        let help = "`alhena-conformance run --dry-run -v` prints them";
        self.found(&self.content.simulated, "case", help, found)
    }

    /// How many times as long as in the default engine a case is to take in one, at most.
    pub fn aim_of(&self, engine: EngineRef) -> Result<Option<Aim>, InputError> {
        let mut aim = None;
        for (id, most) in &self.content.engines {
            let help = "`alhena-conformance run --help` names the engines at --engine";
            let own = self.found(id, "browser engine", help, engine_named)?;
            if own.id() == engine.id() {
                aim = Some(Aim::AtMost(*most));
            }
        }
        Ok(aim)
    }

    fn found<T>(
        &self,
        id: &Spanned<String>,
        what: &str,
        help: &str,
        find: impl Fn(&str) -> Option<T>,
    ) -> Result<T, InputError> {
        let (line, id) = (self.source.line_of(&id.span()), id.get_ref());
        find(id).ok_or_else(|| {
            let error = self
                .source
                .error(format!("`{id}` is not the id of a {what}"));
            error.at_line(line).help(help)
        })
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use super::*;
    use crate::browser::engines;
    use crate::plan::Patterns;
    use crate::scenario::Suite;
    use crate::sdk::Installation;

    fn file() -> BenchFile {
        BenchFile::load(&Files::default()).unwrap()
    }

    #[test]
    fn ten_mutants_and_one_case_of_the_fixtures_are_measured() {
        let files = Files::default();
        let suite = Suite::load(&files).unwrap();
        let reference = Installation::reference(&files).unwrap();
        let mutants = Mutant::load_all(&files, &reference, &suite.register).unwrap();
        assert_eq!(file().broken(&mutants).unwrap().len(), 10);
        let cases = suite.plan(&mut Patterns::new(&[]));
        assert!(!file().simulated(&cases).unwrap().checks.is_empty());
    }

    #[test]
    fn engines_have_aims() {
        let aims = engines().map(|engine| file().aim_of(engine).unwrap());
        let without = aims.filter(Option::is_none);
        assert_eq!(without.count(), 1, "what the others are measured against");
    }

    #[test]
    fn unknown_ids_are_reported_with_their_line() {
        let mutant = file().broken(&[]).unwrap_err().to_string();
        assert!(
            mutant.contains("bench.toml:8") && mutant.contains("is not the id of a mutant"),
            "{mutant}"
        );
        let case = file().simulated(&[]).unwrap_err().to_string();
        assert!(
            case.contains("bench.toml:4") && case.contains("is not the id of a case"),
            "{case}"
        );
    }
}
