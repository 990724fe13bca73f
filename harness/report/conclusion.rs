use super::model::Report;
use crate::verdict::Bearing;

/// What to believe of the SDK after a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Conclusion {
    /// The run was stopped before its end.
    Interrupted,
    /// It breaks a promise, or keeps it only sometimes.
    DoesNotConform,
    /// It breaks nothing new, but the list of known failures is not true of it.
    OtherThanKnown,
    /// A promise could not be judged.
    NotDecided,
    /// It breaks only what the list of known failures says.
    ConformsButForKnown,
    /// It keeps every promise that was asked for.
    Conforms,
}

impl Conclusion {
    /// What a report says.
    pub fn of(report: &Report) -> Self {
        if report.interrupted {
            return Self::Interrupted;
        }
        // A promise that is broken, with this bearing.
        let breaks = |bearing: Bearing| {
            report.checks.iter().any(|check| {
                check.bearing() == bearing && Bearing::of_found(check.status) == Bearing::SdkFault
            })
        };
        match report.worst_bearing() {
            Bearing::SdkFault if breaks(Bearing::SdkFault) => Self::DoesNotConform,
            Bearing::SdkFault => Self::OtherThanKnown,
            Bearing::MachineFault | Bearing::Undecided => Self::NotDecided,
            Bearing::Excused | Bearing::Holds if breaks(Bearing::Excused) => {
                Self::ConformsButForKnown
            }
            Bearing::Excused | Bearing::Holds => Self::Conforms,
        }
    }

    /// The words in reports, after the name of the SDK.
    pub fn words(self) -> &'static str {
        match self {
            Self::Interrupted => "interrupted",
            Self::DoesNotConform => "does not conform",
            Self::OtherThanKnown => "is not what the known failures say",
            Self::NotDecided => "not decided",
            Self::ConformsButForKnown => "conforms but for what is known",
            Self::Conforms => "conforms",
        }
    }
}
