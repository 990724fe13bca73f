//! The rows of the validation matrix: one flawed call each.

use serde_json::json;

use super::{Broken, Defect, Finding, HarnessBug};
use crate::contract::Event;
use crate::evidence::{RowRecord, without_hosts};
use crate::reading::{Reading, SentEvent, same_json};
use crate::scenario::Row;

/// One row, with what came of its call.
pub(super) struct CalledRow<'r> {
    row: &'r Row,
    record: &'r RowRecord,
    sent: Option<&'r SentEvent<'r>>,
    reading: &'r Reading<'r>,
}

impl<'r> CalledRow<'r> {
    /// The row of this index; `None`: a dialog stopped the page before it was called.
    pub fn of(reading: &'r Reading<'r>, index: usize) -> Result<Option<Self>, HarnessBug> {
        let matrix = reading.scenario.matrix.as_ref();
        let Some((matrix, row)) = matrix.and_then(|matrix| Some((matrix, matrix.rows.get(index)?)))
        else {
            return Err(HarnessBug(format!("the scenario has no row {index}")));
        };
        let mut records = reading.evidence.rows.iter();
        match records.find(|record| record.id == row.id) {
            Some(record) => Ok(Some(Self {
                row,
                record,
                sent: recorded_of(&matrix.valid_event(index), reading),
                reading,
            })),
            None if !reading.evidence.dialogs.is_empty() => Ok(None),
            // The `matrix` step calls all rows, or could not be done.
            None => Err(HarnessBug(format!("the row {} was never called", row.id))),
        }
    }

    pub fn not_sent(&self) -> Finding {
        match self.sent {
            None => Finding::Holds,
            Some(sent) => Finding::Broken(Broken {
                message: format!("a call with a flawed {} was sent", self.row.field),
                expected: None,
                actual: Some(sent.args.clone()),
                defects: vec![Defect::Row],
            }),
        }
    }

    pub fn console_names_field(&self) -> Finding {
        let names = self.reading.profile.console.names_of(&self.row.field);
        let is_named = |text: &String| names.iter().any(|name| has_word(text, name));
        if self.record.console.iter().any(is_named) {
            return Finding::Holds;
        }
        let words = names.join(" or ");
        Finding::differs(
            format!("no console message names {words}"),
            Defect::Row,
            format!("a message that contains {words}"),
            (self.record.console.iter())
                .map(|text| without_hosts(text))
                .collect::<Vec<_>>(),
        )
    }

    pub fn throws_nothing(&self) -> Finding {
        match &self.record.threw {
            None => Finding::Holds,
            Some(threw) => {
                let message = format!(
                    "a call with a flawed {} threw into the page: {threw}",
                    self.row.field
                );
                Finding::broken(message, Defect::Threw(threw.clone()))
            }
        }
    }

    pub fn observed(&self) -> Finding {
        let Some(sent) = self.sent else {
            return Finding::Seen(json!("refused"));
        };
        Finding::Seen(match sent.args.pointer(&pointer_of(self.row)) {
            Some(value) => json!({"sent as": value}),
            None => json!("sent without the field"),
        })
    }
}

/// The request of a row. Every row's other fields are its own, so it is found whatever field it
/// lost.
fn recorded_of<'r>(event: &Event, reading: &'r Reading<'r>) -> Option<&'r SentEvent<'r>> {
    let is_own = |recorded: &&SentEvent<'_>| {
        let is_same = |field| {
            matches!(
                (event.args.get(field), recorded.args.get(field)),
                (Some(own), Some(there)) if same_json(own, there)
            )
        };
        ["productId", "productName", "orderId", "value"]
            .into_iter()
            .any(is_same)
    };
    let recorded = reading.ledger.recorded.iter();
    recorded
        .filter(|recorded| recorded.method == event.method)
        .find(is_own)
}

/// Where the flaw of a row lies, as a JSON pointer: the matrix spoils the event itself, or its
/// second line item.
fn pointer_of(row: &Row) -> String {
    let item = if row.id.starts_with("lineItems.") {
        "/lineItems/1"
    } else {
        ""
    };
    format!("{item}/{}", row.field)
}

/// Whether `word` stands in `text` as a word of its own.
fn has_word(text: &str, word: &str) -> bool {
    let is_letter = |letter: char| letter.is_alphanumeric() || letter == '_';
    text.match_indices(word).any(|(start, _)| {
        let (before, after) = (&text[..start], &text[start + word.len()..]);
        !before.ends_with(is_letter) && !after.starts_with(is_letter)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn field_is_named_only_as_a_whole_word() {
        assert!(has_word(
            "sendCartEvent: \"value\" must be a number",
            "value"
        ));
        assert!(has_word("lineItems[1].value is missing", "value"));
        assert!(!has_word("invalid values given", "value"));
        assert!(!has_word("productIdentity", "productId"));
    }
}
