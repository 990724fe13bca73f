//! Every promise, by level: what it says, where the page says so, what became of it and what proves
//! that.

use maud::{Markup, html};

use super::json::inline;
use super::parts::{Section, badge, labelled, text_cut};
use super::shown::Shown;
use crate::contract::Level;
use crate::render::text::meaning;
use crate::report::{CheckReport, RequirementReport};
use crate::text::counted;
use crate::verdict::Status;

/// All requirements.
pub fn requirements(shown: &Shown<'_>) -> Section {
    let all = &shown.report.requirements;
    let body = html! {
        @for level in [Level::Must, Level::Should, Level::Observe] {
            @let own: Vec<&RequirementReport> = all
                .iter()
                .filter(|requirement| requirement.level == level)
                .collect();
            @if !own.is_empty() {
                h4 { (meaning(level)) " " span.count { (own.len()) } }
                div.list { @for requirement in own { (one(shown, requirement)) } }
            }
        }
    };
    Section {
        id: shown.section("requirements"),
        title: "Requirements".to_owned(),
        count: Some(all.len().to_string()),
        body,
    }
}

fn one(shown: &Shown<'_>, requirement: &RequirementReport) -> Markup {
    let checks: Vec<&CheckReport> = requirement
        .checks
        .iter()
        .filter_map(|id| shown.check(id))
        .collect();
    html! {
        details.requirement data-filter #(shown.anchor("requirement", &requirement.id.0))
            open[requirement.is_broken()]
        {
            summary {
                @match (requirement.status, &requirement.excluded) {
                    (Some(status), _) => { (badge(status, requirement.level)) }
                    (None, Some(_)) => { (labelled("excluded", "excluded")) }
                    (None, None) => { (labelled("not_selected", "not selected")) }
                }
                h5.what {
                    strong { (requirement.id) } " " span.statement { (requirement.statement) }
                }
                span.count { @if checks.is_empty() { "no check" } @else { (summed(&checks)) } }
            }
            dl.source {
                div { dt { "Source" } dd { (requirement.source) } }
                @if let Some(why) = &requirement.excluded {
                    div { dt { "Not covered" } dd { (why) } }
                }
            }
            (list(shown, &checks))
        }
    }
}

/// Of several reports only what does not hold is listed, as a file of nine times a thousand checks
/// serves nobody.
fn list(shown: &Shown<'_>, checks: &[&CheckReport]) -> Markup {
    let is_listed = |check: &&CheckReport| {
        shown.place.is_none() || check.status != Status::Pass || check.value.is_some()
    };
    let mut listed: Vec<&CheckReport> = checks.iter().copied().filter(is_listed).collect();
    listed.sort_by_key(|check| check.status);
    let rest = checks.len() - listed.len();
    html! {
        @if !listed.is_empty() {
            ul.checks {
                @for check in listed { (line(shown, check)) }
            }
        }
        @if rest > 0 {
            p.soft { (counted(rest, "check")) " passed. The report of this run alone lists each." }
        }
    }
}

fn line(shown: &Shown<'_>, check: &CheckReport) -> Markup {
    html! {
        li {
            (labelled(
                if check.status == Status::Pass && check.level == Level::Observe {
                    "seen"
                } else {
                    check.status.word()
                },
                &words(check),
            ))
            div {
                @if shown.has_details(&check.case) && check.status != Status::Pass {
                    a href={ "#" (shown.anchor("case", &check.case)) } { code { (check.id) } }
                }
                @else { code { (check.id) } }
                @if let Some(message) = &check.message { p { (text_cut(message)) } }
                @if let Some(value) = &check.value { p { "saw " (inline(value)) } }
                p.soft {
                    code { (check.at) }
                    @if let Some(known) = &check.known { " · known at " code { (known) } }
                    @if !check.proved_by.is_empty() {
                        " · proved by the "
                        (if check.proved_by.len() == 1 { "mutant " } else { "mutants " })
                        (check.proved_by.join(", "))
                    }
                }
            }
        }
    }
}

fn words(check: &CheckReport) -> String {
    if check.status == Status::Pass && check.level == Level::Observe {
        "seen".to_owned()
    } else {
        check.verdict()
    }
}

fn summed(checks: &[&CheckReport]) -> String {
    let broken = checks
        .iter()
        .filter(|check| check.status < Status::KnownFailure)
        .count();
    if broken == 0 {
        counted(checks.len(), "check")
    } else {
        format!("{broken} of {}", counted(checks.len(), "check"))
    }
}
