//! Where the time went: how long cases took, and which took longest.

use super::View;
use crate::render::document::{Block, Depth, Line, Row, Section, Style, Table, Text, Tone};
use crate::report::CaseReport;
use crate::text::counted;

/// As many of the slowest are named.
const SLOWEST: usize = 15;

/// Upper ends, in milliseconds; a case is counted at the first that it does not reach.
const ENDS: [f64; 10] = [
    50.0, 100.0, 200.0, 500.0, 1_000.0, 2_000.0, 5_000.0, 10_000.0, 20_000.0, 60_000.0,
];

/// The timing of one report.
pub fn timing(view: &View<'_>) -> Section {
    let cases = view.report.cases.iter();
    let mut driven: Vec<&CaseReport> = cases.filter(|case| case.duration_ms > 0.0).collect();
    driven.sort_by(|a, b| b.duration_ms.total_cmp(&a.duration_ms));
    let total: f64 = driven.iter().map(|case| case.duration_ms).sum();
    let mut said = Line::from(counted(driven.len(), "case"))
        .plain(" in ")
        .strong(duration(view.report.duration_ms));
    if let Some(median) = driven.get(driven.len() / 2) {
        said = said.plain(format!(
            "; {} of sessions in all, half of the cases within {}",
            duration(total),
            duration(median.duration_ms)
        ));
    }
    let left = view.report.cases.len() - driven.len();
    if left > 0 {
        said = said.plain(format!("; {} not driven", counted(left, "case")));
    }
    let mut blocks = vec![Block::Paragraph(said.plain("."))];
    if !driven.is_empty() {
        blocks.push(Block::Table(distribution(&driven)));
        blocks.push(Block::Table(slowest(view, &driven)));
    }
    Section {
        anchor: view.section("timing"),
        title: Text::from("Timing"),
        count: None,
        tone: Tone::Neutral,
        depth: Depth::Reference,
        blocks,
    }
}

fn distribution(driven: &[&CaseReport]) -> Table {
    let mut counts = [0_u32; ENDS.len() + 1];
    for case in driven {
        let range = ENDS.iter().position(|end| case.duration_ms < *end);
        counts[range.unwrap_or(ENDS.len())] += 1;
    }
    let most = f64::from(counts.iter().copied().max().unwrap_or(1).max(1));
    let (first, last) = (
        counts.iter().position(|count| *count > 0).unwrap_or(0),
        counts.iter().rposition(|count| *count > 0).unwrap_or(0),
    );
    let rows = (first..=last).map(|index| {
        let bar = Style::Bar(f64::from(counts[index]) / most);
        let count = Line::new().with(bar, "").plain(counts[index]);
        Row::Cells(vec![Line::from(range(index)), count])
    });
    Table {
        caption: Text::from("How long cases took"),
        head: vec![Line::from("Time"), Line::from("Cases")],
        rows: rows.collect(),
    }
}

fn slowest(view: &View<'_>, driven: &[&CaseReport]) -> Table {
    let longest = driven.first().map_or(1.0, |case| case.duration_ms);
    let rows = driven.iter().take(SLOWEST).map(|case| {
        let name = Line::new().code(&case.id).to(view.case_anchor(&case.id));
        let time = Line::new().with(Style::Bar(case.duration_ms / longest), "");
        Row::Cells(vec![name, time.plain(duration(case.duration_ms))])
    });
    Table {
        caption: Text::from("The slowest"),
        head: vec![Line::from("Case"), Line::from("Time")],
        rows: rows.collect(),
    }
}

fn range(index: usize) -> String {
    let below = index.checked_sub(1).and_then(|below| ENDS.get(below));
    match (below, ENDS.get(index)) {
        (None, Some(end)) => format!("under {}", duration(*end)),
        (Some(start), Some(end)) => format!("{} to {}", duration(*start), duration(*end)),
        (start, None) => format!("{} and more", duration(start.copied().unwrap_or_default())),
    }
}

/// Milliseconds in the unit a person would use.
fn duration(ms: f64) -> String {
    match ms {
        ms if ms < 999.5 => format!("{ms:.0} ms"),
        ms if ms < 99_950.0 => format!("{:.1} s", ms / 1000.0),
        ms => format!(
            "{:.0} min {:02.0} s",
            (ms / 60_000.0).floor(),
            (ms % 60_000.0) / 1000.0
        ),
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(0.4, "0 ms")]
    #[case(950.0, "950 ms")]
    #[case(4_200.0, "4.2 s")]
    #[case(153_400.0, "2 min 33 s")]
    fn duration_is_in_the_unit_a_person_would_use(#[case] ms: f64, #[case] said: &str) {
        assert_eq!(duration(ms), said);
    }
}
