//! Several cases on one page: they come there once, and then call their events one after the other.

use super::attempting::Attempting;
use super::manner::Manner;
use super::stage::{CaseStage, Stage};
use crate::browser::{BrowserError, Session};
use crate::evidence::{Evidence, StepOutcome};
use crate::plan::Case;
use crate::reading::Neighbour;

/// What the cases on a shared page left, but for what the backend got.
#[derive(Debug, Default)]
pub(super) struct Shared {
    /// Those that came to their end, in their order. Who gives up on something ends the page.
    pub neighbours: Vec<Neighbour>,
    /// An event of the last of them did not come, and so the page was left: the others did not have
    /// their turn.
    pub ended_early: bool,
    /// What came from the page, for all of them.
    pub page: Evidence,
    /// Why the page could not be driven to its end.
    pub error: Option<BrowserError>,
}

/// Does the steps of `cases`, which can follow one another, on one page.
pub(super) async fn drive_shared(
    manner: Manner<'_>,
    cases: &[&Case],
    stage: &Stage,
    own: &CaseStage,
    session: &Session,
) -> Shared {
    let Some((first, entry)) = cases.first().and_then(|case| Some((*case, case.entry()?))) else {
        return Shared::default();
    };
    let mut attempting = match Attempting::begin(manner, first, stage, own, session).await {
        Ok(attempting) => attempting,
        Err(driven) => {
            return Shared {
                error: driven.error,
                ..Shared::default()
            };
        }
    };
    let mut neighbours = Vec::new();
    let steps = attempting.all(cases, entry, &mut neighbours).await;
    let ended_early = !neighbours.is_empty() && !attempting.overdue.is_empty();
    let error = match steps {
        Ok(()) | Err(BrowserError::Dialog(_)) => {
            attempting.end_in_spite_of_dialogs(false).await.err()
        }
        Err(error) => Some(error),
    };
    attempting.note_commands();
    Shared {
        neighbours,
        ended_early: ended_early && error.is_none(),
        page: attempting.finish(),
        error,
    }
}

impl<'a> Attempting<'a> {
    /// Does the steps of one case after the other, until one of them has to give up.
    async fn all(
        &mut self,
        cases: &[&'a Case],
        entry: usize,
        done: &mut Vec<Neighbour>,
    ) -> Result<(), BrowserError> {
        self.steps(0..entry).await?;
        let mut entered = std::mem::take(&mut self.evidence);
        if !is_whole(&entered) {
            return Ok(());
        }
        for case in cases {
            self.case = case;
            self.evidence = as_own(&entered, case);
            let began = self.own.clock.now();
            self.records_since = began;
            self.steps(entry..case.scenario.steps.len()).await?;
            self.await_expected().await;
            self.collect_started().await?;
            let evidence = std::mem::take(&mut self.evidence);
            if !is_whole(&evidence) {
                self.overdue.clear();
                break;
            }
            done.push(Neighbour { began, evidence });
            if !self.never_come(&self.overdue) {
                break;
            }
            self.overdue.clear();
            // What it took to come here counts once.
            (entered.spent, entered.ready_ms) = Default::default();
        }
        Ok(())
    }
}

/// Whether each step was done as it should be.
fn is_whole(evidence: &Evidence) -> bool {
    let mut steps = evidence.steps.iter();
    steps.all(|step| step.outcome == StepOutcome::Done)
}

/// What coming to the page left, as if `case` had done it.
fn as_own(entered: &Evidence, case: &Case) -> Evidence {
    let mut evidence = entered.clone();
    evidence.case.clone_from(&case.id);
    for (record, (line, _)) in evidence.steps.iter_mut().zip(&case.scenario.steps) {
        record.line = *line;
        case.scenario.words_at(*line).clone_into(&mut record.what);
    }
    evidence
}
