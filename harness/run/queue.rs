//! The jobs that wait for a worker.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::{Semaphore, watch};

use super::job::Job;

/// Jobs that wait for a worker: those that decide about a failure come first.
#[derive(Debug)]
pub struct JobQueue {
    waiting: Mutex<Waiting>,
    /// A permit for each job that waits; closed once no more will come.
    count: Semaphore,
    /// Whether it is closed.
    closed: watch::Sender<bool>,
}

#[derive(Debug, Default)]
struct Waiting {
    urgent: VecDeque<Job>,
    others: VecDeque<Job>,
}

impl Default for JobQueue {
    fn default() -> Self {
        Self {
            waiting: Mutex::default(),
            count: Semaphore::new(0),
            closed: watch::Sender::new(false),
        }
    }
}

impl JobQueue {
    /// Adds a job behind those that wait.
    pub fn put(&self, job: Job) {
        self.lock().others.push_back(job);
        self.count.add_permits(1);
    }

    /// Adds a job before those that are not urgent.
    pub fn put_urgent(&self, job: Job) {
        self.lock().urgent.push_back(job);
        self.count.add_permits(1);
    }

    /// The next job; `None` once the queue is closed.
    pub async fn next(&self) -> Option<Job> {
        loop {
            self.count.acquire().await.ok()?.forget();
            let mut waiting = self.lock();
            let job = waiting.urgent.pop_front();
            // None where it was withdrawn meanwhile.
            if let Some(job) = job.or_else(|| waiting.others.pop_front()) {
                return Some(job);
            }
        }
    }

    /// Takes back the jobs that are not urgent and that no worker has begun, in their order.
    pub fn withdraw(&self) -> Vec<Job> {
        self.lock().others.drain(..).collect()
    }

    /// Takes back those of the urgent jobs whose case has one of these ids and that no worker has
    /// begun; returns the ids.
    pub fn cancel(&self, ids: &[String]) -> Vec<String> {
        let mut waiting = self.lock();
        let jobs = std::mem::take(&mut waiting.urgent);
        let is_meant = |job: &Job| ids.contains(&job.case.id);
        let (meant, others): (VecDeque<Job>, _) = jobs.into_iter().partition(is_meant);
        waiting.urgent = others;
        meant.into_iter().map(|job| job.case.id.clone()).collect()
    }

    /// No more jobs will come: workers that wait for one end.
    pub fn close(&self) {
        self.count.close();
        self.closed.send_replace(true);
    }

    /// Ends once no more jobs will come.
    pub async fn until_closed(&self) {
        let mut closed = self.closed.subscribe();
        // It ends, too, if the queue has gone.
        let _ = closed.wait_for(|closed| *closed).await;
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
