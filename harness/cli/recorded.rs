//! What a stored report says of its run: the options that make it again, and whether what it names
//! is still the same.

use std::path::Path;

use crate::report::Report;
use crate::sdk::{Likeness, Profile, ProfileHash};
use anyhow::anyhow;
use clap::Parser;
use owo_colors::OwoColorize;

use super::Failure;
use super::args::{Arguments, Command, RunArguments};

/// The options of the run that wrote `report` into `folder`, with this selection.
pub fn arguments(
    report: &Report,
    folder: &Path,
    filter: &[String],
) -> Result<RunArguments, Failure> {
    let selection = filter
        .iter()
        .flat_map(|pattern| ["--filter".to_owned(), pattern.clone()]);
    let words = ["alhena-conformance", "run"]
        .map(str::to_owned)
        .into_iter()
        .chain(report.command.iter().cloned())
        .chain(selection);
    let wrong = |why: String| {
        let file = folder.join("report.json");
        Failure::usage(anyhow!(
            "the options of the recorded run cannot be understood: {why}\n  --> {}",
            file.display()
        ))
    };
    match Arguments::try_parse_from(words) {
        Ok(Arguments {
            command: Command::Run(run),
        }) => Ok(run),
        Ok(_) => Err(wrong("they are not those of `run`".to_owned())),
        Err(error) => Err(wrong(
            error
                .to_string()
                .lines()
                .next()
                .unwrap_or_default()
                .to_owned(),
        )),
    }
}

/// Says on standard error what is not as it was recorded: its name, what it is now, what it was.
pub fn say_differences(parts: &[(&str, &str, &str)]) {
    for (part, now, then) in parts.iter().filter(|(_, now, then)| now != then) {
        anstream::eprintln!(
            "{}: {part} is not that of the recorded run: {now} now, {then} then",
            "note".yellow().bold()
        );
    }
}

/// Says on standard error if the profile is not the one that was recorded, or may not be.
pub fn say_other_profile(profile: &Profile, then: &Report) {
    let (now, then) = (
        &profile.origin.hash,
        ProfileHash::stored(&then.profile.sha256),
    );
    match now.compare(&then) {
        Likeness::Same => {}
        Likeness::Different => {
            say_differences(&[("the profile's sha256", &now.to_string(), &then.to_string())]);
        }
        Likeness::Unknown => anstream::eprintln!(
            "{}: the profile's sha256 was made in another way in the recorded run: compare the \
             files themselves",
            "note".yellow().bold()
        ),
    }
}
