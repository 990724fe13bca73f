//! How long waits need with this build, where they end well: what failing cases are given once the
//! build is known to fail.

use std::time::Duration;

use super::wait_times::Samples;
use crate::browser::COMMAND;
use crate::plan::Case;
use crate::sdk::Waits;

/// What needs an SDK that is not ready is not waited for as long.
pub const AGAIN: Duration = Duration::from_millis(500);

/// An event that did not come in time is not waited for a second time as long.
pub const OVERDUE: Duration = Duration::from_millis(100);

/// No deadline gets shorter: a machine may be busy for a moment.
const SHORTEST_WAIT: Duration = Duration::from_millis(500);

/// As `SHORTEST_WAIT`, of an event that this build never gets recorded.
const SHORTEST_FOR_LOST: Duration = Duration::from_millis(200);

/// As `SHORTEST_WAIT`, of a command to the browser.
const SHORTEST_COMMAND: Duration = Duration::from_secs(3);

/// A page is there by then, or something keeps it: the shop's files and the build come from the
/// harness itself, and only a machine with far more work than cores needs seconds for that.
const PAGE: Duration = Duration::from_secs(15);

/// How long the waits of an attempt may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeadlineMode {
    /// Every wait may take what the profile says, and a page as long as `PAGE`.
    Full,
    /// As `Full`, but for events that this build never gets recorded.
    ShortForLost,
    /// Waits may take what they took where the build worked. What they show counts only where it
    /// looks like failures that were confirmed with full deadlines.
    Short,
}

impl DeadlineMode {
    /// How long `case` is waited for on a build that is known to fail, or to be like one whose
    /// waits are known.
    pub fn of_known_build(case: &Case) -> Self {
        // The waits of other browsers say nothing of one that a case needs.
        if needs_full(case) || !case.needs().is_empty() {
            Self::ShortForLost
        } else {
            Self::Short
        }
    }
}

/// Whether what a shortened wait of this case shows would prove nothing.
pub(super) fn needs_full(case: &Case) -> bool {
    let mut checks = case.checks.iter();
    // Nobody would see that a value was read too early.
    let observes = checks.any(|check| check.question.facts().is_observation);
    observes || case.disturbs_backend()
}

/// The deadlines of one attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deadlines {
    /// For another page, until it has loaded.
    pub page: Duration,
    /// For readiness.
    pub ready: Duration,
    /// For the record of expected events.
    pub recorded: Duration,
    /// The same, of events that this build never gets recorded.
    pub lost: Duration,
    /// For a command to the browser.
    pub command: Duration,
}

impl Deadlines {
    /// These for this build: what it holds until it is ready has as long as that takes on top, and
    /// all of them are shortened as `mode` and the samples allow.
    pub fn of_build(self, mode: DeadlineMode, samples: Samples) -> Self {
        let recorded = self.recorded + samples.ready.longest().min(self.ready);
        let short = samples.recorded.deadline(recorded, SHORTEST_WAIT);
        // Nothing like it ever came: what others needed is time enough.
        let lost = samples.recorded.times(1, recorded, SHORTEST_FOR_LOST);
        match mode {
            DeadlineMode::Full => Self {
                recorded,
                lost: recorded,
                ..self
            },
            DeadlineMode::ShortForLost => Self {
                recorded,
                lost,
                ..self
            },
            DeadlineMode::Short => Self {
                page: samples.ready.deadline(self.page, self.ready),
                ready: samples.ready.deadline(self.ready, SHORTEST_WAIT),
                recorded: short,
                lost,
                command: samples.command.deadline(self.command, SHORTEST_COMMAND),
            },
        }
    }
}

impl Deadlines {
    /// Those of a build that nothing is known of.
    pub fn full(waits: &Waits) -> Self {
        Self {
            page: PAGE.max(waits.ready()),
            ready: waits.ready(),
            recorded: waits.recorded(),
            lost: waits.recorded(),
            command: COMMAND,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::wait_times::{ENOUGH, Longest};
    use super::*;

    const FULL: Deadlines = Deadlines {
        page: PAGE,
        ready: Duration::from_secs(5),
        recorded: Duration::from_secs(3),
        lost: Duration::from_secs(3),
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
    fn only_lost_events_have_less_where_the_rest_is_full() {
        let deadlines = FULL.of_build(DeadlineMode::ShortForLost, samples(ENOUGH, 10));
        assert_eq!(deadlines.lost, SHORTEST_FOR_LOST);
        assert_eq!(deadlines.command, FULL.command);
        assert!(deadlines.recorded >= FULL.recorded);
    }

    #[test]
    fn lost_events_have_the_time_that_others_needed() {
        let deadlines = short(samples(ENOUGH, 700));
        assert_eq!(deadlines.lost, Duration::from_millis(700));
        assert_eq!(deadlines.recorded, Duration::from_millis(2800));
    }

    #[test]
    fn slower_build_or_machine_gets_longer_deadlines() {
        let deadlines = short(samples(ENOUGH, 500));
        assert_eq!(deadlines.recorded, Duration::from_secs(2));
    }

    #[test]
    fn short_deadline_never_exceeds_the_full_one() {
        let slow = samples(ENOUGH, 4000);
        let expected = Deadlines {
            lost: Duration::from_secs(4),
            ..FULL.of_build(DeadlineMode::Full, slow)
        };
        assert_eq!(short(slow), expected);
    }

    #[test]
    fn page_of_a_quick_build_has_as_long_as_readiness_had() {
        assert_eq!(short(samples(ENOUGH, 10)).page, FULL.ready);
        let lost = FULL.of_build(DeadlineMode::ShortForLost, samples(ENOUGH, 10));
        assert_eq!(lost.page, PAGE);
    }

    #[test]
    fn one_slow_wait_decides() {
        let mut slow = samples(ENOUGH, 10);
        slow.recorded.add(Duration::from_millis(600));
        assert_eq!(short(slow).recorded, Duration::from_millis(2400));
    }
}
