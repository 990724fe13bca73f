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
        report.worst_bearing().into()
    }

    /// How a command ends of which one part ends with `self` and another with `other`: the user
    /// and a bug of ours come before the SDK, and that before the machine.
    pub fn worse(self, other: Self) -> Self {
        if self.rank() <= other.rank() {
            self
        } else {
            other
        }
    }

    fn rank(self) -> u8 {
        match self {
            Self::Interrupted => 0,
            Self::Bug => 1,
            Self::Usage => 2,
            Self::Fails => 3,
            Self::Environment => 4,
            Self::Nothing => 5,
            Self::Conforms => 6,
        }
    }
}

impl From<Bearing> for Exit {
    fn from(bearing: Bearing) -> Self {
        match bearing {
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

/// For `init --help`.
pub const INIT_EXIT_CODES: &str = "Exit codes:
  0    the profile fits the build
  1    the profile does not fit yet: it was written, and names what is unknown
  2    wrong usage, or a build that cannot be read
  3    the environment failed: no browser, a dead driver, a busy port
  70   a bug of the harness
  130  interrupted, or the answer was no";

/// For `compare --help`.
pub const COMPARE_EXIT_CODES: &str = "Exit codes:
  0    nothing got worse
  1    a regression; with --fail-on breaking: also a breaking change on the wire; with
       --fail-on slower: also an SDK that is ready later
  2    wrong usage, or a report that cannot be read";

/// For `self-test --help`.
pub const SELF_TEST_EXIT_CODES: &str = "Exit codes:
  0    each mutant was caught as it must be; with --blame or --journeys: the figures are good
  1    a mutant was not caught; with --blame or --journeys: the figures are worse than they may be
  2    wrong usage, or input that cannot be read
  3    the environment failed: no browser, or a mutant of which nothing is known
  4    no mutant matches
  70   a bug of the harness
  130  interrupted";

/// For `explore --help`.
pub const EXPLORE_EXIT_CODES: &str = "Exit codes:
  0    no journey failed; that does not prove that the SDK conforms
  1    a cause was found
  2    wrong usage, or input that cannot be read
  3    the environment failed: no browser, or no journey of which anything is known
  70   a bug of the harness
  130  interrupted";

/// For `bench --help`.
pub const BENCH_EXIT_CODES: &str = "Exit codes:
  0    measured; with --all: no ratio got worse
  1    with --all: a ratio got worse since the release before
  2    wrong usage, or input that cannot be read
  3    the environment failed: nothing could be measured
  4    no case that can be measured is selected
  70   a bug of the harness
  130  interrupted";

/// For `coverage --help`.
pub const COVERAGE_EXIT_CODES: &str = "Exit codes:
  0    the plan holds every check of the coverage floor, or a file was written
  2    wrong usage, or input that cannot be read
  4    a check of the floor is not planned";

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}
