//! One worker: takes jobs, keeps a session from case to case, and hands each attempt over once it
//! has settled.

use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::{Mutex, mpsc, watch};
use tokio::task::JoinSet;

use super::drive::{Driven, drive};
use super::sessions::Sessions;
use super::stage::Stage;
use crate::backend::ProxyDoor;
use crate::browser::{BrowserError, Session};
use crate::evidence::{AttemptResult, Environment};
use crate::plan::Case;
use crate::sdk::Installation;
use crate::verdict::Attempted;

/// One attempt to be made.
#[derive(Debug)]
pub struct Job {
    /// What is driven.
    pub case: Arc<Case>,
    /// On what.
    pub installation: Installation,
    /// In a browser that has seen no other case: after a failure.
    pub fresh: bool,
    /// With a picture at the end.
    pub picture: bool,
    /// By how much the quiet time at the end is lengthened.
    pub patience: u32,
}

/// What came of one attempt.
#[derive(Debug)]
pub struct Attempt {
    /// The case.
    pub case: Arc<Case>,
    /// What it was made on.
    pub installation: Installation,
    /// What came.
    pub result: AttemptResult,
    /// How long driving took; the quiet time, spent on other cases, does not count.
    pub took: Duration,
    /// The browser it ran on.
    pub environment: Option<Environment>,
    /// The first label of its hosts; empty where it never began.
    pub label: String,
}

impl Attempt {
    /// What its case's verdict is made from.
    pub fn into_attempted(self) -> Attempted {
        let Self {
            result,
            took,
            label,
            ..
        } = self;
        Attempted {
            result,
            took,
            label,
        }
    }

    fn not_made(job: &Job) -> Self {
        Self {
            case: Arc::clone(&job.case),
            installation: job.installation.clone(),
            result: AttemptResult::NoSession(String::new()),
            took: Duration::ZERO,
            environment: None,
            label: String::new(),
        }
    }
}

/// Jobs, taken by whichever worker is free.
pub type Jobs = Arc<Mutex<mpsc::UnboundedReceiver<Job>>>;

/// How long the end of a run waits for a session to end. A driver of ours is killed then anyway.
const FAREWELL: Duration = Duration::from_secs(5);

/// What a worker works with.
#[derive(Debug, Clone)]
pub struct Worker {
    /// Where its jobs come from.
    pub jobs: Jobs,
    /// The servers.
    pub stage: Arc<Stage>,
    /// Where its sessions come from.
    pub sessions: Arc<Sessions>,
    /// Where attempts go.
    pub done: mpsc::UnboundedSender<Attempt>,
    /// Becomes true when it is to stop at once.
    pub stop: watch::Receiver<bool>,
}

/// A session, and the door through which it reaches public names.
#[derive(Debug)]
struct Seat {
    session: Session,
    door: ProxyDoor,
}

/// The session a worker is on; shared with the attempt under way, so that it can be ended when the
/// attempt is given up.
type Slot = Arc<std::sync::Mutex<Option<Arc<Seat>>>>;

fn take(slot: &Slot) -> Option<Arc<Seat>> {
    slot.lock().unwrap_or_else(PoisonError::into_inner).take()
}

