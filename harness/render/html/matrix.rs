//! Promises × reports: what holds where.

use std::collections::BTreeMap;

use maud::{Markup, html};

use super::document::name;
use super::parts::{Section, badge, labelled, line_cut, short};
use super::shown::Shown;
use crate::contract::{Level, RequirementId};
use crate::report::Conclusion;
use crate::report::RequirementReport;
use crate::text::counted;
use crate::verdict::Status;

/// The matrix of one report: one column, to be laid beside others.
pub fn of_one(report: &Shown<'_>) -> Section {
    let reports = std::slice::from_ref(report);
    let rows = rows(reports);
    let body = html! {
        details {
            summary { "One column, to lay beside that of another run" }
            (table(reports, &rows, "Every requirement"))
        }
    };
    Section {
        id: "matrix".to_owned(),
        title: "Matrix".to_owned(),
        count: None,
        body,
    }
}

/// The matrix of several: first which of them conforms, then what differs, then the rest.
pub fn of_several(reports: &[Shown<'_>]) -> Section {
    let (odd, alike): (Vec<_>, Vec<_>) = rows(reports).into_iter().partition(Row::is_odd);
    let body = html! {
        (overview(reports))
        @if odd.is_empty() {
            p.lead { "Every requirement holds in all of them, or was asked in none." }
        }
        @else { (table(reports, &odd, "Requirements that do not hold everywhere")) }
        @if !alike.is_empty() {
            details {
                summary {
                    (counted(alike.len(), "requirement"))
                    " that hold everywhere, or were asked nowhere"
                }
                (table(reports, &alike, "Requirements that hold everywhere, or were asked nowhere"))
            }
        }
    };
    Section {
        id: "matrix".to_owned(),
        title: "What works with what".to_owned(),
        count: None,
        body,
    }
}

struct Row<'a> {
    requirement: &'a RequirementReport,
    /// By the place of the report; absent where it does not know the requirement.
    cells: BTreeMap<usize, &'a RequirementReport>,
}

impl Row<'_> {
    /// Whether a reader of several reports wants to see it at once: it does not hold in one, or not
    /// alike in those that asked.
    fn is_odd(&self) -> bool {
        let mut found = self.cells.values().filter_map(|cell| cell.status);
        let first = found.next();
        found.any(|status| Some(status) != first)
            || self.cells.values().any(|cell| cell.is_broken())
    }
}

