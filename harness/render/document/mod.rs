//! What a person reads, as a tree: built once for each product, rendered by each back end.
//!
//! A document is complete. What differs between the formats is how its texts are escaped, how it
//! is laid out, and how much of it is shown: each back end shows what is of some [`Depth`] or
//! above, and cuts by limits of its own.

mod block;
mod text;

pub use block::{
    Block, Case, Cause, Difference, Entry, EventRow, Fact, Mark, Moment, Problem, Side, SourceLine,
    StripStep, Table, TraceFrame,
};
pub use text::{Anchor, Badge, Escape, Line, Span, Style, Text, Tone};

/// How far down somebody must read to come to something. Ordered: a back end that shows one depth
/// shows those before it, too.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Depth {
    /// What everybody must see.
    #[default]
    Summary,
    /// An inventory: what was asked, with its verdicts.
    Full,
    /// To look something up, where it can be closed at first.
    Reference,
}

/// All of it.
#[derive(Debug, Clone)]
pub struct Document {
    /// What it is, for a program that looks for it; empty: a report.
    pub product: &'static str,
    pub heading: Line,
    /// One, or an overview and a part a report.
    pub parts: Vec<Part>,
}

/// A part of a document: all about one thing that was judged.
#[derive(Debug, Clone)]
pub struct Part {
    pub anchor: Anchor,
    pub name: Text,
    pub verdict: Option<Verdict>,
    /// The most important first.
    pub sections: Vec<Section>,
}

/// What to believe of what was judged.
#[derive(Debug, Clone)]
pub struct Verdict {
    pub anchor: Anchor,
    /// What was judged, in full; empty where the words say it.
    pub subject: Text,
    pub tone: Tone,
    pub words: Text,
    /// The words' reason in numbers; empty where the words say it all.
    pub reason: Text,
    /// How many checks have each verdict, and how long that took.
    pub totals: Vec<(usize, Badge)>,
    pub took: Text,
    /// What must be known with it.
    pub notes: Vec<Line>,
    /// What was judged, and with what.
    pub facts: Vec<Fact>,
    /// The same in one line, for a format that is short; empty where the facts are short.
    pub brief: Line,
}

/// Blocks below a heading.
#[derive(Debug, Clone)]
pub struct Section {
    pub anchor: Anchor,
    pub title: Text,
    pub tone: Tone,
    pub depth: Depth,
    pub blocks: Vec<Block>,
}

impl Document {
    /// A document of one part.
    pub fn new(
        product: &'static str,
        heading: impl Into<Line>,
        verdict: Option<Verdict>,
        sections: Vec<Section>,
    ) -> Self {
        let part = Part {
            anchor: Anchor::section("part"),
            name: Text::default(),
            verdict,
            sections,
        };
        Self {
            product,
            heading: heading.into(),
            parts: vec![part],
        }
    }
}

impl Part {
    /// The sections down to a depth.
    pub fn shown(&self, depth: Depth) -> impl Iterator<Item = &Section> {
        let sections = self.sections.iter();
        sections.filter(move |own| own.depth <= depth)
    }
}

impl Verdict {
    /// A verdict by itself.
    pub fn new(tone: Tone, words: impl Into<Text>) -> Self {
        Self {
            anchor: Anchor::section("verdict"),
            subject: Text::default(),
            tone,
            words: words.into(),
            reason: Text::default(),
            totals: Vec::new(),
            took: Text::default(),
            notes: Vec::new(),
            facts: Vec::new(),
            brief: Line::new(),
        }
    }
}

impl Section {
    /// A section that everybody must see; absent where nothing is in it.
    pub fn new(
        anchor: impl Into<Anchor>,
        title: impl Into<Text>,
        tone: Tone,
        blocks: Vec<Block>,
    ) -> Option<Self> {
        let (anchor, title, depth) = (anchor.into(), title.into(), Depth::Summary);
        let section = Self {
            anchor,
            title,
            tone,
            depth,
            blocks,
        };
        (!section.blocks.is_empty()).then_some(section)
    }

    /// The section, shown only from that depth on.
    pub fn at(self, depth: Depth) -> Self {
        Self { depth, ..self }
    }
}
