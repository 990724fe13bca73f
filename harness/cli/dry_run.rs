//! `run --dry-run`.

use std::time::Duration;

use super::areas::{Area, Areas};
use super::args::RunArguments;
use super::chosen::Chosen;
use super::exit::Exit;
use super::workers::here;
use super::{Failure, baseline, build_matrix, known};
use crate::render::Detail;
use crate::text::counted;

/// Prints what a run would drive, and about how long that takes.
pub fn dry_run(arguments: &RunArguments) -> Result<Exit, Failure> {
    let chosen = Chosen::of(arguments)?;
    // A run would refuse them.
    build_matrix::refuse_what_is_of_one_pairing(arguments)?;
    known::load(arguments, &chosen.files)?;
    baseline::load(arguments, &chosen.selection)?;
    for installation in &chosen.installations {
        let (build, snippet) = (&installation.build.source, &installation.snippet.source);
        anstream::println!("SDK      {build}\nsnippet  {snippet}");
    }
    anstream::println!("profile  {}\n", chosen.profile.name);
    let engines = &arguments.browser.engine.engines;
    let mut total = Area::default();
    for engine in engines {
        let mut cases = chosen.cases_on(*engine);
        cases.retain(|case| !case.checks.is_empty());
        if engines.len() > 1 {
            anstream::println!("{}", engine.name());
        }
        if arguments.output.screen().detail == Detail::Full {
            for case in &cases {
                anstream::println!("{}", case.id);
            }
            anstream::println!();
        }
        let areas = Areas::of(&cases, &chosen.durations);
        anstream::print!("{}", areas.text());
        total = total.and(&areas.total());
    }
    let Area {
        cases,
        checks,
        took,
    } = total;
    let (cases, checks) = (counted(cases, "case"), counted(checks, "check"));
    // How many slots a Grid has, nobody has asked it.
    let at_a_time = match (&arguments.browser.webdriver, arguments.workers) {
        (Some(_), None) => 1,
        (_, asked) => here(asked),
    };
    let (builds, browsers) = (chosen.installations.len(), at_a_time);
    let each = if builds == 1 {
        ""
    } else {
        ", with each build and snippet"
    };
    let engines = match engines.len() {
        1 => String::new(),
        count => format!(" of {}", counted(count, "engine")),
    };
    let took = took * u32::try_from(builds).unwrap_or(u32::MAX);
    let browsers = counted(browsers, "browser");
    let about = if chosen.durations.count() == 0 {
        "no durations.lock of these fixtures says how long".to_owned()
    } else {
        format!("about {} in {browsers} at a time", rounded(took, at_a_time))
    };
    anstream::println!("{checks} in {cases}{engines}{each}, {about}");
    anstream::eprintln!("nothing was run");
    Ok(Exit::Conforms)
}

/// How long cases take together that take `took` one after the other: seconds, or minutes where
/// those say enough.
fn rounded(took: Duration, browsers: usize) -> String {
    let browsers = u64::try_from(browsers).unwrap_or(u64::MAX).max(1);
    let seconds = took.as_secs().div_ceil(browsers).max(1);
    match seconds {
        ..=119 => format!("{seconds} s"),
        _ => format!("{} minutes", seconds.div_ceil(60)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_is_shared_by_the_browsers() {
        let took = Duration::from_secs(100);
        assert_eq!(rounded(took, 4), "25 s");
        assert_eq!(rounded(took, 1), "100 s");
        assert_eq!(rounded(took * 10, 2), "9 minutes");
        assert_eq!(rounded(Duration::ZERO, 2), "1 s");
    }
}
