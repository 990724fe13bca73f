use super::Status;
use crate::contract::Level;

/// Whether a verdict matters, and to whom: the one answer from which exit codes, conclusions and
/// every format follow.
///
/// Ordered, the worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Bearing {
    /// It speaks against the build, or against the list of its known failures. Exit code 1.
    SdkFault,
    /// The harness or the machine failed. Exit code 3.
    MachineFault,
    /// It was not tried, or could not be made, so nothing is known. Exit code 3.
    Undecided,
    /// It does not hold, and need not: known, not claimed, or an observation that could not be
    /// made.
    Excused,
    /// It holds, or an observation was made.
    Holds,
}

impl Bearing {
    /// The bearing of a verdict on a check, or on a requirement, of this level.
    pub fn of(status: Status, level: Level) -> Self {
        match (status, level) {
            (Status::Pass, _) => Self::Holds,
            // An observation never fails a run.
            (_, Level::Observe) | (Status::KnownFailure | Status::NotApplicable, _) => {
                Self::Excused
            }
            (Status::Fail | Status::Flaky | Status::UnexpectedPass, _) => Self::SdkFault,
            (Status::Error, _) => Self::MachineFault,
            (Status::NotTestable | Status::NotRun, _) => Self::Undecided,
        }
    }

    /// The bearing of what the build did, whatever a list of known failures says of it and however
    /// binding the promise is.
    pub fn of_found(status: Status) -> Self {
        Self::of(status.as_found(), Level::Must)
    }

    /// Whether something failed: the build, the list of known failures, or the machine.
    pub fn is_fault(self) -> bool {
        match self {
            Self::SdkFault | Self::MachineFault => true,
            Self::Undecided | Self::Excused | Self::Holds => false,
        }
    }

    /// Whether nothing is known: the machine failed, or a prerequisite did not hold.
    pub fn is_undecided(self) -> bool {
        match self {
            Self::MachineFault | Self::Undecided => true,
            Self::SdkFault | Self::Excused | Self::Holds => false,
        }
    }

    /// Whether a run ends badly for it.
    pub fn fails_the_run(self) -> bool {
        match self {
            Self::SdkFault | Self::MachineFault | Self::Undecided => true,
            Self::Excused | Self::Holds => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn observation_never_fails_a_run() {
        for status in Status::ALL {
            assert!(
                !Bearing::of(status, Level::Observe).fails_the_run(),
                "{status:?}"
            );
        }
    }

    #[test]
    fn each_status_of_a_promise_has_one_bearing() {
        let all = Status::ALL.map(|status| Bearing::of(status, Level::Must));
        let (sdk, excused) = (Bearing::SdkFault, Bearing::Excused);
        let (machine, undecided) = (Bearing::MachineFault, Bearing::Undecided);
        assert_eq!(
            all,
            [
                sdk,
                sdk,
                sdk,
                machine,
                undecided,
                undecided,
                excused,
                Bearing::Holds,
                excused
            ]
        );
    }
}
