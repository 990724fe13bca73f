//! What the shopper and the shop notice on the page.

use super::{Defect, Finding, HarnessBug};
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
    let message = if errors.is_empty() {
        let waited = reading.profile.waits.ready_ms;
        format!(
            "the SDK did not become ready within {waited} ms (line {line}): {why}; the console \
             says nothing"
        )
    } else {
        // After an error less is waited for.
        let errors = errors.join("; ");
        format!("the SDK is not ready: the console says: {errors}; {why} (line {line})")
    };
    Finding::broken(message, Defect::NotReady)
}

/// Why a case did not come about: what must be so on its page is not; `None`: it did.
pub(super) fn not_given(reading: &Reading<'_>) -> Option<String> {
    reading.expect.given.iter().find_map(|(name, given)| {
        let actual = reading.evidence.reads.get(name)?;
        let is_so = same_json(given, actual);
        (!is_so).then(|| format!("`{name}` must be {given} for this case, and is {actual}"))
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
                Defect::PageValue(name.clone()),
                expected.clone(),
                actual.clone(),
            ));
        }
    }
    Ok(Finding::Holds)
}

pub(super) fn throws_nothing(reading: &Reading<'_>) -> Finding {
    let calls = reading.evidence.calls.iter().filter_map(|call| {
        let (label, threw) = (&call.event.label, call.threw.as_ref()?);
        let message = format!("calling {label} threw into the page: {}", call.thrown()?);
        Some((Defect::Threw(threw.clone()), message))
    });
    let pushes = reading.evidence.pushes.iter().filter_map(|push| {
        let threw = push.threw.as_ref()?;
        let message = format!("pushing {} threw into the page: {threw}", push.expression);
        Some((Defect::Threw(threw.clone()), message))
    });
    Finding::none_of(calls.chain(pushes))
}

pub(super) fn no_uncaught_error(reading: &Reading<'_>) -> Finding {
    let uncaught = reading
        .evidence
        .console
        .iter()
        .filter(|message| message.severity == Severity::Uncaught);
    Finding::none_of(uncaught.map(|message| {
        let defect = Defect::Uncaught(message.message());
        (defect, format!("nobody caught: {}", message.quoted()))
    }))
}

pub(super) fn no_dialog(reading: &Reading<'_>) -> Finding {
    Finding::none_of(reading.evidence.dialogs.iter().map(|dialog| {
        let defect = Defect::Dialog(dialog.text.clone());
        (defect, format!("a dialog opened: {}", dialog.text))
    }))
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
    Finding::none_of(missing.map(|words| {
        let words = quoted(&words);
        let message = format!("no console message contains {words}");
        (Defect::Silent(words), message)
    }))
}

fn quoted(words: &[&str]) -> String {
    words
        .iter()
        .map(|word| format!("{word:?}"))
        .collect::<Vec<_>>()
        .join(" or ")
}
