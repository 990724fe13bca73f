//! One worker: takes jobs, keeps a session from case to case, and hands each attempt over once it has settled.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::{Mutex, mpsc};

use super::drive::{Driven, drive};
use super::sessions::Sessions;
use super::stage::{CaseStage, Stage};
use crate::browser::{BrowserError, Session};
use crate::evidence::Evidence;
use crate::scenario::Case;
use crate::sdk::Build;

/// One attempt to be made.
#[derive(Debug)]
pub struct Job {
    /// What is driven.
    pub case: Arc<Case>,
    /// On which build.
    pub build: Build,
    /// In a browser that has seen no other case, with a picture at the end: after a failure.
    pub fresh: bool,
    /// By how much the quiet time at the end is lengthened.
    pub patience: u32,
}

/// What came of one attempt.
#[derive(Debug)]
pub struct Attempt {
    /// The case.
    pub case: Arc<Case>,
    /// The build.
    pub build: Build,
    /// What came.
    pub result: AttemptResult,
    /// How long driving took; the quiet time, spent on other cases, does not count.
    pub took: Duration,
    /// How long opening a session for it took.
    pub session: Duration,
    /// The browser it ran on.
    pub environment: Option<Environment>,
    /// The first label of its hosts; empty where it never began.
    pub label: String,
}

/// What came of one attempt.
#[derive(Debug)]
pub enum AttemptResult {
    /// Evidence to be judged, and a picture if one was asked for.
    Evidence(Box<Evidence>, Option<Vec<u8>>),
    /// The page stopped answering, on a browser that had answered before.
    Hung(String),
    /// The session was lost, or a command was refused.
    Lost(String),
    /// No session could be had at all.
    NoSession(String),
    /// The harness itself panicked.
    Bug(String),
}

/// The browser and the driver of a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Environment {
    /// Name.
    pub browser: String,
    /// Version.
    pub browser_version: String,
    /// Name and version.
    pub driver: String,
    /// The browser's command line options.
    pub arguments: Vec<String>,
}

/// Jobs, taken by whichever worker is free.
pub type Jobs = Arc<Mutex<mpsc::UnboundedReceiver<Job>>>;

/// Works until there are no more jobs, then ends its session.
pub async fn work(jobs: Jobs, stage: Arc<Stage>, sessions: Arc<Sessions>, done: mpsc::UnboundedSender<Attempt>) {
    let mut session: Option<Session> = None;
    loop {
        let Some(job) = jobs.lock().await.recv().await else { break };
        if job.fresh
            && let Some(used) = session.take()
        {
            used.close().await;
        }
        let opening = Instant::now();
        let opened = match session.take() {
            Some(kept) => Ok(kept),
            None => sessions.open().await,
        };
        let opening = opening.elapsed();
        let mut attempt = Attempt {
            case: Arc::clone(&job.case),
            build: job.build.clone(),
            result: AttemptResult::NoSession(String::new()),
            took: Duration::ZERO,
            session: opening,
            environment: None,
            label: String::new(),
        };
        let current = match opened {
            Ok(current) => current,
            Err(error) => {
                attempt.result = AttemptResult::NoSession(error.to_string());
                if done.send(attempt).is_err() {
                    break;
                }
                continue;
            }
        };
        attempt.environment = Some(environment_of(&current));
        let (case, build) = (Arc::clone(&job.case), job.build.clone());
        // In a task of its own, so that a panic of ours costs one case and not the run.
        session = match tokio::spawn(attend(job, current, Arc::clone(&stage), attempt, done.clone())).await {
            Ok(session) => session,
            Err(panic) => {
                let result = AttemptResult::Bug(panic.to_string());
                let _ = done.send(Attempt { case, build, result, took: Duration::ZERO, session: opening, environment: None, label: String::new() });
                None
            }
        };
    }
    if let Some(session) = session {
        session.close().await;
    }
}

/// Makes one attempt; gives the session back where it can be used again.
async fn attend(job: Job, session: Session, stage: Arc<Stage>, mut attempt: Attempt, done: mpsc::UnboundedSender<Attempt>) -> Option<Session> {
    let own = match stage.open(&job.case, &job.build).await {
        Ok(own) => own,
        Err(error) => {
            attempt.result = AttemptResult::Lost(error.to_string());
            let _ = done.send(attempt);
            return Some(session);
        }
    };
    attempt.label.clone_from(&own.label);
    let begun = Instant::now();
    let driven = drive(&job.case, &stage, &own, &session, job.fresh).await;
    attempt.took = begun.elapsed();
    match driven {
        Ok(driven) => {
            let settle = stage.profile.waits.settle() * job.patience;
            tokio::spawn(async move {
                // The quiet time in which late requests still count. The session is on another case already.
                tokio::time::sleep(settle).await;
                attempt.result = settled(driven, &own);
                stage.close(&own);
                // Nobody listens any more after an interruption.
                let _ = done.send(attempt);
            });
            Some(session)
        }
        Err(error) => {
            attempt.result = match &error {
                BrowserError::Hung(_) => AttemptResult::Hung(error.to_string()),
                _ => AttemptResult::Lost(error.to_string()),
            };
            stage.close(&own);
            let _ = done.send(attempt);
            // A hung page delays the end of its session; nobody needs to wait for that.
            tokio::spawn(session.close());
            None
        }
    }
}

fn settled(driven: Driven, own: &CaseStage) -> AttemptResult {
    let Driven { mut evidence, screenshot } = driven;
    evidence.requests = own.account.requests();
    evidence.scripts = own.shop.fetches();
    AttemptResult::Evidence(Box::new(evidence), screenshot)
}

fn environment_of(session: &Session) -> Environment {
    Environment {
        browser: session.browser.0.clone(),
        browser_version: session.browser.1.clone(),
        driver: session.driver.clone(),
        arguments: session.arguments.clone(),
    }
}
