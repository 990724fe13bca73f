//! `bench` on several engines: what the same cases cost in each, against the first.

use owo_colors::OwoColorize;

use super::Failure;
use super::args::{BenchArguments, BrowserArguments};
use super::bench_runs::Bench;
use super::exit::Exit;
use super::loading::Loaded;
use crate::browser::EngineRef;
use crate::plan::{Case, exclude_never_done};
use crate::report::median;
use crate::sdk::Installation;
use crate::text::counted;

/// Runs the reference SDK on each engine in turn, one case after the other, and prints what the
/// cases took.
pub async fn bench_engines(arguments: &BenchArguments, loaded: &Loaded) -> Result<Exit, Failure> {
    let engines = &arguments.browser.engine.engines;
    let cases = done_by_all(loaded.planned(&arguments.filter)?, engines);
    let reference = Installation::reference(&loaded.files)?;
    let own: Vec<BrowserArguments> = engines
        .iter()
        .map(|engine| arguments.browser.on(*engine))
        .collect();
    let mut benches = Vec::new();
    for browser in &own {
        let bench = Bench::new(browser, loaded, cases.clone(), Some(1)).await?;
        benches.push((bench, Vec::new()));
    }
    let rounds = arguments.rounds;
    for _ in 0..rounds {
        for (bench, taken) in &mut benches {
            taken.push(bench.seconds(&reference).await?);
        }
    }
    let (counted_cases, rounds) = (
        counted(cases.len(), "case"),
        counted(rounds.into(), "round"),
    );
    anstream::println!("{counted_cases}, one after the other, medians of {rounds} in turn");
    let first = engines.first().map_or("", |engine| engine.name());
    let title = format!("seconds, against {first}");
    anstream::println!("\n{}", title.bold());
    let medians = benches.into_iter().map(|(_, taken)| median(taken));
    let medians: Vec<f64> = medians.collect();
    for (engine, seconds) in engines.iter().zip(&medians) {
        let ratio = seconds / medians[0];
        anstream::println!("  {:<18}{seconds:8.1}   {ratio:5.2} ×", engine.name());
    }
    Ok(Exit::Conforms)
}

/// The cases that apply on every engine.
fn done_by_all(mut cases: Vec<Case>, engines: &[EngineRef]) -> Vec<Case> {
    for engine in engines {
        exclude_never_done(&mut cases, &engine.never_does());
    }
    cases.retain(|case| !case.checks.is_empty());
    cases
}
