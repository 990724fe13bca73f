use std::fmt::Display;
use std::sync::Arc;

use anyhow::anyhow;
use owo_colors::OwoColorize;

use super::args::{BenchArguments, FixturesArguments};
use super::bench_broken::bench_broken;
use super::bench_engines::bench_engines;
use super::bench_grid::bench_grid;
use super::bench_journeys::bench_journeys;
use super::bench_nodes::bench_nodes;
use super::bench_playwright::bench_playwright;
use super::exit::Exit;
use super::loading::Loaded;
use super::usage::{group_memory_kb, own_memory_kb};
use super::{Failure, chosen, provision};
use crate::run::{Measured, Sample, can_be_measured, measure};
use crate::sdk::{Installation, Profile};
use crate::text::counted;

/// Measures the harness and prints what it costs.
pub async fn bench(arguments: &BenchArguments) -> Result<Exit, Failure> {
    let loaded = Loaded::of(&FixturesArguments::default())?;
    if arguments.broken {
        return bench_broken(arguments, &loaded).await;
    }
    if arguments.journeys {
        return bench_journeys(arguments, &loaded).await;
    }
    if arguments.against_playwright {
        return bench_playwright(arguments, &loaded).await;
    }
    if arguments.grid {
        return bench_grid(arguments, &loaded).await;
    }
    if !arguments.simulated_nodes.is_empty() {
        return bench_nodes(arguments, &loaded).await;
    }
    if arguments.browser.engine.engines.len() > 1 {
        return bench_engines(arguments, &loaded).await;
    }
    let mut cases = loaded.planned(&arguments.filter)?;
    cases.retain(can_be_measured);
    let profile = Arc::new(Profile::load(chosen::OF_REFERENCE, &loaded.files)?);
    let installation = Installation::reference(&loaded.files)?;
    let (sessions, stage) = provision::equipment(&arguments.browser, &profile).await?;
    let rounds = usize::from(arguments.rounds);
    let mut memory_after_a_round = None;
    let report_round = |round| {
        let what = if round == 0 { ", to warm up" } else { "" };
        anstream::eprintln!("round {round} of {rounds}{what}");
        memory_after_a_round = memory_after_a_round.or_else(|| own_memory_kb("VmRSS:"));
    };
    let measured = measure(
        &installation,
        &stage,
        &sessions,
        &cases,
        rounds,
        report_round,
    );
    let measured = measured.await;
    let measured = measured.map_err(|error| Failure::environment(anyhow!(error)))?;
    print(&measured, cases.len(), rounds, memory_after_a_round);
    measured.proxied.session.close().await;
    Ok(Exit::Conforms)
}

fn print(measured: &Measured, cases: usize, rounds: usize, after_a_round_kb: Option<u64>) {
    let samples: Vec<&Sample> = measured.samples.iter().collect();
    let (cases, rounds) = (counted(cases, "case"), counted(rounds, "round"));
    anstream::println!("{cases} × {rounds}, on one kept session");
    title("milliseconds a case");
    let mut harness: Vec<f64> = samples.iter().map(|sample| sample.harness_ms).collect();
    harness.sort_by(f64::total_cmp);
    row("median", number(quantile(&harness, 0.5)));
    row("95th percentile", number(quantile(&harness, 0.95)));
    title("where they go, on average");
    let once = measured.session_ms;
    let session = number(once / as_f64(samples.len().max(1)));
    row("session", format_args!("{session}   (once: {once:.0} ms)"));
    row(
        "navigation",
        number(mean(&samples, |own| own.spent.navigation)),
    );
    row("steps", number(mean(&samples, |own| own.spent.steps)));
    row("waiting", number(mean(&samples, |own| own.spent.waiting)));
    row("judging", number(mean(&samples, |own| own.judging_ms)));
    title("against the barest loop of the same navigations and clicks");
    let ratio = sum(&samples, |own| own.harness_ms) / sum(&samples, |own| own.bare_ms);
    row("ratio", format_args!("{ratio:8.2}"));
    let simple = samples.into_iter().filter(|sample| sample.simple);
    let simple: Vec<&Sample> = simple.collect();
    if !simple.is_empty() {
        let harness = number(1000.0 / mean(&simple, |own| own.harness_ms));
        let bare = 1000.0 / mean(&simple, |own| own.bare_ms);
        row(
            "simple cases",
            format_args!("{harness} a second (bare: {bare:.1})"),
        );
    }
    title("memory");
    row("harness, peak", megabytes(own_memory_kb("VmHWM:")));
    row("after one round", megabytes(after_a_round_kb));
    row("after the last", megabytes(own_memory_kb("VmRSS:")));
    row(
        "one browser",
        megabytes(measured.group.and_then(group_memory_kb)),
    );
}

fn title(text: &str) {
    anstream::println!("\n{}", text.bold());
}

fn row(name: &str, value: impl Display) {
    anstream::println!("  {name:<18}{value}");
}

fn number(value: f64) -> String {
    format!("{value:8.1}")
}

fn megabytes(kb: Option<u64>) -> String {
    let kb = kb.map(|kb| as_f64(usize::try_from(kb).unwrap_or(usize::MAX)));
    kb.map_or_else(
        || "not known here".to_owned(),
        |kb| format!("{} MB", number(kb / 1024.0)),
    )
}

fn sum(samples: &[&Sample], of: impl Fn(&Sample) -> f64) -> f64 {
    samples.iter().map(|sample| of(sample)).sum()
}

fn mean(samples: &[&Sample], of: impl Fn(&Sample) -> f64) -> f64 {
    sum(samples, of) / as_f64(samples.len().max(1))
}

/// The value of a sorted list below which a share of the values lies.
fn quantile(sorted: &[f64], share: f64) -> f64 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "an index in a list of samples"
    )]
    let index = (as_f64(sorted.len().saturating_sub(1)) * share).round() as usize;
    sorted.get(index).copied().unwrap_or_default()
}

#[expect(
    clippy::cast_precision_loss,
    reason = "counts and kilobytes are far below 2^52"
)]
fn as_f64(count: usize) -> f64 {
    count as f64
}
