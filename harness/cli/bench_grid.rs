//! `bench --grid`: what commands, sessions and cases cost on a Selenium Grid, against a driver on
//! this machine.

use std::time::Instant;

use owo_colors::OwoColorize;

use super::args::{BenchArguments, BrowserArguments};
use super::bench_runs::Bench;
use super::exit::Exit;
use super::loading::Loaded;
use super::{Failure, environment};
use crate::browser::Session;
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

/// Measures the Grid and a driver of our own in turn, with as many browsers each, and prints what
/// the Grid costs.
pub async fn bench_grid(arguments: &BenchArguments, loaded: &Loaded) -> Result<Exit, Failure> {
    let cases = loaded.planned(&arguments.filter)?;
    let reference = Installation::reference(&loaded.files)?;
    let on_the_grid = &arguments.browser;
    let here = BrowserArguments {
        webdriver: None,
        advertise: None,
        ..on_the_grid.clone()
    };
    let grid = Bench::new(on_the_grid, loaded, cases.clone(), None).await?;
    let workers = u16::try_from(grid.workers()).ok();
    let direct = Bench::new(&here, loaded, cases, workers).await?;
    let (mut of_grid, mut of_direct) = (Vec::new(), Vec::new());
    for number in 1..=arguments.rounds {
        anstream::eprintln!("round {number} of {}", arguments.rounds);
        of_direct.push(round(&direct, &here, &reference).await?);
        of_grid.push(round(&grid, on_the_grid, &reference).await?);
    }
    anstream::println!(
        "{}, {} at a time, medians of {} in turn",
        counted(grid.cases.len(), "case"),
        counted(grid.workers(), "browser"),
        counted(of_grid.len(), "round")
    );
    anstream::println!("\n{}", "the Grid, against a driver on this machine".bold());
    let row = |name: &str, of: fn(&Round) -> f64| {
        let of_all = |rounds: &[Round]| median(rounds.iter().map(of).collect());
        let (grid, direct) = (of_all(&of_grid), of_all(&of_direct));
        anstream::println!("  {name:<18}{:8.2} ×", grid / direct);
    };
    row("a command", |round| round.command);
    row("a session", |round| round.session);
    row("a case", |round| round.case);
    Ok(Exit::Conforms)
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
