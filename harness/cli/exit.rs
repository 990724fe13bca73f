use std::process::ExitCode;

use crate::report::Report;
use crate::verdict::Bearing;

/// How the program ends. Documented in `--help` and in the README.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// The SDK conforms, or the command did what it was asked to.
    Conforms = 0,
    /// The SDK fails a promise, is not what the list of known failures says, or got worse since the
    /// baseline.
    Fails = 1,
    /// Wrong usage, or input that cannot be read.
    Usage = 2,
    /// No browser, a driver that died, a port that is taken: says nothing about the SDK.
    Environment = 3,
    /// Nothing was selected, or fewer checks than the coverage floor are planned.
    Nothing = 4,
    /// A bug of the harness.
    Bug = 70,
    /// Interrupted.
    Interrupted = 130,
}

impl Exit {
    /// How a run with this report ends.
    pub fn of(report: &Report) -> Self {
        if report.interrupted {
            return Self::Interrupted;
        }
        if report.bug {
            return Self::Bug;
        }
        match report.worst_bearing() {
            Bearing::SdkFault => Self::Fails,
            Bearing::MachineFault | Bearing::Undecided => Self::Environment,
            Bearing::Excused | Bearing::Holds => Self::Conforms,
        }
    }
}

/// For `--help`.
pub const EXIT_CODES: &str = "Exit codes:
  0    the SDK conforms
  1    the SDK fails a promise, or differs from the known failures; with --baseline: it got worse
  2    wrong usage, or input that cannot be read
  3    the environment failed: no browser, a dead driver, a busy port; not the SDK's fault
  4    nothing was selected, or fewer checks than the coverage floor are planned
  70   a bug of the harness
  130  interrupted";

/// For `compare --help`.
pub const COMPARE_EXIT_CODES: &str = "Exit codes:
  0    nothing got worse
  1    a regression; with --fail-on breaking: also a breaking change on the wire
  2    wrong usage, or a report that cannot be read";

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}
