//! `run --baseline`: a run fails for what got worse since the last release, and for nothing else.

use std::path::Path;

use anyhow::anyhow;
use owo_colors::OwoColorize;

use super::Failure;
use super::args::RunArguments;
use super::compare::{is_report, side};
use super::exit::Exit;
use crate::browser::{EngineRef, engine_names, name_of};
use crate::input::Source;
use crate::output::{claim_file, write_file};
use crate::report::compare::{Comparison, Side, SideKind, compare};
use crate::report::{self, CheckReport, Report};
use crate::text::counted;
use crate::verdict::{Bearing, RunResult};

/// What the user named, or nothing where that is still to be written. Refused where it cannot be
/// what the run is to be compared with.
pub fn load(arguments: &RunArguments, selection: &[String]) -> Result<Option<Side>, Failure> {
    let Some(path) = &arguments.gate.baseline else {
        return Ok(None);
    };
    let name = path.display();
    if arguments.known_failures.is_some() {
        return Err(Failure::usage(anyhow!(
            "--baseline and --known-failures both say which failures do not fail a run: use one of \
             them\n   = a list of known failures says why each may wait and until when; a baseline \
             says what the last release did"
        )));
    }
    let updates = arguments.gate.update_baseline;
    if updates && (path.is_dir() || is_report(path)) {
        return Err(Failure::usage(anyhow!(
            "{name} is a report, and --update-baseline would write over it: name a file for the \
             baseline, such as baseline.toml"
        )));
    }
    if updates {
        claim_file(path)?;
        if !path.exists() {
            return Ok(None);
        }
    }
    let old = side(path)?;
    if updates {
        let engine = name_of(arguments.browser.engine.first());
        report::refuse_other_engine(&Source::read(path)?, engine, &engine_names())?;
    }
    if updates && old.about.filter != selection {
        let selected = |filter: &[String]| match filter {
            [] => "everything".to_owned(),
            patterns => patterns.join(", "),
        };
        return Err(Failure::usage(anyhow!(
            "{name} holds {}, and this run selects {}: updated, it would lose what it holds\n   = \
             select the same, or name another file",
            selected(&old.about.filter),
            selected(selection)
        )));
    }
    Ok(Some(old))
}

/// Compares a run with the baseline.
pub fn compared(report: &Report, old: &Side) -> Comparison {
    compare(old, &Side::of_report(report.clone(), "this run"))
}

/// Prints what came of the comparison.
pub fn print(comparison: &Comparison, old: &Side, arguments: &RunArguments, beside_text: bool) {
    let title = "against the baseline".bold();
    let text = comparison.text(arguments.screen());
    // In any other format standard output is a document of its own.
    if beside_text {
        arguments.channel().print(&format!("\n{title}\n{text}"));
    } else {
        anstream::eprint!("\n{title}\n{text}");
    }
    let outdated = outdated(comparison);
    if outdated > 0 && !arguments.gate.update_baseline && old.about.kind == SideKind::Baseline {
        let checks = counted(outdated, "check");
        anstream::eprintln!(
            "{checks} hold and the baseline does not say so: --update-baseline writes it, so that \
             they cannot break again unseen"
        );
    }
}

/// How many checks hold that the baseline does not hold. A baseline of another engine need not: it
/// says what that one does.
fn outdated(comparison: &Comparison) -> usize {
    if comparison.engines().is_some() {
        return 0;
    }
    let new = comparison.appeared.iter();
    let new = new.filter(|change| change.regression.is_none());
    comparison.fixed.len() + new.count()
}

/// How a run ends that ended with `exit` by itself.
pub fn exit(exit: Exit, report: &Report, comparison: &Comparison) -> Exit {
    match exit {
        Exit::Interrupted | Exit::Bug => return exit,
        Exit::Conforms | Exit::Fails | Exit::Usage | Exit::Environment | Exit::Nothing => {}
    }
    // What the machine could not do is never known beforehand.
    let is_known = |check: &CheckReport, bearing: Bearing| {
        bearing == Bearing::Undecided && comparison.still_wrong.contains(&check.id)
    };
    let undecided = report.checks.iter().filter_map(|check| {
        let bearing = check.bearing();
        (bearing.is_undecided() && !is_known(check, bearing)).then_some(bearing)
    });
    let regressions = comparison.regressions.keys().map(|kind| kind.bearing());
    undecided
        .chain(regressions)
        .min()
        .unwrap_or(Bearing::Holds)
        .into()
}

