//! `bench --grid`: what commands, sessions and cases cost on a Selenium Grid, against a driver on
//! this machine.

use std::fmt::Write as _;
use std::time::Instant;

use super::runs::Bench;
use super::{Lab, Measured, on_this_machine, title};
use crate::browser::Session;
use crate::cli::args::BrowserArguments;
use crate::cli::{Failure, environment, workers};
use crate::report::bench::{Aim, Ratio};
use crate::report::median;
use crate::sdk::Installation;
use crate::text::counted;

/// Commands a round.
const COMMANDS: usize = 100;

/// The shortest command that reaches the page.
const NOTHING: &str = "return 1;";

/// What one round took, in milliseconds each.
#[derive(Debug)]
struct Round {
    command: f64,
    session: f64,
    case: f64,
}

/// What a case on it is to cost at most.
const AIM: Aim = Aim::AtMost(1.3);

/// Measures the Grid and a driver of our own in turn, with as many browsers each. One round before
/// those does not count: the Java programs of a Grid compile themselves as they are used, and most
/// Grids have run for days.
pub async fn measure(lab: &Lab<'_>) -> Result<Measured, Failure> {
    let cases = lab.cases(&[lab.arguments.browser.engine.first()], |_| true)?;
    let reference = Installation::reference(&lab.loaded.files)?;
    let (on_the_grid, rounds) = (&lab.arguments.browser, lab.arguments.rounds);
    let here = on_this_machine(on_the_grid);
    let slots = Bench::new(lab, on_the_grid, cases.clone(), None)
        .await?
        .workers();
    // As many as this machine carries, too.
    let workers = u16::try_from(slots.min(workers::here(None))).ok();
    let grid = Bench::new(lab, on_the_grid, cases.clone(), workers).await?;
    let direct = Bench::new(lab, &here, cases, workers).await?;
    anstream::eprintln!("one round that does not count: a Grid that was just started is slow");
    for bench in [&direct, &grid] {
        bench.run(&reference).await?;
    }
    let (mut of_grid, mut of_direct) = (Vec::new(), Vec::new());
    for number in 1..=rounds {
        anstream::eprintln!("round {number} of {rounds}");
        of_direct.push(round(&direct, &here, &reference).await?);
        of_grid.push(round(&grid, on_the_grid, &reference).await?);
    }
    let mut text = format!(
        "{}, {} at a time, medians of {} in turn\n",
        counted(grid.cases.len(), "case"),
        counted(grid.workers(), "browser"),
        counted(of_grid.len(), "round")
    );
    text += &title("the Grid, against a driver on this machine");
    let mut ratio = |what: &str, aim: Option<Aim>, of: fn(&Round) -> f64| {
        let of_all = |rounds: &[Round]| median(rounds.iter().map(of).collect());
        let value = of_all(&of_grid) / of_all(&of_direct);
        let _ = writeln!(text, "  {:<18}{value:8.2} ×", format!("a {what}"));
        Ratio {
            id: format!("grid-{what}"),
            what: format!("a {what} on the Grid, against one of a driver on this machine"),
            value,
            aim,
        }
    };
    let ratios = vec![
        ratio("command", None, |round| round.command),
        ratio("session", None, |round| round.session),
        ratio("case", Some(AIM), |round| round.case),
    ];
    Ok(Measured { text, ratios })
}

async fn round(
    bench: &Bench<'_>,
    browser: &BrowserArguments,
    reference: &Installation,
) -> Result<Round, Failure> {
    let begun = Instant::now();
    let session = bench.session().await?;
    let opened = ms(begun);
    let begun = Instant::now();
    let commands = commands(&session).await;
    let command = ms(begun);
    let begun = Instant::now();
    session.close().await;
    let closed = ms(begun);
    commands.map_err(|error| environment::no_session(&error.into(), browser))?;
    #[expect(clippy::cast_precision_loss, reason = "a few hundred")]
    let per = |count: usize| count.max(1) as f64;
    Ok(Round {
        command: command / per(COMMANDS),
        session: opened + closed,
        case: bench.run(reference).await?.duration_ms / per(bench.cases.len()),
    })
}

async fn commands(session: &Session) -> Result<(), crate::browser::BrowserError> {
    for _ in 0..COMMANDS {
        session.execute(NOTHING, Vec::new()).await?;
    }
    Ok(())
}

fn ms(since: Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1000.0
}
