use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::file::SCHEMA;
use crate::contract::Level;
use crate::report::compare::{EventSummary, Side, State, WireSummary, words};
use crate::report::model::{CheckReport, Report};

const HEAD: &str = "# What the last release does. `alhena-conformance run --baseline` fails for \
    what got worse since, and for nothing else.
# Written by `--update-baseline`; the diff of this file is the review of a release.
";

/// The baseline of a run, as a whole file. Two runs of one build make the same bytes: what is there
/// by chance stays as `before` has it.
#[must_use]
pub fn baseline(report: &Report, before: Option<&Side>) -> String {
    let mut text = HEAD.to_owned();
    let facts = [
        ("schema", SCHEMA),
        ("harness", &report.harness.version),
        ("sdk_sha256", &report.sdk.sha256),
        ("snippet_sha256", &report.snippet.sha256),
        ("profile", &report.profile.name),
        ("profile_sha256", &report.profile.sha256),
    ];
    text.push('\n');
    for (name, value) in facts {
        let _ = writeln!(text, "{name} = {}", quoted(value));
    }
    let _ = writeln!(text, "filter = {}", list(&report.filter));
    let (mut verdicts, mut observations, mut holds) = (
        BTreeMap::new(),
        BTreeMap::new(),
        BTreeMap::<&str, BTreeSet<&str>>::new(),
    );
    for check in &report.checks {
        let id = check.id.0.as_str();
        match (State::of(check.status), check.level, &check.value) {
            (None, ..) => drop(verdicts.insert(id, check.status)),
            (Some(_), Level::Observe, Some(value)) => {
                drop(observations.insert(id, value.to_string()));
            }
            (Some(State::Holds), ..) => {
                let (case, name) = parts(check);
                holds.entry(case).or_default().insert(name);
            }
            (Some(State::Flaky | State::Broken | State::Undecided), Level::Observe, None) => {
                drop(observations.insert(id, String::new()));
            }
            (
                Some(State::Flaky | State::Broken | State::Undecided),
                Level::Must | Level::Should,
                _,
            ) => drop(verdicts.insert(id, check.status.as_found())),
        }
    }
    text.push_str(
        "\n# Every verdict but `pass`. What fails here does not fail a run.\n[verdicts]\n",
    );
    for (id, status) in verdicts {
        let _ = writeln!(text, "{} = {}", quoted(id), quoted(status.word()));
    }
    text.push_str("\n# What is seen where the API page is silent, as JSON.\n[observations]\n");
    for (id, value) in observations {
        let _ = writeln!(text, "{} = {}", quoted(id), quoted(&value));
    }
    if let Some(side) = report
        .wire
        .as_ref()
        .and_then(|_| Side::of_report(report.clone(), "").wire)
    {
        write_wire(
            &mut text,
            before
                .and_then(|before| before.wire.as_ref())
                .map_or(side.clone(), |before| side.steadied(before)),
        );
    }
    text.push_str(
        "\n# The checks that hold. One that is missing in a run has vanished, and \
         fails it.\n[holds]\n",
    );
    for (case, names) in holds {
        let _ = writeln!(text, "{} = {}", quoted(case), list(names));
    }
    text
}

fn parts(check: &CheckReport) -> (&str, &str) {
    check.id.0.rsplit_once('#').unwrap_or((&check.id.0, ""))
}

fn write_wire(text: &mut String, wire: WireSummary) {
    let WireSummary {
        events,
        other_requests,
        preflights,
        hosts,
        storage,
        globals,
    } = wire;
    text.push_str("\n# What goes over the wire, over all cases.\n[wire]\n");
    let _ = writeln!(
        text,
        "hosts = {}\npreflights = {}\nother_requests = {}",
        lines(&hosts),
        lines(&preflights),
        lines(&other_requests)
    );
    if let Some(globals) = globals {
        let _ = writeln!(text, "globals = {}", lines(&globals));
    }
    if let Some(storage) = storage {
        let _ = writeln!(text, "\n[wire.storage]\nlocal = {}", lines(&storage.local));
        let _ = writeln!(
            text,
            "session = {}\ncookies = {}",
            lines(&storage.session),
            lines(&storage.cookies)
        );
    }
    for (method, event) in events {
        let EventSummary {
            requests,
            content_types,
            fields,
            requests_a_call,
            bytes,
        } = event;
        let _ = writeln!(
            text,
            "\n[wire.events.{method}]\nrequests = {}\ncontent_types = {}",
            lines(&requests),
            lines(&content_types)
        );
        if let Some(requests) = requests_a_call {
            let _ = writeln!(text, "requests_a_call = {requests:?}");
        }
        if let Some(bytes) = bytes {
            let _ = writeln!(text, "bytes = {bytes}");
        }
        let _ = writeln!(text, "\n[wire.events.{method}.fields]");
        for (pointer, field) in fields {
            let _ = writeln!(text, "{} = {}", quoted(&pointer), quoted(&words(&field)));
        }
    }
}

/// A list in one line.
fn list<S: AsRef<str>>(items: impl IntoIterator<Item = S>) -> String {
    format!(
        "[{}]",
        items
            .into_iter()
            .map(|item| quoted(item.as_ref()))
            .collect::<Vec<_>>()
            .join(", ")
    )
}

/// A list with an entry a line, so that a diff shows the entry.
fn lines(items: &BTreeSet<String>) -> String {
    let entries: Vec<String> = items
        .iter()
        .map(|item| format!("  {},", quoted(item)))
        .collect();
    if entries.is_empty() {
        "[]".to_owned()
    } else {
        format!("[\n{}\n]", entries.join("\n"))
    }
}

/// A text for TOML, in whichever quotes spare it the backslashes; both kinds may stand as a key
/// too.
fn quoted(text: &str) -> String {
    let is_plain = |letter: char| !letter.is_control() && letter != '\'';
    if text.contains(['"', '\\']) && text.chars().all(is_plain) {
        return format!("'{text}'");
    }
    // JSON's escapes are TOML's, but for this one letter.
    serde_json::Value::String(text.to_owned())
        .to_string()
        .replace('\u{7f}', "\\u007F")
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::input::Source;
    use crate::report::baseline::read_baseline;
    use crate::report::compare::{compare, tests::wired};
    use crate::verdict::Status;

    fn read(text: &str) -> Result<Side, String> {
        read_baseline(&Source {
            name: "baseline.toml".into(),
            text: text.to_owned(),
        })
        .map_err(|error| error.to_string())
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
