use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{Display, Write as _};

use super::SCHEMA;
use crate::contract::{EngineName, Level};
use crate::report::compare::{Side, State, WireSummary, words};
use crate::report::model::{CauseReport, Report};

const HEAD: &str = "# What the last release does. `alhena-conformance run --baseline` fails for \
    what got worse since, and for nothing else.
# Written by `--update-baseline`; the diff of this file is the review of a release.

";

/// The baseline of a run in this engine, as a whole file. Two runs of one build make the same
/// bytes: what is there by chance stays as `before` has it.
pub fn baseline(report: &Report, before: Option<&Side>, engine: EngineName) -> String {
    let mut file = Toml(HEAD.to_owned());
    file.set("schema", quoted(SCHEMA));
    file.set("harness", quoted(&report.harness.version));
    file.set("engine", quoted(engine.id));
    file.set("sdk_sha256", quoted(&report.sdk.sha256));
    file.set("snippet_sha256", quoted(&report.snippet.sha256));
    file.set("profile", quoted(&report.profile.name));
    file.set("profile_sha256", quoted(&report.profile.sha256));
    file.set("filter", list(&report.filter));
    let found = Found::of(report);
    file.push("\n# Every verdict but `pass`. What fails here does not fail a run.\n[verdicts]");
    for (check, word) in found.verdicts {
        file.set(&quoted(check), quoted(word));
    }
    if let Some(causes) = causes(report, before) {
        file.push("\n# The causes of what fails, by name. Another one is a new defect.\n[causes]");
        for (id, sentence) in causes {
            file.set(&quoted(id), quoted(sentence));
        }
    }
    file.push("\n# What is seen where the API page is silent, as JSON.\n[observations]");
    for (check, value) in found.observations {
        file.set(&quoted(check), quoted(&value));
    }
    if let Some(wire) = Side::of_report(report.clone(), "").wire {
        file.wire(match before.and_then(|before| before.wire.as_ref()) {
            Some(before) => wire.steadied(before),
            None => wire,
        });
    }
    file.push("\n# The checks that hold. One that is missing in a run has vanished, and fails it.");
    file.push("[holds]");
    for (case, names) in found.holds {
        file.set(&quoted(case), list(names));
    }
    file.0
}

/// The sentences of the causes of a run, by their names; of those that `before` has, as it words
/// them: how many cases show a cause may differ by chance. `None`: they are not known.
fn causes<'r>(report: &'r Report, before: Option<&'r Side>) -> Option<BTreeMap<&'r str, &'r str>> {
    let old = before.and_then(|before| before.causes.as_deref());
    let sentence = |own: &'r CauseReport| {
        let same = old.and_then(|old| old.iter().find(|old| old.id == own.id));
        same.unwrap_or(own).sentence.as_str()
    };
    let causes = report
        .failing_causes()?
        .map(|own| (own.id.0.as_str(), sentence(own)));
    Some(causes.collect())
}

/// The checks of a run by the table that each belongs to.
#[derive(Default)]
struct Found<'r> {
    verdicts: BTreeMap<&'r str, &'static str>,
    /// Values as JSON; an empty text: it could not be seen.
    observations: BTreeMap<&'r str, String>,
    /// The names of checks, by what stands before `#` in their ids.
    holds: BTreeMap<&'r str, BTreeSet<&'r str>>,
}

impl<'r> Found<'r> {
    fn of(report: &'r Report) -> Self {
        use State::{Broken, Flaky, Holds, Undecided};
        let mut found = Self::default();
        for check in &report.checks {
            let id = check.id.0.as_str();
            match (State::of(check.status), check.level, &check.value) {
                (None, ..) => {
                    found.verdicts.insert(id, check.status.word());
                }
                (Some(_), Level::Observe, Some(value)) => {
                    found.observations.insert(id, value.to_string());
                }
                (Some(Holds), ..) => {
                    let (case, name) = id.rsplit_once('#').unwrap_or((id, ""));
                    found.holds.entry(case).or_default().insert(name);
                }
                (Some(Flaky | Broken | Undecided), Level::Observe, None) => {
                    found.observations.insert(id, String::new());
                }
                (Some(Flaky | Broken | Undecided), Level::Must | Level::Should, _) => {
                    found.verdicts.insert(id, check.status.as_found().word());
                }
            }
        }
        found
    }
}

