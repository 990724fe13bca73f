use serde::Deserialize;
use toml::Spanned;

use super::pattern::within_word;
use crate::input::{Files, InputError};
use crate::text::did_you_mean;

/// The file that holds them, below the fixtures.
const FILE: &str = "suites.toml";

/// Named selections of cases.
#[derive(Debug, Default)]
pub struct Suites(Vec<NamedSuite>);

/// One of them.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NamedSuite {
    /// What `--suite` names.
    pub name: String,
    /// What its cases have in common.
    pub about: String,
    /// Patterns of their ids.
    pub cases: Vec<String>,
    /// Whether it is quick enough to be driven at each save.
    #[serde(default = "yes")]
    pub on_save: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SuitesFile {
    suite: Vec<Spanned<NamedSuite>>,
}

fn yes() -> bool {
    true
}

impl Suites {
    /// Reads `suites.toml`; none where there is no such file.
    ///
    /// # Errors
    /// If it cannot be read, or a name is there twice.
    pub fn load(files: &Files) -> Result<Self, InputError> {
        if !files.has_fixture(FILE) {
            return Ok(Self::default());
        }
        let source = files.fixture(FILE)?;
        let file: SuitesFile = source.toml()?;
        let mut suites: Vec<NamedSuite> = Vec::new();
        for entry in file.suite {
            let line = source.line_of(&entry.span());
            let suite = entry.into_inner();
            if suites.iter().any(|other| other.name == suite.name) {
                let found = format!("there are two suites `{}`", suite.name);
                return Err(source.error(found).at_line(line).help("rename one of them"));
            }
            suites.push(suite);
        }
        Ok(Self(suites))
    }

    /// The words that restrict a selection to the suites of these names.
    ///
    /// # Errors
    /// In words, the first name that is none, with what is like it.
    pub fn words(&self, names: &[String]) -> Result<Vec<String>, String> {
        let mut words = Vec::new();
        for name in names {
            let Some(suite) = self.0.iter().find(|suite| suite.name == *name) else {
                let known = self.0.iter().map(|suite| suite.name.as_str());
                let near = did_you_mean(name, known.clone());
                let known: Vec<&str> = known.collect();
                let known = known.join(", ");
                return Err(format!(
                    "there is no suite `{name}`{near}\n   = known: {known}"
                ));
            };
            words.extend(suite.words());
        }
        Ok(words)
    }

    /// The words that restrict a selection to what is driven at each save; none where that is all.
    pub fn on_save(&self) -> Vec<String> {
        if self.0.iter().all(|suite| suite.on_save) {
            return Vec::new();
        }
        let quick = self.0.iter().filter(|suite| suite.on_save);
        quick.flat_map(NamedSuite::words).collect()
    }

    /// Those that are left out at each save.
    pub fn left_out(&self) -> impl Iterator<Item = &NamedSuite> {
        self.0.iter().filter(|suite| !suite.on_save)
    }
}

impl NamedSuite {
    fn words(&self) -> Vec<String> {
        self.cases.iter().map(|case| within_word(case)).collect()
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use super::*;
    use crate::plan::Patterns;
    use crate::scenario::Suite;

    fn planned(words: &[String]) -> Vec<String> {
        let suite = Suite::load(&Files::default()).unwrap();
        let cases = suite.selected(&mut Patterns::new(words));
        cases.into_iter().map(|case| case.id).collect()
    }

    #[test]
    fn every_case_belongs_to_one_suite() {
        let suites = Suites::load(&Files::default()).unwrap();
        let mut cases: Vec<String> = suites
            .0
            .iter()
            .flat_map(|own| planned(&own.words()))
            .collect();
        cases.sort_unstable();
        let mut all = planned(&[]);
        all.sort_unstable();
        assert_eq!(cases, all);
    }

    #[test]
    fn save_leaves_out_what_is_long() {
        let suites = Suites::load(&Files::default()).unwrap();
        let quick = planned(&suites.on_save());
        assert!(quick.iter().any(|case| case.starts_with("queue/")));
        assert!(!quick.iter().any(|case| case.starts_with("field/")));
        let left_out: Vec<&str> = suites.left_out().map(|own| own.name.as_str()).collect();
        assert_eq!(left_out, ["field"]);
    }

    #[test]
    fn mistyped_suite_is_refused_with_what_is_like_it() {
        let suites = Suites::load(&Files::default()).unwrap();
        let error = suites.words(&["fields".to_owned()]).unwrap_err();
        assert!(error.contains("there is no suite `fields`"), "{error}");
        assert!(error.contains("did you mean field?"), "{error}");
    }
}
