//! Settings that need not be typed: the flags of a command, completed from variables and a file.
//!
//! `settings` says which flags of `run` are settings, and which commands take them. The `words` of
//! a command line are completed by the `layers` below it, `variables` and then the `file`, and only
//! then parsed: so a setting has the type, the default, the conflicts and the help of its flag.
//! `show` prints each value with its origin, `schema` describes the file.
//!
//! To add a setting: an entry in `settings`, and `alhena-conformance schema config >
//! fixtures/config.schema.json`. A test asks for each flag of `run` whether it is one.

mod file;
mod layers;
mod schema;
mod settings;
mod show;
#[cfg(test)]
mod tests;
mod variables;
mod words;

use std::ffi::OsString;

use clap::{ArgMatches, CommandFactory, FromArgMatches};

use super::Failure;
use super::args::Arguments;
use layers::{Given, Layers};
use words::Words;

pub use schema::json_schema;

/// A command line with all that completes it.
#[derive(Debug)]
pub struct Configured {
    pub arguments: Arguments,
    pub settings: Settings,
}

/// Where the values of a command line come from.
#[derive(Debug)]
pub struct Settings {
    given: Vec<Given>,
    matches: ArgMatches,
    /// The file, as a person would name it.
    file: Option<String>,
}

impl From<Failure> for Unusable {
    fn from(failure: Failure) -> Self {
        Self::Set(failure)
    }
}

/// A command line that is not run.
#[derive(Debug)]
pub enum Unusable {
    /// By what was typed; also where help was asked for.
    Typed(clap::Error),
    /// By a setting of a variable or a file.
    Set(Failure),
}

/// Parses a command line, completed by the settings that were not typed.
pub fn configured(typed: impl Iterator<Item = OsString>) -> Result<Configured, Unusable> {
    let command = Arguments::command();
    let words = Words::of(&command, typed);
    let layers = Layers::below(&words).map_err(Unusable::Set)?;
    let parsed = |words: Vec<OsString>| command.clone().try_get_matches_from(words);
    let matches = parsed(words.completed(&layers.given)).map_err(|error| {
        // What is wrong with the typed words alone is said of them alone.
        let alone = parsed(words.completed(&[])).err();
        let alone = alone.filter(|own| own.kind() == error.kind());
        layers.blame(alone.unwrap_or(error))
    })?;
    let arguments = Arguments::from_arg_matches(&matches).map_err(Unusable::Typed)?;
    if let Some(browser) = arguments.command.browser() {
        browser.refuse_executables_of_several_engines()?;
    }
    let Layers { given, file } = layers;
    let settings = Settings {
        given,
        matches,
        file,
    };
    Ok(Configured {
        arguments,
        settings,
    })
}
