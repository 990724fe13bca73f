//! What is true of a check whatever it is asked of. Loader, planner, driver, judge and `explain`
//! all read it here.

use super::check::{CaseCheckName, Question, RowCheckName};
use super::feature::BrowserFeature;

/// The facts of one check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Facts {
    /// Without one of these the check could prove nothing.
    pub needs: &'static [Need],
    /// Whether it records a value instead of asking whether a promise holds.
    pub is_observation: bool,
    /// Which denied hosts may explain that it does not hold.
    pub explained_by: DeniedHosts,
    /// Which requirements it shows to be broken.
    pub breaks: Breaks,
    /// Whether it looks at when a page started its requests, where that is known.
    pub reads_start_times: bool,
    /// What it is worth in a case of which a step could not be done.
    pub after_impossible_step: AfterImpossibleStep,
}

/// Something that a check needs of the scenario, of the profile, of the driver or of the browser.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// An `until_ready` step.
    ReadyStep,
    /// At least so many events in `expect.recorded`.
    ExpectedEvents(usize),
    /// An event in `expect.not_recorded`.
    ForbiddenEvents,
    /// Values in `expect.page`, each read by a `read` step.
    ExpectedPage,
    /// Texts in `expect.console`.
    ExpectedConsole,
    /// A `read` step.
    ReadStep,
    /// An `identify` step, and the profile's `[identifiers]`.
    Getters,
    /// A step that goes on as another visitor.
    SecondVisitor,
    /// The requests that the backend recorded.
    Requests,
    /// What it observes through the browser itself. Where an engine does not offer it, the check
    /// cannot be made.
    Browser(BrowserFeature),
}

/// Which of the hosts that the profile does not name, so that they were denied, may explain that a
/// check does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeniedHosts {
    /// Any: whatever a build asked for may keep it from starting.
    Any,
    /// Those that were asked for what the backend would have answered.
    OfTheBackend,
}

/// Which requirements a check shows to be broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Breaks {
    /// Those that it proves in its scenario.
    ItsOwn,
    /// Those of the fields that arrived changed, by the tables.
    ThoseOfTheFields,
}

/// What a check is worth in a case of which a step could not be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AfterImpossibleStep {
    /// It does not hold: it asks for that very step.
    Breaks,
    /// It proves nothing, unless it was broken before that step already.
    BrokenIfBrokenBefore,
    /// It proves nothing.
    ProvesNothing,
}

const START_TIMES: Need = Need::Browser(BrowserFeature::RequestStartTimes);
const CONSOLE: Need = Need::Browser(BrowserFeature::Console);

/// A check without needs, as most are.
const CHECK: Facts = Facts {
    needs: &[],
    is_observation: false,
    explained_by: DeniedHosts::OfTheBackend,
    breaks: Breaks::ItsOwn,
    reads_start_times: false,
    after_impossible_step: AfterImpossibleStep::ProvesNothing,
};

/// A check of what the backend recorded.
const OF_REQUESTS: Facts = Facts {
    needs: &[Need::Requests],
    ..CHECK
};

impl CaseCheckName {
    /// The facts of this check.
    pub fn facts(self) -> Facts {
        match self {
            Self::Ready => Facts {
                needs: &[Need::ReadyStep],
                explained_by: DeniedHosts::Any,
                after_impossible_step: AfterImpossibleStep::Breaks,
                ..CHECK
            },
            Self::StepsDone => Facts {
                explained_by: DeniedHosts::Any,
                after_impossible_step: AfterImpossibleStep::Breaks,
                ..CHECK
            },
            Self::Delivered => Facts {
                needs: &[Need::ExpectedEvents(1), Need::Requests],
                ..CHECK
            },
            Self::Unchanged => Facts {
                needs: &[Need::ExpectedEvents(1), Need::Requests],
                breaks: Breaks::ThoseOfTheFields,
                ..CHECK
            },
            Self::InOrder => Facts {
                needs: &[Need::ExpectedEvents(2), Need::Requests, START_TIMES],
                reads_start_times: true,
                ..CHECK
            },
            Self::Immediate => Facts {
                needs: &[Need::ExpectedEvents(1), Need::Requests],
                reads_start_times: true,
                ..CHECK
            },
            Self::NotRecorded => Facts {
                needs: &[Need::ForbiddenEvents, Need::Requests],
                ..CHECK
            },
            Self::Once
            | Self::Shape
            | Self::NothingElse
            | Self::CompanyKey
            | Self::FingerprintsPresent
            | Self::FingerprintsStable
            | Self::FingerprintsDistinct => OF_REQUESTS,
            Self::FingerprintsAgree => Facts {
                needs: &[Need::Getters, Need::Requests],
                ..CHECK
            },
            Self::FingerprintsDiffer => Facts {
                needs: &[Need::SecondVisitor, Need::Requests],
                ..CHECK
            },
            Self::Page => Facts {
                needs: &[Need::ExpectedPage],
                ..CHECK
            },
            Self::ThrowsNothing | Self::NoDialog => Facts {
                after_impossible_step: AfterImpossibleStep::BrokenIfBrokenBefore,
                ..CHECK
            },
            Self::NoUncaughtError => Facts {
                needs: &[Need::Browser(BrowserFeature::UncaughtErrors)],
                after_impossible_step: AfterImpossibleStep::BrokenIfBrokenBefore,
                ..CHECK
            },
            Self::Console => Facts {
                needs: &[Need::ExpectedConsole, CONSOLE],
                ..CHECK
            },
            Self::ObserveEvents | Self::ObserveRequests => Facts {
                is_observation: true,
                ..OF_REQUESTS
            },
            Self::ObservePage => Facts {
                needs: &[Need::ReadStep],
                is_observation: true,
                ..CHECK
            },
        }
    }
}

impl RowCheckName {
    /// The facts of this check.
    pub fn facts(self) -> Facts {
        match self {
            Self::NotSent => OF_REQUESTS,
            Self::ConsoleNamesField => Facts {
                needs: &[CONSOLE],
                ..CHECK
            },
            Self::ThrowsNothing => Facts {
                after_impossible_step: AfterImpossibleStep::BrokenIfBrokenBefore,
                ..CHECK
            },
            Self::ObserveRow => Facts {
                is_observation: true,
                ..OF_REQUESTS
            },
        }
    }
}

impl Question {
    /// The facts of the check.
    pub fn facts(self) -> Facts {
        match self {
            Self::OfCase(name) => name.facts(),
            Self::OfRow(name, _) => name.facts(),
        }
    }

    /// Whether the check needs `need`.
    pub fn needs(self, need: Need) -> bool {
        self.facts().needs.contains(&need)
    }
}

impl Need {
    /// What is needed, for a person.
    pub fn words(self) -> String {
        match self {
            Self::ReadyStep => "an `until_ready` step".to_owned(),
            Self::ExpectedEvents(1) => "an event in `expect.recorded`".to_owned(),
            Self::ExpectedEvents(count) => format!("{count} events in `expect.recorded`"),
            Self::ForbiddenEvents => "an event in `expect.not_recorded`".to_owned(),
            Self::ExpectedPage => "values in `expect.page`, each with a `read` step".to_owned(),
            Self::ExpectedConsole => "texts in `expect.console`".to_owned(),
            Self::ReadStep => "a `read` step".to_owned(),
            Self::Getters => "an `identify` step, and [identifiers] in the profile".to_owned(),
            Self::SecondVisitor => "a step that goes on as the second visitor".to_owned(),
            Self::Requests => "the requests that the backend recorded".to_owned(),
            Self::Browser(feature) => format!("{feature}, from the browser"),
        }
    }
}
