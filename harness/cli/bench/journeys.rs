//! `bench --journeys`: what a step of a journey costs, against a step of a scenario.

use std::sync::Arc;

use anyhow::anyhow;

use super::{Lab, Measured, title};
use crate::cli::in_engine::{pool_in, testable};
use crate::cli::{Failure, chosen, provision};
use crate::explore::{Workshop, is_within_reach, journeys};
use crate::plan::Case;
use crate::report::bench::{Aim, Ratio};
use crate::run::{StepCost, measure_steps};
use crate::sdk::{Installation, Profile};
use crate::text::counted;

/// So many journeys, of about so many steps.
const JOURNEYS: usize = 20;
const STEPS: usize = 20;

/// The journeys that are measured.
const SEED: u64 = 1;

/// Those of journeys cost no more.
const AIM: Aim = Aim::AtMost(1.0);

/// Drives journeys and as many steps of scenarios in turn.
pub async fn measure(lab: &Lab<'_>) -> Result<Measured, Failure> {
    let (arguments, loaded) = (&lab.arguments, lab.loaded);
    let profile = Arc::new(Profile::load(chosen::OF_REFERENCE, &loaded.files)?);
    let engine = arguments.browser.engine.first();
    let pool = pool_in(engine, &profile, &loaded.files)?;
    let workshop = Workshop {
        suite: &loaded.suite,
        files: &loaded.files,
        profile: &profile,
        pool: &pool,
    };
    let journeys = journeys(&workshop, SEED, JOURNEYS, STEPS).map_err(Failure::bug)?;
    let cases = loaded.planned(&arguments.filter)?;
    let mut cases = testable(cases, &[engine], &loaded.files)?;
    cases.retain(|case| is_within_reach(case, &workshop));
    let cases = spread(cases, steps(&journeys));
    let installation = Installation::reference(&loaded.files)?;
    let (sessions, stage) = provision::equipment(&arguments.browser, &profile).await?;
    let rounds = usize::from(arguments.rounds);
    let report_round = |round| {
        let what = if round == 0 { ", to warm up" } else { "" };
        anstream::eprintln!("round {round} of {rounds}{what}");
    };
    let groups = [cases.as_slice(), journeys.as_slice()];
    let measured = measure_steps(
        &installation,
        &stage,
        &sessions,
        groups,
        rounds,
        report_round,
    );
    let measured = measured.await;
    let [scenarios, journeys] = measured.map_err(|error| Failure::environment(anyhow!(error)))?;
    let value = journeys.per_step() / scenarios.per_step();
    let text = format!(
        "{}, in turn on one kept session\n{}{}{}  {:<12}{value:8.2}\n",
        counted(rounds, "round"),
        title("milliseconds a step"),
        row("scenarios", &scenarios),
        row("journeys", &journeys),
        "ratio"
    );
    let ratio = Ratio {
        id: "journey-step".to_owned(),
        what: "a step of a journey, against one of a scenario".to_owned(),
        value,
        aim: Some(AIM),
    };
    Ok(Measured {
        text,
        ratios: vec![ratio],
    })
}

fn row(name: &str, cost: &StepCost) -> String {
    let (cases, steps) = (counted(cost.cases, "case"), counted(cost.steps, "step"));
    let each = cost.per_step();
    format!("  {name:<12}{each:8.1}   ({cases}, {steps})\n")
}

fn steps(cases: &[Case]) -> usize {
    cases.iter().map(|case| case.scenario.steps.len()).sum()
}

/// Some of `cases`, from all over, with about so many steps.
fn spread(cases: Vec<Case>, enough: usize) -> Vec<Case> {
    let every = (steps(&cases) / enough.max(1)).max(1);
    cases.into_iter().step_by(every).collect()
}
