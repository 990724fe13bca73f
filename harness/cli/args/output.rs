use std::io::{IsTerminal, stderr, stdout};
use std::os::fd::AsFd;

use clap::{Args, ColorChoice};
use rustix::termios::tcgetwinsize;

use crate::cli::channel::Channel;
use crate::render::{Detail, Screen};

/// How much is printed, and how it looks.
#[derive(Debug, Clone, Args)]
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
        self.screen_of(Channel::Stdout)
    }

    /// The terminal that `channel` is, and how much it shows.
    pub fn screen_of(&self, channel: Channel) -> Screen {
        let detail = match (self.quiet, self.verbose) {
            (true, _) => Detail::Verdict,
            (false, true) => Detail::Full,
            (false, false) => Detail::Summary,
        };
        match channel {
            Channel::Stdout => screen_on(&stdout(), detail),
            Channel::Stderr => screen_on(&stderr(), detail),
        }
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
    screen_on(&stdout(), detail)
}

fn screen_on(stream: &(impl IsTerminal + AsFd), detail: Detail) -> Screen {
    let size = stream.is_terminal().then(|| tcgetwinsize(stream));
    let columns = size.and_then(Result::ok).map(|size| size.ws_col);
    let columns = columns.filter(|columns| *columns > 0);
    Screen::new(columns.map(usize::from), detail)
}
