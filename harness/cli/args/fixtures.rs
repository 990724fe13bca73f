//! What can be typed to the commands that show the fixtures.

use std::path::PathBuf;

use clap::Args;

use super::{ConfigArguments, SelectionArguments};

/// The scenarios, requirements and pages that a command works with.
#[derive(Debug, Clone, Default, Args)]
pub struct FixturesArguments {
    /// Read this fixtures folder instead of the bundled fixtures
    #[arg(long, value_name = "DIR")]
    pub fixtures: Option<PathBuf>,
    /// A scenario file beside those of the fixtures, such as one that `explore` wrote; its id is
    /// the name of its folder and its own. May be repeated
    #[arg(long, value_name = "FILE")]
    pub scenario: Vec<PathBuf>,
}

impl FixturesArguments {
    /// The options that name the same fixtures again.
    pub fn options(&self) -> Vec<String> {
        let fixtures = self.fixtures.iter().map(|own| ("--fixtures", own));
        let scenarios = self.scenario.iter().map(|own| ("--scenario", own));
        let all = fixtures.chain(scenarios);
        let words = all.flat_map(|(name, path)| [name.to_owned(), path.display().to_string()]);
        words.collect()
    }
}

#[derive(Debug, Args)]
pub struct ListArguments {
    /// Print JSON
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub selection: SelectionArguments,
    #[command(flatten)]
    pub fixtures: FixturesArguments,
    #[command(flatten)]
    pub config: ConfigArguments,
}

#[derive(Debug, Args)]
pub struct ExplainArguments {
    /// The id of a requirement, a check, a case or a scenario, as `list` and reports print it
    pub id: String,
    #[command(flatten)]
    pub fixtures: FixturesArguments,
    #[command(flatten)]
    pub config: ConfigArguments,
}

#[derive(Debug, Args)]
pub struct CoverageArguments {
    /// Write `coverage.lock`: the checks of today's plan become the floor
    #[arg(long)]
    pub update: bool,
    /// Write `durations.lock` from the report of a whole run in this folder; `run --shard` uses it
    /// to balance its parts
    #[arg(long, value_name = "DIR")]
    pub durations: Option<PathBuf>,
    #[command(flatten)]
    pub fixtures: FixturesArguments,
    #[command(flatten)]
    pub config: ConfigArguments,
}
