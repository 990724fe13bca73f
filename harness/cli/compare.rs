//! What changed between two releases, by their reports.

use std::path::Path;

use anyhow::anyhow;

use super::Failure;
use super::args::{CompareArguments, FailOn};
use super::exit::Exit;
use crate::browser::engine_names;
use crate::input::Source;
use crate::output::write_file;
use crate::render::ComparisonFormat;
use crate::report::compare::{Side, SideKind, compare as compared};
use crate::report::{self, Report};

/// Compares two stored reports.
pub fn compare(arguments: &CompareArguments) -> Result<Exit, Failure> {
    let (old, new) = (side(&arguments.old)?, side(&arguments.new)?);
    if new.about.kind == SideKind::Baseline {
        let new = arguments.new.display();
        return Err(Failure::usage(anyhow!(
            "{new} is a baseline, and a baseline can only be the first argument\n   = name a \
             report second"
        )));
    }
    let comparison = compared(&old, &new);
    let rendered = comparison.rendered(arguments.format);
    // Only a terminal's text has styles: what looks like one elsewhere is somebody's text.
    let plain = anstream::adapter::strip_str(&rendered);
    match (&arguments.output, arguments.format) {
        (None, ComparisonFormat::Text) => {
            anstream::print!("{}", comparison.text(arguments.print.screen()));
        }
        (None, _) => anstream::print!("{plain}"),
        (Some(file), _) => write_file(file, plain.to_string().as_bytes())?,
    }
    let is_met = |what: &FailOn| match what {
        FailOn::Regression => comparison.has_regressed(),
        FailOn::Breaking => comparison.has_breaking_wire_changes(),
        FailOn::Slower => comparison.later_ready().is_some(),
    };
    let fails = comparison.has_regressed() || arguments.fail_on.iter().any(is_met);
    Ok(if fails { Exit::Fails } else { Exit::Conforms })
}

/// Reads what the user named: the folder of a report, a `report.json`, or a baseline.
pub fn side(path: &Path) -> Result<Side, Failure> {
    let name = path.display().to_string();
    let report = if path.is_dir() {
        path.join("report.json")
    } else {
        path.to_owned()
    };
    if is_report(&report) {
        return Ok(Side::of_report(Report::load(&report)?, &name));
    }
    let help = "name a folder that `run --report DIR` wrote, its report.json, or a baseline that \
        `run --baseline FILE --update-baseline` wrote";
    let source = Source::read(path).map_err(|error| error.help(help))?;
    Ok(report::read_baseline(&source, &engine_names())?)
}

/// Whether a file is named as a report is; a baseline is TOML.
pub fn is_report(file: &Path) -> bool {
    file.extension()
        .is_some_and(|extension| extension.eq_ignore_ascii_case("json"))
}
