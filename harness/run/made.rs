//! What driving a job left, and what comes of it once it has settled.

use super::drive::{Driven, drive_in};
use super::job::Job;
use super::manner::Manner;
use super::shared_page::{Shared, drive_shared};
use super::stage::{CaseStage, Stage};
use crate::browser::{BrowserError, Session};
use crate::evidence::{AttemptResult, Code, Evidence};
use crate::judge::{Finding, judge};
use crate::plan::Case;
use crate::reading::divide;
use crate::sdk::Profile;

/// What driving a job left, but for what the backend got: late requests still count.
#[derive(Debug)]
pub(super) enum Made {
    /// Of its only case.
    Alone(Box<Driven>),
    /// Of cases on one page, so many.
    OnSharedPage(Box<Shared>, usize),
}

impl Made {
    /// Drives the cases of a job.
    pub async fn of(job: &Job, stage: &Stage, own: &CaseStage, session: &Session) -> Self {
        let manner = Manner {
            picture: job.picture,
            frames: false,
            notes_code: job.notes_code,
            mode: job.mode,
            waits: &job.waits,
        };
        if job.followers.is_empty() {
            let driven = drive_in(manner, &job.case, stage, own, session).await;
            return Self::Alone(Box::new(driven));
        }
        let cases: Vec<&Case> = job.cases().map(|case| &**case).collect();
        let shared = drive_shared(manner, &cases, stage, own, session).await;
        Self::OnSharedPage(Box::new(shared), cases.len())
    }

    /// Whether its session can take another case.
    pub fn came_to_its_end(&self) -> bool {
        let error = match self {
            Self::Alone(driven) => &driven.error,
            Self::OnSharedPage(shared, _) => &shared.error,
        };
        error.is_none()
    }

    /// Whether every check of its only case that can be made holds, by what is known before late
    /// requests have come.
    pub fn looks_good(&self, case: &Case, own: &CaseStage, profile: &Profile) -> bool {
        match self {
            Self::Alone(driven) if driven.error.is_none() => {
                let evidence = with_requests(driven.evidence.clone(), own);
                let holds =
                    |finding: &Finding| *finding == Finding::Holds || !finding.is_testable();
                judge(case, &evidence, profile)
                    .is_ok_and(|judged| judged.iter().all(|(_, finding)| holds(finding)))
            }
            Self::Alone(_) | Self::OnSharedPage(..) => false,
        }
    }

    /// Whether a wait ended at a deadline that was shortened.
    pub fn gave_up_early(&self) -> bool {
        match self {
            Self::Alone(driven) => driven.gave_up_early,
            // Who gave up is not among what a page shows.
            Self::OnSharedPage(..) => false,
        }
    }

    /// Which code of the build ran, where that was to be noted.
    pub fn take_code(&mut self) -> Code {
        match self {
            Self::Alone(driven) => std::mem::take(&mut driven.code),
            // Nobody can say which of its cases ran it.
            Self::OnSharedPage(..) => Code::default(),
        }
    }

    /// What comes of each case, in their order, with what the servers got of it by now; `None`
    /// where it did not have its turn.
    pub fn results(self, own: &CaseStage, profile: &Profile) -> Vec<Option<AttemptResult>> {
        match self {
            Self::Alone(driven) => {
                let Driven {
                    evidence,
                    screenshot,
                    error,
                    code: _,
                    gave_up_early: _,
                } = *driven;
                let evidence = with_requests(evidence, own);
                vec![Some(match error {
                    None => AttemptResult::Evidence(Box::new(evidence), screenshot),
                    Some(error) => given_up(error, evidence),
                })]
            }
            Self::OnSharedPage(shared, count) => {
                let Shared {
                    neighbours,
                    ended_early,
                    page,
                    error,
                } = *shared;
                let page = with_requests(page, own);
                let divided = match error {
                    None => divide(neighbours, &page, profile),
                    Some(_) => Vec::new(),
                };
                let shown = divided.into_iter();
                let shown = shown.map(|own| Some(AttemptResult::Evidence(Box::new(own), None)));
                let why = "the page that it shared was given up";
                let given_up = || AttemptResult::Lost(why.to_owned(), Box::default());
                let others = std::iter::repeat_with(|| (!ended_early).then(given_up));
                shown.chain(others).take(count).collect()
            }
        }
    }
}

/// With what the servers of an attempt got.
fn with_requests(evidence: Evidence, own: &CaseStage) -> Evidence {
    Evidence {
        requests: own.account.requests(),
        contacts: own.account.contacts(),
        scripts: own.shop.fetches(),
        ..evidence
    }
}

/// What an attempt comes to that did not reach its end. None of it is a finding against the SDK,
/// but for a page that does not answer any more.
fn given_up(error: BrowserError, evidence: Evidence) -> AttemptResult {
    let evidence = Box::new(evidence);
    match error {
        BrowserError::Refused(why) => AttemptResult::Bug(why),
        BrowserError::Hung(_) => AttemptResult::Hung(error.to_string(), evidence),
        BrowserError::Lost(_)
        | BrowserError::NotOpened(_)
        | BrowserError::Dialog(_)
        | BrowserError::GaveUp(_)
        | BrowserError::PageChanged(_) => AttemptResult::Lost(error.to_string(), evidence),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn result_of(error: BrowserError) -> AttemptResult {
        given_up(error, Evidence::default())
    }

    #[test]
    fn refused_command_is_a_bug_of_the_harness() {
        assert!(matches!(
            result_of(BrowserError::Refused("invalid argument".into())),
            AttemptResult::Bug(_)
        ));
    }

    #[test]
    fn lost_session_is_a_fault_of_the_machine() {
        for error in [
            BrowserError::Lost("disconnected".into()),
            BrowserError::Dialog("hello".into()),
            BrowserError::GaveUp("the blank page did not come".into()),
            BrowserError::PageChanged("stale".into()),
        ] {
            assert!(matches!(result_of(error), AttemptResult::Lost(..)));
        }
    }

    #[test]
    fn page_without_an_answer_is_judged() {
        assert!(matches!(
            result_of(BrowserError::Hung(12)),
            AttemptResult::Hung(..)
        ));
    }
}
