//! What the shopper and the shop notice on the page.

use super::{Finding, Subject};
use crate::evidence::{Severity, StepOutcome};
use crate::reading::same_json;

impl Subject<'_> {
    pub(super) fn ready(&self) -> Finding {
        let steps = self.evidence.steps.iter().zip(&self.case.scenario.steps);
        let gave_up = steps
            .filter(|(_, (_, step))| step.facts().awaits_ready)
            .find_map(|(record, _)| match &record.outcome {
                StepOutcome::GaveUp(why) => Some((record.line, why)),
                StepOutcome::Done | StepOutcome::Impossible(_) => None,
            });
        let Some((line, why)) = gave_up else {
            return Finding::Holds;
        };
        let said = self
            .evidence
            .console
            .iter()
            .filter(|message| matches!(message.severity, Severity::Error | Severity::Uncaught));
        let said: Vec<&str> = said.map(|message| message.text.as_str()).collect();
        let said = if said.is_empty() {
            "nothing".to_owned()
        } else {
            said.join("; ")
        };
        Finding::broken(format!(
            "the SDK did not become ready within {} ms (line {line}): {why}; the \
             console says: {said}",
            self.profile.waits.ready_ms
        ))
    }

    pub(super) fn page(&self) -> Finding {
        for (name, expected) in &self.case.scenario.expect.page {
            match self.evidence.reads.get(name) {
                None => {
                    return Finding::nothing_to_judge(format!(
                        "nothing was read as `{name}`: the scenario needs a `read` \
                         step with that name"
                    ));
                }
                Some(actual) if !same_json(expected, actual) => {
                    return Finding::differs(
                        format!("`{name}` on the page is not what it must be"),
                        expected.clone(),
                        actual.clone(),
                    );
                }
                Some(_) => {}
            }
        }
        Finding::Holds
    }

    pub(super) fn throws_nothing(&self) -> Finding {
        let calls = self.evidence.calls.iter().filter_map(|call| {
            Some(format!(
                "calling {} threw into the page: {}",
                call.event.label,
                call.threw.as_ref()?
            ))
        });
        let pushes = self.evidence.pushes.iter().filter_map(|push| {
            Some(format!(
                "pushing {} threw into the page: {}",
                push.expression,
                push.threw.as_ref()?
            ))
        });
        Finding::none_of(&calls.chain(pushes).collect::<Vec<_>>())
    }

    pub(super) fn no_uncaught_error(&self) -> Finding {
        let uncaught = self
            .evidence
            .console
            .iter()
            .filter(|message| message.severity == Severity::Uncaught);
        Finding::none_of(
            &uncaught
                .map(|message| format!("nobody caught: {}", message.text))
                .collect::<Vec<_>>(),
        )
    }

    pub(super) fn no_dialog(&self) -> Finding {
        Finding::none_of(
            &self
                .evidence
                .dialogs
                .iter()
                .map(|dialog| format!("a dialog opened: {}", dialog.text))
                .collect::<Vec<_>>(),
        )
    }

    pub(super) fn console(&self) -> Finding {
        // A scenario names fields as the API page does; a build may have words of its own for them.
        let words = self
            .case
            .scenario
            .expect
            .console
            .iter()
            .map(|text| self.profile.console.names_of(text));
        let is_said = |words: &[&str]| {
            self.evidence
                .console
                .iter()
                .any(|message| words.iter().any(|word| message.text.contains(word)))
        };
        let missing = words.filter(|words| !is_said(words));
        Finding::none_of(
            &missing
                .map(|words| format!("no console message contains {}", quoted(&words)))
                .collect::<Vec<_>>(),
        )
    }
}

fn quoted(words: &[&str]) -> String {
    words
        .iter()
        .map(|word| format!("{word:?}"))
        .collect::<Vec<_>>()
        .join(" or ")
}
