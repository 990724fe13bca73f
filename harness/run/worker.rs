//! One worker: takes jobs, keeps a session of each browser from case to case, and hands each
//! attempt over once it has settled.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;

use super::drive::{Driven, Manner, drive_in};
use super::job::{Attempt, Job, Message};
use super::queue::JobQueue;
use super::sessions::{SessionError, Sessions};
use super::slot::{Proxied, SessionSlot, Slots};
use super::stage::{Stage, StageError};
use crate::browser::BrowserError;
use crate::contract::BrowserFeature;
use crate::evidence::{AttemptResult, Evidence};
use crate::plan::Case;

/// How long the end of a run waits for sessions to end. A driver of ours is killed then anyway.
const CLOSE_AT_THE_END: Duration = Duration::from_secs(5);

/// What a worker works with.
#[derive(Debug, Clone)]
pub struct Worker {
    /// Where its jobs come from.
    pub jobs: Arc<JobQueue>,
    /// The servers.
    pub stage: Arc<Stage>,
    /// Where its sessions come from.
    pub sessions: Arc<Sessions>,
    /// Where attempts go.
    pub done: mpsc::UnboundedSender<Message>,
    /// Becomes true when it is to stop at once.
    pub stop: watch::Receiver<bool>,
}

impl Worker {
    /// Works until there are no more jobs or it is stopped, on the session `first` where one is
    /// given, and ends every session it had.
    pub async fn work(mut self, first: Option<Proxied>) {
        let slots = Slots::default();
        if let Some(first) = first {
            slots.of(first.browser).set(&Arc::new(first));
        }
        let mut closing = JoinSet::new();
        let settle = self.stage.profile.waits.settle();
        loop {
            let jobs = Arc::clone(&self.jobs);
            let job = tokio::select! {
                job = jobs.next() => job,
                _ = self.stop.wait_for(|stop| *stop) => None,
            };
            let Some(job) = job else { break };
            let slot = slots.of(self.sessions.browser_for(&job.case.needs()));
            if job.fresh {
                // The case before may still be settling, and a closing session loses what its pages
                // still send.
                slot.end(&mut closing, settle);
            }
            let mut unmade = Attempt::not_made(&job);
            // In a task of its own, so that a panic of ours costs one case and not the run.
            let mut attempt = tokio::spawn(self.clone().attempt(job, slot.clone()));
            let ended = tokio::select! {
                ended = &mut attempt => ended,
                _ = self.stop.wait_for(|stop| *stop) => {
                    attempt.abort();
                    break;
                }
            };
            match ended {
                Ok(SessionState::Usable) => {}
                Ok(SessionState::Unusable) => slot.abandon(&mut closing),
                Err(panic) => {
                    slot.abandon(&mut closing);
                    // After an interruption the receiver is closed.
                    unmade.attempted.result = AttemptResult::Bug(panic.to_string());
                    let _ = self.done.send(Message::Ended(Box::new(unmade)));
                }
            }
        }
        slots.end(&mut closing);
        let _ = tokio::time::timeout(CLOSE_AT_THE_END, async {
            while closing.join_next().await.is_some() {}
        })
        .await;
    }

    /// Makes one attempt, and sends it off once it has settled.
    async fn attempt(self, job: Job, slot: SessionSlot) -> SessionState {
        let mut attempt = Box::new(Attempt::not_made(&job));
        let begun = Message::Begun(Arc::clone(&job.case), job.number);
        let _ = self.done.send(begun);
        let opened = match slot.get() {
            Some(kept) => Ok(kept),
            None => self.open_session(&job.case).await.map(Arc::new),
        };
        let proxied = match opened {
            Ok(proxied) => proxied,
            Err(result) => {
                attempt.attempted.result = result;
                let _ = self.done.send(Message::Ended(attempt));
                return SessionState::Unusable;
            }
        };
        slot.set(&proxied);
        let Proxied { session, proxy, .. } = &*proxied;
        attempt.environment = Some(session.environment.clone());
        let own = match self.stage.open(&job.case, &job.installation).await {
            Ok(own) => own,
            Err(error) => {
                attempt.attempted.result = match error {
                    StageError::Port(_) => AttemptResult::Lost(error.to_string(), Box::default()),
                    StageError::Page(_) => AttemptResult::Bug(error.to_string()),
                };
                let _ = self.done.send(Message::Ended(attempt));
                return SessionState::Usable;
            }
        };
        attempt.attempted.label.clone_from(&own.label);
        proxy.set_case(&own.label);
        let begun = Instant::now();
        let manner = Manner {
            picture: job.picture,
            frames: false,
            mode: job.mode,
            waits: &job.waits,
        };
        let Driven {
            mut evidence,
            screenshot,
            error,
            gave_up_early,
        } = drive_in(manner, &job.case, &self.stage, &own, session).await;
        attempt.attempted.gave_up_early = gave_up_early;
        attempt.attempted.took = begun.elapsed();
        let (state, settle) = match error {
            None => (
                SessionState::Usable,
                self.stage.profile.waits.settle() * job.settle_factor,
            ),
            Some(_) => (SessionState::Unusable, Duration::ZERO),
        };
        tokio::spawn(async move {
            // Late requests still count. The session is on another case already.
            tokio::time::sleep(settle).await;
            evidence.requests = own.account.requests();
            evidence.contacts = own.account.contacts();
            evidence.scripts = own.shop.fetches();
            attempt.attempted.result = match error {
                None => AttemptResult::Evidence(Box::new(evidence), screenshot),
                Some(error) => given_up(error, evidence),
            };
            self.stage.close(&own);
            let _ = self.done.send(Message::Ended(attempt));
        });
        state
    }

    async fn open_session(&self, case: &Case) -> Result<Proxied, AttemptResult> {
        let opened = open_session(&self.stage, &self.sessions, &case.needs()).await;
        opened.map_err(|error| match error {
            SessionError::Browser(BrowserError::Refused(why)) => AttemptResult::Bug(why),
            SessionError::Browser(_) | SessionError::Driver(_) | SessionError::Proxy(_) => {
                AttemptResult::NoSession(error.to_string())
            }
        })
    }
}

/// Opens a session with its proxy, for a case with these needs.
pub(super) async fn open_session(
    stage: &Stage,
    sessions: &Sessions,
    needs: &BTreeSet<BrowserFeature>,
) -> Result<Proxied, SessionError> {
    let proxy = stage.session_proxy().await?;
    let (session, browser) = sessions.open_for(needs, proxy.address).await?;
    Ok(Proxied {
        session,
        proxy,
        browser,
    })
}

/// What an attempt comes to that did not reach its end. None of it is a finding against the SDK,
/// but for a page that does not answer any more.
fn given_up(error: BrowserError, evidence: Evidence) -> AttemptResult {
    let evidence = Box::new(evidence);
    match error {
        BrowserError::Refused(why) => AttemptResult::Bug(why),
        BrowserError::Hung(_) => AttemptResult::Hung(error.to_string(), evidence),
        BrowserError::Lost(_)
        | BrowserError::Dialog(_)
        | BrowserError::GaveUp(_)
        | BrowserError::PageChanged(_) => AttemptResult::Lost(error.to_string(), evidence),
    }
}

/// Whether a session can take another case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum SessionState {
    Usable,
    Unusable,
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
