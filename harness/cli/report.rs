//! Reports of earlier runs, rendered again.

use std::path::PathBuf;

use anyhow::anyhow;

use super::args::ReportArguments;
use super::exit::Exit;
use super::{Failure, baseline, compare, formats};
use crate::output::write_file;
use crate::render::{self, Format};
use crate::report::{self, Fingerprints, Stored};

/// Renders stored reports.
pub fn report(arguments: &ReportArguments) -> Result<Exit, Failure> {
    let format = arguments.format;
    let mut reports = loaded(&arguments.folders, format)?;
    if arguments.mask {
        reports = reports.into_iter().map(masked).collect::<Result<_, _>>()?;
    }
    if let Some(old) = &arguments.against {
        let [report] = reports.as_mut_slice() else {
            return Err(Failure::usage(anyhow!(
                "--against compares one report with another: name one of the {}",
                reports.len()
            )));
        };
        report.comparison = Some(baseline::compared(&report.report, &compare::side(old)?));
    }
    match (reports.as_slice(), &arguments.output) {
        ([one], None) => formats::print(one, format, arguments.print.screen())?,
        ([one], Some(file)) => write_file(file, one.plain(format).as_bytes())?,
        (several, output) => {
            let page = render::html(&several.iter().collect::<Vec<_>>());
            match output {
                None => anstream::print!("{page}"),
                Some(file) => write_file(file, page.as_bytes())?,
            }
        }
    }
    Ok(Exit::Conforms)
}

/// One report in any format, or several side by side in one page.
fn loaded(folders: &[PathBuf], format: Format) -> Result<Vec<Stored>, Failure> {
    match (folders, format) {
        (folders, Format::Html) => {
            let all = folders.iter().map(|folder| report::load_all(folder));
            let all = all.collect::<Result<Vec<_>, _>>()?;
            Ok(all.into_iter().flatten().collect())
        }
        ([folder], _) => Ok(vec![Stored::load(folder)?]),
        (several, _) => Err(Failure::usage(anyhow!(
            "these are {} reports, and only html shows several side by side\n   = add `--format \
             html`, or name one of them",
            several.len()
        ))),
    }
}

fn masked(stored: Stored) -> Result<Stored, Failure> {
    let mask = Fingerprints::of_stored(&stored).mask(&stored.report);
    formats::masked(&mask, stored)
}
