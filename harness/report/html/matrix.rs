//! Promises × reports: what holds where.

use std::collections::BTreeMap;

use maud::{Markup, html};

use super::super::conclusion::Conclusion;
use super::super::model::RequirementReport;
use super::document::name;
use super::parts::{Section, badge, counted, labelled};
use super::shown::Shown;
use crate::contract::{Level, RequirementId};
use crate::judge::Status;

/// The matrix of one report: one column, to be laid beside others.
pub(super) fn of_one(report: &Shown<'_>) -> Section {
    let reports = std::slice::from_ref(report);
    let rows = rows(reports);
    let body = html! { details { summary { "One column, to lay beside that of another run" } (table(reports, &rows, "Every requirement")) } };
    Section { id: "matrix".to_owned(), title: "Matrix".to_owned(), count: None, body }
}

/// The matrix of several: first which of them conforms, then what differs, then the rest.
pub(super) fn of_several(reports: &[Shown<'_>]) -> Section {
    let (odd, alike): (Vec<_>, Vec<_>) = rows(reports).into_iter().partition(|row| row.is_odd(reports.len()));
    let body = html! {
        (overview(reports))
        @if odd.is_empty() { p.lead { "Every requirement holds in all of them, or was asked in none." } }
        @else { (table(reports, &odd, "Requirements that do not hold everywhere")) }
        @if !alike.is_empty() { details { summary { (counted(alike.len(), "requirement")) " that each of them treats alike" } (table(reports, &alike, "Requirements that each treats alike")) } }
    };
    Section { id: "matrix".to_owned(), title: "What works with what".to_owned(), count: None, body }
}

struct Row<'a> {
    requirement: &'a RequirementReport,
    /// By the place of the report; absent where it does not know the requirement.
    cells: BTreeMap<usize, &'a RequirementReport>,
}

impl Row<'_> {
    /// Whether a reader of several reports wants to see it at once.
    fn is_odd(&self, reports: usize) -> bool {
        let differs = self.cells.len() < reports || self.cells.values().any(|cell| cell.status != self.requirement.status);
        differs || self.cells.values().any(|cell| cell.is_broken())
    }
}

/// Each requirement that one of them knows, in the order of the first that does, by level.
fn rows<'a>(reports: &'a [Shown<'a>]) -> Vec<Row<'a>> {
    let (mut rows, mut places): (Vec<Row<'a>>, BTreeMap<&RequirementId, usize>) = (Vec::new(), BTreeMap::new());
    for (place, report) in reports.iter().enumerate() {
        for requirement in &report.report.requirements {
            let row = *places.entry(&requirement.id).or_insert_with(|| {
                rows.push(Row { requirement, cells: BTreeMap::new() });
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
                thead { tr { th scope="col" { "Requirement" } @for report in reports { th scope="col" { (column(reports, report)) } } } }
                @for level in [Level::Must, Level::Should, Level::Observe] {
                    @let own: Vec<&Row<'_>> = rows.iter().filter(|row| row.requirement.level == level).collect();
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
                        Some(cell) => a href={ "#" (report.anchor("requirement", &id.0)) } { (status(cell)) },
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
    let differs = |of: fn(&Shown<'_>) -> String| reports.iter().any(|other| of(other) != of(report)).then(|| of(report));
    let is_alone = reports.len() == 1;
    let snippet = if is_alone { Some(snippet(report)) } else { differs(snippet) };
    let browser = if is_alone { Some(browser(report)) } else { differs(browser) };
    html! {
        bdi { (name(report)) }
        span.soft { (report.report.sdk.sha256.chars().take(8).collect::<String>()) }
        @for part in [snippet, browser, differs(profile), differs(began)].into_iter().flatten() { span.soft { (part) } }
    }
}

fn snippet(report: &Shown<'_>) -> String {
    format!("snippet {}", super::parts::short(&report.report.snippet.source))
}

fn browser(report: &Shown<'_>) -> String {
    report.report.environment.as_ref().map_or_else(|| "no browser".to_owned(), |environment| format!("{} {}", environment.browser, environment.browser_version))
}

fn profile(report: &Shown<'_>) -> String {
    format!("profile {}", report.report.profile.name)
}

fn began(report: &Shown<'_>) -> String {
    report.report.began.clone()
}

/// A line a report: what to believe of it.
fn overview(reports: &[Shown<'_>]) -> Markup {
    html! {
        div.scroll role="region" aria-label="Reports" tabindex="0" {
            table {
                caption { "The reports" }
                thead { tr { th scope="col" { "SDK" } th scope="col" { "Snippet" } th scope="col" { "Browser" } th scope="col" { "Verdict" } th.number scope="col" { "Passed" } th scope="col" { "Does not hold" } } }
                tbody {
                    @for report in reports {
                        @let broken: Vec<&RequirementReport> = report.report.requirements.iter().filter(|requirement| requirement.is_broken()).collect();
                        tr {
                            th scope="row" { a href={ "#" (report.section("report")) } { bdi { (name(report)) } } span.soft { (report.report.sdk.source) } }
                            td { bdi { (report.report.snippet.source) } }
                            td { (browser(report)) }
                            td { (verdict(Conclusion::of(report.report))) }
                            td.number { (report.report.totals.get(&Status::Pass).copied().unwrap_or(0)) " of " (report.report.checks.len()) }
                            td {
                                @if broken.is_empty() { "–" }
                                ul.ids { @for requirement in broken { li { a href={ "#" (report.anchor("requirement", &requirement.id.0)) } { (requirement.id) } } } }
                            }
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
