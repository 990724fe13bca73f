//! Attempts that failed and do not count yet: something else than the build may have brought it
//! about.

use std::sync::Arc;
use std::time::Duration;

use super::Attempts;
use crate::evidence::{AttemptRecord, CaseRecord, Ended};
use crate::plan::Case;
use crate::verdict::CaseOutcome;
use crate::verdict::beside::{Doubt, Failed, unexpected};
use crate::verdict::known::Knowledge;

impl Attempts {
    /// Keeps an attempt that failed: it counts where failures like its own are believed. One beside
    /// others counts, too, where the next one, which is made alone, fails in the same way.
    pub fn put_aside(&mut self, failed: Failed) {
        self.label.clone_from(&failed.label);
        self.aside = Some(failed);
    }

    /// Whether an attempt is put aside.
    pub fn has_one_aside(&self) -> bool {
        self.aside.is_some()
    }

    /// Puts the last attempt aside: it ended at a deadline that was shortened. What hangs shows too
    /// little for that.
    pub(super) fn take_back(
        &mut self,
        case: &Arc<Case>,
        record: AttemptRecord,
        took: Duration,
        knowledge: &Knowledge<'_>,
    ) {
        let Some(findings) = self.findings.pop() else {
            return;
        };
        if record.ended == Ended::Whole {
            self.aside = Some(Failed {
                failures: unexpected(case, &findings, knowledge),
                evidence: Box::new(record.evidence),
                findings,
                took,
                label: self.label.clone(),
                doubt: Doubt::ShortDeadline,
            });
        }
    }

    /// Counts what was put aside beside others, if the attempt that was just looked at fails in the
    /// same way. Otherwise its neighbours may have brought it about.
    pub(super) fn count_beside(&mut self, case: &Arc<Case>, knowledge: &Knowledge<'_>) {
        let Some(aside) = self.aside.take() else {
            return;
        };
        let fails_alone = self.failures(case, knowledge) == aside.failures;
        if fails_alone && aside.doubt == Doubt::Neighbours {
            self.count(case, aside);
        }
    }

    /// Counts an attempt that was put aside, as the first.
    pub(super) fn count(&mut self, case: &Arc<Case>, aside: Failed) {
        self.findings.insert(0, aside.findings);
        self.keep(CaseOutcome {
            duration_ms: aside.took.as_secs_f64() * 1000.0,
            record: CaseRecord::of(Ended::Whole, *aside.evidence, true),
            ..CaseOutcome::untested(case, "")
        });
    }
}
