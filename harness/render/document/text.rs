//! Texts, and the lines that are made of them.

use std::fmt::{self, Display, Write as _};

use crate::contract::Level;
use crate::verdict::{Bearing, Status};

/// A text that may hold anything: it may come from a page, an SDK or a user's file.
///
/// It has no `Display` and shows its content to nobody but an [`Escape`], so that what is not
/// escaped by the rules of some format does not compile.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Text(String);

/// The rules by which one format shows a text. Each back end has one.
pub trait Escape {
    type Output;
    fn escape(&self, raw: &str) -> Self::Output;
}

impl Text {
    pub fn escaped<E: Escape>(&self, by: &E) -> E::Output {
        by.escape(&self.0)
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<T: Display> From<T> for Text {
    fn from(text: T) -> Self {
        Self(text.to_string())
    }
}

/// One line of a document.
#[derive(Debug, Clone, Default)]
pub struct Line(Vec<Span>);

/// A part of a line, all of it in one style.
#[derive(Debug, Clone)]
pub struct Span {
    pub text: Text,
    pub style: Style,
    /// The part of the document that it leads to.
    pub link: Option<Anchor>,
}

/// What kind of text a span is. How that looks is up to the back end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// Words, and what a page or a build may have put among them.
    Plain,
    /// Words of the fixtures' own, which are never cut.
    Prose,
    /// What the line is about.
    Strong,
    /// An id, a path, a value.
    Code,
    /// Of less weight.
    Soft,
    /// The digits of a hash, which a short format may shorten.
    Hash,
    /// An address, which is a link if it leads to the web.
    Web,
    /// A command to copy, which is never cut.
    Command,
    /// Only in what was expected.
    Expected,
    /// Only in what is there.
    Actual,
    /// A word that says how to take the line.
    Badge(Tone),
}

/// How to take something. Never shown by colour alone: words say it too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tone {
    /// It speaks against what is judged.
    Bad,
    /// Somebody should look at it.
    Careful,
    /// It says nothing.
    Neutral,
    /// An observation.
    Seen,
    /// It is as it should be.
    Good,
}

/// A word or two, and how to take them.
#[derive(Debug, Clone)]
pub struct Badge {
    pub tone: Tone,
    pub words: Text,
}

/// The name of a part of a document, as links name it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Anchor(String);

impl Line {
    pub fn new() -> Self {
        Self::default()
    }

    /// The line with one more span.
    pub fn with(mut self, style: Style, text: impl Into<Text>) -> Self {
        let (text, link) = (text.into(), None);
        self.0.push(Span { text, style, link });
        self
    }

    pub fn plain(self, text: impl Into<Text>) -> Self {
        self.with(Style::Plain, text)
    }

    pub fn prose(self, text: impl Into<Text>) -> Self {
        self.with(Style::Prose, text)
    }

    pub fn strong(self, text: impl Into<Text>) -> Self {
        self.with(Style::Strong, text)
    }

    pub fn code(self, text: impl Into<Text>) -> Self {
        self.with(Style::Code, text)
    }

    pub fn soft(self, text: impl Into<Text>) -> Self {
        self.with(Style::Soft, text)
    }

    pub fn badge(self, badge: Badge) -> Self {
        self.with(Style::Badge(badge.tone), badge.words)
    }

    /// The line, with the spans of another behind its own.
    pub fn concat(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }

    /// The line, with its last span leading somewhere.
    pub fn to(mut self, anchor: Option<Anchor>) -> Self {
        if let Some(last) = self.0.last_mut() {
            last.link = anchor;
        }
        self
    }

    pub fn spans(&self) -> &[Span] {
        &self.0
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<T: Into<Text>> From<T> for Line {
    fn from(text: T) -> Self {
        Self::new().plain(text)
    }
}

impl Tone {
    /// How to take a verdict, by its bearing.
    pub fn of(status: Status, level: Level) -> Self {
        match (Bearing::of(status, level), status) {
            (Bearing::SdkFault, _) => Self::Bad,
            (Bearing::MachineFault | Bearing::Undecided, _)
            | (Bearing::Excused, Status::KnownFailure) => Self::Careful,
            (Bearing::Excused, _) => Self::Neutral,
            (Bearing::Holds, _) if level == Level::Observe => Self::Seen,
            (Bearing::Holds, _) => Self::Good,
        }
    }
}

impl Badge {
    pub fn new(tone: Tone, words: impl Into<Text>) -> Self {
        let words = words.into();
        Self { tone, words }
    }

    /// A verdict at a level. An observation that was made is `seen`.
    pub fn of(status: Status, level: Level, words: &str) -> Self {
        match Tone::of(status, level) {
            Tone::Seen => Self::new(Tone::Seen, "seen"),
            tone => Self::new(tone, words),
        }
    }
}

impl Anchor {
    /// The name of a part of this kind with an id that may hold anything; two ids never share one.
    pub fn new(kind: &str, id: &str) -> Self {
        let mut name = format!("{kind}-");
        for letter in id.chars() {
            match letter {
                letter if letter.is_ascii_alphanumeric() || letter == '-' => name.push(letter),
                '/' => name.push('.'),
                other => {
                    let _ = write!(name, "_{:x}_", u32::from(other));
                }
            }
        }
        Self(name)
    }

    /// The name of a part that there is once.
    pub fn section(name: &'static str) -> Self {
        Self(name.to_owned())
    }

    /// The name in one of several reports, counted from 1.
    pub fn within(self, index: Option<usize>) -> Self {
        match index {
            None => self,
            Some(index) => Self(format!("{index}-{}", self.0)),
        }
    }

    /// The name of a part of this part.
    pub fn below(&self, name: &'static str) -> Self {
        Self(format!("{}-{name}", self.0))
    }
}

impl From<&'static str> for Anchor {
    fn from(name: &'static str) -> Self {
        Self::section(name)
    }
}

/// It needs no escape in any format.
impl Display for Anchor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_becomes_an_anchor_that_needs_no_escape() {
        assert_eq!(
            Anchor::new("case", "cart/item-added@call=push").to_string(),
            "case-cart.item-added_40_call_3d_push"
        );
        assert_eq!(
            Anchor::new("case", "\"><x").to_string(),
            "case-_22__3e__3c_x"
        );
    }

    #[test]
    fn similar_ids_have_different_anchors() {
        assert_ne!(Anchor::new("case", "a.b"), Anchor::new("case", "a/b"));
        assert_ne!(Anchor::new("case", "a_2e_b"), Anchor::new("case", "a.b"));
    }

    #[test]
    fn every_status_has_the_tone_of_its_bearing() {
        use Tone::{Bad, Careful, Good, Neutral, Seen};
        let tones = |level| Status::ALL.map(|status| Tone::of(status, level));
        assert_eq!(
            tones(Level::Must),
            [
                Bad, Bad, Bad, Careful, Careful, Careful, Careful, Good, Neutral
            ]
        );
        assert!(!tones(Level::Observe).contains(&Bad));
        assert_eq!(Tone::of(Status::Pass, Level::Observe), Seen);
    }
}
