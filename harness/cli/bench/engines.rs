//! `bench` on several engines: what the same cases cost in each, against the first.

use std::fmt::Write as _;

use super::file::BenchFile;
use super::runs::Bench;
use super::{Lab, Measured, title};
use crate::browser::{EngineRef, default_engine};
use crate::cli::Failure;
use crate::cli::args::BrowserArguments;
use crate::report::bench::{Aim, Ratio};
use crate::report::median;
use crate::sdk::Installation;
use crate::text::counted;

/// Runs the reference SDK on each engine in turn, one case after the other.
pub async fn measure(lab: &Lab<'_>, engines: &[EngineRef]) -> Result<Measured, Failure> {
    let files = &lab.loaded.files;
    let file = BenchFile::load(files)?;
    let aims: Result<Vec<Option<Aim>>, _> =
        engines.iter().map(|engine| file.aim_of(*engine)).collect();
    let aims = aims?;
    let cases = lab.cases(engines, |_| true)?;
    let reference = Installation::reference(files)?;
    let own: Vec<BrowserArguments> = engines
        .iter()
        .map(|engine| lab.arguments.browser.on(*engine))
        .collect();
    let mut benches = Vec::new();
    for browser in &own {
        let bench = Bench::new(lab, browser, cases.clone(), Some(1)).await?;
        benches.push((bench, Vec::new()));
    }
    let rounds = lab.arguments.rounds;
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
    let first = *engines.first().unwrap_or(&default_engine());
    text += &title(&format!("seconds, against {}", first.name()));
    let medians = benches.into_iter().map(|(_, taken)| median(taken));
    let medians: Vec<f64> = medians.collect();
    let mut ratios = Vec::new();
    for ((engine, seconds), aim) in engines.iter().zip(&medians).zip(aims) {
        let value = seconds / medians[0];
        let _ = writeln!(text, "  {:<18}{seconds:8.1}   {value:5.2} ×", engine.name());
        ratios.push(Ratio {
            id: format!("{}-against-{}", engine.id(), first.id()),
            what: format!(
                "a case in {}, against one in {}",
                engine.name(),
                first.name()
            ),
            value,
            // The aims are those against the default.
            aim: aim.filter(|_| first.id() == default_engine().id()),
        });
    }
    // The first is what the others are measured against.
    Ok(Measured {
        text,
        ratios: ratios.split_off(1.min(ratios.len())),
    })
}
