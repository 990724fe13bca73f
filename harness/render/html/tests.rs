//! What must hold of the whole file, whatever the report says.

use std::collections::BTreeSet;

use rstest::rstest;
use serde_json::{Value, json};

use super::html;
use crate::evidence::CaseRecord;
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
        check: "cart/*".into(),
        reason: "not mended yet".into(),
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
    report.cases[1].hint = Some("does this profile fit this build?".into());
    report.cases[1].events[0].fine = false;
    stored.comparison = Some(since_the_last(&stored));
    stored
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
fn whatever_a_text_holds_it_stays_a_text() {
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
fn what_would_hide_or_reorder_is_shown_instead() {
    let page = html(&[&with(&everything(), HOSTILE)]);
    let sly: BTreeSet<char> = page
        .chars()
        .filter(|letter| {
            letter.is_control() && *letter != '\n' || "\u{202e}\u{2028}".contains(*letter)
        })
        .collect();
    assert!(
        sly.is_empty() && page.contains("‹U+202E›‹U+001B›[2J"),
        "{sly:?}"
    );
    assert_eq!(
        anstream::adapter::strip_str(&page).to_string(),
        page,
        "a terminal's escapes are not among it"
    );
}

#[test]
fn only_a_known_failure_links_to_the_web_and_only_there() {
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
fn nothing_is_loaded_and_nothing_runs_but_what_the_policy_names() {
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

#[test]
fn each_check_that_went_wrong_is_there_with_all_that_helps() {
    let page = html(&[&sample()]);
    for text in [
        "value is a text, not a number",
        "What CART-VALUE promises.",
        "fixtures/scenarios/cart/item-added.toml:12",
        "delivered = [&quot;CART-VALUE&quot;]",
        "<del>− 89.95</del>",
        "<ins>+ &quot;89.95&quot;</ins>",
        "Expected a number, and a text was there.",
        "recorded at 85 ms",
        "line 3: visit product",
        "alhena-conformance run --sdk dist/gleenWidget.js --filter cart/item-added",
        "data:image/png;base64,",
        "flaky (1 of 3)",
        "the event never arrived",
        "alhena-conformance run --sdk dist/gleenWidget.js --filter leaving/close",
        "the chat cannot be opened",
        "queue-reversed",
        "[&quot;a&quot;]",
    ] {
        assert!(page.contains(text), "{text}\n{page}");
    }
}

#[test]
fn the_first_words_are_those_of_the_verdict() {
    let words = |change: fn(&mut Report)| {
        let mut stored = sample();
        change(&mut stored.report);
        let page = html(&[&stored]);
        page.split_once("<title>")
            .and_then(|(_, rest)| rest.split_once("</title>"))
            .map(|(title, _)| title.to_owned())
            .expect("a title")
    };
    assert_eq!(
        words(|_| {}),
        "gleenWidget.js does not conform – alhena-conformance"
    );
    assert_eq!(
        words(|report| report.interrupted = true),
        "gleenWidget.js interrupted – alhena-conformance"
    );
    assert_eq!(
        words(conforming),
        "gleenWidget.js conforms – alhena-conformance"
    );
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
fn several_reports_begin_with_what_works_with_what() {
    let (first, mut second) = (sample(), sample());
    second.report.sdk.source = "next/gleenWidget.js".into();
    second.report.sdk.sha256 = "12".repeat(32);
    conforming(&mut second.report);
    let page = html(&[&first, &second]);
    let table = &page[page.find("id=\"matrix\"").expect("a matrix")
        ..page.find("id=\"1-report\"").expect("the first report")];
    assert!(
        table.contains("href=\"#1-requirement-CART-VALUE\"")
            && table.contains("href=\"#2-requirement-CART-VALUE\""),
        "{table}"
    );
    assert!(
        table.contains("does not conform") && table.contains("> conforms<"),
        "{table}"
    );
    assert!(
        page.contains("passed. The report of this run alone lists each."),
        "a passing check is only counted"
    );
}

#[test]
fn a_picture_that_several_cases_left_is_there_once() {
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
fn a_giant_text_does_not_make_a_giant_file() {
    let mut stored = sample();
    let giant = "x".repeat(1_000_000);
    let check = &mut stored.report.checks[1];
    (check.expected, check.actual) = (Some(json!(giant)), Some(json!(giant.clone() + "y")));
    stored.report.cases[1].events[0].sent = Some(giant);
    assert!(html(&[&stored]).len() < 200_000);
}

#[test]
fn what_changed_stands_on_the_first_screen_and_in_a_section() {
    let stored = everything();
    let page = html(&[&stored]);
    let first = page.find("Since <bdi>last").expect("the line");
    assert!(
        first < page.find("What does not hold").expect("what failed"),
        "before what failed"
    );
    assert!(
        page.contains("What changed since last") && page.contains("New failures (1)"),
        "{page}"
    );
    assert!(
        !html(&[&sample()]).contains("Since <bdi>"),
        "nothing is said where nothing was compared"
    );
}

#[test]
fn a_comparison_is_a_page_of_the_same_kind() {
    let page = super::comparison(&since_the_last(&everything()));
    assert!(
        page.contains("<h1>Comparison of two releases</h1>")
            && page.contains("regression: 1 new failure"),
        "{page}"
    );
    assert!(
        page.contains("default-src 'none'") && !page.contains("http://"),
        "it loads nothing"
    );
}