/// The file as far as it is written.
struct Toml(String);

impl Toml {
    fn push(&mut self, line: &str) {
        self.0.extend([line, "\n"]);
    }

    fn set(&mut self, key: &str, value: impl Display) {
        writeln!(self.0, "{key} = {value}").expect("a String takes every text");
    }

    fn wire(&mut self, wire: WireSummary) {
        self.push("\n# What goes over the wire, over all cases.\n[wire]");
        self.set("hosts", lines(&wire.hosts));
        self.set("preflights", lines(&wire.preflights));
        self.set("other_requests", lines(&wire.other_requests));
        if let Some(globals) = wire.globals {
            self.set("globals", lines(&globals));
        }
        if let Some(storage) = wire.storage {
            self.push("\n[wire.storage]");
            self.set("local", lines(&storage.local));
            self.set("session", lines(&storage.session));
            self.set("cookies", lines(&storage.cookies));
        }
        for (method, event) in wire.events {
            self.push(&format!("\n[wire.events.{method}]"));
            self.set("requests", lines(&event.requests));
            self.set("content_types", lines(&event.content_types));
            if let Some(requests) = event.requests_a_call {
                self.set("requests_a_call", format!("{requests:?}"));
            }
            if let Some(bytes) = event.bytes {
                self.set("bytes", bytes);
            }
            self.push(&format!("\n[wire.events.{method}.fields]"));
            for (pointer, field) in event.fields {
                self.set(&quoted(&pointer), quoted(&words(&field)));
            }
        }
    }
}

/// A list in one line.
fn list<S: AsRef<str>>(items: impl IntoIterator<Item = S>) -> String {
    let items = items.into_iter().map(|item| quoted(item.as_ref()));
    format!("[{}]", items.collect::<Vec<_>>().join(", "))
}

/// A list with an entry a line, so that a diff shows the entry.
fn lines(items: &BTreeSet<String>) -> String {
    if items.is_empty() {
        return "[]".to_owned();
    }
    let entries = items.iter().map(|item| format!("  {},\n", quoted(item)));
    format!("[\n{}]", entries.collect::<String>())
}

