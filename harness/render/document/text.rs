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
    /// What the format is made of.
    type Output;
    /// The text as part of that format.
    fn escape(&self, raw: &str) -> Self::Output;
}

impl Text {
    /// The text as part of a format.
    pub fn escaped<E: Escape>(&self, by: &E) -> E::Output {
        by.escape(&self.0)
    }

    /// Whether it holds no letter.
    #[must_use]
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
    /// What it reads.
    pub text: Text,
    /// What kind of text it is.
    pub style: Style,
    /// Where it leads.
    pub link: Option<Link>,
}

/// What kind of text a span is. How that looks is up to the back end.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Style {
    /// Words.
    Plain,
    /// What the line is about.
    Strong,
    /// An id, a path, a value.
    Code,
    /// Of less weight.
    Soft,
    /// The digits of a hash, which a short format may shorten.
    Hash,
    /// A command to copy, which is never cut.
    Command,
    /// Only in what was expected.
    Removed,
    /// Only in what is there.
    Added,
    /// A word that says how to take the line.
    Badge(Tone),
    /// No text, but a bar of this length, from 0 to 1.
    Bar(f64),
}

/// Where a span leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Link {
    /// To a part of the same document.
    Here(Anchor),
    /// To the address that the span reads, if that is on the web.
    Web,
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
    /// How to take it.
    pub tone: Tone,
    /// The words.
    pub words: Text,
}

/// The name of a part of a document, as links name it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Anchor(String);

impl Line {
    /// An empty line.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The line with one more span.
    #[must_use]
    pub fn with(mut self, style: Style, text: impl Into<Text>) -> Self {
        let (text, link) = (text.into(), None);
        self.0.push(Span { text, style, link });
        self
    }

    /// The line with more words.
    #[must_use]
    pub fn plain(self, text: impl Into<Text>) -> Self {
        self.with(Style::Plain, text)
    }

    /// The line with what it is about.
    #[must_use]
    pub fn strong(self, text: impl Into<Text>) -> Self {
        self.with(Style::Strong, text)
    }

    /// The line with an id, a path or a value.
    #[must_use]
    pub fn code(self, text: impl Into<Text>) -> Self {
        self.with(Style::Code, text)
    }

    /// The line with something of less weight.
    #[must_use]
    pub fn soft(self, text: impl Into<Text>) -> Self {
        self.with(Style::Soft, text)
    }

    /// The line with a badge.
    #[must_use]
    pub fn badge(self, badge: Badge) -> Self {
        self.with(Style::Badge(badge.tone), badge.words)
    }

    /// The line, with its last span leading somewhere.
    #[must_use]
    pub fn to(mut self, anchor: Option<Anchor>) -> Self {
        if let (Some(last), Some(anchor)) = (self.0.last_mut(), anchor) {
            last.link = Some(Link::Here(anchor));
        }
        self
    }

    /// The line with an address that is a link if it leads to the web.
    #[must_use]
    pub fn web(self, address: impl Into<Text>) -> Self {
        let mut line = self.plain(address);
        if let Some(last) = line.0.last_mut() {
            last.link = Some(Link::Web);
        }
        line
    }

    /// The line followed by another.
    #[must_use]
    pub fn then(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }

    /// Its parts.
    #[must_use]
    pub fn spans(&self) -> &[Span] {
        &self.0
    }

    /// Whether it holds nothing.
    #[must_use]
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
    #[must_use]
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
    /// These words, to be taken like that.
    #[must_use]
    pub fn new(tone: Tone, words: impl Into<Text>) -> Self {
        let words = words.into();
        Self { tone, words }
    }

    /// A verdict at a level. An observation that was made is `seen`.
    #[must_use]
    pub fn of(status: Status, level: Level, words: &str) -> Self {
        match Tone::of(status, level) {
            Tone::Seen => Self::new(Tone::Seen, "seen"),
            tone => Self::new(tone, words),
        }
    }
}

impl Anchor {
    /// The name of a part of this kind with an id that may hold anything; two ids never share one.
    #[must_use]
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
    #[must_use]
    pub fn section(name: &'static str) -> Self {
        Self(name.to_owned())
    }

    /// The name in one of several reports, counted from 1.
    #[must_use]
    pub fn within(self, index: Option<usize>) -> Self {
        match index {
            None => self,
            Some(index) => Self(format!("{index}-{}", self.0)),
        }
    }

    /// The name of a part of this part.
    #[must_use]
    pub fn below(&self, name: &'static str) -> Self {
        Self(format!("{}-{name}", self.0))
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
        let tones = |level| Status::ALL.map(|status| Tone::of(status, level));
        use Tone::{Bad, Careful, Good, Neutral, Seen};
        assert_eq!(
            tones(Level::Must),
            [Bad, Bad, Bad, Careful, Careful, Careful, Good, Neutral]
        );
        assert!(!tones(Level::Observe).contains(&Bad));
        assert_eq!(Tone::of(Status::Pass, Level::Observe), Seen);
    }
}
