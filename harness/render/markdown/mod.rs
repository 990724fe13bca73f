//! The back end for a comment on a pull request, and the summary of a step in GitHub Actions.
//!
//! Of an inventory it shows only how much of it holds. What is not bad is folded away, and
//! whatever has no room in a comment is counted.

mod escape;
mod section;

use std::fmt::Write as _;

use escape::{Code, Hash, Words};

use super::document::{Depth, Document, Fact, Line, Part, Section, Span, Style, Tone, Verdict};

/// What a comment on GitHub may hold: 65536 letters. Counted in bytes here, of which there are
/// never fewer.
const LIMIT: usize = 65_536;

/// Kept free for headings, for the ends of what is open, and for the sentences that say what was
/// left out.
const RESERVE: usize = 3_000;

/// What a section gets that is not bad, and what each of those that follow a bad one is sure of.
const SHARE: usize = 3_000;

/// Longer texts are cut; the report holds them whole.
const LETTERS: usize = 200;

/// What a command that can be pasted must not lose.
const COMMAND: usize = 2_000;

/// The document as a comment. By its first line a bot finds it again, to write over it.
pub fn markdown(document: &Document) -> String {
    let marker = match document.product {
        "" => "<!-- alhena-conformance -->".to_owned(),
        product => format!("<!-- alhena-conformance {product} -->"),
    };
    let mut comment = Comment {
        text: format!("{marker}\n"),
        end: LIMIT - RESERVE,
    };
    for part in &document.parts {
        comment.part(part);
    }
    comment.text
}

struct Comment {
    text: String,
    /// Bytes that the text may have at present.
    end: usize,
}

impl Comment {
    fn part(&mut self, part: &Part) {
        match &part.verdict {
            Some(verdict) => self.verdict(verdict),
            None => {
                let _ = writeln!(self.text, "## {}\n", part.name.escaped(&Words(LETTERS)));
            }
        }
        let shown: Vec<&Section> = part.inventories_first(Depth::Full).collect();
        for (index, section) in shown.iter().enumerate() {
            let all = (LIMIT - RESERVE).saturating_sub(SHARE * (shown.len() - index - 1));
            self.end = match section.tone {
                Tone::Bad => all,
                _ => all.min(self.text.len() + SHARE),
            };
            self.section(section);
        }
    }

    fn verdict(&mut self, verdict: &Verdict) {
        let mark = match verdict.tone {
            Tone::Good | Tone::Seen | Tone::Neutral => "✅",
            Tone::Careful | Tone::Bad => "❌",
        };
        let _ = write!(self.text, "## {mark} ");
        if !verdict.subject.is_empty() {
            let _ = write!(self.text, "{} ", verdict.subject.escaped(&Code(LETTERS)));
        }
        let _ = writeln!(self.text, "{}\n", verdict.words.escaped(&Words(LETTERS)));
        for note in &verdict.notes {
            let _ = writeln!(self.text, "{}\n", line(note));
        }
        let totals = verdict
            .totals
            .iter()
            .map(|(count, badge)| format!("{count} {}", badge.words.escaped(&Words(LETTERS))));
        let totals = totals.collect::<Vec<_>>().join(" · ");
        match (totals.is_empty(), &verdict.took) {
            (true, _) => {}
            (false, None) => {
                let _ = writeln!(self.text, "**{totals}**\n");
            }
            (false, Some(took)) => {
                let took = took.escaped(&Words(LETTERS));
                let _ = writeln!(self.text, "**{totals}** in {took}\n");
            }
        }
        let facts = verdict.facts.iter().map(|Fact { name, value }| {
            format!("{} {}", name.escaped(&Words(LETTERS)), line(value))
        });
        let facts = facts.collect::<Vec<_>>().join(" · ");
        if !facts.is_empty() {
            let _ = writeln!(self.text, "{facts}\n");
        }
    }

    /// Adds a piece if there is room for it.
    fn put(&mut self, piece: &str) -> bool {
        let has_room = self.text.len() + piece.len() <= self.end;
        if has_room {
            self.text.push_str(piece);
        }
        has_room
    }
}

/// One line, in which nothing that is not ours is markup.
fn line(line: &Line) -> String {
    line.spans().iter().map(span).collect()
}

fn span(span: &Span) -> String {
    let (text, words) = (&span.text, Words(LETTERS));
    match span.style {
        Style::Plain | Style::Soft => text.escaped(&words),
        Style::Strong | Style::Badge(_) => format!("<b>{}</b>", text.escaped(&words)),
        Style::Code | Style::Removed | Style::Added => text.escaped(&Code(LETTERS)),
        Style::Command => text.escaped(&Code(COMMAND)),
        Style::Hash => text.escaped(&Hash),
        Style::Bar(_) => String::new(),
    }
}