/// A text for TOML, in the kind of quotes that needs no backslashes; both kinds may be a key
/// too.
fn quoted(text: &str) -> String {
    let is_plain = |letter: char| !letter.is_control() && letter != '\'';
    if text.contains(['"', '\\']) && text.chars().all(is_plain) {
        return format!("'{text}'");
    }
    // JSON's escapes are TOML's, but for this one letter.
    let json = serde_json::Value::from(text).to_string();
    json.replace('\u{7f}', "\\u007F")
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::input::Source;
    use crate::report::baseline::{ENGINES, read_baseline};
    use crate::report::compare::{compare, tests::wired};
    use crate::verdict::{CauseId, Status};

    fn baseline(report: &Report, before: Option<&Side>) -> String {
        super::baseline(report, before, ENGINES[0])
    }

    fn read(text: &str) -> Result<Side, String> {
        let source = Source {
            name: "baseline.toml".into(),
            text: text.to_owned(),
        };
        read_baseline(&source, &ENGINES).map_err(|error| error.to_string())
    }

    #[rstest]
    fn every_text_is_read_as_it_was_written(
        #[values("plain", "it's", "a\"b", "a\\b'c\"", "\u{7f}\n\t\u{0}", "größe", "")] text: &str,
    ) {
        let file = format!("{} = {}", quoted(text), quoted(text));
        let table: BTreeMap<String, String> = toml::from_str(&file).unwrap();
        assert_eq!(table, BTreeMap::from([(text.to_owned(), text.to_owned())]));
    }

    #[test]
    fn a_run_is_no_worse_than_its_own_baseline() {
        let report = wired();
        let side = read(&baseline(&report, None)).unwrap();
        let compared = compare(&side, &Side::of_report(report, "run"));
        assert!(!compared.has_regressed(), "{:?}", compared.regressions);
        assert_eq!(
            (&compared.wire.changes, &compared.observations),
            (&Vec::new(), &Vec::new())
        );
        assert_eq!(compared.still_wrong.len(), 3, "what failed before is known");
    }

    #[test]
    fn rewritten_baseline_ignores_noise() {
        let report = wired();
        let first = baseline(&report, None);
        let mut again = report.clone();
        again.began = "2031-01-01T00:00:00Z".into();
        again.duration_ms *= 2.0;
        for case in again.wire.as_mut().unwrap().cases.values_mut() {
            for seen in &mut case.events {
                seen.bytes = seen
                    .bytes
                    .iter()
                    .map(|(bytes, times)| (bytes + 2, *times))
                    .collect();
            }
        }
        assert_eq!(baseline(&again, Some(&read(&first).unwrap())), first);
    }

    #[test]
    fn new_failure_against_a_baseline_is_a_regression() {
        let report = wired();
        let side = read(&baseline(&report, None)).unwrap();
        let mut worse = report;
        worse.checks[0].status = Status::Fail;
        let compared = compare(&side, &Side::of_report(worse, "run"));
        assert_eq!(
            compared
                .new_failures
                .iter()
                .map(|change| change.check.0.as_str())
                .collect::<Vec<_>>(),
            ["queue/order#in-order"]
        );
        assert_eq!(compared.requirements_broken.len(), 1);
    }

    #[test]
    fn new_and_gone_causes_show_against_a_baseline() {
        let report = wired();
        let side = read(&baseline(&report, None)).unwrap();
        let mut other = report;
        other.causes[0].id = CauseId("another defect".into());
        let compared = compare(&side, &Side::of_report(other, "run"));
        let causes = compared.causes.unwrap();
        let ids = |list: &[CauseReport]| list.iter().map(|own| own.id.0.clone()).collect();
        let (new, gone): (Vec<_>, Vec<_>) = (ids(&causes.new), ids(&causes.gone));
        assert_eq!(new, ["another defect"]);
        assert_eq!((gone.len(), causes.both.len()), (1, 1));
        assert!(!causes.gone[0].sentence.is_empty());
    }

    #[test]
    fn baseline_without_causes_compares_none() {
        let text = baseline(&wired(), None);
        let (before, rest) = text.split_once("\n# The causes").unwrap();
        let (_, after) = rest.split_once("\n# What is seen").unwrap();
        let side = read(&format!("{before}\n# What is seen{after}")).unwrap();
        assert_eq!(
            compare(&side, &Side::of_report(wired(), "run")).causes,
            None
        );
    }

    #[rstest]
    #[case::another_shape(
        "baseline/1",
        "baseline/9",
        "the shape alhena-conformance/baseline/9, and this version reads"
    )]
    #[case::no_verdict("\"fail\"", "\"fails\"", "unknown variant `fails`")]
    #[case::no_check("#unchanged", "", "`cart/item-added` is no check")]
    #[case::no_type("\"number\"", "\"decimal\"", "`decimal` is no JSON type")]
    #[case::no_json("[\"a\"]", "[a", "is not JSON")]
    #[case::unknown("filter =", "filters =", "unknown field `filters`")]
    fn garbled_baseline_is_refused_with_its_line(
        #[case] from: &str,
        #[case] to: &str,
        #[case] said: &str,
    ) {
        let text = baseline(&wired(), None);
        let line = text.lines().position(|line| line.contains(from)).unwrap() + 1;
        let error = read(&text.replacen(from, to, 1)).unwrap_err();
        assert!(
            error.contains(said) && error.contains(&format!("baseline.toml:{line}")),
            "{error}"
        );
    }

    #[test]
    fn duplicate_check_is_refused() {
        let text = baseline(&wired(), None).replacen(
            "[verdicts]\n",
            "[verdicts]\n\"queue/order#in-order\" = \"fail\"\n",
            1,
        );
        assert!(
            read(&text)
                .unwrap_err()
                .contains("`queue/order#in-order` stands here twice")
        );
    }
}
