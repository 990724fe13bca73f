//! What is shown of a report, and where.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::PathBuf;

use crate::render::Format;
use crate::report::{Mask, Stored};
use anyhow::{Context, anyhow};

use super::Failure;
use super::args::{FormatName, RunArguments};
use super::exit::Exit;

/// Where GitHub Actions says that the summary of a step is to be written to.
const STEP_SUMMARY: &str = "GITHUB_STEP_SUMMARY";

/// The formats that a run was asked for.
#[derive(Debug)]
pub struct Formats {
    /// On standard output, in this order.
    pub printed: Vec<Format>,
    /// Into the report's folder.
    pub written: Vec<Format>,
}

impl Formats {
    /// Reads what was typed to `run`, and refuses what standard output cannot take.
    pub fn of(arguments: &RunArguments) -> Result<Self, Failure> {
        Self::asked(
            &arguments.format,
            arguments.report.is_some(),
            arguments.sdk.len() > 1 || arguments.snippet.len() > 1,
        )
    }

    /// The formats of these names, for one report with a folder or without, or for one each
    /// pairing.
    pub fn asked(
        names: &[FormatName],
        has_folder: bool,
        has_pairings: bool,
    ) -> Result<Self, Failure> {
        let mut asked: Vec<Format> = Vec::new();
        for format in names.iter().map(|name| Format::from(*name)) {
            if !asked.contains(&format) {
                asked.push(format);
            }
        }
        let annotations: Vec<Format> = asked
            .iter()
            .copied()
            .filter(|format| *format == Format::Github)
            .collect();
        let written: Vec<Format> = asked
            .into_iter()
            .filter(|format| *format != Format::Github)
            .collect();
        if has_folder {
            return Ok(Self {
                printed: [&[Format::Text], annotations.as_slice()].concat(),
                written,
            });
        }
        let printed = match (written.as_slice(), annotations.as_slice()) {
            ([], []) => vec![Format::Text],
            ([] | [Format::Text], _) => [written, annotations].concat(),
            ([_], []) if !has_pairings => written,
            _ => return Err(refusal(&written, has_pairings)),
        };
        Ok(Self {
            printed,
            written: Vec::new(),
        })
    }

    /// Prints what is asked for on standard output.
    pub fn print(&self, stored: &Stored) -> Result<(), Failure> {
        self.printed
            .iter()
            .try_for_each(|format| print(stored, *format))
    }
}

fn refusal(formats: &[Format], has_pairings: bool) -> Failure {
    let files = formats
        .iter()
        .filter_map(|format| format.file_name())
        .collect::<Vec<_>>()
        .join(", ");
    let (found, each) = if has_pairings {
        (
            "standard output takes one report in such a format, and each build with each \
             snippet has its own",
            "each of them has a folder there, with",
        )
    } else {
        (
            "standard output takes one format; only `text` and `github` go together",
            "it then holds, beside report.json,",
        )
    };
    Failure::usage(anyhow!("{found}\n   = add --report DIR: {each} {files}"))
}

/// A report without fingerprints.
pub fn masked(mask: &Mask, stored: Stored) -> Result<Stored, Failure> {
    mask.over(stored)
        .context(
            "the masked report is none any more: a fingerprint is like something that \
             a report rests on",
        )
        .map_err(|error| Failure {
            exit: Exit::Bug,
            error,
        })
}

/// Prints a report. Only a terminal's text has styles; of any other format each byte counts.
pub fn print(stored: &Stored, format: Format) -> Result<(), Failure> {
    let rendered = stored.rendered(format);
    if format == Format::Text {
        anstream::print!("{rendered}");
        return Ok(());
    }
    let mut output = std::io::stdout().lock();
    let written = output
        .write_all(rendered.as_bytes())
        .and_then(|()| output.flush());
    written
        .context("cannot write to standard output")
        .map_err(Failure::environment)?;
    if format == Format::Github {
        summarise(stored)
    } else {
        Ok(())
    }
}

/// Adds the report to the summary of the step, where there is one.
fn summarise(stored: &Stored) -> Result<(), Failure> {
    let Some(file) = std::env::var_os(STEP_SUMMARY)
        .filter(|file| !file.is_empty())
        .map(PathBuf::from)
    else {
        return Ok(());
    };
    let summary = stored.rendered(Format::Markdown);
    let opened = OpenOptions::new().append(true).create(true).open(&file);
    let written = opened.and_then(|mut opened| opened.write_all(summary.as_bytes()));
    written
        .with_context(|| {
            format!(
                "cannot add to the step summary {}, which {STEP_SUMMARY} names",
                file.display()
            )
        })
        .map_err(Failure::environment)
}
