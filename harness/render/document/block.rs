//! What the sections of a document are made of.

use super::Depth;
use super::text::{Anchor, Badge, Line, Text};

/// One block below another.
#[derive(Debug, Clone)]
pub enum Block {
    /// A sentence or two.
    Paragraph(Line),
    /// What helps with the blocks above: a hint, a warning, what to do.
    Note(Line),
    /// A remark that is left out where room is short.
    Aside(Line),
    /// Names with their values.
    Facts(Vec<Fact>),
    /// A list. In an inventory names, counts and what is said of each are columns, and no entry is
    /// left out.
    Entries {
        list: Vec<Entry>,
        is_inventory: bool,
    },
    /// The one defect that explains a group of failures.
    Cause(Box<Cause>),
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
    /// The steps of a journey beside each other, on the same clock.
    Strip(Vec<StripStep>),
    /// The page after each step, to step through.
    Trace(Vec<TraceFrame>),
    /// A PNG, and what it shows.
    Picture(Vec<u8>, Text),
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
    pub name: Text,
    pub value: Line,
}

/// One entry of a list.
#[derive(Debug, Clone, Default)]
pub struct Entry {
    pub anchor: Option<Anchor>,
    pub badge: Option<Badge>,
    pub name: Line,
    /// How many things it stands for, in words.
    pub count: Text,
    /// What is said of it.
    pub about: Line,
    /// What else is said of it, a line each.
    pub details: Vec<Line>,
    /// All that belongs to it: only for a format in which it can be closed.
    pub more: Vec<Block>,
    pub depth: Depth,
}

/// The one defect that explains a group of failures.
#[derive(Debug, Clone)]
pub struct Cause {
    pub anchor: Anchor,
    pub badge: Badge,
    /// What is wrong, in one sentence.
    pub sentence: Text,
    /// `file:line:column` in the user's files where it happened; empty where nobody knows.
    pub location: Text,
    /// The requirements that it breaks; empty where none is.
    pub breaks: Line,
    /// What the first of them promises; empty where nobody knows.
    pub promise: Text,
    /// What the console said when it happened, a line each.
    pub console: Vec<Text>,
    /// What shows it: the place in the build, what differs.
    pub shown: Vec<Block>,
    /// How often it was seen, and the simplest example.
    pub seen: Line,
    /// What it usually means; empty where nobody knows.
    pub means: Text,
    /// The requirements of which nothing is known because of it; empty where none is.
    pub hides: Line,
    /// The command that drives the example again.
    pub again: Text,
}

/// Something that is wrong: what, where, and which promise that breaks.
#[derive(Debug, Clone)]
pub struct Problem {
    pub anchor: Option<Anchor>,
    pub badge: Badge,
    /// What is wrong, in one sentence.
    pub message: Line,
    /// The id of what is wrong.
    pub id: Text,
    /// `file:line` of what asks for it.
    pub location: Option<Text>,
    /// The promises that it breaks, a line each.
    pub promises: Vec<Line>,
    /// What explains it.
    pub body: Vec<Block>,
}

/// A case.
#[derive(Debug, Clone)]
pub struct Case {
    pub anchor: Anchor,
    pub id: Text,
    /// What it shows, as a sentence.
    pub title: Text,
    /// What is wrong in it; at least one.
    pub problems: Vec<Problem>,
    /// What happened in it.
    pub body: Vec<Block>,
}

/// What should have been and what was.
#[derive(Debug, Clone)]
pub struct Difference {
    pub expected: Side,
    pub actual: Side,
    /// What the two sides do not show by themselves.
    pub note: Option<Text>,
}

/// One side of a comparison: in one line, and in full with the parts marked that the other side
/// does not have.
#[derive(Debug, Clone)]
pub struct Side {
    pub short: Text,
    pub full: Vec<Line>,
}

