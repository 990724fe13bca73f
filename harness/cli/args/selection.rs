use anyhow::anyhow;
use clap::Args;

use crate::cli::Failure;
use crate::contract::Level;
use crate::input::Files;
use crate::plan::{Suites, level_word, requirement_word};

/// Which checks a command is about.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Which checks")]
pub struct SelectionArguments {
    /// Only checks whose id, scenario or requirement matches; `*` and `?` as in a shell. A pattern
    /// that begins with `!` takes away what it matches. May be repeated
    #[arg(long, value_name = "PATTERN")]
    pub filter: Vec<String>,
    /// Only cases of this named selection, such as `contract` or `field`. May be repeated
    #[arg(long, value_name = "NAME")]
    pub suite: Vec<String>,
    /// Only checks of this level. May be repeated
    #[arg(long, value_name = "LEVEL")]
    pub level: Vec<Level>,
    /// Only checks that prove this requirement. May be repeated
    #[arg(long, value_name = "ID")]
    pub requirement: Vec<String>,
}

impl SelectionArguments {
    /// The selection as one list of words, which reports record; empty: everything.
    ///
    /// # Errors
    /// If there is no suite of a name.
    pub fn words(&self, files: &Files) -> Result<Vec<String>, Failure> {
        let suites = Suites::load(files)?.words(&self.suite);
        let suites = suites.map_err(|error| Failure::nothing(anyhow!(error)))?;
        let levels = self.level.iter().map(|level| level_word(*level));
        let requirements = self.requirement.iter().map(|id| requirement_word(id));
        let filter = self.filter.iter().cloned();
        let words = filter.chain(suites).chain(levels).chain(requirements);
        Ok(words.collect())
    }
}