/// Each requirement that one of them knows, in the order of the first that does, by level.
fn rows<'a>(reports: &'a [Shown<'a>]) -> Vec<Row<'a>> {
    let (mut rows, mut places): (Vec<Row<'a>>, BTreeMap<&RequirementId, usize>) =
        (Vec::new(), BTreeMap::new());
    for (place, report) in reports.iter().enumerate() {
        for requirement in &report.report.requirements {
            let row = *places.entry(&requirement.id).or_insert_with(|| {
                rows.push(Row {
                    requirement,
                    cells: BTreeMap::new(),
                });
                rows.len() - 1
            });
            rows[row].cells.insert(place, requirement);
        }
    }
    rows.sort_by_key(|row| std::cmp::Reverse(row.requirement.level));
    rows
}

fn table(reports: &[Shown<'_>], rows: &[Row<'_>], caption: &str) -> Markup {
    html! {
        div.scroll role="region" aria-label=(caption) tabindex="0" {
            table.matrix {
                caption { (caption) }
                thead {
                    tr {
                        th scope="col" { "Requirement" }
                        @for report in reports { th scope="col" { (column(reports, report)) } }
                    }
                }
                @for level in [Level::Must, Level::Should, Level::Observe] {
                    @let own: Vec<&Row<'_>> = rows
                        .iter()
                        .filter(|row| row.requirement.level == level)
                        .collect();
                    @if !own.is_empty() {
                        tbody {
                            tr { th.level scope="rowgroup" colspan=(reports.len() + 1) { (level) } }
                            @for row in own { (line(reports, row)) }
                        }
                    }
                }
            }
        }
    }
}

fn line(reports: &[Shown<'_>], row: &Row<'_>) -> Markup {
    let id = &row.requirement.id;
    html! {
        tr {
            th scope="row" { span.id { (id) } span.statement { (row.requirement.statement) } }
            @for (place, report) in reports.iter().enumerate() {
                td {
                    @match row.cells.get(&place) {
                        None => span.soft { "unknown" },
                        Some(cell) => {
                            a href={ "#" (report.anchor("requirement", &id.0)) } { (status(cell)) }
                        },
                    }
                }
            }
        }
    }
}

fn status(cell: &RequirementReport) -> Markup {
    match (cell.status, &cell.excluded) {
        (Some(status), _) => badge(status, cell.level),
        (None, Some(_)) => labelled("excluded", "excluded"),
        (None, None) => labelled("not_selected", "not selected"),
    }
}

/// The build, and what else tells it from the others.
fn column(reports: &[Shown<'_>], report: &Shown<'_>) -> Markup {
    let differs = |of: fn(&Shown<'_>) -> String| {
        (reports.len() == 1 || reports.iter().any(|other| of(other) != of(report)))
            .then(|| of(report))
    };
    let looks = |report: &Shown<'_>| {
        (
            report.report.sdk.sha256.clone(),
            snippet(report),
            browser(report),
            profile(report),
        )
    };
    let has_twin = reports
        .iter()
        .filter(|other| looks(other) == looks(report))
        .count()
        > 1;
    html! {
        bdi { (name(report)) }
        span.soft { (report.report.sdk.sha256.chars().take(8).collect::<String>()) }
        @for part in [snippet, browser, profile].into_iter().filter_map(differs) {
            span.soft { (part) }
        }
        @if has_twin { span.soft { (report.report.began) } }
    }
}

fn snippet(report: &Shown<'_>) -> String {
    format!("snippet {}", short(&report.report.snippet.source))
}

fn browser(report: &Shown<'_>) -> String {
    report.report.environment.as_ref().map_or_else(
        || "no browser".to_owned(),
        |environment| format!("{} {}", environment.browser, environment.browser_version),
    )
}

fn profile(report: &Shown<'_>) -> String {
    format!("profile {}", report.report.profile.name)
}

/// What to believe of each report.
fn overview(reports: &[Shown<'_>]) -> Markup {
    html! {
        ul.entries {
            @for report in reports {
                @let broken: Vec<&RequirementReport> = report
                    .report
                    .requirements
                    .iter()
                    .filter(|requirement| requirement.is_broken())
                    .collect();
                li {
                    (verdict(Conclusion::of(report.report)))
                    div {
                        p {
                            a href={ "#" (report.section("report")) } {
                                strong { bdi { (name(report)) } }
                            }
                            " "
                            (report.report.totals.get(&Status::Pass).copied().unwrap_or(0)) " of "
                            (counted(report.report.checks.len(), "check")) " passed"
                        }
                        @if !broken.is_empty() {
                            ul.ids aria-label="Does not hold" {
                                @for requirement in broken {
                                    li {
                                        a href={
                                            "#" (report.anchor("requirement", &requirement.id.0))
                                        } {
                                            (requirement.id)
                                        }
                                    }
                                }
                            }
                        }
                        p.soft {
                            "SDK " bdi { (line_cut(&report.report.sdk.source)) } " · snippet "
                            bdi { (line_cut(&report.report.snippet.source)) } " · "
                            (browser(report)) " · " (profile(report))
                        }
                    }
                }
            }
        }
    }
}

fn verdict(conclusion: Conclusion) -> Markup {
    let class = match conclusion {
        Conclusion::Conforms | Conclusion::ConformsButForKnown => "pass",
        Conclusion::DoesNotConform | Conclusion::OtherThanKnown => "fail",
        Conclusion::NotDecided | Conclusion::Interrupted => "not_testable",
    };
    labelled(class, conclusion.words())
}