/// One line of a file.
#[derive(Debug, Clone)]
pub struct SourceLine {
    pub number: Text,
    pub text: Text,
    pub mark: Mark,
}

/// What is special about a line of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(
    not(feature = "generated-mutants"),
    expect(
        dead_code,
        reason = "only the change of a generated mutant has lines that come or go"
    )
)]
pub enum Mark {
    /// It is shown by itself.
    Alone,
    /// It is the line that all others are shown for.
    Asked,
    /// It is one of those others.
    Around,
    /// It was taken away.
    Removed,
    /// It was added.
    Added,
    /// It is no line of the file: it points at a column of the line above.
    Caret,
}

/// One event.
#[derive(Debug, Clone)]
pub struct EventRow {
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
    /// In milliseconds.
    pub ms: f64,
    /// The same in words.
    pub at: Text,
    /// Whose doing it was.
    pub kind: &'static str,
    pub what: Text,
    /// What came of it.
    pub outcome: Option<Text>,
    /// What it carried.
    pub detail: Option<Text>,
    /// It is out of order by itself.
    pub is_wrong: bool,
}

/// One step of a journey, and what happened until the next.
#[derive(Debug, Clone)]
pub struct StripStep {
    pub step: Moment,
    /// When the step was done, in milliseconds.
    pub until_ms: f64,
    pub happened: Vec<Moment>,
}

/// The page after one step, and what happened until then.
#[derive(Debug, Clone)]
pub struct TraceFrame {
    pub at: Text,
    /// The step.
    pub what: Text,
    /// A PNG.
    pub picture: Option<Vec<u8>>,
    /// What happened since the frame before.
    pub moments: Vec<Moment>,
    /// The document.
    pub dom: Option<Text>,
}

/// A table. The first cell of a row is its heading.
#[derive(Debug, Clone)]
pub struct Table {
    pub caption: Text,
    pub head: Vec<Line>,
    pub rows: Vec<Vec<Line>>,
}

impl Fact {
    pub fn new(name: impl Into<Text>, value: impl Into<Line>) -> Self {
        let (name, value) = (name.into(), value.into());
        Self { name, value }
    }
}

impl Entry {
    /// An entry that is shown everywhere.
    pub fn new(name: impl Into<Line>) -> Self {
        let name = name.into();
        Self {
            name,
            ..Self::default()
        }
    }

    pub fn badge(self, badge: Badge) -> Self {
        let badge = Some(badge);
        Self { badge, ..self }
    }

    pub fn about(self, about: impl Into<Line>) -> Self {
        let about = about.into();
        Self { about, ..self }
    }

    pub fn detail(mut self, detail: impl Into<Line>) -> Self {
        self.details.push(detail.into());
        self
    }
}

impl Problem {
    /// Something that is wrong by its words alone.
    pub fn new(badge: Badge, message: impl Into<Line>, id: impl Into<Text>) -> Self {
        Self {
            anchor: None,
            badge,
            message: message.into(),
            id: id.into(),
            location: None,
            promises: Vec::new(),
            body: Vec::new(),
        }
    }
}

impl Block {
    /// A list that is no inventory.
    pub fn list(list: Vec<Entry>) -> Self {
        let is_inventory = false;
        Self::Entries { list, is_inventory }
    }

    pub fn paragraph(line: impl Into<Line>) -> Self {
        Self::Paragraph(line.into())
    }

    pub fn note(line: impl Into<Line>) -> Self {
        Self::Note(line.into())
    }

    pub fn aside(line: impl Into<Line>) -> Self {
        Self::Aside(line.into())
    }

    /// What is wrong, where the block says that: its id, and each thing that is wrong with it.
    pub fn wrong(&self) -> Option<(&Text, &[Problem])> {
        if let Self::Problem(own) = self {
            return Some((&own.id, std::slice::from_ref(own)));
        }
        if let Self::Case(own) = self {
            return Some((&own.id, &own.problems));
        }
        None
    }
}
