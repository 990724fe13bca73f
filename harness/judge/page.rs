//! What the shopper and the shop notice on the page.

use super::{Finding, HarnessBug};
use crate::evidence::{ConsoleMessage, Severity, StepOutcome};
use crate::reading::{Reading, same_json};

pub(super) fn ready(reading: &Reading<'_>) -> Finding {
    let steps = reading.evidence.steps.iter().zip(&reading.scenario.steps);
    let gave_up = steps
        .filter(|(_, (_, step))| step.facts().awaits_ready)
        .find_map(|(record, _)| match &record.outcome {
            StepOutcome::GaveUp(why) => Some((record.line, why)),
            StepOutcome::Done | StepOutcome::Impossible(_) => None,
        });
    let Some((line, why)) = gave_up else {
        return Finding::Holds;
    };
    let errors: Vec<String> = (reading.evidence.errors())
        .map(ConsoleMessage::quoted)
        .collect();
    let waited = reading.profile.waits.ready_ms;
    let late = format!("the SDK did not become ready within {waited} ms (line {line})");
    Finding::broken(if errors.is_empty() {
        format!("{late}: {why}; the console says nothing")
    } else {
        format!("{late}: the console says: {}; {why}", errors.join("; "))
    })
}

pub(super) fn page(reading: &Reading<'_>) -> Result<Finding, HarnessBug> {
    for (name, expected) in &reading.expect.page {
        let Some(actual) = reading.evidence.reads.get(name) else {
            // The scenario was seen to have the `read` step, and every step was done.
            return Err(HarnessBug(format!("nothing was read as `{name}`")));
        };
        if !same_json(expected, actual) {
            return Ok(Finding::differs(
                format!("`{name}` on the page is not what it must be"),
                expected.clone(),
                actual.clone(),
            ));
        }
    }
    Ok(Finding::Holds)
}

pub(super) fn throws_nothing(reading: &Reading<'_>) -> Finding {
    let calls = reading.evidence.calls.iter().filter_map(|call| {
        Some(format!(
            "calling {} threw into the page: {}",
            call.event.label,
            call.thrown()?
        ))
    });
    let pushes = reading.evidence.pushes.iter().filter_map(|push| {
        Some(format!(
            "pushing {} threw into the page: {}",
            push.expression,
            push.threw.as_ref()?
        ))
    });
    Finding::none_of(&calls.chain(pushes).collect::<Vec<_>>())
}

pub(super) fn no_uncaught_error(reading: &Reading<'_>) -> Finding {
    let uncaught = reading
        .evidence
        .console
        .iter()
        .filter(|message| message.severity == Severity::Uncaught);
    Finding::none_of(
        &uncaught
            .map(|message| format!("nobody caught: {}", message.quoted()))
            .collect::<Vec<_>>(),
    )
}

pub(super) fn no_dialog(reading: &Reading<'_>) -> Finding {
    Finding::none_of(
        &reading
            .evidence
            .dialogs
            .iter()
            .map(|dialog| format!("a dialog opened: {}", dialog.text))
            .collect::<Vec<_>>(),
    )
}

pub(super) fn console(reading: &Reading<'_>) -> Finding {
    // A scenario names fields as the API page does; a build may have words of its own for them.
    let texts = reading.expect.console.iter();
    let words = texts.map(|text| reading.profile.console.names_of(text));
    let is_said = |words: &[&str]| {
        reading
            .evidence
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

fn quoted(words: &[&str]) -> String {
    words
        .iter()
        .map(|word| format!("{word:?}"))
        .collect::<Vec<_>>()
        .join(" or ")
}
