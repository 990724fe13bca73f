use std::collections::BTreeMap;

use serde::Deserialize;

use super::{CaseCheckName, Question, RowCheckName};
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
    /// How to fix that.
    pub fix: String,
}

/// The guide of each check.
#[derive(Debug, Clone)]
pub struct Guides {
    by_name: BTreeMap<String, Guide>,
}

/// The name of every check. One that is asked of cases and of rows alike has one guide.
fn names() -> Vec<String> {
    let of_cases = CaseCheckName::ALL.map(|name| name.to_string());
    let of_rows = RowCheckName::ALL.map(|name| name.to_string());
    of_cases.into_iter().chain(of_rows).collect()
}

impl Guides {
    /// Reads `checks.toml`; the bundled one where the user's own fixtures have none, for checks are
    /// the harness's own.
    ///
    /// # Errors
    /// If it cannot be read, names a check that there is not, lacks one, or leaves an answer empty.
    pub fn load(files: &Files) -> Result<Self, InputError> {
        let bundled = Files::default();
        let files = if files.has_fixture(FILE) {
            files
        } else {
            &bundled
        };
        Self::of(&files.fixture(FILE)?)
    }

    fn of(source: &Source) -> Result<Self, InputError> {
        let by_name: BTreeMap<String, Guide> = source.toml()?;
        let names = names();
        if let Some(unknown) = by_name.keys().find(|name| !names.contains(name)) {
            return Err(source
                .error(format!("there is no check `{unknown}`"))
                .at_line(source.line_of_key(&[unknown]))
                .help(format!("the checks are {}", names.join(", "))));
        }
        if let Some(name) = names.iter().find(|name| !by_name.contains_key(*name)) {
            return Err(source.error(format!("[{name}] is missing")).help(
                "add it: what it asks, what its failure usually means, and how to fix that",
            ));
        }
        for (name, Guide { asks, means, fix }) in &by_name {
            let answers = [("asks", asks), ("means", means), ("fix", fix)];
            let mut answers = answers.into_iter();
            if let Some((key, _)) = answers.find(|(_, text)| text.trim().is_empty()) {
                return Err(source
                    .error(format!("[{name}] leaves `{key}` empty"))
                    .at_line(source.line_of_key(&[name, key]))
                    .help("write a whole sentence: `explain` prints it"));
            }
        }
        Ok(Self { by_name })
    }

    /// That of one check.
    pub fn of_check(&self, question: Question) -> Option<&Guide> {
        self.by_name.get(&question.to_string())
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use super::*;

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
        for name in names() {
            let Guide { asks, means, fix } = &guides.by_name[&name];
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
    fn unknown_missing_and_empty_guides_are_refused() {
        let message = refused(|text| text.replace("[in-order]", "[in-odrer]"));
        assert!(
            message.contains("there is no check `in-odrer`") && message.contains("checks.toml:"),
            "{message}"
        );
        let message = refused(|text| text.replacen("fix = ", "repair = ", 1));
        assert!(
            message.contains("unknown field `repair`") && message.contains("checks.toml:"),
            "{message}"
        );
        let message = refused(|text| text.split("[observe-row]").next().unwrap().to_owned());
        assert!(message.contains("[observe-row] is missing"), "{message}");
        let message =
            refused(|text| text.replace("fix = \"Nothing has to be fixed.\"", "fix = \" \""));
        assert!(
            message.contains("[observe-row] leaves `fix` empty")
                && message.contains("checks.toml:"),
            "{message}"
        );
    }
}
