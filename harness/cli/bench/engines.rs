//! `bench` on several engines: what the same cases cost in each, against the first.

use std::fmt::Write as _;

use super::file::BenchFile;
use super::runs::Bench;
use super::{Measured, selected, title};
use crate::browser::EngineRef;
use crate::cli::Failure;
use crate::cli::args::{BenchArguments, BrowserArguments};
use crate::cli::loading::Loaded;
use crate::plan::{Case, exclude_never_done};
use crate::report::bench::Ratio;
use crate::report::median;
use crate::sdk::Installation;
use crate::text::counted;

/// Runs the reference SDK on each engine in turn, one case after the other.
pub async fn measure(
    arguments: &BenchArguments,
    engines: &[EngineRef],
    loaded: &Loaded,
) -> Result<Measured, Failure> {
    let aims = BenchFile::load(&loaded.files)?;
    let cases = done_by_all(selected(arguments, loaded)?, engines);
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
    let mut text = format!("{counted_cases}, one after the other, medians of {rounds} in turn\n");
    let first = engines.first().map_or("", |engine| engine.name());
    text += &title(&format!("seconds, against {first}"));
    let medians = benches.into_iter().map(|(_, taken)| median(taken));
    let medians: Vec<f64> = medians.collect();
    let mut ratios = Vec::new();
    for (engine, seconds) in engines.iter().zip(&medians) {
        let value = seconds / medians[0];
        let _ = writeln!(text, "  {:<18}{seconds:8.1}   {value:5.2} ×", engine.name());
        ratios.push(Ratio {
            id: format!("engine-{}", engine.id()),
            what: format!("a case in {}, against one in {first}", engine.name()),
            value,
            aim: aims.of_engine(*engine)?,
        });
    }
    // The first is what the others are measured against.
    Ok(Measured {
        text,
        ratios: ratios.split_off(1.min(ratios.len())),
    })
}

/// The cases that apply on every engine.
fn done_by_all(mut cases: Vec<Case>, engines: &[EngineRef]) -> Vec<Case> {
    for engine in engines {
        exclude_never_done(&mut cases, &engine.never_does());
    }
    cases.retain(|case| !case.checks.is_empty());
    cases
}
