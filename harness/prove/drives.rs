//! Drives one case on one build for a caller that waits for it.

use std::collections::HashMap;
use std::sync::Arc;

use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

use super::attempt::LOST;
use crate::contract::{CheckId, Level, Register};
use crate::evidence::{AttemptResult, Evidence};
use crate::judge::judge;
use crate::plan::{Case, CaseCheck};
use crate::run::{Attempt, Job};
use crate::run::{Crew, Interrupt, SessionError, Sessions, Stage};
use crate::sdk::{Build, Installation, Snippet};

/// Browsers that drive what they are asked to.
#[derive(Debug)]
pub struct Drives {
    stage: Arc<Stage>,
    snippet: Snippet,
    register: Register,
    jobs: mpsc::UnboundedSender<(Job, oneshot::Sender<Attempt>)>,
    crew: JoinHandle<()>,
}

/// What one drive of a case on a build left behind.
#[derive(Debug)]
pub struct Drive {
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
    /// Starts `workers` workers with a session each.
    ///
    /// # Errors
    /// If no browser session can be had.
    pub async fn start(
        stage: Arc<Stage>,
        snippet: Snippet,
        sessions: &Arc<Sessions>,
        register: Register,
        workers: usize,
        interrupt: &Interrupt,
    ) -> Result<Self, SessionError> {
        let (jobs, asked) = mpsc::unbounded_channel();
        let crew = Crew::start(&stage, sessions, workers, interrupt).await?;
        let crew = tokio::spawn(answer(crew, asked));
        Ok(Self {
            stage,
            snippet,
            register,
            jobs,
            crew,
        })
    }

    /// Drives `case` on `build`, again in a new session where one is lost. The name of a build
    /// identifies it.
    pub async fn drive(&self, case: &Arc<Case>, build: &Build) -> Result<Drive, NotDriven> {
        let binds =
            |check: &CaseCheck| self.register.level_of(&check.requirements) > Level::Observe;
        let mut lost = 0;
        loop {
            let attempt = self.attempt(case, build, lost > 0).await;
            let attempt = attempt.ok_or(NotDriven::Stopped)?;
            let (evidence, broken, hung) = match attempt.attempted.result {
                AttemptResult::Evidence(evidence, _) => {
                    let judged = judge(case, &evidence, &self.stage.profile)
                        .map_err(|bug| NotDriven::Failed(bug.to_string()))?;
                    let broken = judged
                        .into_iter()
                        .filter(|(_, finding)| finding.is_broken());
                    let broken = broken.map(|(check, _)| check).collect();
                    (evidence, broken, false)
                }
                AttemptResult::Hung(_, evidence) => (evidence, case.checks.iter().collect(), true),
                AttemptResult::Lost(why, _) | AttemptResult::NoSession(why) => {
                    lost += 1;
                    if lost >= LOST {
                        return Err(NotDriven::Failed(why));
                    }
                    continue;
                }
                AttemptResult::Bug(why) => return Err(NotDriven::Failed(why)),
            };
            let broken: Vec<&CaseCheck> = broken;
            let broken = broken.into_iter().filter(|check| binds(check));
            return Ok(Drive {
                broken: broken.map(|check| check.id.clone()).collect(),
                evidence,
                hung,
                took: attempt.attempted.took.as_secs_f64() * 1000.0,
            });
        }
    }

    async fn attempt(&self, case: &Arc<Case>, build: &Build, fresh: bool) -> Option<Attempt> {
        let installation = Installation {
            snippet: self.snippet.clone(),
            build: build.clone(),
        };
        let (answer, attempt) = oneshot::channel();
        let job = Job::first(Arc::clone(case), installation, fresh);
        self.jobs.send((job, answer)).ok()?;
        attempt.await.ok()
    }

    /// Ends the workers and their sessions.
    pub async fn end(self) {
        drop(self.jobs);
        // It ends by itself once the workers have.
        let _ = self.crew.await;
    }
}

/// Hands each attempt to whoever asked for it, until nobody asks any more or the workers stop.
async fn answer(
    mut crew: Crew,
    mut asked: mpsc::UnboundedReceiver<(Job, oneshot::Sender<Attempt>)>,
) {
    let key = |installation: &Installation, case: &Case| {
        (installation.build.source.clone(), case.id.clone())
    };
    let mut waiting = HashMap::new();
    loop {
        tokio::select! {
            asked = asked.recv() => {
                let Some((job, answer)) = asked else { break };
                waiting.insert(key(&job.installation, &job.case), answer);
                crew.put(job);
            }
            attempt = crew.next() => {
                let Some(attempt) = attempt else { break };
                if let Some(answer) = waiting.remove(&key(&attempt.installation, &attempt.case)) {
                    // Nobody waits any more after an interruption.
                    let _ = answer.send(attempt);
                }
            }
        }
    }
    drop((waiting, asked));
    crew.end().await;
}
