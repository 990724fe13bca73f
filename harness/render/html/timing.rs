//! Where the time went: how long cases took, and which took longest.

use maud::{Markup, html};

use super::parts::{Section, bar, duration};
use super::shown::Shown;
use crate::report::CaseReport;
use crate::text::counted;

/// As many of the slowest are named.
const SLOWEST: usize = 15;

/// Upper ends, in milliseconds; a case is counted at the first that it does not reach.
const ENDS: [f64; 10] = [
    50.0, 100.0, 200.0, 500.0, 1_000.0, 2_000.0, 5_000.0, 10_000.0, 20_000.0, 60_000.0,
];

/// The timing of one report.
pub fn timing(shown: &Shown<'_>) -> Section {
    let mut driven: Vec<&CaseReport> = shown
        .report
        .cases
        .iter()
        .filter(|case| case.duration_ms > 0.0)
        .collect();
    driven.sort_by(|a, b| b.duration_ms.total_cmp(&a.duration_ms));
    let total: f64 = driven.iter().map(|case| case.duration_ms).sum();
    let left = shown.report.cases.len() - driven.len();
    let body = html! {
        p {
            (counted(driven.len(), "case")) " in " strong { (duration(shown.report.duration_ms)) }
            @if let Some(median) = driven.get(driven.len() / 2) {
                "; " (duration(total)) " of sessions in all, half of the cases within "
                (duration(median.duration_ms))
            }
            "."
            @if left > 0 { " " (left) (if left == 1 { " was" } else { " were" }) " not driven." }
        }
        @if !driven.is_empty() { div.charts { (distribution(&driven)) (slowest(shown, &driven)) } }
    };
    Section {
        id: shown.section("timing"),
        title: "Timing".to_owned(),
        count: None,
        body,
    }
}

fn distribution(driven: &[&CaseReport]) -> Markup {
    let place = |case: &CaseReport| {
        ENDS.iter()
            .position(|end| case.duration_ms < *end)
            .unwrap_or(ENDS.len())
    };
    let mut counts = [0_usize; ENDS.len() + 1];
    for case in driven {
        counts[place(case)] += 1;
    }
    let (first, last) = (
        counts.iter().position(|count| *count > 0).unwrap_or(0),
        counts.iter().rposition(|count| *count > 0).unwrap_or(0),
    );
    let most = counts.iter().copied().max().unwrap_or(0);
    html! {
        table.chart {
            caption { "How long cases took" }
            thead {
                tr {
                    th scope="col" { "Time" } th scope="col" { span.unseen { "Share" } }
                    th.number scope="col" { "Cases" }
                }
            }
            tbody {
                @for (index, count) in counts.iter().enumerate().take(last + 1).skip(first) {
                    tr {
                        th scope="row" { (range(index)) } td { (bar(whole(*count), whole(most))) }
                        td.number { (count) }
                    }
                }
            }
        }
    }
}

fn slowest(shown: &Shown<'_>, driven: &[&CaseReport]) -> Markup {
    let longest = driven.first().map_or(0.0, |case| case.duration_ms);
    html! {
        table.chart {
            caption { "The slowest" }
            thead {
                tr {
                    th scope="col" { "Case" } th scope="col" { span.unseen { "Compared" } }
                    th.number scope="col" { "Time" }
                }
            }
            tbody {
                @for case in driven.iter().take(SLOWEST) {
                    tr {
                        th scope="row" {
                            @if shown.has_details(&case.id) {
                                a href={ "#" (shown.anchor("case", &case.id)) } {
                                    bdi { (case.id) }
                                }
                            } @else {
                                bdi { (case.id) }
                            }
                        }
                        td { (bar(case.duration_ms, longest)) }
                        td.number { (duration(case.duration_ms)) }
                    }
                }
            }
        }
    }
}

fn range(index: usize) -> String {
    match (
        index.checked_sub(1).and_then(|below| ENDS.get(below)),
        ENDS.get(index),
    ) {
        (None, Some(end)) => format!("under {}", duration(*end)),
        (Some(start), Some(end)) => format!("{} to {}", duration(*start), duration(*end)),
        (start, None) => format!("{} and more", duration(start.copied().unwrap_or_default())),
    }
}

/// A count for a bar: nobody sees the last of four thousand million.
fn whole(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}
