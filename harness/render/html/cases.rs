//! The cases that went wrong, each with its checks, its events, its clock, its picture and the
//! command that repeats it.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use maud::{Markup, html};

use super::check::check;
use super::clock::clock;
use super::events::events;
use super::parts::{Section, command, labelled, line_cut, text_cut};
use super::shown::{Picture, Shown, is_told};
use crate::evidence::Ended;
use crate::report::{CaseReport, CheckReport};
use crate::text::counted;
use crate::verdict::Status;

/// As many cases are open from the start.
const OPEN: usize = 1;

/// The cases that speak against the build. Absent where there are none.
pub fn failed(shown: &Shown<'_>) -> Option<Section> {
    let cases: Vec<&CaseReport> = shown.failed().collect();
    section(shown, "failures", "Failures", &cases, OPEN, is_told)
}

/// The cases that fail as is known. Absent where there are none.
pub fn known(shown: &Shown<'_>) -> Option<Section> {
    let cases: Vec<&CaseReport> = shown.known().collect();
    section(
        shown,
        "known-cases",
        "Cases that fail as is known",
        &cases,
        0,
        |check| check.status == Status::KnownFailure,
    )
}

fn section(
    shown: &Shown<'_>,
    name: &str,
    title: &str,
    cases: &[&CaseReport],
    open: usize,
    is_meant: fn(&CheckReport) -> bool,
) -> Option<Section> {
    if cases.is_empty() {
        return None;
    }
    let body = html! {
        div.list {
            @for (index, case) in cases.iter().enumerate() {
                (one(shown, case, index < open, is_meant))
            }
        }
    };
    Some(Section {
        id: shown.section(name),
        title: title.to_owned(),
        count: Some(counted(cases.len(), "case")),
        body,
    })
}

fn one(
    shown: &Shown<'_>,
    case: &CaseReport,
    is_open: bool,
    is_meant: fn(&CheckReport) -> bool,
) -> Markup {
    let (told, rest): (Vec<&CheckReport>, Vec<&CheckReport>) = shown
        .checks_of(&case.id)
        .iter()
        .partition(|check| is_meant(check));
    let worst = told.iter().min_by_key(|check| check.status);
    html! {
        details.case data-filter #(shown.anchor("case", &case.id)) open[is_open] {
            summary {
                @if let Some(check) = worst { (labelled(check.status.word(), &check.verdict())) }
                h4.what {
                    strong { bdi { (case.id) } }
                    @if let Some(message) = worst.and_then(|check| check.message.as_ref()) {
                        " " span.statement { (line_cut(message)) }
                    }
                }
                span.count { (counted(told.len(), "check")) }
            }
            p.lead { (case.title) }
            @for failing in &told { (check(shown, failing)) }
            @if !rest.is_empty() { p.soft { (others(&rest)) } }
            (attempt(shown, case))
            @if let Some(hint) = &case.hint { p.hint { strong { "Hint: " } (text_cut(hint)) } }
            h5 { "Again" }
            (command(&case.again))
        }
    }
}

fn others(checks: &[&CheckReport]) -> String {
    let passed = checks
        .iter()
        .filter(|check| check.status == Status::Pass)
        .count();
    match checks.len() - passed {
        0 => format!("{} of this case passed.", counted(passed, "other check")),
        other => format!(
            "{} of this case: {passed} passed, {other} did not.",
            counted(checks.len(), "other check")
        ),
    }
}

/// What the attempt left behind that the verdicts tell of.
fn attempt(shown: &Shown<'_>, case: &CaseReport) -> Markup {
    let record = shown.stored.record_of(&case.id);
    let told = record.and_then(|record| Some((record, record.reported?)));
    html! {
        (events(&case.events))
        @if let Some((record, told)) = told {
            @if let Some(attempt) = record.attempts.get(told) {
                @match &attempt.ended {
                    Ended::Whole => {}
                    Ended::Hung(why) => {
                        p.hint { strong { "The page answered no more: " } (text_cut(why)) }
                    }
                    Ended::Lost(why) => {
                        p.hint { strong { "The browser was lost: " } (text_cut(why)) }
                    }
                }
                (clock(&attempt.evidence))
            }
            @if record.attempts.len() > 1 {
                p.soft { "This is attempt " (told + 1) " of " (record.attempts.len()) "." }
            }
        } @else { p.soft { "No evidence of this case was kept." } }
        (picture(shown, case))
        @if let Some(path) = &case.evidence {
            p.soft { "All of it: " code { (path) } " beside the report." }
        }
    }
}

fn picture(shown: &Shown<'_>, case: &CaseReport) -> Markup {
    let Some(picture) = shown.picture(case) else {
        return html! {};
    };
    let path = case.screenshot.as_deref().unwrap_or_default();
    match picture {
        Picture::Here(png) => {
            let size = size(png);
            html! {
                details.picture {
                    summary { "Picture of the page" }
                    img src={ "data:image/png;base64," (BASE64_STANDARD.encode(png)) }
                        alt={ "The page as " (case.id) " left it" } loading="lazy" decoding="async"
                        width=[size.map(|(width, _)| width)]
                        height=[size.map(|(_, height)| height)];
                }
            }
        }
        Picture::SameAs(first) => {
            html! {
                p.soft {
                    "The page looks as after "
                    a href={ "#" (shown.anchor("case", first)) } { bdi { (first) } } "."
                }
            }
        }
        Picture::Beside => {
            html! { p.soft { "Picture of the page: " code { (path) } " beside the report." } }
        }
    }
}

/// Width and height of a PNG, so that the page does not jump when it is shown.
fn size(png: &[u8]) -> Option<(u32, u32)> {
    let number = |at: usize| png.get(at..at + 4)?.try_into().ok().map(u32::from_be_bytes);
    png.starts_with(b"\x89PNG\r\n\x1a\n").then_some(())?;
    Some((number(16)?, number(20)?))
}