/// Writes the baseline of a run in this engine that came to its end, and prints that.
pub fn update(
    file: &Path,
    result: &RunResult,
    report: &Report,
    old: Option<&Side>,
    engine: EngineRef,
) -> Result<(), Failure> {
    let name = file.display();
    let checks = report.checks.iter();
    let errors = checks.filter(|check| Bearing::of_found(check.status) == Bearing::MachineFault);
    let errors = errors.count();
    if !result.is_whole() || errors > 0 {
        let why = match errors {
            0 => "the run did not come to its end".to_owned(),
            _ => format!("{} could not be decided", counted(errors, "check")),
        };
        anstream::eprintln!("{name} is left as it was: {why}");
        return Ok(());
    }
    let text = report::baseline(report, old, name_of(engine));
    if std::fs::read_to_string(file).is_ok_and(|before| before == text) {
        anstream::eprintln!("{name}: nothing to change");
        return Ok(());
    }
    write_file(file, text.as_bytes())?;
    let checks = report.checks.iter();
    let wrong = checks.filter(|check| check.fails_the_run()).count();
    let checks = counted(report.checks.len(), "check");
    anstream::eprintln!(
        "{name}: written, {checks} of which {wrong} do not hold; its diff wants a review"
    );
    Ok(())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use clap::Parser as _;
    use rstest::rstest;
    use tempfile::NamedTempFile;

    use super::*;
    use crate::browser::engine_named;
    use crate::cli::args::{Arguments, Command};
    use crate::render::ComparisonFormat;
    use crate::report::compare::tests::wired;
    use crate::verdict::Status;

    /// The file of the sample's baseline in this engine.
    fn file_of(engine: &str) -> NamedTempFile {
        let file = tempfile::Builder::new().suffix(".toml").tempfile().unwrap();
        let text = report::baseline(&wired(), None, name_of(engine_named(engine).unwrap()));
        std::fs::write(file.path(), text).unwrap();
        file
    }

    /// What is loaded for a run in this engine.
    fn loaded(file: &Path, engine: &str, more: &[&str]) -> Result<Option<Side>, Failure> {
        let name = file.to_str().unwrap();
        let words = [
            "alhena-conformance",
            "run",
            "--engine",
            engine,
            "--baseline",
            name,
        ];
        let words = words.iter().chain(more);
        let Command::Run(arguments) = Arguments::try_parse_from(words).unwrap().command else {
            panic!("this is `run`");
        };
        load(&arguments, &wired().filter)
    }

    /// The sample in `WebKit`, which never does what its first check needs.
    fn in_webkit() -> Report {
        let mut report = wired();
        report.checks[0].status = Status::NotApplicable;
        report.environment.as_mut().unwrap().engine = Some("WebKit".to_owned());
        report
    }

    #[rstest]
    #[case::another("webkit", "chromium")]
    #[case::the_default_one("chromium", "firefox")]
    fn update_refuses_the_baseline_of_another_engine_at_its_line(
        #[case] own: &str,
        #[case] run: &str,
    ) {
        let file = file_of(own);
        let before = std::fs::read_to_string(file.path()).unwrap();
        let failure = loaded(file.path(), run, &["--update-baseline"]).unwrap_err();
        let said = failure.error.to_string();
        let line = before.lines().take_while(|line| !line.contains("engine"));
        let at = format!("{}:{}", file.path().display(), line.count() + 1);
        assert_eq!(failure.exit, Exit::Usage);
        for part in [
            &*at,
            &format!("`engine = \"{run}\"`"),
            &format!("--engine {own}"),
        ] {
            assert!(said.contains(part), "{part}\n{said}");
        }
        assert_eq!(std::fs::read_to_string(file.path()).unwrap(), before);
    }

    #[test]
    fn baseline_of_the_same_engine_is_updated_and_one_of_another_compared_with() {
        let file = file_of("webkit");
        assert!(loaded(file.path(), "webkit", &["--update-baseline"]).is_ok());
        assert!(loaded(file.path(), "chromium", &[]).is_ok());
    }

    #[test]
    fn what_webkit_never_does_fails_no_run_against_the_baseline_of_chromium() {
        let (file, report) = (file_of("chromium"), in_webkit());
        let old = loaded(file.path(), "webkit", &[]).unwrap().unwrap();
        let comparison = compared(&report, &old);
        let ends = exit(Exit::Conforms, &report, &comparison);
        assert_eq!(ends, Exit::Conforms, "{:?}", comparison.regressions);
        let said = comparison.rendered(ComparisonFormat::Markdown);
        assert!(said.contains("Chromium → WebKit"), "{said}");
        assert!(said.contains("1 not applicable in one of them"), "{said}");
    }

    #[test]
    fn baseline_of_another_engine_is_not_outdated() {
        let mut report = wired();
        for check in &mut report.checks {
            if check.status == Status::Fail {
                check.status = Status::Pass;
            }
        }
        let of = |engine| {
            let file = file_of(engine);
            let old = loaded(file.path(), engine, &[]).unwrap().unwrap();
            outdated(&compared(&report, &old))
        };
        assert!(of("chromium") > 0);
        assert_eq!(of("webkit"), 0);
    }
}
