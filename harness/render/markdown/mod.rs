//! The back end for a comment on a pull request, and the summary of a step in GitHub Actions.
//!
//! The causes are open; what is not bad, or only explains, is folded away, and whatever has no room
//! in a comment is counted.

mod cause;
mod escape;
mod section;

use std::fmt::Write as _;

use escape::{Code, Hash, Words};

use super::document::{
    Depth, Document, Fact, Line, Part, Section, Span, Style, Text, Tone, Verdict,
};

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
            None if part.name.is_empty() => {}
            None => {
                let _ = writeln!(self.text, "## {}\n", words(&part.name));
            }
        }
        let shown: Vec<&Section> = part.shown(Depth::Full).collect();
        for (index, section) in shown.iter().enumerate() {
            let all = (LIMIT - RESERVE).saturating_sub(SHARE * (shown.len() - index - 1));
            self.end = match section.tone {
                Tone::Bad => all,
                Tone::Careful | Tone::Neutral | Tone::Seen | Tone::Good => {
                    all.min(self.text.len() + SHARE)
                }
            };
            self.section(section);
        }
        // Whoever knows what was judged need not read it again.
        if let Some(verdict) = part.verdict.as_ref().filter(|own| !own.brief.is_empty()) {
            self.facts(verdict);
        }
    }

    fn verdict(&mut self, verdict: &Verdict) {
        let mark = match verdict.tone {
            Tone::Good | Tone::Seen | Tone::Neutral => "✅",
            Tone::Careful | Tone::Bad => "❌",
        };
        let subject = Some(&verdict.subject).filter(|subject| !subject.is_empty());
        let subject = subject.map(|subject| subject.escaped(&Code(LETTERS)) + " ");
        let (subject, said) = (subject.unwrap_or_default(), words(&verdict.words));
        let reason = Some(&verdict.reason).filter(|reason| !reason.is_empty());
        let reason = reason.map(|reason| format!(": {}", words(reason)));
        let reason = reason.unwrap_or_default();
        let _ = writeln!(self.text, "## {mark} {subject}{said}{reason}\n");
        for note in &verdict.notes {
            let _ = writeln!(self.text, "{}\n", line(note));
        }
        let totals = verdict.totals.iter();
        let totals = totals.map(|(count, badge)| format!("{count} {}", words(&badge.words)));
        let totals = totals.collect::<Vec<_>>().join(" · ");
        if !totals.is_empty() {
            let _ = writeln!(self.text, "**{totals}** in {}\n", words(&verdict.took));
        }
        if verdict.brief.is_empty() {
            self.facts(verdict);
        }
    }

    /// What was judged, and with what.
    fn facts(&mut self, verdict: &Verdict) {
        let facts = verdict.facts.iter();
        let facts = facts.map(|Fact { name, value }| format!("{} {}", words(name), line(value)));
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

fn words(text: &Text) -> String {
    text.escaped(&Words(LETTERS))
}

/// One line, in which nothing that is not ours is markup.
fn line(line: &Line) -> String {
    line.spans().iter().map(span).collect()
}

fn span(span: &Span) -> String {
    let text = &span.text;
    match span.style {
        Style::Plain | Style::Prose | Style::Soft | Style::Web => words(text),
        Style::Strong | Style::Badge(_) => format!("<b>{}</b>", words(text)),
        Style::Code | Style::Expected | Style::Actual => text.escaped(&Code(LETTERS)),
        Style::Command => text.escaped(&Code(COMMAND)),
        Style::Hash => text.escaped(&Hash),
    }
}
