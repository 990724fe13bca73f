//! What must hold of the whole file, whatever the report says.

use std::collections::BTreeSet;

use rstest::rstest;
use serde_json::{Value, json};

use crate::evidence::{CaseRecord, Evidence, Frame, Millis};
use crate::render::html;
use crate::report::Stored;
use crate::report::compare::{Comparison, Side, compare};
use crate::report::model::HostReport;
use crate::report::sample::{BROKEN, sample};
use crate::report::{KnownFailureReport, Report};
use crate::verdict::Status;
use crate::verdict::known::EntryState;

const HOSTILE: &str = "</style></script><script>alert(1)</script>\"><img src=x onerror=alert(1)>' \
    onfocus='alert(1)\u{202e}\u{1b}[2J\0\u{2028}";

/// The sample with one of each that it lacks.
fn everything() -> Stored {
    let mut stored = sample();
    let report = &mut stored.report;
    report.known_failures = vec![KnownFailureReport {
        at: "known-failures.toml:2".into(),
        engine: None,
        check: "cart/*".into(),
        reason: "not fixed yet".into(),
        link: Some("https://tracker.test/12".into()),
        expires: Some("2027-02-20".into()),
        flaky: false,
        state: EntryState::Failing,
        message: Some("it fails as it says".into()),
        checks: report.checks.iter().map(|check| check.id.clone()).collect(),
        not_selected: 0,
    }];
    report.hosts = vec![HostReport {
        host: "metrics.test".into(),
        asked_by: crate::evidence::Asker::Page,
        ours: false,
        requests: 3,
        cases: vec![BROKEN.into()],
        example: Some("https://metrics.test/collect".into()),
    }];
    report.requirements[0].excluded = Some("nobody can see it from outside".into());
    report.requirements[0].status = None;
    report.cases[1].hint = Some("The profile may not fit this build.".into());
    report.cases[1].events[0].fine = false;
    stored.comparison = Some(since_the_last(&stored));
    for record in stored.records.values_mut() {
        record.trace = Some(Box::new(traced(&record.attempts[0].evidence)));
    }
    stored
}

/// One more attempt, with a picture and the document.
fn traced(attempt: &Evidence) -> Evidence {
    let frame = |at, picture: Option<&str>| Frame {
        step: 0,
        at: Millis(at),
        picture: picture.map(str::to_owned),
        dom: Some("<main><script>alert(1)</script></main>".to_owned()),
    };
    Evidence {
        frames: vec![frame(45.0, Some("iVBORw0KGgo=")), frame(60.0, None)],
        ..attempt.clone()
    }
}

#[test]
fn document_of_a_trace_is_text() {
    let page = html(&[&everything()]);
    assert!(page.contains("&lt;main&gt;&lt;script&gt;alert(1)"));
    assert_eq!(
        page.matches("data-frame").count() - page.matches("[data-frame]").count(),
        2
    );
}

/// What changed since a release in which everything held.
fn since_the_last(stored: &Stored) -> Comparison {
    let mut last = sample().report;
    for check in &mut last.checks {
        check.status = Status::Pass;
    }
    compare(
        &Side::of_report(last, "last"),
        &Side::of_report(stored.report.clone(), "this run"),
    )
}

/// The same with `extra` behind each text that may hold anything.
fn with(stored: &Stored, extra: &str) -> Stored {
    let mut changed = stored.clone();
    changed.report = with_text(&stored.report, extra);
    for record in changed.records.values_mut() {
        *record = with_text::<CaseRecord>(record, extra);
    }
    changed.comparison = stored
        .comparison
        .as_ref()
        .map(|comparison| with_text(comparison, extra));
    // What a case names beside the report is found again.
    for (case, old) in changed.report.cases.iter_mut().zip(&stored.report.cases) {
        (case.evidence, case.screenshot) = (old.evidence.clone(), old.screenshot.clone());
    }
    for natives in changed
        .report
        .environment
        .iter_mut()
        .map(|environment| &mut environment.natives)
    {
        natives.insert(format!("sendBeacon{extra}"), false);
    }
    changed
        .report
        .profile
        .policies
        .insert(format!("gate{extra}"), format!("client{extra}"));
    changed
}

