//! All that happened in one attempt, in its order on one clock.

use crate::evidence::{Decision, Evidence, Millis, Severity, StepOutcome};

/// Something that happened.
#[derive(Debug, Clone, PartialEq)]
pub struct Moment {
    /// When, since the attempt began.
    pub at: Millis,
    /// Who did it.
    pub kind: MomentKind,
    /// What it was.
    pub what: String,
    /// What it carried: a request's body.
    pub detail: Option<String>,
    /// What came of it: why a step was given up, what a call threw, what the ledger decided.
    pub outcome: Option<String>,
    /// Whether that is out of order by itself.
    pub is_wrong: bool,
}

/// Who did something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum MomentKind {
    /// The visitor's, or the shop's around them.
    Step,
    /// The shop's own script.
    Call,
    /// The page's console.
    Console,
    /// A dialog that opened.
    Dialog,
    /// A request, as it arrived, with the ledger's decision.
    Request,
}

impl MomentKind {
    /// The word in reports.
    pub fn word(self) -> &'static str {
        match self {
            Self::Step => "step",
            Self::Call => "call",
            Self::Console => "console",
            Self::Dialog => "dialog",
            Self::Request => "request",
        }
    }
}

/// Everything that a reader of a failure may want, the chatter of the console aside.
pub fn timeline(evidence: &Evidence) -> Vec<Moment> {
    let moment = |at: Millis, kind: MomentKind, what: String| Moment {
        at,
        kind,
        what,
        detail: None,
        outcome: None,
        is_wrong: false,
    };
    let mut moments = Vec::new();
    for step in &evidence.steps {
        let outcome = match &step.outcome {
            StepOutcome::Done => None,
            StepOutcome::GaveUp(why) => Some(format!("gave up: {why}")),
            StepOutcome::Impossible(why) => Some(format!("impossible: {why}")),
        };
        let is_wrong = outcome.is_some();
        moments.push(Moment {
            outcome,
            is_wrong,
            ..moment(
                step.at,
                MomentKind::Step,
                format!("line {}: {}", step.line, step.what),
            )
        });
    }
    for call in &evidence.calls {
        let outcome = call.thrown().map(|threw| format!("threw {threw}"));
        let is_wrong = outcome.is_some();
        moments.push(Moment {
            outcome,
            is_wrong,
            ..moment(
                call.at,
                MomentKind::Call,
                format!("{}({})", call.event.method, call.event.args),
            )
        });
    }
    for message in evidence
        .console
        .iter()
        .filter(|message| !matches!(message.severity, Severity::Debug | Severity::Info))
    {
        let is_wrong = message.severity == Severity::Uncaught;
        moments.push(Moment {
            is_wrong,
            ..moment(message.at, MomentKind::Console, message.quoted())
        });
    }
    for dialog in &evidence.dialogs {
        moments.push(Moment {
            is_wrong: true,
            ..moment(dialog.at, MomentKind::Dialog, dialog.text.clone())
        });
    }
    for request in evidence
        .requests
        .iter()
        .filter(|request| request.decision != Decision::Preflight)
    {
        let what = format!("{} {}", request.method, request.path);
        let (detail, outcome) = (
            Some(request.body.clone()).filter(|body| !body.is_empty()),
            Some(decided(request.decision)),
        );
        moments.push(Moment {
            detail,
            outcome,
            ..moment(request.at, MomentKind::Request, what)
        });
    }
    for contact in evidence.contacts.iter().filter(|contact| !contact.ours) {
        let what = format!(
            "{} {}",
            contact.method,
            contact.url.as_deref().unwrap_or(&contact.host)
        );
        moments.push(Moment {
            outcome: Some("denied".into()),
            is_wrong: true,
            ..moment(contact.at, MomentKind::Request, what)
        });
    }
    if let Some(left) = evidence.left_at {
        moments.push(moment(left, MomentKind::Step, "the page is left".into()));
    }
    moments.sort_by(|a, b| a.at.0.total_cmp(&b.at.0));
    moments
}

fn decided(decision: Decision) -> String {
    match decision {
        Decision::Recorded => "recorded".into(),
        Decision::Refused(status) => format!("refused with {status}"),
        Decision::Dropped => "dropped".into(),
        Decision::Answered | Decision::Preflight => "answered".into(),
        Decision::Unknown => "answered 404".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::{ConsoleMessage, Dialog, StepRecord};

    fn message(at: f64, severity: Severity, text: &str) -> ConsoleMessage {
        ConsoleMessage {
            at: Millis(at),
            severity,
            source: "console-api".into(),
            text: text.into(),
            position: None,
        }
    }

    #[test]
    fn moments_are_ordered_by_time_whatever_their_kind() {
        let step = StepRecord {
            line: 3,
            what: "visit product".into(),
            at: Millis(5.0),
            until: Millis(9.0),
            outcome: StepOutcome::GaveUp("late".into()),
        };
        let evidence = Evidence {
            steps: vec![step],
            console: vec![
                message(7.0, Severity::Warning, "careful"),
                message(1.0, Severity::Debug, "chatter"),
            ],
            dialogs: vec![Dialog {
                at: Millis(2.0),
                text: "hello".into(),
            }],
            left_at: Some(Millis(9.0)),
            ..Evidence::default()
        };
        let actual: Vec<(MomentKind, String, bool)> = timeline(&evidence)
            .into_iter()
            .map(|moment| (moment.kind, moment.what, moment.is_wrong))
            .collect();
        let expected = [
            (MomentKind::Dialog, "hello", true),
            (MomentKind::Step, "line 3: visit product", true),
            (MomentKind::Console, "careful", false),
            (MomentKind::Step, "the page is left", false),
        ];
        assert_eq!(
            actual,
            expected.map(|(kind, what, is_wrong)| (kind, what.to_owned(), is_wrong))
        );
    }
}
