//! What an engine cannot keep, whatever the build does: no fault of the SDK's.

use serde::Deserialize;
use toml::Spanned;

use super::entry::{Entry, Limit, filled};
use crate::input::{Files, InputError, Source};
use crate::plan::{Case, Pattern};

/// The file that holds them, below the fixtures.
const FILE: &str = "engines.toml";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LimitsFile {
    #[serde(default)]
    limit: Vec<Spanned<LimitFile>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LimitFile {
    engine: Spanned<String>,
    check: Spanned<String>,
    reason: Spanned<String>,
    /// It holds for every build. Else a build can go round it, and then its checks hold.
    #[serde(default)]
    always: bool,
}

/// The limits of the engine of this name, of all `engines`. None where the fixtures have no such
/// file.
///
/// # Errors
/// If the file cannot be read, or names an engine that is not among them.
pub fn limits(files: &Files, engine: &str, engines: &[&str]) -> Result<Vec<Entry>, InputError> {
    if files.has_fixture(FILE) {
        of(&files.fixture(FILE)?, engine, engines)
    } else {
        Ok(Vec::new())
    }
}

/// Takes the checks out of `cases` that the engine of these `limits` cannot keep, each with the
/// reason.
pub fn exclude_limits(cases: &mut [Case], limits: &[Entry]) {
    for case in cases {
        for check in std::mem::take(&mut case.checks) {
            match limits.iter().find(|limit| limit.is_of(case, &check)) {
                Some(limit) => case.not_applicable.push((check, limit.reason.clone())),
                None => case.checks.push(check),
            }
        }
    }
}

fn of(source: &Source, engine: &str, engines: &[&str]) -> Result<Vec<Entry>, InputError> {
    let file: LimitsFile = source.toml()?;
    let mut all = Vec::new();
    for limit in file.limit {
        let line = source.line_of(&limit.span());
        let limit = limit.into_inner();
        let of = filled(source, "engine", &limit.engine)?;
        if !engines.contains(&&*of) {
            let error = source.error(format!("there is no engine `{of}`"));
            let help = format!("the engines are {}", engines.join(", "));
            let line = source.line_of(&limit.engine.span());
            return Err(error.at_line(line).help(help));
        }
        let check = filled(source, "check", &limit.check)?;
        let reason = filled(source, "reason", &limit.reason)?;
        if of == engine {
            all.push(Entry {
                line,
                check: Pattern::new(&check),
                browser: None,
                sdk: None,
                reason,
                link: None,
                expires: None,
                flaky: !limit.always,
                limit: Some(Limit {
                    file: source.name.clone(),
                    engine: of,
                }),
            });
        }
    }
    Ok(all)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use super::*;
    use crate::plan::Patterns;
    use crate::scenario::Suite;
    use crate::verdict::known::KnownFailures;

    const TEXT: &str = "[[limit]]\nengine = \"firefox\"\ncheck = \"leaving/*\"\nreason = \"No.\"\n";

    fn read(text: &str, engine: &str) -> Result<Vec<Entry>, InputError> {
        let source = Source {
            name: "fixtures/engines.toml".into(),
            text: text.into(),
        };
        of(&source, engine, &["chromium", "firefox"])
    }

    #[test]
    fn limit_counts_for_its_engine_alone() {
        assert_eq!(read(TEXT, "firefox").unwrap().len(), 1);
        assert!(read(TEXT, "chromium").unwrap().is_empty());
    }

    #[test]
    fn limit_is_a_known_failure_that_names_its_engine() {
        let list = KnownFailures::none("known.toml").with(read(TEXT, "firefox").unwrap());
        let entry = &list.entries[0];
        assert_eq!(list.at(entry), "fixtures/engines.toml:1");
        assert_eq!(entry.limit.as_ref().unwrap().engine, "firefox");
        assert!(entry.flaky, "a build may go round it");
    }

    #[test]
    fn limit_that_holds_for_every_build_must_fail() {
        let text = format!("{TEXT}always = true\n");
        assert!(!read(&text, "firefox").unwrap()[0].flaky);
    }

    #[test]
    fn unknown_engine_is_refused_at_its_line() {
        let text = TEXT.replace("firefox", "netscape");
        let error = read(&text, "firefox").unwrap_err().to_string();
        assert!(
            error.contains("fixtures/engines.toml:2") && error.contains("chromium, firefox"),
            "{error}"
        );
    }

    #[test]
    fn unknown_key_and_empty_reason_are_refused() {
        assert!(read(&format!("{TEXT}until = 5\n"), "firefox").is_err());
        assert!(read(&TEXT.replace("No.", " "), "firefox").is_err());
    }

    #[test]
    fn what_an_engine_cannot_keep_is_excluded_with_the_reason() {
        let suite = Suite::load(&Files::default()).unwrap();
        let mut cases = suite.plan(&mut Patterns::new(&[]));
        exclude_limits(&mut cases, &read(TEXT, "firefox").unwrap());
        for case in &cases {
            if case.scenario.id.starts_with("leaving/") {
                assert!(case.checks.is_empty(), "{}", case.id);
                let mut excluded = case.not_applicable.iter();
                assert!(excluded.all(|(_, reason)| reason == "No."));
            } else {
                assert!(case.not_applicable.is_empty(), "{}", case.id);
            }
        }
    }

    #[test]
    fn committed_limits_can_be_read() {
        let engines = ["chromium", "firefox", "webkit"];
        let all = limits(&Files::default(), "firefox", &engines);
        assert!(all.is_ok(), "{all:?}");
    }
}
