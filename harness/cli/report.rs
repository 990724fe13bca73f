//! Reports of earlier runs, rendered again.

use alhena_conformance::report::{self, Fingerprints, Stored};
use anyhow::Context;

use super::Failure;
use super::args::ReportArguments;
use super::exit::Exit;
use super::formats;

/// Renders a stored report.
pub fn report(arguments: &ReportArguments) -> Result<Exit, Failure> {
    let mut stored = Stored::load(&arguments.folder).map_err(Failure::usage)?;
    if arguments.mask {
        let mask = Fingerprints::of_stored(&stored).mask(&stored.report);
        stored = formats::masked(&mask, stored)?;
    }
    let format = arguments.format.into();
    match &arguments.output {
        None => formats::print(&stored, format)?,
        Some(file) => {
            let written = report::write_whole(file, stored.plain(format).as_bytes());
            written.with_context(|| format!("cannot write {}", file.display())).map_err(Failure::environment)?;
        }
    }
    Ok(Exit::Conforms)
}
