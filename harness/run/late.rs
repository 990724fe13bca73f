//! Cases whose verdict a request may change that came after it.

use std::sync::Arc;

use super::batch::run_batch;
use super::crew::Crew;
use super::progress::Progress;
use super::setup::Setup;
use crate::plan::Case;
use crate::verdict::CaseOutcome;

/// A case with a late request gets this many times the usual settle time when it is run again.
const SETTLE_FACTOR_AFTER_LATE: u32 = 10;

/// A request that came after its case was judged may change the verdict: those cases are run again,
/// with a longer settle time.
pub(super) async fn rerun_late(
    setup: &Setup,
    cases: &[Arc<Case>],
    crew: &mut Crew,
    progress: &mut Progress<'_>,
) {
    // The last cases have only just settled; their late requests get the same chance.
    tokio::time::sleep(setup.stage.profile.waits.settle()).await;
    let is_late = |case: &&Arc<Case>| {
        let label = progress.labels.get(&case.id);
        label.is_some_and(|label| setup.stage.was_late(label))
    };
    let late: Vec<Arc<Case>> = cases.iter().filter(is_late).cloned().collect();
    let mut before: Vec<CaseOutcome> = Vec::new();
    for case in &late {
        progress.retried(case, "a request came after the case was judged".into());
        before.extend(progress.outcomes.remove(&case.id));
    }
    run_batch(setup, SETTLE_FACTOR_AFTER_LATE, &late, crew, progress).await;
    for before in before {
        let id = before.case.id.clone();
        if let Some(after) = progress.outcomes.remove(&id) {
            progress.outcomes.insert(id, after.no_better_than(before));
        }
    }
}
