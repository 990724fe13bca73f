//! What a stored report says of its run: the options that repeat it, and whether what it names is
//! still the same.

use std::path::Path;

use anyhow::anyhow;
use clap::Parser;

use super::args::{Arguments, Command, RunArguments};
use super::{Failure, notes};
use crate::report::Report;
use crate::sdk::{Likeness, Profile, ProfileHash};

/// The options of the run that wrote `report` into `folder`, with this selection.
pub fn arguments(
    report: &Report,
    folder: &Path,
    filter: &[String],
) -> Result<RunArguments, Failure> {
    let filter = filter.iter().flat_map(|pattern| ["--filter", pattern]);
    let command = report.command.iter().map(String::as_str);
    let words = ["alhena-conformance", "run"].into_iter();
    let wrong = |why: &str| {
        let file = folder.join("report.json");
        Failure::usage(anyhow!(
            "the options of the recorded run cannot be understood: {why}\n  --> {}\n   = another \
             version of the harness wrote them, or they were edited: make a new report with \
             `run --report DIR`",
            file.display()
        ))
    };
    match Arguments::try_parse_from(words.chain(command).chain(filter)) {
        Ok(Arguments {
            command: Command::Run(run),
        }) => Ok(*run),
        Ok(_) => Err(wrong("they are not those of `run`")),
        Err(error) => Err(wrong(error.to_string().lines().next().unwrap_or_default())),
    }
}

/// Prints what is not as it was recorded: its name, what it is now, what it was.
pub fn note_differences(parts: &[(&str, &str, &str)]) {
    for (part, now, then) in parts.iter().filter(|(_, now, then)| now != then) {
        notes::note(format_args!(
            "{part} is not that of the recorded run: {now} now, {then} then"
        ));
    }
}

/// Prints whether the profile is not the one that was recorded, or may not be.
pub fn note_other_profile(profile: &Profile, then: &Report) {
    let now = &profile.origin.hash;
    let then = ProfileHash::stored(&then.profile.sha256);
    match now.compare(&then) {
        Likeness::Same => {}
        Likeness::Different => {
            note_differences(&[("the profile's sha256", &now.to_string(), &then.to_string())]);
        }
        Likeness::Unknown => notes::note(
            "the profile's sha256 was made in another way in the recorded run: compare the \
             files themselves",
        ),
    }
}
