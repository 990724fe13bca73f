use std::sync::Arc;

use crate::plan::{Case, Patterns};
use crate::run::{Measured, Sample, Stage, can_be_measured, measure};
use crate::sdk::{Installation, Profile};
use anyhow::anyhow;
use owo_colors::OwoColorize;

use super::args::BenchArguments;
use super::exit::Exit;
use super::{Failure, chosen, files, provision, suite};
use crate::text::counted;

/// Measures the harness and prints what it costs.
pub async fn bench(arguments: &BenchArguments) -> Result<Exit, Failure> {
    let files = files(None)?;
    let suite = suite(&files)?;
    let mut patterns = Patterns::new(&arguments.filter);
    let cases: Vec<Case> = suite
        .plan(&mut patterns)
        .into_iter()
        .filter(can_be_measured)
        .collect();
    chosen::refuse_unmatched(&patterns)?;
    let profile = Arc::new(Profile::load(chosen::OF_REFERENCE, &files).map_err(Failure::usage)?);
    let installation = Installation::reference(&files).map_err(Failure::usage)?;
    let sessions = Arc::new(provision::sessions(&arguments.browser)?);
    let stage = Stage::start(profile).await.map_err(Failure::environment)?;
    let rounds = usize::from(arguments.rounds);
    let mut memory_after_a_round = None;
    let report_round = |round| {
        anstream::eprintln!(
            "round {round} of {rounds}{}",
            if round == 0 { ", to warm up" } else { "" }
        );
        memory_after_a_round = memory_after_a_round.or_else(|| own_memory_kb("VmRSS:"));
    };
    let measured = measure(
        &installation,
        &stage,
        &sessions,
        &cases,
        rounds,
        report_round,
    )
    .await
    .map_err(|error| Failure::environment(anyhow!(error)))?;
    print(&measured, cases.len(), rounds, memory_after_a_round);
    measured.session.close().await;
    Ok(Exit::Conforms)
}

fn print(measured: &Measured, cases: usize, rounds: usize, after_a_round_kb: Option<u64>) {
    let samples = &measured.samples;
    let all = |of: fn(&Sample) -> f64| samples.iter().map(of).collect::<Vec<_>>();
    let harness = all(|sample| sample.harness_ms);
    let sum = |values: &[f64]| values.iter().sum::<f64>();
    anstream::println!(
        "{} × {}, on one kept session",
        counted(cases, "case"),
        counted(rounds, "round")
    );
    anstream::println!("\n{}", "milliseconds a case".bold());
    anstream::println!("  median            {:8.1}", quantile(&harness, 0.5));
    anstream::println!("  95th percentile   {:8.1}", quantile(&harness, 0.95));
    anstream::println!("\n{}", "where they go, on average".bold());
    let mean = |values: &[f64]| sum(values) / as_f64(values.len().max(1));
    anstream::println!(
        "  session           {:8.1}   (once: {:.0} ms)",
        measured.session_ms / as_f64(samples.len().max(1)),
        measured.session_ms
    );
    anstream::println!(
        "  navigation        {:8.1}",
        mean(&all(|sample| sample.spent.navigation))
    );
    anstream::println!(
        "  steps             {:8.1}",
        mean(&all(|sample| sample.spent.steps))
    );
    anstream::println!(
        "  waiting           {:8.1}",
        mean(&all(|sample| sample.spent.waiting))
    );
    anstream::println!(
        "  judging           {:8.1}",
        mean(&all(|sample| sample.judging_ms))
    );
    let ratio = sum(&harness) / sum(&all(|sample| sample.bare_ms));
    anstream::println!(
        "\n{}",
        "against the barest loop of the same navigations and clicks".bold()
    );
    anstream::println!("  ratio             {ratio:8.2}");
    let simple: Vec<f64> = samples
        .iter()
        .filter(|sample| sample.simple)
        .map(|sample| sample.harness_ms)
        .collect();
    let bare: Vec<f64> = samples
        .iter()
        .filter(|sample| sample.simple)
        .map(|sample| sample.bare_ms)
        .collect();
    if !simple.is_empty() {
        anstream::println!(
            "  simple cases      {:8.1} a second (bare: {:.1})",
            1000.0 / mean(&simple),
            1000.0 / mean(&bare)
        );
    }
    anstream::println!("\n{}", "memory".bold());
    let mb = |kb: Option<u64>| {
        kb.map_or_else(
            || "not known here".to_owned(),
            |kb| {
                format!(
                    "{:8.1} MB",
                    as_f64(usize::try_from(kb).unwrap_or(usize::MAX)) / 1024.0
                )
            },
        )
    };
    anstream::println!("  harness, peak     {}", mb(own_memory_kb("VmHWM:")));
    anstream::println!("  after one round   {}", mb(after_a_round_kb));
    anstream::println!("  after the last    {}", mb(own_memory_kb("VmRSS:")));
    anstream::println!(
        "  one browser       {}",
        mb(measured.group.and_then(group_memory_kb))
    );
}

/// The value below which a share of the values lies.
fn quantile(values: &[f64], share: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
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

/// A line of `/proc/self/status`, in KiB; `None` where there is no such file.
fn own_memory_kb(name: &str) -> Option<u64> {
    kb_of(&std::fs::read_to_string("/proc/self/status").ok()?, name)
}

/// The memory of all processes of a group, shared pages counted by share, in KiB.
fn group_memory_kb(group: i32) -> Option<u64> {
    let processes = std::fs::read_dir("/proc")
        .ok()?
        .flatten()
        .map(|entry| entry.path());
    let of_group = processes.filter(|process| {
        let stat = std::fs::read_to_string(process.join("stat")).unwrap_or_default();
        // The name, in parentheses, may hold blanks; the group is the third field after it.
        stat.rsplit_once(") ")
            .and_then(|(_, rest)| rest.split(' ').nth(2)?.parse().ok())
            == Some(group)
    });
    Some(
        of_group
            .filter_map(|process| {
                kb_of(
                    &std::fs::read_to_string(process.join("smaps_rollup")).ok()?,
                    "Pss:",
                )
            })
            .sum(),
    )
}

fn kb_of(text: &str, name: &str) -> Option<u64> {
    text.lines()
        .find_map(|line| line.strip_prefix(name))?
        .split_whitespace()
        .next()?
        .parse()
        .ok()
}