fn with_text<T: serde::Serialize + serde::de::DeserializeOwned>(value: &T, extra: &str) -> T {
    let mut json = serde_json::to_value(value).expect("it is JSON");
    let mut places = Vec::new();
    texts(&json, String::new(), &mut places);
    assert!(places.len() > 5, "it holds texts");
    for place in places {
        let text = json
            .pointer(&place)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned();
        *json.pointer_mut(&place).expect("its place") = json!(format!("{text}{extra}"));
        // What takes only certain words cannot be hostile.
        if serde_json::from_value::<T>(json.clone()).is_err() {
            *json.pointer_mut(&place).expect("its place") = json!(text);
        }
    }
    serde_json::from_value(json).expect("it is what it was")
}

fn texts(value: &Value, place: String, found: &mut Vec<String>) {
    let below = |name: &str| format!("{place}/{}", name.replace('~', "~0").replace('/', "~1"));
    match value {
        Value::String(_) => found.push(place),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .for_each(|(index, item)| texts(item, below(&index.to_string()), found)),
        Value::Object(fields) => fields
            .iter()
            .for_each(|(name, field)| texts(field, below(name), found)),
        _ => {}
    }
}

/// Every tag, with the names of its attributes.
fn tags(page: &str) -> Vec<String> {
    let page = page
        .split_once("<body>")
        .expect("a body")
        .1
        .split_once("<script>")
        .expect("the script")
        .0;
    let names = |tag: &str| {
        let (mut names, mut is_value) = (String::new(), false);
        for letter in tag.split('>').next().unwrap_or_default().chars() {
            is_value ^= letter == '"';
            if !is_value && letter != '"' {
                names.push(letter);
            }
        }
        names
    };
    page.split('<').skip(1).map(names).collect()
}

fn values<'a>(page: &'a str, attribute: &str) -> Vec<&'a str> {
    page.split(&format!(" {attribute}=\""))
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect()
}

#[test]
fn hostile_text_adds_no_tag() {
    let (hostile, harmless) = (
        html(&[&with(&everything(), HOSTILE)]),
        html(&[&with(&everything(), "harmless")]),
    );
    assert!(
        hostile.matches("&lt;script&gt;alert(1)").count() > 60,
        "it is shown"
    );
    assert_eq!(tags(&hostile), tags(&harmless));
    assert_eq!(
        (
            hostile.matches("<script").count(),
            hostile.matches("<style").count()
        ),
        (1, 1)
    );
}

#[test]
fn letters_that_hide_or_reorder_are_shown() {
    let page = html(&[&with(&everything(), HOSTILE)]);
    let invisible: BTreeSet<char> = page
        .chars()
        .filter(|letter| {
            letter.is_control() && *letter != '\n' || "\u{202e}\u{2028}".contains(*letter)
        })
        .collect();
    assert!(
        invisible.is_empty() && page.contains("‹U+202E›‹U+001B›[2J"),
        "{invisible:?}"
    );
    assert_eq!(
        anstream::adapter::strip_str(&page).to_string(),
        page,
        "a terminal's escapes are not among it"
    );
}

