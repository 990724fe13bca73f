//! What a case costs, against the barest loop of the same navigations and clicks.

use std::fmt::Display;
use std::sync::Arc;

use anyhow::anyhow;

use super::{Lab, Measured, title};
use crate::cli::usage::{group_memory_kb, own_memory_kb};
use crate::cli::{Failure, chosen, provision};
use crate::report::bench::{Aim, Ratio};
use crate::run::{self, Sample, can_be_measured};
use crate::sdk::{Installation, Profile};
use crate::text::counted;

/// Proxies, judging and isolation are to cost little beside the browser.
const AIM: Aim = Aim::AtMost(1.2);

/// Drives each case in turn by the harness and by the bare loop.
pub async fn measure(lab: &Lab<'_>) -> Result<Measured, Failure> {
    let (arguments, loaded) = (&lab.arguments, lab.loaded);
    let cases = lab.cases(&[arguments.browser.engine.first()], can_be_measured)?;
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
    let measured = run::measure(
        &installation,
        &stage,
        &sessions,
        &cases,
        rounds,
        report_round,
    );
    let measured = measured.await;
    let measured = measured.map_err(|error| Failure::environment(anyhow!(error)))?;
    let samples: Vec<&Sample> = measured.samples.iter().collect();
    let value = sum(&samples, |own| own.harness_ms) / sum(&samples, |own| own.bare_ms);
    let text = text(&measured, value, cases.len(), rounds, memory_after_a_round);
    measured.proxied.session.close().await;
    let ratio = Ratio {
        id: "case".to_owned(),
        what: "a case, against the barest loop of its navigations and clicks".to_owned(),
        value,
        aim: Some(AIM),
    };
    Ok(Measured {
        text,
        ratios: vec![ratio],
    })
}

fn text(
    measured: &run::Measured,
    ratio: f64,
    cases: usize,
    rounds: usize,
    after_a_round_kb: Option<u64>,
) -> String {
    let samples: Vec<&Sample> = measured.samples.iter().collect();
    let (cases, rounds) = (counted(cases, "case"), counted(rounds, "round"));
    let mut text = format!("{cases} × {rounds}, on one kept session\n");
    text += &title("milliseconds a case");
    let mut harness: Vec<f64> = samples.iter().map(|sample| sample.harness_ms).collect();
    harness.sort_by(f64::total_cmp);
    text += &row("median", number(quantile(&harness, 0.5)));
    text += &row("95th percentile", number(quantile(&harness, 0.95)));
    text += &title("where they go, on average");
    let once = measured.session_ms;
    let session = number(once / as_f64(samples.len().max(1)));
    let session = format!("{session}   (once: {once:.0} ms)");
    let own = |of: fn(&Sample) -> f64| number(mean(&samples, of));
    text += &row("session", session);
    text += &row("navigation", own(|sample| sample.spent.navigation));
    text += &row("steps", own(|sample| sample.spent.steps));
    text += &row("waiting", own(|sample| sample.spent.waiting));
    text += &row("judging", own(|sample| sample.judging_ms));
    text += &title("against the barest loop of the same navigations and clicks");
    text += &row("ratio", format!("{ratio:8.2}"));
    let simple = samples.into_iter().filter(|sample| sample.simple);
    let simple: Vec<&Sample> = simple.collect();
    if !simple.is_empty() {
        let harness = number(1000.0 / mean(&simple, |own| own.harness_ms));
        let bare = 1000.0 / mean(&simple, |own| own.bare_ms);
        text += &row(
            "simple cases",
            format!("{harness} a second (bare: {bare:.1})"),
        );
    }
    text += &title("memory");
    text += &row("harness, peak", megabytes(own_memory_kb("VmHWM:")));
    text += &row("after one round", megabytes(after_a_round_kb));
    text += &row("after the last", megabytes(own_memory_kb("VmRSS:")));
    let browser = measured.group.and_then(group_memory_kb);
    text += &row("one browser", megabytes(browser));
    text
}

fn row(name: &str, value: impl Display) -> String {
    format!("  {name:<18}{value}\n")
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
