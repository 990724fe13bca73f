use std::fmt::Write as _;

use owo_colors::OwoColorize;

use super::outline::{Item, Section, Tone};
use super::sections::{circumstances, sections, semver, side, verdict};
use crate::report::compare::Comparison;
use crate::text::cut_to;

/// More entries of a list are counted; the JSON has all.
const SHOWN: usize = 20;

/// Longer texts are cut, likewise.
const LETTERS: usize = 140;

/// What a command that can be pasted must not lose.
const COMMAND: usize = 2000;

/// The comparison for a terminal.
pub fn text(comparison: &Comparison) -> String {
    let mut text = String::new();
    let _ = writeln!(
        text,
        "alhena-conformance {} · compare",
        comparison.harness.version
    );
    let _ = writeln!(text, "old {}", cut_to(&side(&comparison.old), LETTERS));
    let _ = writeln!(text, "new {}", cut_to(&side(&comparison.new), LETTERS));
    for item in circumstances(comparison) {
        let _ = writeln!(
            text,
            "{} {}",
            item.mark.yellow(),
            cut_to(&item.subject, LETTERS)
        );
        for detail in &item.details {
            let _ = writeln!(text, "   {} {}", "=".blue(), detail.text);
        }
    }
    for section in sections(comparison) {
        write_section(&mut text, &section);
    }
    let (said, version) = (verdict(comparison), semver(comparison));
    let said = if comparison.has_regressed() {
        said.red().bold().to_string()
    } else {
        said.green().bold().to_string()
    };
    let _ = writeln!(text, "\n{said}\n{version}");
    text
}

fn write_section(text: &mut String, section: &Section) {
    let _ = writeln!(text, "\n{}", toned(&section.heading(), section.tone).bold());
    if let Some(note) = &section.note {
        let _ = writeln!(text, "  {}", note.dimmed());
    }
    for item in section.items.iter().take(SHOWN) {
        write_item(text, item);
    }
    if section.items.len() > SHOWN {
        let _ = writeln!(
            text,
            "  … and {} more, all of them in --format json",
            section.items.len() - SHOWN
        );
    }
}

fn write_item(text: &mut String, item: &Item) {
    let _ = writeln!(
        text,
        "  {}  {}",
        toned(&item.mark, item.tone),
        cut_to(&item.subject, LETTERS)
    );
    for detail in &item.details {
        let letters = if detail.label == "again" {
            COMMAND
        } else {
            LETTERS
        };
        let label = if detail.label.is_empty() {
            String::new()
        } else {
            format!("{}: ", detail.label)
        };
        let _ = writeln!(
            text,
            "    {} {label}{}",
            "|".blue(),
            cut_to(&detail.text, letters)
        );
    }
}

fn toned(words: &str, tone: Tone) -> String {
    match tone {
        Tone::Bad => words.red().to_string(),
        Tone::Careful => words.yellow().to_string(),
        Tone::Good => words.green().to_string(),
        Tone::Neutral => words.to_owned(),
    }
}
