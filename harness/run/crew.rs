//! The workers, and the way to and from them.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::task::JoinSet;

use super::events::Interrupt;
use super::job::{Attempt, Job, Message};
use super::proxied::Proxied;
use super::queue::JobQueue;
use super::sessions::{SessionError, Sessions};
use super::stage::Stage;
use super::worker::Worker;

/// How long the end waits for a Grid to open what it was asked for, and to end what it opened.
const LEAVE: Duration = Duration::from_secs(10);

/// Workers that take jobs, each on a session that it keeps from job to job.
#[derive(Debug)]
pub struct Crew {
    jobs: Arc<JobQueue>,
    stage: Arc<Stage>,
    sessions: Arc<Sessions>,
    stop: Interrupt,
    /// Weak, as there is no more to receive once the workers have ended.
    done: mpsc::WeakUnboundedSender<Message>,
    messages: mpsc::UnboundedReceiver<Message>,
    workers: JoinSet<()>,
}

impl Crew {
    /// So many workers, at least one, once a browser session can be had, on which the first of them
    /// goes on. They stop at once when `stop` becomes true.
    ///
    /// # Errors
    /// If none can be had: then nothing else is worth a try.
    pub async fn start(
        stage: &Arc<Stage>,
        sessions: &Arc<Sessions>,
        count: usize,
        stop: &Interrupt,
    ) -> Result<Self, SessionError> {
        let mut stopped = stop.clone();
        let needs = BTreeSet::new();
        let first = tokio::select! {
            opened = Proxied::open(stage, sessions, &needs) => Some(opened?),
            _ = stopped.wait_for(|stop| *stop) => None,
        };
        Ok(Self::start_on(first, stage, sessions, count, stop))
    }

    fn start_on(
        mut first: Option<Proxied>,
        stage: &Arc<Stage>,
        sessions: &Arc<Sessions>,
        count: usize,
        stop: &Interrupt,
    ) -> Self {
        let jobs = Arc::new(JobQueue::default());
        let (done, messages) = mpsc::unbounded_channel();
        let mut crew = Self {
            jobs,
            stage: Arc::clone(stage),
            sessions: Arc::clone(sessions),
            stop: stop.clone(),
            done: done.downgrade(),
            messages,
            workers: JoinSet::new(),
        };
        for _ in 0..crew.at_most(count).max(1) {
            crew.add_worker(done.clone(), first.take());
        }
        crew
    }

    /// A worker without a session would only wait for one.
    fn at_most(&self, count: usize) -> usize {
        self.sessions.most().map_or(count, |most| most.min(count))
    }

    fn add_worker(&mut self, done: mpsc::UnboundedSender<Message>, on: Option<Proxied>) {
        let worker = Worker {
            jobs: Arc::clone(&self.jobs),
            stage: Arc::clone(&self.stage),
            sessions: Arc::clone(&self.sessions),
            done,
            stop: self.stop.clone(),
        };
        self.workers.spawn(worker.work(on));
    }

    /// Adds workers until there are so many.
    pub fn grow_to(&mut self, count: usize) {
        let count = self.at_most(count);
        // Where all have ended, the run is at its end.
        while let Some(done) = self.done.upgrade().filter(|_| self.workers.len() < count) {
            self.add_worker(done, None);
        }
    }

    /// Gives a job to whichever worker is free first.
    pub fn put(&self, job: Job) {
        self.jobs.put(job);
    }

    /// As `put`, before all jobs that were not put so.
    pub fn put_urgent(&self, job: Job) {
        self.jobs.put_urgent(job);
    }

    /// Takes back the jobs that are not urgent and that nobody has begun, in their order.
    pub fn withdraw(&self) -> Vec<Job> {
        self.jobs.withdraw()
    }

    /// Takes back those of the urgent jobs whose case has one of these ids and that nobody has
    /// begun; returns the ids.
    pub fn cancel(&self, ids: &[String]) -> Vec<String> {
        self.jobs.cancel(ids)
    }

    /// What came of a job, in the order in which they end; `None` once there are no workers any
    /// more.
    pub async fn next(&mut self) -> Option<Attempt> {
        loop {
            match self.next_message().await? {
                Message::Begun(..) | Message::LooksGood(..) | Message::Unreached(_) => {}
                Message::Ended(attempt) => return Some(*attempt),
            }
        }
    }

    /// As `next`, with what else workers report.
    pub(super) async fn next_message(&mut self) -> Option<Message> {
        self.messages.recv().await
    }

    /// Ends the workers and every session they have.
    pub async fn end(mut self) {
        // Workers that wait for a job end now.
        self.jobs.close();
        while self.workers.join_next().await.is_some() {}
        // A worker may have been in the queue of a Grid, which now has room.
        self.sessions.until_none_is_left(LEAVE).await;
    }
}
