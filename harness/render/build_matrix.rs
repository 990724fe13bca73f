//! What works with what: a row a snippet, a column a build on an engine.

use super::document::{Badge, Block, Document, Line, Section, Table, Text, Tone, Verdict};
use crate::report::BuildMatrix;
use crate::report::build_matrix::PairingReport;
use crate::report::model::SnippetReport;
use crate::text::few;

/// More broken requirements of a pairing are counted.
const SHOWN: usize = 3;

/// The document of several snippets, builds or engines.
pub fn document(matrix: &BuildMatrix) -> Document {
    let (mut snippets, mut columns): (Vec<&SnippetReport>, Vec<&PairingReport>) =
        Default::default();
    for pairing in &matrix.pairings {
        if !snippets.contains(&&pairing.snippet) {
            snippets.push(&pairing.snippet);
        }
        if !columns.iter().any(|own| are_of_one_column(own, pairing)) {
            columns.push(pairing);
        }
    }
    let mut head = vec![Line::from("snippet")];
    let mut engines: Vec<&str> = columns
        .iter()
        .filter_map(|own| own.engine.as_deref())
        .collect();
    engines.dedup();
    head.extend(columns.iter().map(|own| match &own.engine {
        Some(engine) if engines.len() > 1 => {
            Line::from(&own.sdk.source).plain(format!(" in {engine}"))
        }
        Some(_) | None => Line::from(&own.sdk.source),
    }));
    let rows = snippets.iter().map(|snippet| {
        let mut cells = vec![Line::from(&snippet.source)];
        cells.extend(columns.iter().map(|column| {
            let mut all = matrix.pairings.iter();
            let is_own =
                |own: &&PairingReport| own.snippet == **snippet && are_of_one_column(own, column);
            let own = all.find(is_own);
            Line::new().badge(own.map_or(Badge::new(Tone::Neutral, "not driven"), cell))
        }));
        cells
    });
    let table = Table {
        caption: Text::from("Snippets and builds"),
        head,
        rows: rows.collect(),
    };
    let title = "What works with what";
    let section = Section::new("pairings", title, Tone::Neutral, vec![Block::Table(table)]);
    let sections = section.into_iter().collect();
    let good = matrix.pairings.iter().filter(|own| own.conforms()).count();
    let all = matrix.pairings.len();
    let tone = if good == all { Tone::Good } else { Tone::Bad };
    let verdict = Verdict::new(tone, format!("{good} of {all} pairings conform"));
    Document::new("build-matrix", title, Some(verdict), sections)
}

/// Whether two pairings are of one build on one engine.
fn are_of_one_column(one: &PairingReport, other: &PairingReport) -> bool {
    let is_of_one_build = one.sdk.source == other.sdk.source && one.sdk.sha256 == other.sdk.sha256;
    is_of_one_build && one.engine == other.engine
}

fn cell(pairing: &PairingReport) -> Badge {
    let broken: Vec<&str> = pairing.broken.iter().map(|id| id.0.as_str()).collect();
    if !pairing.interrupted && !pairing.was_tried() {
        return Badge::new(Tone::Careful, "not tried");
    }
    match (pairing.interrupted, broken.is_empty()) {
        (true, _) => Badge::new(Tone::Careful, "interrupted"),
        (false, true) => Badge::new(Tone::Good, "conforms"),
        (false, false) => Badge::new(Tone::Bad, format!("breaks {}", few(&broken, SHOWN))),
    }
}
