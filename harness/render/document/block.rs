//! What the sections of a document are made of.

use super::Depth;
use super::text::{Anchor, Badge, Line, Text};

/// One block below another.
#[derive(Debug, Clone)]
pub enum Block {
    /// The heading of the blocks that follow.
    Heading(Line),
    /// A sentence or two.
    Paragraph(Line),
    /// What helps with the blocks above: a hint, a warning, what to do.
    Note(Line),
    /// A remark that is left out where room is short.
    Aside(Line),
    /// Names with their values.
    Facts(Vec<Fact>),
    /// A list.
    Entries(Entries),
    /// Something that is wrong.
    Problem(Problem),
    /// A case with all that is wrong in it.
    Case(Case),
    /// What should have been and what was.
    Difference(Difference),
    /// Lines of a file.
    Source(Vec<SourceLine>),
    /// Events: the call, the request and the ledger side by side.
    Events(Vec<EventRow>),
    /// What happened, on one clock.
    Timeline(Vec<Moment>),
    /// A picture.
    Picture(Picture),
    /// Something to paste into a shell: what it does, and the command.
    Command(&'static str, Text),
    /// A table.
    Table(Table),
    /// Blocks that are closed at first where that is possible.
    Fold(Line, Vec<Block>),
}

/// A name and its value.
#[derive(Debug, Clone)]
pub struct Fact {
    /// The name.
    pub name: Text,
    /// The value.
    pub value: Line,
}

/// A list.
#[derive(Debug, Clone, Default)]
pub struct Entries {
    /// Its entries.
    pub entries: Vec<Entry>,
    /// The names, the counts and what is said of each are columns, and no entry is left out.
    pub is_aligned: bool,
}

/// One entry of a list.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Its name for links.
    pub anchor: Option<Anchor>,
    /// How to take it.
    pub badge: Option<Badge>,
    /// What it is about.
    pub name: Line,
    /// How many things it stands for, in words.
    pub count: Option<Text>,
    /// What is said of it.
    pub about: Line,
    /// What else is said of it, a line each.
    pub details: Vec<Line>,
    /// All that belongs to it: only for a format in which it can be closed.
    pub more: Vec<Block>,
    /// Where it is shown.
    pub depth: Depth,
    /// It is open at first.
    pub is_open: bool,
}

/// Something that is wrong: what, where, and which promise that breaks.
#[derive(Debug, Clone)]
pub struct Problem {
    /// Its name for links.
    pub anchor: Option<Anchor>,
    /// The verdict.
    pub badge: Badge,
    /// What is wrong, in one sentence.
    pub message: Line,
    /// The id of what is wrong.
    pub id: Text,
    /// `file:line` of what asks for it.
    pub location: Option<Text>,
    /// The promises that it breaks.
    pub promises: Vec<Promise>,
    /// What explains it.
    pub body: Vec<Block>,
}

/// A promise.
#[derive(Debug, Clone)]
pub struct Promise {
    /// Its id.
    pub id: Line,
    /// Its level, and what it says.
    pub statement: Option<(Text, Text)>,
}

/// A case.
#[derive(Debug, Clone)]
pub struct Case {
    /// Its name for links.
    pub anchor: Anchor,
    /// Its id.
    pub id: Text,
    /// What it shows, as a sentence.
    pub title: Text,
    /// What is wrong in it; at least one.
    pub problems: Vec<Problem>,
    /// What happened in it.
    pub body: Vec<Block>,
}

/// What should have been and what was. Whatever has no sides is said by the message.
#[derive(Debug, Clone, Default)]
pub struct Difference {
    /// What should have been.
    pub expected: Option<Side>,
    /// What was.
    pub actual: Option<Side>,
    /// What the two sides do not show by themselves.
    pub note: Option<Text>,
}

/// One side of a comparison.
#[derive(Debug, Clone)]
pub struct Side {
    /// In one line.
    pub short: Text,
    /// In full, with the parts marked that the other side does not have.
    pub full: Vec<Line>,
}

/// One line of a file.
#[derive(Debug, Clone)]
pub struct SourceLine {
    /// Its number.
    pub number: Text,
    /// What it reads.
    pub text: Text,
    /// It is the line that the document is about; `None`: no line is special.
    pub is_marked: Option<bool>,
}

/// One event.
#[derive(Debug, Clone)]
pub struct EventRow {
    /// Its name.
    pub name: Text,
    /// What was called; absent where no call explains it.
    pub call: Option<Side>,
    /// What was sent; absent where nothing was.
    pub request: Option<Side>,
    /// What the ledger says of it.
    pub ledger: Badge,
    /// The fields that were sent otherwise than they were called.
    pub changes: Vec<Line>,
}

/// Something that happened.
#[derive(Debug, Clone)]
pub struct Moment {
    /// When, in milliseconds.
    pub ms: f64,
    /// When, in words.
    pub at: Text,
    /// Whose doing it was.
    pub kind: &'static str,
    /// What it was.
    pub what: Text,
    /// What came of it.
    pub outcome: Option<Text>,
    /// What it carried.
    pub detail: Option<Text>,
    /// It is out of order by itself.
    pub is_wrong: bool,
}

/// A picture.
#[derive(Debug, Clone)]
pub struct Picture {
    /// The bytes of a PNG.
    pub png: Vec<u8>,
    /// What it shows.
    pub title: Text,
}

/// A table. The first cell of a row is its heading.
#[derive(Debug, Clone)]
pub struct Table {
    /// What it shows.
    pub caption: Text,
    /// The headings of its columns.
    pub head: Vec<Line>,
    /// Its rows.
    pub rows: Vec<Row>,
}

/// A row of a table.
#[derive(Debug, Clone)]
pub enum Row {
    /// The heading of the rows that follow.
    Group(Text),
    /// A cell for each column.
    Cells(Vec<Line>),
}

impl Fact {
    /// A value with its name.
    pub fn new(name: impl Into<Text>, value: impl Into<Line>) -> Self {
        let (name, value) = (name.into(), value.into());
        Self { name, value }
    }
}

impl Entry {
    /// An entry that is shown everywhere.
    pub fn new(name: impl Into<Line>) -> Self {
        Self {
            anchor: None,
            badge: None,
            name: name.into(),
            count: None,
            about: Line::new(),
            details: Vec::new(),
            more: Vec::new(),
            depth: Depth::Summary,
            is_open: false,
        }
    }

    /// The entry with how to take it.
    #[must_use]
    pub fn badge(self, badge: Badge) -> Self {
        let badge = Some(badge);
        Self { badge, ..self }
    }

    /// The entry with what is said of it.
    #[must_use]
    pub fn about(self, about: impl Into<Line>) -> Self {
        let about = about.into();
        Self { about, ..self }
    }

    /// The entry with one thing more that is said of it.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<Line>) -> Self {
        self.details.push(detail.into());
        self
    }
}

impl Block {
    /// What is wrong, where the block says that: its id, and each thing that is wrong with it.
    #[must_use]
    pub fn wrong(&self) -> Option<(&Text, &[Problem])> {
        if let Self::Problem(own) = self {
            return Some((&own.id, std::slice::from_ref(own)));
        }
        if let Self::Case(own) = self {
            return Some((&own.id, &own.problems));
        }
        None
    }

    /// A list whose entries stand by themselves.
    pub fn list(entries: Vec<Entry>) -> Self {
        Self::Entries(Entries {
            entries,
            is_aligned: false,
        })
    }
}
