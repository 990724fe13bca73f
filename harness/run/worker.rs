//! One worker: takes jobs, keeps a session of each browser from case to case, and hands each
//! attempt over once it has settled.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;

use super::asking::PAUSE;
use super::job::{Attempt, Job, Message};
use super::made::Made;
use super::proxied::Proxied;
use super::queue::JobQueue;
use super::sessions::{SessionError, Sessions, Which};
use super::slot::{SessionSlot, Slots};
use super::stage::{Stage, StageError};
use crate::browser::BrowserError;
use crate::evidence::AttemptResult;
use crate::verdict::Attempted;

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
        let usual = self.stage.profile.waits.settle();
        // Of the case before.
        let mut settle = usual;
        loop {
            // A job would wait, too, as long as others have the sessions of a Grid.
            if self.sessions.most().is_some()
                && self.enter_the_queue(&slots).await == Entered::Refused
                && self.sessions.has_any()
            {
                // Who has one does the jobs: without one, they would all fail at once.
                self.pause().await;
                continue;
            }
            let jobs = Arc::clone(&self.jobs);
            let job = tokio::select! {
                job = jobs.next() => job,
                _ = self.stop.wait_for(|stop| *stop) => None,
            };
            let Some(job) = job else { break };
            let slot = slots.of(self.sessions.browser_for(&job.case.needs()));
            if job.fresh && slot.get().is_some_and(|kept| kept.is_used()) {
                // The case before may still be settling, and a closing session loses what its pages
                // still send.
                slot.end(&mut closing, settle);
                if self.sessions.most().is_some() {
                    // Others may come first in the queue of the Grid: one of them takes it then.
                    self.jobs.put_urgent(job);
                    continue;
                }
            }
            settle = usual * job.settle_factor;
            let unmade: Vec<Attempt> = job.unmade().collect();
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
                    let why = panic.to_string();
                    self.send_all(unmade, || AttemptResult::Bug(why.clone()));
                }
            }
        }
        slots.end(&mut closing);
        let _ = tokio::time::timeout(CLOSE_AT_THE_END, async {
            while closing.join_next().await.is_some() {}
        })
        .await;
    }

    /// Gets a session where there is none, unless there is nothing more to do. Where nobody has
    /// one, what fails is tried again for a job, which then says why.
    async fn enter_the_queue(&mut self, slots: &Slots) -> Entered {
        let slot = slots.of(Which::Usual);
        if slot.get().is_some() {
            return Entered::Passed;
        }
        let needs = BTreeSet::new();
        tokio::select! {
            opened = Proxied::open(&self.stage, &self.sessions, &needs) => match opened {
                Ok(opened) => {
                    slot.set(&Arc::new(opened));
                    Entered::Passed
                }
                Err(_) => Entered::Refused,
            },
            () = self.jobs.until_closed() => Entered::Passed,
            _ = self.stop.wait_for(|stop| *stop) => Entered::Passed,
        }
    }

    /// Waits a moment, unless there is nothing more to do.
    async fn pause(&mut self) {
        tokio::select! {
            () = tokio::time::sleep(PAUSE) => {}
            () = self.jobs.until_closed() => {}
            _ = self.stop.wait_for(|stop| *stop) => {}
        }
    }

    /// Makes an attempt at each case of a job, and sends them off once they have settled.
    async fn attempt(self, job: Job, slot: SessionSlot) -> SessionState {
        for case in job.cases() {
            let begun = Message::Begun(Arc::clone(case), job.number);
            let _ = self.done.send(begun);
        }
        let opened = match slot.get() {
            Some(kept) => Ok(kept),
            None => Proxied::open(&self.stage, &self.sessions, &job.case.needs())
                .await
                .map(Arc::new),
        };
        let proxied = match opened {
            Ok(proxied) => proxied,
            Err(why) => {
                self.send_all(job.unmade(), || without_session(&why));
                return SessionState::Unusable;
            }
        };
        slot.set(&proxied);
        let session = &proxied.session;
        let begun = proxied.begin(&self.stage, &job.case, &job.installation);
        let own = match begun.await {
            Ok(own) => own,
            Err(why) => {
                self.send_all(job.unmade(), || without_stage(&why));
                return SessionState::Usable;
            }
        };
        let begun = Instant::now();
        let mut made = Made::of(&job, &self.stage, &own, session).await;
        let took = begun.elapsed();
        let (state, settle) = if made.came_to_its_end() {
            (
                SessionState::Usable,
                self.stage.profile.waits.settle() * job.settle_factor,
            )
        } else {
            (SessionState::Unusable, Duration::ZERO)
        };
        let is_prerequisite = job.case.scenario.prerequisite;
        if is_prerequisite && made.looks_good(&job.case, &own, &self.stage.profile) {
            let _ = self
                .done
                .send(Message::LooksGood(Arc::clone(&job.case), job.number));
        }
        let environment = session.environment.clone();
        tokio::spawn(async move {
            // Late requests still count. The session is on another case already.
            tokio::time::sleep(settle).await;
            let (gave_up_early, code) = (made.gave_up_early(), made.take_code());
            let results = made.results(&own, &self.stage.profile);
            self.stage.close(&own);
            for (mut attempt, result) in job.unmade().zip(results) {
                let Some(result) = result else {
                    let _ = self.done.send(Message::Unreached(Box::new(attempt)));
                    continue;
                };
                attempt.environment = Some(environment.clone());
                attempt.code.clone_from(&code);
                attempt.attempted = Attempted {
                    result,
                    took: took / attempt.neighbours,
                    label: own.label.clone(),
                    gave_up_early,
                };
                let _ = self.done.send(Message::Ended(Box::new(attempt)));
            }
        });
        state
    }

    /// Sends off attempts that could not be made.
    fn send_all(
        &self,
        attempts: impl IntoIterator<Item = Attempt>,
        result: impl Fn() -> AttemptResult,
    ) {
        for mut attempt in attempts {
            attempt.attempted.result = result();
            // After an interruption the receiver is closed.
            let _ = self.done.send(Message::Ended(Box::new(attempt)));
        }
    }
}

/// What an attempt comes to that has no session.
fn without_session(why: &SessionError) -> AttemptResult {
    match why {
        SessionError::Browser(BrowserError::Refused(why)) => AttemptResult::Bug(why.clone()),
        SessionError::Browser(_)
        | SessionError::Driver(_)
        | SessionError::Proxy(_)
        | SessionError::Unreachable(_) => AttemptResult::NoSession(why.to_string()),
    }
}

/// What an attempt comes to that has no servers.
fn without_stage(why: &StageError) -> AttemptResult {
    match why {
        StageError::Port(_) => AttemptResult::Lost(why.to_string(), Box::default()),
        StageError::Page(_) => AttemptResult::Bug(why.to_string()),
    }
}

/// What comes of the queue of a Grid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Entered {
    /// There is a session, or nothing more to do.
    Passed,
    /// The Grid opens none, or what it opened is of no use.
    Refused,
}

/// Whether a session can take another case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum SessionState {
    Usable,
    Unusable,
}
