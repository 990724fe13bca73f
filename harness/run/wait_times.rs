//! What waits take with this build, where they end well.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::watch;

use super::never::NeverRecorded;

/// A wait that failed may take so many times as long as the longest that ended well.
const FACTOR: u32 = 4;

/// Fewer waits than this show nothing.
pub(super) const ENOUGH: usize = 10;

/// What waits took that ended well, shared by all workers of a run.
#[derive(Debug, Default)]
pub struct WaitTimes {
    samples: Mutex<Samples>,
    never: Mutex<NeverRecorded>,
    /// How many pages were not ready when a build that works is.
    doubts: watch::Sender<usize>,
}

/// The samples, by what was waited for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Samples {
    /// Readiness.
    pub ready: Longest,
    /// The record of expected events.
    pub recorded: Longest,
    /// The answer to one command of the browser; one sample an attempt.
    pub command: Longest,
    /// The build became ready some time after its script had thrown: an error decides nothing.
    pub survives_errors: bool,
}

/// The longest of some waits.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Longest {
    count: usize,
    longest: Duration,
}

impl Longest {
    /// That wait; none where nothing was waited for.
    pub fn longest(self) -> Duration {
        self.longest
    }

    /// Takes in a wait that ended well.
    pub fn add(&mut self, took: Duration) {
        self.count += 1;
        self.longest = self.longest.max(took);
    }

    /// The longest of these and those.
    fn and(self, others: Self) -> Self {
        Self {
            count: self.count + others.count,
            longest: self.longest.max(others.longest),
        }
    }

    /// How long such a wait may take, of `full` at most.
    pub fn deadline(self, full: Duration, shortest: Duration) -> Duration {
        self.times(FACTOR, full, shortest)
    }

    /// So many times the longest, of `full` at most.
    pub fn times(self, factor: u32, full: Duration, shortest: Duration) -> Duration {
        if self.count < ENOUGH {
            return full;
        }
        full.min(shortest.max(self.longest * factor))
    }
}

impl Samples {
    /// These, with those of a build that differs in next to nothing. What it does after an error
    /// of its own, the other does not show.
    pub fn and(self, others: Self) -> Self {
        Self {
            ready: self.ready.and(others.ready),
            recorded: self.recorded.and(others.recorded),
            command: self.command.and(others.command),
            survives_errors: self.survives_errors,
        }
    }
}

impl WaitTimes {
    /// Takes in the samples of an attempt.
    pub fn note(&self, note: impl FnOnce(&mut Samples)) {
        note(&mut self.lock());
    }

    /// Those of a build that differs from this one in next to nothing, and that nothing is known
    /// of yet.
    #[must_use]
    pub fn of_a_variant(&self) -> Self {
        let known = Samples::default().and(self.samples());
        let waits = Self::default();
        waits.note(|samples| *samples = known);
        waits
    }

    /// The samples so far.
    pub fn samples(&self) -> Samples {
        *self.lock()
    }

    /// Notes that a page is not ready after `waited`, where a build that works is. One that was
    /// ready after a longer time is only slow.
    pub fn doubt(&self, waited: Duration) {
        if waited > self.samples().ready.longest {
            self.doubts.send_modify(|count| *count += 1);
        }
    }

    /// Sees whether [`Self::doubt`] is called from now on.
    pub fn doubts(&self) -> watch::Receiver<usize> {
        self.doubts.subscribe()
    }

    /// Which events this build never gets recorded.
    pub fn never(&self) -> MutexGuard<'_, NeverRecorded> {
        self.never.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn lock(&self) -> MutexGuard<'_, Samples> {
        self.samples.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn page_is_doubted_where_no_other_took_as_long() {
        let waits = WaitTimes::default();
        let doubts = waits.doubts();
        waits.note(|samples| samples.ready.add(Duration::from_secs(4)));
        waits.doubt(Duration::from_millis(500));
        assert!(doubts.has_changed().is_ok_and(|changed| !changed));
        waits.doubt(Duration::from_secs(5));
        assert!(doubts.has_changed().is_ok_and(|changed| changed));
    }
}
