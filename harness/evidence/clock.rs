use std::fmt;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

/// Milliseconds since the case began.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Millis(pub f64);

impl fmt::Display for Millis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:+.0} ms", self.0)
    }
}

/// How far the wall clock of a browser is ahead of ours, in milliseconds; negative where it is
/// behind. Nothing where both are of one machine.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Ahead(pub f64);

/// The one clock of a case. The wall clock of the browser is laid over it.
#[derive(Debug, Clone, Copy)]
pub struct Clock {
    start: Instant,
    /// By the browser's clock.
    start_epoch_ms: f64,
}

impl Clock {
    /// Begins now, in a case whose browser has our wall clock.
    pub fn start() -> Self {
        Self::start_in(Ahead::default())
    }

    /// Begins now, in a case whose browser has a wall clock like this.
    pub fn start_in(browser: Ahead) -> Self {
        Self {
            start: Instant::now(),
            start_epoch_ms: epoch_ms() + browser.0,
        }
    }

    /// Now.
    pub fn now(&self) -> Millis {
        Millis(round(self.start.elapsed().as_secs_f64() * 1000.0))
    }

    /// A time the browser gave as milliseconds since 1970.
    pub fn at_epoch_ms(&self, epoch_ms: f64) -> Millis {
        Millis(round(epoch_ms - self.start_epoch_ms))
    }

    /// The other way round.
    pub fn epoch_ms_of(&self, at: Millis) -> f64 {
        self.start_epoch_ms + at.0
    }
}

/// Now, in milliseconds since 1970, by the wall clock of this machine.
pub fn epoch_ms() -> f64 {
    let epoch = SystemTime::now().duration_since(UNIX_EPOCH);
    epoch.unwrap_or_default().as_secs_f64() * 1000.0
}

fn round(ms: f64) -> f64 {
    (ms * 100.0).round() / 100.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browser_time_maps_to_case_time() {
        const ROUNDED: f64 = 1.0;
        let clock = Clock::start();
        // The case has lasted a while, without anybody having waited.
        let clock = Clock {
            start: clock
                .start
                .checked_sub(std::time::Duration::from_secs(90))
                .unwrap_or(clock.start),
            start_epoch_ms: clock.start_epoch_ms - 90_000.0,
        };
        let (before, browser, after) = (clock.now(), clock.at_epoch_ms(epoch_ms()), clock.now());
        assert!(
            before.0 - ROUNDED <= browser.0 && browser.0 <= after.0 + ROUNDED,
            "{before} {browser} {after}"
        );
    }

    #[test]
    fn time_of_a_browser_whose_clock_is_wrong_maps_to_case_time() {
        const TEN_MINUTES: f64 = 600_000.0;
        for ahead in [TEN_MINUTES, -TEN_MINUTES] {
            let clock = Clock::start_in(Ahead(ahead));
            let browser = clock.at_epoch_ms(epoch_ms() + ahead);
            assert!((0.0..1_000.0).contains(&browser.0), "{browser}");
        }
    }

    #[test]
    fn browser_time_round_trips() {
        let clock = Clock::start();
        let browser = epoch_ms() + 1234.5;
        assert!((clock.epoch_ms_of(clock.at_epoch_ms(browser)) - browser).abs() < 0.01);
    }

    #[test]
    fn clock_begins_at_zero() {
        let before = epoch_ms();
        let clock = Clock::start();
        assert!(clock.at_epoch_ms(before).0 <= 1.0 && clock.now().0 >= 0.0);
    }

    #[test]
    fn times_are_rounded_and_shown_with_a_sign() {
        assert_eq!(
            [1.234, 1.236, -0.004].map(|ms| Millis(round(ms))),
            [1.23, 1.24, 0.0].map(Millis)
        );
        assert_eq!(
            [Millis(1.6).to_string(), Millis(-3.0).to_string()],
            ["+2 ms", "-3 ms"]
        );
    }
}
