//! The workers, and the way to and from them.

use std::sync::Arc;

use tokio::sync::{Mutex, mpsc};
use tokio::task::JoinSet;

use super::events::Interrupt;
use super::sessions::Sessions;
use super::stage::Stage;
use super::worker::{Attempt, Job, Worker};

/// Workers that take jobs, each on a session that it keeps from job to job.
#[derive(Debug)]
pub struct Crew {
    jobs: mpsc::UnboundedSender<Job>,
    attempts: mpsc::UnboundedReceiver<Attempt>,
    workers: JoinSet<()>,
}

impl Crew {
    /// So many workers, at least one. They stop at once when `stop` becomes true.
    pub fn start(
        stage: &Arc<Stage>,
        sessions: &Arc<Sessions>,
        count: usize,
        stop: &Interrupt,
    ) -> Self {
        let (jobs, queue) = mpsc::unbounded_channel();
        let (done, attempts) = mpsc::unbounded_channel();
        let worker = Worker {
            jobs: Arc::new(Mutex::new(queue)),
            stage: Arc::clone(stage),
            sessions: Arc::clone(sessions),
            done,
            stop: stop.clone(),
        };
        let mut workers = JoinSet::new();
        for _ in 0..count.max(1) {
            workers.spawn(worker.clone().work());
        }
        Self {
            jobs,
            attempts,
            workers,
        }
    }

    /// Gives a job to whichever worker is free first.
    pub fn put(&self, job: Job) {
        // Without workers, after an interruption, nobody waits for what would come of it.
        drop(self.jobs.send(job));
    }

    /// What came of a job, in the order in which they end; `None` once there are no workers any
    /// more.
    pub async fn next(&mut self) -> Option<Attempt> {
        self.attempts.recv().await
    }

    /// Ends the workers and every session they have.
    pub async fn end(mut self) {
        // Workers that wait for a job end now.
        drop(self.jobs);
        while self.workers.join_next().await.is_some() {}
    }
}
