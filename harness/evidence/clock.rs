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

/// The one clock of a case. The browser runs on the same machine, so its wall clock can be laid over it.
#[derive(Debug, Clone, Copy)]
pub struct Clock {
    start: Instant,
    start_epoch_ms: f64,
}

impl Clock {
    /// Begins now.
    #[must_use]
    pub fn start() -> Self {
        let epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self { start: Instant::now(), start_epoch_ms: epoch.as_secs_f64() * 1000.0 }
    }

    /// Now.
    #[must_use]
    pub fn now(&self) -> Millis {
        Millis(round(self.start.elapsed().as_secs_f64() * 1000.0))
    }

    /// A time the browser gave as milliseconds since 1970.
    #[must_use]
    pub fn at_epoch_ms(&self, epoch_ms: f64) -> Millis {
        Millis(round(epoch_ms - self.start_epoch_ms))
    }
}

fn round(ms: f64) -> f64 {
    (ms * 100.0).round() / 100.0
}
