//! What works with what: a row a snippet, a column a build.

use super::document::{Badge, Block, Document, Line, Section, Table, Text, Tone, Verdict};
use crate::report::BuildMatrix;
use crate::report::build_matrix::PairingReport;
use crate::report::model::{SdkReport, SnippetReport};
use crate::text::few;

/// More broken requirements of a pairing are counted.
const SHOWN: usize = 3;

/// The document of several snippets or builds.
pub fn document(matrix: &BuildMatrix) -> Document {
    let is_of = |pairing: &PairingReport, build: &SdkReport| {
        pairing.sdk.source == build.source && pairing.sdk.sha256 == build.sha256
    };
    let (mut snippets, mut builds): (Vec<&SnippetReport>, Vec<&SdkReport>) = Default::default();
    for pairing in &matrix.pairings {
        if !snippets.contains(&&pairing.snippet) {
            snippets.push(&pairing.snippet);
        }
        if !builds.iter().any(|build| is_of(pairing, build)) {
            builds.push(&pairing.sdk);
        }
    }
    let mut head = vec![Line::from("snippet")];
    head.extend(builds.iter().map(|build| Line::from(&build.source)));
    let rows = snippets.iter().map(|snippet| {
        let mut cells = vec![Line::from(&snippet.source)];
        cells.extend(builds.iter().map(|build| {
            let mut all = matrix.pairings.iter();
            let own = all.find(|own| own.snippet == **snippet && is_of(own, build));
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

fn cell(pairing: &PairingReport) -> Badge {
    let broken: Vec<&str> = pairing.broken.iter().map(|id| id.0.as_str()).collect();
    match (pairing.interrupted, broken.is_empty()) {
        (true, _) => Badge::new(Tone::Careful, "interrupted"),
        (false, true) => Badge::new(Tone::Good, "conforms"),
        (false, false) => Badge::new(Tone::Bad, format!("breaks {}", few(&broken, SHOWN))),
    }
}