#[test]
fn only_known_failures_link_to_the_web() {
    let mut stored = everything();
    let outside = |page: &str| {
        values(page, "href")
            .into_iter()
            .filter(|href| !href.starts_with('#'))
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    assert_eq!(outside(&html(&[&stored])), ["https://tracker.test/12"]);
    stored.report.known_failures[0].link = Some("javascript:alert(1)".into());
    let page = html(&[&stored]);
    assert!(outside(&page).is_empty() && page.contains("javascript:alert(1)"));
}

#[test]
fn page_loads_and_runs_only_what_its_policy_names() {
    let page = html(&[&everything()]);
    assert!(
        page.contains("Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-"),
        "{page}"
    );
    assert!(
        values(&page, "src")
            .iter()
            .all(|src| src.starts_with("data:image/png;base64,")),
        "{page}"
    );
    for way in [
        " style=",
        " onload=",
        " onclick=",
        "<link",
        "<iframe",
        "@import",
        "url(",
        "<form",
        "<base",
    ] {
        assert!(!page.contains(way), "{way}");
    }
}

fn conforming(report: &mut Report) {
    for status in Status::ALL {
        report.totals.insert(status, 0);
    }
    report.totals.insert(Status::Pass, report.checks.len());
    report
        .checks
        .iter_mut()
        .for_each(|check| (check.status, check.message) = (Status::Pass, None));
    report
        .requirements
        .iter_mut()
        .for_each(|requirement| requirement.status = Some(Status::Pass));
}

/// Reports of every kind; the page is sound whatever they say.
fn of_kind(kind: &str) -> Vec<Stored> {
    let mut stored = everything();
    match kind {
        "conforms" => conforming(&mut stored.report),
        "interrupted" => stored.report.interrupted = true,
        "without a browser" => stored.report.environment = None,
        "without evidence" => (stored.records, stored.screenshots) = Default::default(),
        "empty" => {
            (
                stored.report.checks,
                stored.report.cases,
                stored.report.requirements,
            ) = Default::default();
        }
        "hostile" => stored = with(&stored, HOSTILE),
        "several" => return vec![stored.clone(), sample(), stored],
        _ => {}
    }
    vec![stored]
}

#[rstest]
fn the_page_is_sound(
    #[values(
        "full",
        "conforms",
        "interrupted",
        "without a browser",
        "without evidence",
        "empty",
        "hostile",
        "several"
    )]
    kind: &str,
) {
    let reports = of_kind(kind);
    let page = html(&reports.iter().collect::<Vec<_>>());
    let tags = tags(&page);
    let is = |tag: &str, name: &str| tag == name || tag.starts_with(&format!("{name} "));
    let count = |name: &str| tags.iter().filter(|tag| is(tag, name)).count();

    assert!(page.starts_with("<!DOCTYPE html><html lang=\"en\">"));
    assert_eq!(
        (count("main"), count("h1"), count("nav"), count("header")),
        (1, 1, 1, 1),
        "landmarks"
    );
    let levels: Vec<u8> = tags
        .iter()
        .filter_map(|tag| tag.strip_prefix('h')?.get(..1)?.parse().ok())
        .collect();
    assert!(
        levels.windows(2).all(|pair| pair[1] <= pair[0] + 1),
        "headings skip none: {levels:?}"
    );
    assert_eq!(
        (count("table"), count("details")),
        (count("caption"), count("summary")),
        "each has its name"
    );
    assert!(
        tags.iter()
            .filter(|tag| is(tag, "th"))
            .all(|tag| tag.contains("scope")),
        "cells of a head say of what"
    );
    assert!(
        tags.iter()
            .filter(|tag| is(tag, "img"))
            .all(|tag| tag.contains("alt") && tag.contains("loading"))
    );
    assert!(
        values(&page, "tabindex")
            .iter()
            .all(|index| ["0", "-1"].contains(index))
    );

    let ids = values(&page, "id");
    let known: BTreeSet<&str> = ids.iter().copied().collect();
    assert_eq!(known.len(), ids.len(), "no id stands twice");
    for target in values(&page, "href")
        .into_iter()
        .filter_map(|href| href.strip_prefix('#'))
        .chain(values(&page, "aria-labelledby"))
    {
        assert!(known.contains(target), "{target} leads nowhere");
    }
}

#[test]
fn same_picture_of_several_cases_is_embedded_once() {
    let mut stored = sample();
    let other = "evidence/leaving_close.png".to_owned();
    stored
        .screenshots
        .insert(other.clone(), b"\x89PNG\r\n".to_vec());
    stored.report.cases[2].screenshot = Some(other);
    let page = html(&[&stored]);
    assert_eq!(values(&page, "src").len(), 1);
    assert!(
        page.contains("The page looks as after <a href=\"#case-cart.item-added\">"),
        "{page}"
    );
}

#[test]
fn giant_text_is_cut() {
    let mut stored = sample();
    let giant = "x".repeat(1_000_000);
    let check = &mut stored.report.checks[1];
    (check.expected, check.actual) = (Some(json!(giant)), Some(json!(giant.clone() + "y")));
    stored.report.cases[1].events[0].sent = Some(giant);
    assert!(html(&[&stored]).len() < 200_000);
}
