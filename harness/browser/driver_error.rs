//! Why a driver does not run.

use std::fmt;
use std::io;
use std::process::ExitStatus;

use thiserror::Error;

/// The driver does not run. A fault of the machine.
#[derive(Debug, Error)]
pub enum DriverError {
    /// It cannot be started.
    #[error("cannot start {program}: {error}")]
    Start {
        /// The driver's path.
        program: String,
        /// Why not.
        error: io::Error,
    },
    /// It ended before it printed its port, or did not print it in time.
    #[error("{program} did not print the port that it listens on{fate}")]
    NoPort {
        /// The driver's path.
        program: String,
        /// What became of it.
        fate: Fate,
    },
    /// It ended, or did not come to listen in time.
    #[error("{program} did not listen at the port {port} that it was given{fate}")]
    Silent {
        /// The driver's path.
        program: String,
        /// The port.
        port: u16,
        /// What became of it.
        fate: Fate,
    },
}

/// What became of a driver that did not come to listen. Follows a sentence.
#[derive(Debug)]
pub struct Fate {
    /// How it ended, where it has.
    pub(super) ended: Option<ExitStatus>,
    /// The last that it printed.
    pub(super) printed: String,
    /// What it must be to know the command line that it was given.
    pub(super) needed: Option<&'static str>,
}

impl fmt::Display for Fate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(status) = self.ended {
            write!(f, ": it ended with {status}")?;
        }
        if let Some(needed) = self.needed {
            write!(f, "\n   needed:     {needed}")?;
        }
        match self.printed.as_str() {
            "" => write!(f, "\n   it printed nothing"),
            printed => {
                let printed = printed.replace('\n', "\n               ");
                write!(f, "\n   it printed: {printed}")
            }
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use super::*;
    use crate::browser::engine_named;

    #[test]
    fn needed_version_stands_in_the_message() {
        let fate = Fate {
            ended: None,
            printed: "unexpected argument '--allow-system-access'".to_owned(),
            needed: engine_named("firefox").unwrap().driver_needed(),
        };
        assert_eq!(
            fate.to_string(),
            "\n   needed:     geckodriver 0.36 or newer\n   it printed: unexpected argument \
             '--allow-system-access'"
        );
    }
}
