//! What the user should know beside the result, on standard error.

use std::fmt::Display;

use owo_colors::OwoColorize;

pub fn note(text: impl Display) {
    anstream::eprintln!("{}: {text}", "note".yellow().bold());
}

pub fn error(text: impl Display) {
    anstream::eprintln!("{}: {text}", "error".red().bold());
}
