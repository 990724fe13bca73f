use std::io::{IsTerminal, stdout};

use clap::{Args, ColorChoice};
use rustix::termios::tcgetwinsize;

use crate::render::{Detail, Screen};

/// How much is printed, and how it looks.
#[derive(Debug, Args)]
#[command(next_help_heading = "What is printed")]
pub struct OutputArguments {
    /// Print every failed case and every requirement, too
    #[arg(short, long, conflicts_with = "quiet")]
    pub verbose: bool,
    /// Print the verdict alone
    #[arg(short, long)]
    pub quiet: bool,
    /// Use colour: on a terminal, always or never
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    pub color: ColorChoice,
}

impl OutputArguments {
    /// The terminal, and how much it shows.
    pub fn screen(&self) -> Screen {
        screen(match (self.quiet, self.verbose) {
            (true, _) => Detail::Verdict,
            (false, true) => Detail::Full,
            (false, false) => Detail::Summary,
        })
    }

    /// Uses colour for all that is printed from now on, or does not.
    pub fn apply_color(&self) {
        match self.color {
            ColorChoice::Auto => anstream::ColorChoice::Auto,
            ColorChoice::Always => anstream::ColorChoice::Always,
            ColorChoice::Never => anstream::ColorChoice::Never,
        }
        .write_global();
    }
}

/// The terminal that standard output is, where it is one.
pub fn screen(detail: Detail) -> Screen {
    let size = stdout().is_terminal().then(|| tcgetwinsize(stdout()));
    let columns = size.and_then(Result::ok).map(|size| size.ws_col);
    let columns = columns.filter(|columns| *columns > 0);
    Screen::new(columns.map(usize::from), detail)
}
