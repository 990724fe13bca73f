//! How messages name events and moments.

use crate::reading::{Reading, SentEvent};

/// When a request came, in the words of the scenario: the cause of most duplicates.
pub(super) fn moment(reading: &Reading<'_>, recorded: &SentEvent<'_>) -> String {
    let at = recorded.request.at;
    let during = reading.evidence.steps.iter().rfind(|step| step.at <= at);
    match (reading.evidence.left_at, during) {
        (Some(left), _) if at >= left => format!("{at}, after the page was left"),
        (_, Some(step)) => format!("{at}, in or after line {}", step.line),
        _ => at.to_string(),
    }
}

/// How a recorded event is named in messages: by its content, for it may belong to no call.
pub(super) fn name_of(recorded: &SentEvent<'_>) -> String {
    let field = |name: &str| {
        recorded
            .args
            .get(name)
            .map(|value| format!(" {name} {value}"))
    };
    let subject = field("productId")
        .or_else(|| field("orderId"))
        .or_else(|| field("value"))
        .unwrap_or_default();
    format!("{}{subject}", recorded.method)
}
