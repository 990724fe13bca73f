//! The list of known failures, and what became of each entry.

use maud::{Markup, html};

use super::parts::{Section, labelled, line_cut, link, text_cut};
use super::shown::Shown;
use crate::report::KnownFailureReport;
use crate::text::counted;

/// The entries, those first that are not as they should be. Absent where no list was given.
pub fn known(shown: &Shown<'_>) -> Option<Section> {
    let mut entries: Vec<&KnownFailureReport> = shown.report.known_failures.iter().collect();
    if entries.is_empty() {
        return None;
    }
    entries.sort_by_key(|entry| !entry.state.is_wrong());
    let count = Some(entries.len().to_string());
    let body = html! { ul.entries { @for entry in entries { (one(shown, entry)) } } };
    Some(Section {
        id: shown.section("known-failures"),
        title: "Known failures".to_owned(),
        count,
        body,
    })
}

fn one(shown: &Shown<'_>, entry: &KnownFailureReport) -> Markup {
    let class = if entry.state.is_wrong() {
        "fail"
    } else {
        "known_failure"
    };
    html! {
        li {
            (labelled(class, entry.state.word()))
            div {
                p { code { (line_cut(&entry.check)) } " — " (text_cut(&entry.reason)) }
                @if let Some(message) = &entry.message { p { (text_cut(message)) } }
                p.soft {
                    code { (entry.at) }
                    @if let Some(url) = &entry.link { " · " (link(url)) }
                    @if let Some(day) = &entry.expires {
                        " · until " (day)
                    } @else {
                        " · never expires"
                    }
                    @if entry.flaky { " · comes and goes" }
                }
                @if !entry.checks.is_empty() {
                    details {
                        summary { (counted(entry.checks.len(), "check")) }
                        ul.checks {
                            @for check in entry.checks.iter().filter_map(|id| shown.check(id)) {
                                li {
                                    (labelled(check.status.word(), &check.verdict()))
                                    div {
                                        @if shown.has_details(&check.case) {
                                            a href={ "#" (shown.anchor("case", &check.case)) } {
                                                code { (check.id) }
                                            }
                                        }
                                        @else { code { (check.id) } }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
