//! Measures what a step costs in two groups of cases, driven in turn on one kept session.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::measure::{MeasureError, by_harness};
use super::proxied::Proxied;
use super::sessions::Sessions;
use super::stage::Stage;
use crate::plan::Case;
use crate::sdk::Installation;

/// What the steps of some cases cost, driven and judged.
#[derive(Debug, Clone, Copy, Default)]
pub struct StepCost {
    pub cases: usize,
    pub steps: usize,
    pub ms: f64,
}

impl StepCost {
    /// Milliseconds a step.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
    pub fn per_step(&self) -> f64 {
        self.ms / self.steps.max(1) as f64
    }

    fn add(&mut self, case: &Case, ms: f64) {
        self.cases += 1;
        self.steps += case.scenario.steps.len();
        self.ms += ms;
    }
}

/// Measures both groups, `rounds` times each; `finished` is called with each finished round.
///
/// # Errors
/// If no session can be had, or it is lost.
pub async fn measure_steps(
    installation: &Installation,
    stage: &Stage,
    sessions: &Arc<Sessions>,
    groups: [&[Case]; 2],
    rounds: usize,
    mut finished: impl FnMut(usize),
) -> Result<[StepCost; 2], MeasureError> {
    let proxied = Proxied::open(stage, sessions, &BTreeSet::new()).await?;
    let mut costs = [StepCost::default(); 2];
    let most = groups.iter().map(|cases| cases.len()).max();
    for round in 0..=rounds {
        for index in 0..most.unwrap_or_default() {
            for (cases, cost) in groups.iter().zip(&mut costs) {
                let Some(case) = cases.get(index) else {
                    continue;
                };
                let (ms, ..) = by_harness(case, installation, stage, &proxied).await?;
                // The first round warms the browser up.
                if round > 0 {
                    cost.add(case, ms);
                }
            }
        }
        finished(round);
    }
    proxied.session.close().await;
    Ok(costs)
}
