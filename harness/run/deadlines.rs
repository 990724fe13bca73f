//! How long waits need with this build, where they end well: what failing cases are given once the
//! build is known to fail.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::browser::COMMAND;
use crate::sdk::Waits;

/// A wait that failed may take so many times as long as the longest that ended well.
const FACTOR: u32 = 4;

/// Fewer waits than this show nothing.
const ENOUGH: usize = 10;

/// What did not come in time, or needs what did not, is not waited for a second time as long.
pub const AGAIN: Duration = Duration::from_millis(500);

/// No deadline gets shorter: a machine may be busy for a moment.
const SHORTEST_WAIT: Duration = Duration::from_millis(500);

/// As `SHORTEST_WAIT`, of a command to the browser.
const SHORTEST_COMMAND: Duration = Duration::from_secs(3);

/// How long the waits of an attempt may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeadlineMode {
    /// Every wait may take what the profile says.
    Full,
    /// Waits may take what they took where the build worked. What they show counts only where it
    /// looks like failures that were confirmed with full deadlines.
    Short,
}

/// What waits took that ended well, shared by all workers of a run.
#[derive(Debug, Default)]
pub struct WaitTimes {
    samples: Mutex<Samples>,
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
    /// Takes in a wait that ended well.
    pub fn add(&mut self, took: Duration) {
        self.count += 1;
        self.longest = self.longest.max(took);
    }

    /// How long such a wait may take, of `full` at most.
    fn deadline(self, full: Duration, shortest: Duration) -> Duration {
        if self.count < ENOUGH {
            return full;
        }
        full.min(shortest.max(self.longest * FACTOR))
    }
}

/// The deadlines of one attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deadlines {
    /// For readiness.
    pub ready: Duration,
    /// For the record of expected events.
    pub recorded: Duration,
    /// For a command to the browser.
    pub command: Duration,
}

impl Deadlines {
    /// These for this build: what it holds until it is ready has as long as that takes on top, and
    /// all of them are shortened as `mode` and the samples allow.
    pub fn of_build(self, mode: DeadlineMode, samples: Samples) -> Self {
        let recorded = self.recorded + samples.ready.longest.min(self.ready);
        match mode {
            DeadlineMode::Full => Self { recorded, ..self },
            DeadlineMode::Short => Self {
                ready: samples.ready.deadline(self.ready, SHORTEST_WAIT),
                recorded: samples.recorded.deadline(recorded, SHORTEST_WAIT),
                command: samples.command.deadline(self.command, SHORTEST_COMMAND),
            },
        }
    }
}

impl Deadlines {
    /// Those of a build that nothing is known of.
    pub fn full(waits: &Waits) -> Self {
        Self {
            ready: waits.ready(),
            recorded: waits.recorded(),
            command: COMMAND,
        }
    }
}

impl WaitTimes {
    /// Takes in the samples of an attempt.
    pub fn note(&self, note: impl FnOnce(&mut Samples)) {
        note(&mut self.lock());
    }

    /// The samples so far.
    pub fn samples(&self) -> Samples {
        *self.lock()
    }

    fn lock(&self) -> MutexGuard<'_, Samples> {
        self.samples.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FULL: Deadlines = Deadlines {
        ready: Duration::from_secs(5),
        recorded: Duration::from_secs(3),
        command: Duration::from_secs(12),
    };

    fn samples(count: usize, took_ms: u64) -> Samples {
        let mut longest = Longest::default();
        for _ in 0..count {
            longest.add(Duration::from_millis(took_ms));
        }
        Samples {
            ready: longest,
            recorded: longest,
            command: longest,
            survives_errors: false,
        }
    }

    fn short(samples: Samples) -> Deadlines {
        FULL.of_build(DeadlineMode::Short, samples)
    }

    #[test]
    fn full_deadlines_are_those_of_the_profile() {
        let known = Samples::default();
        assert_eq!(FULL.of_build(DeadlineMode::Full, known), FULL);
    }

    #[test]
    fn build_that_is_ready_late_has_that_time_on_top() {
        let deadlines = FULL.of_build(DeadlineMode::Full, samples(1, 4000));
        assert_eq!(deadlines.recorded, Duration::from_secs(7));
    }

    #[test]
    fn few_samples_shorten_nothing() {
        let few = samples(ENOUGH - 1, 1);
        assert_eq!(short(few), FULL.of_build(DeadlineMode::Full, few));
    }

    #[test]
    fn quick_build_gets_the_shortest_deadlines() {
        let deadlines = short(samples(ENOUGH, 10));
        assert_eq!(deadlines.recorded, SHORTEST_WAIT);
        assert_eq!(deadlines.command, SHORTEST_COMMAND);
    }

    #[test]
    fn slower_build_or_machine_gets_longer_deadlines() {
        let deadlines = short(samples(ENOUGH, 500));
        assert_eq!(deadlines.recorded, Duration::from_secs(2));
    }

    #[test]
    fn short_deadline_never_exceeds_the_full_one() {
        let slow = samples(ENOUGH, 4000);
        assert_eq!(short(slow), FULL.of_build(DeadlineMode::Full, slow));
    }

    #[test]
    fn one_slow_wait_decides() {
        let mut slow = samples(ENOUGH, 10);
        slow.recorded.add(Duration::from_millis(600));
        assert_eq!(short(slow).recorded, Duration::from_millis(2400));
    }
}
