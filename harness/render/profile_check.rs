//! Whether a profile fits a build, part by part.

use super::document::{Badge, Block, Document, Entry, Line, Section, Tone, Verdict};
use crate::report::Part;
use crate::text::counted;

/// The document of a profile, by its file, and a build, by its source.
pub fn document(parts: &[Part], file: &str, source: &str) -> Document {
    let misfits = parts.iter().filter(|part| !part.fits).count();
    let (tone, verdict) = match misfits {
        0 => (Tone::Good, format!("{file} fits {source}")),
        some => (
            Tone::Bad,
            format!("{file} does not fit {source}: {}", counted(some, "part")),
        ),
    };
    let entries = parts.iter().map(|part| {
        let badge = if part.fits {
            Badge::new(Tone::Good, "fits")
        } else {
            Badge::new(Tone::Bad, "does not fit")
        };
        let name = Line::new().strong(&part.name).plain(" ").badge(badge);
        let mut entry = Entry::new(name);
        entry.details = part.found.iter().map(Line::from).collect();
        entry
    });
    let blocks = vec![Block::list(entries.collect())];
    let section = Section::new("parts", "Parts of the profile", tone, blocks);
    let heading = "Whether a profile fits a build";
    let verdict = Verdict::new(tone, verdict);
    Document::new(
        "profile-check",
        heading,
        Some(verdict),
        section.into_iter().collect(),
    )
}
