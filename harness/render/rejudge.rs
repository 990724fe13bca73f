//! Which verdicts changed when stored evidence was judged again.

use super::document::{Block, Document, Entry, Line, Section, Tone, Verdict};
use crate::report::{Change, CheckReport};
use crate::text::counted;

/// The document of the changes.
pub fn document(changes: &[Change<'_>]) -> Document {
    let heading = "What changed since the run";
    if changes.is_empty() {
        let verdict = Verdict::new(Tone::Neutral, "no verdict has changed");
        return Document::new("judge", heading, Some(verdict), Vec::new());
    }
    let entries = changes.iter().map(|Change { before, after }| {
        let then = before.map_or_else(|| "not asked".to_owned(), CheckReport::verdict);
        let about = format!("{then} → {}", after.verdict());
        Entry::new(Line::new().code(&after.id)).about(about)
    });
    let title = format!("changed: {}", counted(changes.len(), "verdict"));
    let blocks = vec![Block::list(entries.collect())];
    let section = Section::new("changed", title, Tone::Neutral, blocks);
    Document::new("judge", heading, None, section.into_iter().collect())
}
