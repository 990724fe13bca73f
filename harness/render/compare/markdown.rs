use std::fmt::Write as _;

use super::outline::{Section, Tone};
use super::sections::{circumstances, sections, semver, side, verdict};
use crate::report::compare::Comparison;
use crate::text::cut_to;

/// By this a bot finds its comment again, to write over it.
const MARKER: &str = "<!-- alhena-conformance compare -->";

/// More entries of a list are counted: a comment holds 65536 letters.
const SHOWN: usize = 20;

/// Nor do lists go on beyond so many bytes of the whole.
const MOST: usize = 50_000;

/// Longer texts are cut.
const LETTERS: usize = 300;

/// The comparison for a comment.
pub fn markdown(comparison: &Comparison) -> String {
    let mut text = format!("{MARKER}\n");
    let mark = if comparison.has_regressed() {
        "❌"
    } else {
        "✅"
    };
    let _ = writeln!(text, "## {mark} {}\n", verdict(comparison));
    let _ = writeln!(text, "{}.\n", semver(comparison));
    let _ = writeln!(
        text,
        "- old {}\n- new {}",
        code(&side(&comparison.old)),
        code(&side(&comparison.new))
    );
    for item in circumstances(comparison) {
        let _ = writeln!(
            text,
            "- **{}** {} {}",
            item.mark,
            code(&item.subject),
            item.details
                .iter()
                .map(|detail| detail.text.as_str())
                .collect::<String>()
        );
    }
    for section in sections(comparison) {
        write_section(&mut text, &section);
    }
    text
}

fn write_section(text: &mut String, section: &Section) {
    // Bad news is open, all else is one click away.
    let is_open = if section.tone == Tone::Bad {
        " open"
    } else {
        ""
    };
    let _ = writeln!(
        text,
        "\n<details{is_open}><summary><b>{}</b></summary>\n",
        section.heading()
    );
    if let Some(note) = &section.note {
        let _ = writeln!(text, "{}\n", code(note));
    }
    let mut shown = 0;
    for item in section.items.iter().take(SHOWN) {
        if text.len() > MOST {
            break;
        }
        shown += 1;
        let _ = writeln!(text, "- **{}** {}", item.mark, code(&item.subject));
        for detail in &item.details {
            let label = if detail.label.is_empty() {
                String::new()
            } else {
                format!("{}: ", detail.label)
            };
            let _ = writeln!(text, "  - {label}{}", code(&detail.text));
        }
    }
    if section.items.len() > shown {
        let _ = writeln!(text, "- … and {} more", section.items.len() - shown);
    }
    let _ = writeln!(text, "\n</details>");
}

/// A text as code, within a fence that nothing in it closes: it is no markup there, mentions nobody
/// and links nowhere.
fn code(text: &str) -> String {
    let clean = cut_to(text, LETTERS);
    let longest = clean
        .split(|letter| letter != '`')
        .map(str::len)
        .max()
        .unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    // A space at both ends is not shown, and keeps a backtick at either end apart from the fence.
    format!("{fence} {clean} {fence}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hostile_text_stays_code() {
        assert_eq!(code("a`b``c"), "``` a`b``c ```");
        assert_eq!(code("`"), "`` ` ``");
        assert_eq!(code("x\n# y\n<img src=x>"), "` x # y <img src=x> `");
    }
}
