//! What `bench` measured, as one table of ratios.

use super::document::{Block, Document, Entry, Line, Section, Table, Text, Tone, Verdict};
use crate::report::bench::{BenchReport, Judged, Standing};

/// The document of a measurement.
pub fn document(report: &BenchReport) -> Document {
    let before = report.before.as_ref();
    let head = ["what is measured", "ratio", "aim"];
    let mut head: Vec<Line> = head.into_iter().map(Line::from).collect();
    head.extend(before.map(|version| Line::from(format!("in {version}"))));
    head.push(Line::from("verdict"));
    let table = Table {
        caption: Text::from("What the harness costs"),
        head,
        rows: report.ratios.iter().map(|own| row(report, own)).collect(),
    };
    let blocks = vec![Block::Table(table)];
    let ratios = Section::new("ratios", "What the harness costs", Tone::Neutral, blocks);
    let left_out = report.not_measured.iter();
    let left_out = left_out.map(|own| Entry::new(format!("{}: {}", own.what, own.why)));
    let left_out: Vec<Entry> = left_out.collect();
    let left_out = (!left_out.is_empty()).then(|| Block::list(left_out));
    let left_out = Section::new(
        "not-measured",
        "Not measured here",
        Tone::Neutral,
        left_out.into_iter().collect(),
    );
    Document::new(
        "bench",
        "What the harness costs",
        Some(verdict(report)),
        ratios.into_iter().chain(left_out).collect(),
    )
}

fn row(report: &BenchReport, own: &Judged) -> Vec<Line> {
    let number = |value: f64| format!("{value:.2}");
    let aim = own.ratio.aim.map(|aim| aim.to_string());
    let mut cells = vec![
        own.ratio.what.clone(),
        number(own.ratio.value),
        aim.unwrap_or_default(),
    ];
    if report.before.is_some() {
        cells.push(own.before.map(number).unwrap_or_default());
    }
    cells.push(words(own).to_owned());
    cells.into_iter().map(Line::from).collect()
}

fn words(own: &Judged) -> &'static str {
    match (own.standing, own.ratio.is_kept()) {
        (Standing::Good, _) => "good",
        (Standing::MissesItsAim, _) => "misses its aim",
        (Standing::Worse, true) => "worse",
        (Standing::Worse, false) => "worse, and misses its aim",
    }
}

fn verdict(report: &BenchReport) -> Verdict {
    let before = report.before.as_deref().unwrap_or("the release before");
    let (tone, words) = match report.standing {
        None => (Tone::Bad, "nothing was measured".to_owned()),
        Some(Standing::Good) => (Tone::Good, "every ratio is as good as its aim".to_owned()),
        Some(Standing::MissesItsAim) => (
            Tone::Careful,
            "not every ratio is as good as its aim".to_owned(),
        ),
        Some(Standing::Worse) => (Tone::Bad, format!("worse than in {before}")),
    };
    Verdict::new(tone, words)
}
