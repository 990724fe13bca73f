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

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use std::sync::Arc;

    use futures_util::FutureExt as _;

    use super::*;
    use crate::input::Files;
    use crate::plan::{Case, Patterns};
    use crate::scenario::Suite;
    use crate::sdk::Installation;

    /// Jobs of so many cases.
    fn jobs(count: usize) -> Vec<Job> {
        let files = Files::default();
        let suite = Suite::load(&files).unwrap();
        let cases = suite.plan(&mut Patterns::new(&[])).into_iter();
        let reference = Installation::reference(&files).unwrap();
        let job = |case: Case| Job::first(Arc::new(case), reference.clone(), false);
        cases.take(count).map(job).collect()
    }

    fn ids(jobs: &[Job]) -> Vec<String> {
        jobs.iter().map(|job| job.case.id.clone()).collect()
    }

    /// The id of the next job; `None` where a worker would have to wait.
    fn next(queue: &JobQueue) -> Option<String> {
        let job = queue.next().now_or_never()?;
        Some(job.unwrap().case.id.clone())
    }

    #[test]
    fn urgent_jobs_come_first_and_each_kind_in_its_order() {
        let queue = JobQueue::default();
        let jobs = jobs(4);
        let [a, b, c, d] = ids(&jobs).try_into().unwrap();
        let mut jobs = jobs.into_iter();
        queue.put(jobs.next().unwrap());
        queue.put(jobs.next().unwrap());
        queue.put_urgent(jobs.next().unwrap());
        queue.put_urgent(jobs.next().unwrap());
        let taken: Vec<_> = std::iter::from_fn(|| next(&queue)).collect();
        assert_eq!(taken, [c, d, a, b]);
    }

    #[test]
    fn withdrawn_job_is_given_to_nobody_and_later_ones_are() {
        let queue = JobQueue::default();
        let jobs = jobs(2);
        let [first, second] = ids(&jobs).try_into().unwrap();
        let mut jobs = jobs.into_iter();
        queue.put(jobs.next().unwrap());
        assert_eq!(ids(&queue.withdraw()), [first]);
        assert_eq!(next(&queue), None);
        queue.put(jobs.next().unwrap());
        assert_eq!(next(&queue), Some(second));
    }

    #[test]
    fn only_urgent_jobs_of_the_cases_named_are_cancelled() {
        let queue = JobQueue::default();
        let jobs = jobs(3);
        let [a, b, c] = ids(&jobs).try_into().unwrap();
        let mut jobs = jobs.into_iter();
        queue.put_urgent(jobs.next().unwrap());
        queue.put_urgent(jobs.next().unwrap());
        queue.put(jobs.next().unwrap());
        assert_eq!(queue.cancel(&[b.clone(), c.clone()]), [b]);
        let taken: Vec<_> = std::iter::from_fn(|| next(&queue)).collect();
        assert_eq!(taken, [a, c]);
    }

    #[test]
    fn closed_queue_ends_those_who_wait() {
        let queue = JobQueue::default();
        queue.close();
        assert!(queue.next().now_or_never().unwrap().is_none());
        assert!(queue.until_closed().now_or_never().is_some());
    }
}
