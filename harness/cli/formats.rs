//! What is shown of a report, and where.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::PathBuf;

use alhena_conformance::report::{Format, Stored};
use anyhow::Context;

use super::Failure;

/// Where GitHub Actions says that the summary of a step is to be written to.
const STEP_SUMMARY: &str = "GITHUB_STEP_SUMMARY";

/// Prints a report. Only a terminal's text has styles; of any other format each byte counts.
pub fn print(stored: &Stored, format: Format) -> Result<(), Failure> {
    let rendered = stored.rendered(format);
    if format == Format::Text {
        anstream::print!("{rendered}");
        return Ok(());
    }
    let mut output = std::io::stdout().lock();
    let written = output.write_all(rendered.as_bytes()).and_then(|()| output.flush());
    written.context("cannot write to standard output").map_err(Failure::environment)?;
    if format == Format::Github { summarise(stored) } else { Ok(()) }
}

/// Adds the report to the summary of the step, where there is one.
fn summarise(stored: &Stored) -> Result<(), Failure> {
    let Some(file) = std::env::var_os(STEP_SUMMARY).filter(|file| !file.is_empty()).map(PathBuf::from) else { return Ok(()) };
    let summary = stored.rendered(Format::Markdown);
    let opened = OpenOptions::new().append(true).create(true).open(&file);
    let written = opened.and_then(|mut opened| opened.write_all(summary.as_bytes()));
    written.with_context(|| format!("cannot add to the step summary {}, which {STEP_SUMMARY} names", file.display())).map_err(Failure::environment)
}
