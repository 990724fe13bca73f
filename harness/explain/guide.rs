use std::collections::BTreeMap;

use serde::Deserialize;

use crate::contract::CheckName;
use crate::input::{Files, InputError, Source};

/// The file that holds them, below the fixtures.
const FILE: &str = "checks.toml";

/// What a person should know of a check that failed.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Guide {
    /// What it asks.
    pub asks: String,
    /// What its failure usually means.
    pub means: String,
    /// How to mend that.
    pub fix: String,
}

/// The guide of each check.
#[derive(Debug, Clone)]
pub struct Guides {
    by_name: BTreeMap<CheckName, Guide>,
}

impl Guides {
    /// Reads `checks.toml`; the bundled one where the user's own fixtures have none, for checks are
    /// the harness's own.
    ///
    /// # Errors
    /// If it cannot be read, names a check that there is not, lacks one, or leaves an answer empty.
    pub fn load(files: &Files) -> Result<Self, InputError> {
        let source = if files.has_fixture(FILE) {
            files.fixture(FILE)
        } else {
            Files::default().fixture(FILE)
        }?;
        Self::of(&source)
    }

    fn of(source: &Source) -> Result<Self, InputError> {
        let by_name: BTreeMap<CheckName, Guide> = source.toml()?;
        if let Some(name) = CheckName::ALL
            .into_iter()
            .find(|name| !by_name.contains_key(name))
        {
            return Err(source
                .error(format!("[{name}] is missing"))
                .help("say what it asks, what its failure usually means, and how to mend that"));
        }
        let is_empty = |guide: &Guide| {
            [&guide.asks, &guide.means, &guide.fix]
                .into_iter()
                .any(|text| text.trim().is_empty())
        };
        match by_name.iter().find(|(_, guide)| is_empty(guide)) {
            Some((name, _)) => Err(source.error(format!("[{name}] leaves an answer empty"))),
            None => Ok(Self { by_name }),
        }
    }

    /// That of one check.
    #[must_use]
    pub fn of_check(&self, name: CheckName) -> Option<&Guide> {
        self.by_name.get(&name)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::plan::Patterns;
    use crate::scenario::Suite;

    fn refused(change: impl Fn(&str) -> String) -> String {
        let source = Files::default().fixture(FILE).unwrap();
        Guides::of(&Source {
            text: change(&source.text),
            ..source
        })
        .unwrap_err()
        .to_string()
    }

    #[test]
    fn every_check_has_a_guide_of_whole_sentences() {
        let guides = Guides::load(&Files::default()).unwrap();
        for name in CheckName::ALL {
            let Guide { asks, means, fix } = guides.of_check(name).unwrap();
            for text in [asks, means, fix] {
                assert!(
                    text.trim_end().ends_with(['.', '?'])
                        && !text.contains("  ")
                        && !text.contains('\n'),
                    "[{name}] {text}"
                );
            }
        }
    }

    #[test]
    fn every_check_that_a_scenario_makes_is_among_all() {
        let all: BTreeSet<CheckName> = CheckName::ALL.into_iter().collect();
        let made: BTreeSet<CheckName> = Suite::load(&Files::default())
            .unwrap()
            .plan(&mut Patterns::new(&[]))
            .iter()
            .flat_map(|case| &case.checks)
            .map(|check| check.name)
            .collect();
        assert_eq!(all.len(), CheckName::ALL.len(), "none stands twice");
        assert_eq!(all, made);
    }

    #[test]
    fn what_is_unknown_missing_or_empty_is_refused() {
        let message = refused(|text| text.replace("[in-order]", "[in-odrer]"));
        assert!(
            message.contains("unknown variant `in-odrer`") && message.contains("checks.toml"),
            "{message}"
        );
        let message = refused(|text| text.replacen("fix = ", "mend = ", 1));
        assert!(
            message.contains("unknown field `mend`") && message.contains("checks.toml:"),
            "{message}"
        );
        let message = refused(|text| text.split("[observe-row]").next().unwrap().to_owned());
        assert!(message.contains("[observe-row] is missing"), "{message}");
        let message =
            refused(|text| text.replace("fix = \"Nothing need be mended.\"", "fix = \" \""));
        assert!(
            message.contains("[observe-row] leaves an answer empty"),
            "{message}"
        );
    }
}
