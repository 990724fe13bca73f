use crate::render::document::Depth;

/// The columns of a terminal whose width nobody knows, and of a pipe.
const COLUMNS: usize = 80;

/// On a wider terminal lines become hard to read, on a narrower one they are none any more.
const MOST_COLUMNS: usize = 100;
const LEAST_COLUMNS: usize = 40;

/// In a file nobody's terminal is a limit.
const FILE_COLUMNS: usize = 100;

/// Where a text is shown, and how much of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Screen {
    /// No line is wider, but for one that is a single word.
    pub columns: usize,
    pub detail: Detail,
}

/// How much is shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Detail {
    /// The verdict alone.
    Verdict,
    /// The causes, the themes and the verdict.
    #[default]
    Summary,
    /// Every failed case, and every requirement.
    Full,
}

impl Screen {
    /// A terminal of this width, where it is known.
    pub fn new(columns: Option<usize>, detail: Detail) -> Self {
        let columns = columns.unwrap_or(COLUMNS);
        Self {
            columns: columns.clamp(LEAST_COLUMNS, MOST_COLUMNS),
            detail,
        }
    }

    /// Whether all is shown.
    pub(super) fn is_full(self) -> bool {
        match self.detail {
            Detail::Full => true,
            Detail::Verdict | Detail::Summary => false,
        }
    }

    /// A part of a file of another format.
    pub(super) fn file() -> Self {
        Self {
            columns: FILE_COLUMNS,
            detail: Detail::Full,
        }
    }
}

impl Default for Screen {
    fn default() -> Self {
        Self::new(None, Detail::default())
    }
}

impl Detail {
    pub(super) fn depth(self) -> Depth {
        match self {
            Self::Verdict | Self::Summary => Depth::Summary,
            Self::Full => Depth::Full,
        }
    }
}
