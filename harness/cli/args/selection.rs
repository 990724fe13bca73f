use clap::Args;

use crate::contract::Level;
use crate::plan::{level_word, requirement_word};

/// Which checks a command is about.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Which checks")]
pub struct SelectionArguments {
    /// Only checks whose id, scenario or requirement matches; `*` and `?` as in a shell. A pattern
    /// that begins with `!` takes away what it matches. May be repeated
    #[arg(long, value_name = "PATTERN")]
    pub filter: Vec<String>,
    /// Only checks of this level. May be repeated
    #[arg(long, value_name = "LEVEL")]
    pub level: Vec<Level>,
    /// Only checks that prove this requirement. May be repeated
    #[arg(long, value_name = "ID")]
    pub requirement: Vec<String>,
}

impl SelectionArguments {
    /// The selection as one list of words, which reports record; empty: everything.
    pub fn words(&self) -> Vec<String> {
        let levels = self.level.iter().map(|level| level_word(*level));
        let requirements = self.requirement.iter().map(|id| requirement_word(id));
        let filter = self.filter.iter().cloned();
        filter.chain(levels).chain(requirements).collect()
    }
}
