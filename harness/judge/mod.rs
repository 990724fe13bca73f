//! Judges stored evidence. Pure: the same evidence always gets the same findings, with no browser
//! near.
//!
//! One small function a check, in the file of its subject. A check compares as little as it can:
//! one bug of an SDK must not fail forty checks.

mod delivery;
mod denied;
mod features;
mod identity;
mod matrix;
mod observe;
mod page;
mod shape;
#[cfg(test)]
mod tests;

use serde_json::Value;

use self::denied::with_denied_hosts;
use self::features::not_testable;
use crate::contract::{CheckName, Event};
use crate::evidence::Evidence;
use crate::plan::{Case, CaseCheck};
use crate::reading::{Ledger, Match, Recorded};
use crate::scenario::Row;
use crate::sdk::Profile;

/// What one check found.
#[derive(Debug, Clone, PartialEq)]
pub enum Finding {
    /// What must hold does.
    Holds,
    /// It does not.
    Broken(Broken),
    /// There was nothing to judge by, for the reason given. Silence proves nothing, so the check
    /// does not hold; but nor does that prove the check.
    NothingToJudge(String),
    /// The browser does not offer what the check observes, for the reason given: says nothing for
    /// or against the SDK.
    NotTestable(String),
    /// An observation, with the value seen.
    Seen(Value),
}

/// How a promise is broken.
#[derive(Debug, Clone, PartialEq)]
pub struct Broken {
    /// One sentence.
    pub message: String,
    /// What would have been right.
    pub expected: Option<Value>,
    /// What was there.
    pub actual: Option<Value>,
}

impl Finding {
    pub fn broken(message: impl Into<String>) -> Self {
        Self::Broken(Broken {
            message: message.into(),
            expected: None,
            actual: None,
        })
    }

    fn nothing_to_judge(why: impl Into<String>) -> Self {
        Self::NothingToJudge(why.into())
    }

    fn differs(
        message: impl Into<String>,
        expected: impl Into<Value>,
        actual: impl Into<Value>,
    ) -> Self {
        Self::Broken(Broken {
            message: message.into(),
            expected: Some(expected.into()),
            actual: Some(actual.into()),
        })
    }

    /// Holds where `wrong` is empty; else broken, with the first few of it in the message.
    fn none_of(wrong: &[String]) -> Self {
        const SHOWN: usize = 5;
        let more = wrong.len().saturating_sub(SHOWN);
        match wrong {
            [] => Self::Holds,
            _ if more == 0 => Self::broken(wrong.join("; ")),
            _ => Self::broken(format!("{}; and {more} more", wrong[..SHOWN].join("; "))),
        }
    }

    /// Whether the check does not hold.
    #[must_use]
    pub fn is_broken(&self) -> bool {
        match self {
            Self::Broken(_) | Self::NothingToJudge(_) => true,
            Self::Holds | Self::NotTestable(_) | Self::Seen(_) => false,
        }
    }

    /// Whether the check could be made at all.
    #[must_use]
    pub fn is_testable(&self) -> bool {
        match self {
            Self::NotTestable(_) => false,
            Self::Holds | Self::Broken(_) | Self::NothingToJudge(_) | Self::Seen(_) => true,
        }
    }

    /// Whether the very thing that the check asks about was seen to be wrong: what a mutant must
    /// bring about to prove a check.
    #[must_use]
    pub fn is_seen_broken(&self) -> bool {
        matches!(self, Self::Broken(_))
    }
}

/// One case's evidence, with the views of it that the checks share.
struct Subject<'a> {
    case: &'a Case,
    evidence: &'a Evidence,
    profile: &'a Profile,
    ledger: Ledger<'a>,
    /// The expected events, then those that must not be recorded, then those called whose fate the
    /// scenario leaves open.
    called: Vec<&'a Event>,
    /// How many of `called` are expected.
    expected: usize,
    /// How many after those must not be recorded.
    forbidden: usize,
    matched: Match,
}

/// Judges every selected check of `case`, in their order.
#[must_use]
pub fn judge<'c>(
    case: &'c Case,
    evidence: &Evidence,
    profile: &Profile,
) -> Vec<(&'c CaseCheck, Finding)> {
    let expect = &case.scenario.expect;
    let ledger = Ledger::new(&evidence.requests, profile);
    let listed =
        |event: &Event| expect.recorded.contains(event) || expect.not_recorded.contains(event);
    let mut open: Vec<&Event> = Vec::new();
    for event in evidence.calls.iter().map(|call| &call.event) {
        if !listed(event) && !open.contains(&event) {
            open.push(event);
        }
    }
    let called: Vec<&Event> = expect
        .recorded
        .iter()
        .chain(&expect.not_recorded)
        .chain(open)
        .collect();
    let matched = ledger.match_calls(&called);
    let subject = Subject {
        case,
        evidence,
        profile,
        ledger,
        called,
        expected: expect.recorded.len(),
        forbidden: expect.not_recorded.len(),
        matched,
    };
    let impossible = evidence
        .impossible()
        .map(|(step, why)| format!("the step at line {} could not be done: {why}", step.line));
    let finding = |check: &CaseCheck| match &impossible {
        Some(why) if matches!(check.name, CheckName::StepsDone | CheckName::Ready) => {
            Finding::broken(why)
        }
        Some(why) => match (check.name, subject.check(check)) {
            // What was seen until then is as wrong as ever.
            (
                CheckName::NoDialog | CheckName::NoUncaughtError | CheckName::ThrowsNothing,
                Finding::Broken(broken),
            ) => Finding::Broken(broken),
            _ => Finding::nothing_to_judge(why),
        },
        None => subject.check(check),
    };
    let finding = |check: &CaseCheck| match not_testable(check.name, &evidence.missing_features) {
        Some(why) => Finding::NotTestable(why),
        None => finding(check),
    };
    case.checks
        .iter()
        .map(|check| {
            (
                check,
                with_denied_hosts(finding(check), check.name, evidence, profile),
            )
        })
        .collect()
}

