//! Drives one case on one build for a caller that waits for it.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError};

use tokio::sync::{Mutex, mpsc, oneshot};
use tokio::task::{JoinHandle, JoinSet};

use crate::contract::{CheckId, Level, Register};
use crate::evidence::{AttemptResult, Evidence};
use crate::judge::judge;
use crate::plan::Case;
use crate::run::Interrupt;
use crate::run::Sessions;
use crate::run::Stage;
use crate::run::worker::{Attempt, Job, Worker};
use crate::sdk::{Build, Installation, Snippet};

/// After so many lost sessions a case is given up: the machine is at fault.
const LOST: usize = 3;

/// Who waits for which case on which build; `None` once nothing will come any more.
type Waiting = Arc<std::sync::Mutex<Option<HashMap<(String, String), oneshot::Sender<Attempt>>>>>;

/// Browsers that drive what they are asked to.
#[derive(Debug)]
pub struct Drives {
    stage: Arc<Stage>,
    snippet: Snippet,
    register: Register,
    jobs: mpsc::UnboundedSender<Job>,
    waiting: Waiting,
    workers: JoinHandle<()>,
}

/// What one drive of a case on a build left behind.
#[derive(Debug)]
pub struct Drive {
    /// The evidence.
    pub evidence: Box<Evidence>,
    /// The checks of a `must` or `should` that broke.
    pub broken: Vec<CheckId>,
    /// Whether the page stopped answering. A page on a busy machine may do so, too.
    pub hung: bool,
    /// Milliseconds.
    pub took: f64,
}

/// Why a case could not be driven.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotDriven {
    /// The machine, or the harness itself.
    #[error("{0}")]
    Failed(String),
    /// It was interrupted.
    #[error("it was stopped before its end")]
    Stopped,
}

impl Drives {
    /// Starts `workers` sessions' workers.
    pub fn start(
        stage: Arc<Stage>,
        snippet: Snippet,
        sessions: &Arc<Sessions>,
        register: Register,
        workers: usize,
        interrupt: &Interrupt,
    ) -> Self {
        let (jobs, queue) = mpsc::unbounded_channel();
        let (done, mut attempts) = mpsc::unbounded_channel::<Attempt>();
        let queue = Arc::new(Mutex::new(queue));
        let mut own = JoinSet::new();
        for _ in 0..workers {
            let (jobs, stage, sessions) =
                (Arc::clone(&queue), Arc::clone(&stage), Arc::clone(sessions));
            own.spawn(
                Worker {
                    jobs,
                    stage,
                    sessions,
                    done: done.clone(),
                    stop: interrupt.clone(),
                }
                .work(),
            );
        }
        drop(done);
        let waiting: Waiting = Arc::new(std::sync::Mutex::new(Some(HashMap::new())));
        let answered = Arc::clone(&waiting);
        let workers = tokio::spawn(async move {
            while let Some(attempt) = attempts.recv().await {
                let key = (
                    attempt.installation.build.source.clone(),
                    attempt.case.id.clone(),
                );
                let asker = answered
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .as_mut()
                    .and_then(|waiting| waiting.remove(&key));
                if let Some(asker) = asker {
                    // Nobody waits any more after an interruption.
                    let _ = asker.send(attempt);
                }
            }
            answered
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .take();
            while own.join_next().await.is_some() {}
        });
        Self {
            stage,
            snippet,
            register,
            jobs,
            waiting,
            workers,
        }
    }

    /// Drives `case` on `build`, again in a new session where one is lost. The name of a build
    /// identifies it.
    pub async fn drive(&self, case: &Arc<Case>, build: &Build) -> Result<Drive, NotDriven> {
        let mut lost = 0;
        loop {
            let attempt = self
                .attempt(case, build, lost > 0)
                .await
                .ok_or(NotDriven::Stopped)?;
            let took = attempt.took.as_secs_f64() * 1000.0;
            match attempt.result {
                AttemptResult::Evidence(evidence, _) => {
                    let judged = judge(case, &evidence, &self.stage.profile)
                        .map_err(|bug| NotDriven::Failed(bug.to_string()))?
                        .into_iter()
                        .filter(|(_, finding)| finding.is_broken());
                    let broken = judged.filter(|(check, _)| {
                        self.register.level_of(&check.requirements) > Level::Observe
                    });
                    let broken = broken.map(|(check, _)| check.id.clone()).collect();
                    return Ok(Drive {
                        evidence,
                        broken,
                        hung: false,
                        took,
                    });
                }
                AttemptResult::Hung(_, evidence) => {
                    let judged = case.checks.iter().filter(|check| {
                        self.register.level_of(&check.requirements) > Level::Observe
                    });
                    return Ok(Drive {
                        evidence,
                        broken: judged.map(|check| check.id.clone()).collect(),
                        hung: true,
                        took,
                    });
                }
                AttemptResult::Lost(why, _) | AttemptResult::NoSession(why) if lost + 1 >= LOST => {
                    return Err(NotDriven::Failed(why));
                }
                AttemptResult::Lost(..) | AttemptResult::NoSession(_) => lost += 1,
                AttemptResult::Bug(why) => return Err(NotDriven::Failed(why)),
            }
        }
    }

    async fn attempt(&self, case: &Arc<Case>, build: &Build, fresh: bool) -> Option<Attempt> {
        let (answer, asked) = oneshot::channel();
        self.waiting
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .as_mut()?
            .insert((build.source.clone(), case.id.clone()), answer);
        let installation = Installation {
            snippet: self.snippet.clone(),
            build: build.clone(),
        };
        self.jobs
            .send(Job {
                case: Arc::clone(case),
                installation,
                fresh,
                picture: false,
                settle_factor: 1,
            })
            .ok()?;
        asked.await.ok()
    }

    /// Ends the workers and their sessions.
    pub async fn end(self) {
        drop(self.jobs);
        // It ends by itself once the workers have.
        let _ = self.workers.await;
    }
}