impl Worker {
    /// Works until there are no more jobs or it is stopped, and ends every session it had.
    pub async fn work(mut self) {
        let slot = Slot::default();
        let mut closing = JoinSet::new();
        let settle = self.stage.profile.waits.settle();
        loop {
            let jobs = Arc::clone(&self.jobs);
            let job = tokio::select! {
                job = async { jobs.lock().await.recv().await } => job,
                _ = self.stop.wait_for(|stop| *stop) => None,
            };
            let Some(job) = job else { break };
            if job.fresh
                && let Some(used) = take(&slot)
            {
                // The case before may still be settling, and a closing session loses what its pages
                // still send.
                closing.spawn(async move {
                    tokio::time::sleep(settle).await;
                    used.session.close().await;
                });
            }
            let lost = Attempt::not_made(&job);
            // In a task of its own, so that a panic of ours costs one case and not the run.
            let mut attempt = tokio::spawn(self.clone().attempt(job, Arc::clone(&slot)));
            let ended = tokio::select! {
                ended = &mut attempt => ended,
                _ = self.stop.wait_for(|stop| *stop) => {
                    attempt.abort();
                    break;
                }
            };
            match ended {
                Ok(Kept::Yes) => {}
                Ok(Kept::No) => drop(
                    take(&slot)
                        .map(|seat| closing.spawn(async move { seat.session.close().await })),
                ),
                Err(panic) => {
                    drop(
                        take(&slot)
                            .map(|seat| closing.spawn(async move { seat.session.close().await })),
                    );
                    // Nobody listens any more after an interruption.
                    let _ = self.done.send(Attempt {
                        result: AttemptResult::Bug(panic.to_string()),
                        ..lost
                    });
                }
            }
        }
        if let Some(seat) = take(&slot) {
            closing.spawn(async move { seat.session.close().await });
        }
        let _ = tokio::time::timeout(FAREWELL, async {
            while closing.join_next().await.is_some() {}
        })
        .await;
    }

    /// Makes one attempt, and sends it off once it has settled.
    async fn attempt(self, job: Job, slot: Slot) -> Kept {
        let mut attempt = Attempt::not_made(&job);
        let kept = slot.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let seat = match kept {
            Some(kept) => Ok(kept),
            None => self.seat().await.map(Arc::new),
        };
        let seat = match seat {
            Ok(seat) => seat,
            Err(why) => {
                attempt.result = AttemptResult::NoSession(why);
                let _ = self.done.send(attempt);
                return Kept::No;
            }
        };
        *slot.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&seat));
        attempt.environment = Some(environment_of(&seat.session));
        let own = match self.stage.open(&job.case, &job.installation).await {
            Ok(own) => own,
            Err(error) => {
                attempt.result = AttemptResult::Lost(error.to_string(), Box::default());
                let _ = self.done.send(attempt);
                return Kept::Yes;
            }
        };
        attempt.label.clone_from(&own.label);
        seat.door.lead_to(&own.label);
        let begun = Instant::now();
        let Driven {
            mut evidence,
            screenshot,
            error,
        } = drive(&job.case, &self.stage, &own, &seat.session, job.picture).await;
        attempt.took = begun.elapsed();
        let settle = if error.is_none() {
            self.stage.profile.waits.settle() * job.patience
        } else {
            Duration::ZERO
        };
        let kept = if error.is_none() { Kept::Yes } else { Kept::No };
        tokio::spawn(async move {
            // The quiet time in which late requests still count. The session is on another case
            // already.
            tokio::time::sleep(settle).await;
            evidence.requests = own.account.requests();
            evidence.contacts = own.account.contacts();
            evidence.scripts = own.shop.fetches();
            let evidence = Box::new(evidence);
            attempt.result = match error {
                None => AttemptResult::Evidence(evidence, screenshot),
                Some(error @ BrowserError::Hung(_)) => {
                    AttemptResult::Hung(error.to_string(), evidence)
                }
                Some(BrowserError::Refused(why)) => AttemptResult::Bug(why),
                Some(error) => AttemptResult::Lost(error.to_string(), evidence),
            };
            self.stage.close(&own);
            let _ = self.done.send(attempt);
        });
        kept
    }

    async fn seat(&self) -> Result<Seat, String> {
        let door = self
            .stage
            .proxy_door()
            .await
            .map_err(|error| format!("the proxy cannot listen on 127.0.0.1: {error}"))?;
        let session = self
            .sessions
            .open(Some(door.address))
            .await
            .map_err(|error| error.to_string())?;
        Ok(Seat { session, door })
    }
}

/// Whether a session can take another case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kept {
    Yes,
    No,
}

fn environment_of(session: &Session) -> Environment {
    Environment {
        browser: session.browser.0.clone(),
        browser_version: session.browser.1.clone(),
        driver: session.driver.clone(),
        arguments: session.arguments.clone(),
        natives: session.natives.clone(),
    }
}