impl<'a> Subject<'a> {
    fn check(&self, check: &CaseCheck) -> Finding {
        if let (Some(row), Some(matrix)) = (check.row, &self.case.scenario.matrix) {
            return self.row(check.name, row, &matrix.rows[row]);
        }
        match check.name {
            CheckName::Ready => self.ready(),
            CheckName::StepsDone => Finding::Holds,
            CheckName::Delivered => self.delivered(),
            CheckName::Once => self.once(),
            CheckName::InOrder => self.in_order(),
            CheckName::Immediate => self.immediate(),
            CheckName::Unchanged => self.unchanged(),
            CheckName::Shape => self.shape(),
            CheckName::NotRecorded => self.not_recorded(),
            CheckName::NothingElse => self.nothing_else(),
            CheckName::CompanyKey => self.company_key(),
            CheckName::FingerprintsPresent => self.fingerprints_present(),
            CheckName::FingerprintsAgree => self.fingerprints_agree(),
            CheckName::FingerprintsStable => self.fingerprints_stable(),
            CheckName::FingerprintsDistinct => self.fingerprints_distinct(),
            CheckName::FingerprintsDiffer => self.fingerprints_differ(),
            CheckName::Page => self.page(),
            CheckName::ThrowsNothing => self.throws_nothing(),
            CheckName::NoUncaughtError => self.no_uncaught_error(),
            CheckName::NoDialog => self.no_dialog(),
            CheckName::Console => self.console(),
            CheckName::ObserveEvents => self.observe_events(),
            CheckName::ObserveRequests => self.observe_requests(),
            CheckName::ObservePage => self.observe_page(),
            CheckName::NotSent | CheckName::ConsoleNamesField | CheckName::ObserveRow => {
                Finding::broken("only a `matrix` step has rows for this check")
            }
        }
    }

    fn row(&self, name: CheckName, index: usize, row: &Row) -> Finding {
        match name {
            CheckName::NotSent => self.row_not_sent(index, row),
            CheckName::ConsoleNamesField => self.row_console_names_field(row),
            CheckName::ThrowsNothing => self.row_throws_nothing(row),
            _ => self.row_observed(index, row),
        }
    }

    /// Each expected event with what was recorded of it.
    fn expected(&self) -> impl Iterator<Item = (&'a Event, Vec<&Recorded<'a>>)> {
        self.called
            .iter()
            .copied()
            .zip(&self.matched.found)
            .take(self.expected)
            .map(|(event, found)| (event, self.recorded(found)))
    }

    /// Each event that must not be recorded with what was recorded of it all the same.
    fn forbidden(&self) -> impl Iterator<Item = (&'a Event, Vec<&Recorded<'a>>)> {
        self.called
            .iter()
            .copied()
            .zip(&self.matched.found)
            .skip(self.expected)
            .take(self.forbidden)
            .map(|(event, found)| (event, self.recorded(found)))
    }

    /// Each event called whose fate the scenario leaves open.
    fn left_open(&self) -> impl Iterator<Item = (&'a Event, Vec<&Recorded<'a>>)> {
        self.called
            .iter()
            .copied()
            .zip(&self.matched.found)
            .skip(self.expected + self.forbidden)
            .map(|(event, found)| (event, self.recorded(found)))
    }

    fn recorded(&self, places: &[usize]) -> Vec<&Recorded<'a>> {
        places
            .iter()
            .map(|place| &self.ledger.recorded[*place])
            .collect()
    }

    /// When a request came, in the words of the scenario: the cause of most duplicates.
    fn moment(&self, recorded: &Recorded<'_>) -> String {
        let at = recorded.request.at;
        let during = self.evidence.steps.iter().rfind(|step| step.at <= at);
        match (self.evidence.left_at, during) {
            (Some(left), _) if at >= left => format!("{at}, after the page was left"),
            (_, Some(step)) => format!("{at}, in or after line {}", step.line),
            _ => at.to_string(),
        }
    }
}

/// How a recorded event is named in messages: by its content, for it may belong to no call.
fn name_of(recorded: &Recorded<'_>) -> String {
    let field = |name: &str| {
        recorded
            .args
            .get(name)
            .map(|value| format!(" {name} {value}"))
    };
    let told = field("productId")
        .or_else(|| field("orderId"))
        .or_else(|| field("value"))
        .unwrap_or_default();
    format!("{}{told}", recorded.method)
}
