//! What a person reads, as a tree: built once for each product, rendered by each back end.
//!
//! A document is complete. What differs between the formats is how its texts are escaped, how it
//! is laid out, and how much of it is shown: each back end shows what is of some [`Depth`] or
//! above, and cuts by limits of its own.

mod block;
mod text;

pub use block::{
    Block, Case, Difference, Entries, Entry, EventRow, Fact, Moment, Picture, Problem, Promise,
    Row, Side, SourceLine, Table,
};
pub use text::{Anchor, Badge, Escape, Line, Link, Span, Style, Text, Tone};

/// How far down somebody must read to come to something. Ordered: a back end that shows one depth
/// shows those before it, too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Depth {
    /// What everybody must see.
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
    /// The title of its window.
    pub title: Text,
    /// Its heading.
    pub heading: Line,
    /// Its parts: one, or an overview and a part a report.
    pub parts: Vec<Part>,
}

/// A part of a document: all about one thing that was judged.
#[derive(Debug, Clone)]
pub struct Part {
    /// Its name for links.
    pub anchor: Anchor,
    /// What it is called in the contents.
    pub name: Text,
    /// The conclusion.
    pub verdict: Option<Verdict>,
    /// Its sections, the most important first.
    pub sections: Vec<Section>,
}

/// What to believe of what was judged.
#[derive(Debug, Clone)]
pub struct Verdict {
    /// Its name for links.
    pub anchor: Anchor,
    /// A short name of what was judged; empty where the words say it.
    pub name: Text,
    /// Where that comes from, in full.
    pub subject: Text,
    /// How to take it.
    pub tone: Tone,
    /// The verdict.
    pub words: Text,
    /// How many checks have each verdict.
    pub totals: Vec<(usize, Badge)>,
    /// How long it took.
    pub took: Option<Text>,
    /// What must be known with it.
    pub notes: Vec<Line>,
    /// What was judged, and with what.
    pub facts: Vec<Fact>,
    /// What the sections say in full, for a format that opens at its top.
    pub overview: Vec<Block>,
}

/// A part with a heading.
#[derive(Debug, Clone)]
pub struct Section {
    /// Its name for links.
    pub anchor: Anchor,
    /// Its heading.
    pub title: Text,
    /// How much it holds, in words.
    pub count: Option<Text>,
    /// How to take it.
    pub tone: Tone,
    /// Where it is shown.
    pub depth: Depth,
    /// What stands in it.
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
        Self {
            product,
            title: Text::from(format!("{product} – alhena-conformance")),
            heading: heading.into(),
            parts: vec![Part {
                anchor: Anchor::section("part"),
                name: Text::from(product),
                verdict,
                sections,
            }],
        }
    }
}

impl Part {
    /// The sections down to a depth, the inventories before what somebody must act on.
    pub fn inventories_first(&self, depth: Depth) -> impl Iterator<Item = &Section> {
        let of = move |own: Depth| {
            let sections = self.sections.iter();
            sections.filter(move |section| section.depth == own && own <= depth)
        };
        of(Depth::Reference)
            .chain(of(Depth::Full))
            .chain(of(Depth::Summary))
    }
}

impl Verdict {
    /// A verdict by itself.
    pub fn new(tone: Tone, words: impl Into<Text>) -> Self {
        Self {
            anchor: Anchor::section("verdict"),
            name: Text::default(),
            subject: Text::default(),
            tone,
            words: words.into(),
            totals: Vec::new(),
            took: None,
            notes: Vec::new(),
            facts: Vec::new(),
            overview: Vec::new(),
        }
    }
}

impl Section {
    /// A section that everybody must see.
    pub fn new(name: &'static str, title: impl Into<Text>, tone: Tone, blocks: Vec<Block>) -> Self {
        Self {
            anchor: Anchor::section(name),
            title: title.into(),
            count: None,
            tone,
            depth: Depth::Summary,
            blocks,
        }
    }

    /// The section with how much it holds.
    #[must_use]
    pub fn count(self, count: impl Into<Text>) -> Self {
        let count = Some(count.into());
        Self { count, ..self }
    }

    /// The section, shown only from that depth on.
    #[must_use]
    pub fn at(self, depth: Depth) -> Self {
        Self { depth, ..self }
    }
}
