//! Reports of earlier runs, rendered again.

use alhena_conformance::report::{self, Stored};
use anyhow::Context;

use super::Failure;
use super::args::ReportArguments;
use super::exit::Exit;

/// Renders a stored report.
pub fn report(arguments: &ReportArguments) -> Result<Exit, Failure> {
    let stored = Stored::load(&arguments.folder).map_err(Failure::usage)?;
    let rendered = stored.rendered(arguments.format.into());
    match &arguments.output {
        None => anstream::print!("{rendered}"),
        Some(file) => {
            let plain = anstream::adapter::strip_str(&rendered).to_string();
            report::write_whole(file, plain.as_bytes()).with_context(|| format!("cannot write {}", file.display())).map_err(Failure::environment)?;
        }
    }
    Ok(Exit::Conforms)
}
