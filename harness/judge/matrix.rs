//! The rows of the validation matrix: one flawed call each.

use serde_json::json;

use super::{Finding, Subject};
use crate::contract::Event;
use crate::evidence::RowRecord;
use crate::reading::{Recorded, same_json};
use crate::scenario::Row;

impl<'a> Subject<'a> {
    pub(super) fn row_not_sent(&self, index: usize, row: &Row) -> Finding {
        match (self.row_record(row), self.recorded_row(index)) {
            (None, _) => Finding::nothing_to_judge("this row was never called"),
            (_, None) => Finding::Holds,
            (_, Some(recorded)) => Finding::differs(
                format!("a call with a flawed {} was sent", row.field),
                "no request",
                recorded.args.clone(),
            ),
        }
    }

    pub(super) fn row_console_names_field(&self, row: &Row) -> Finding {
        match self.row_record(row) {
            None => Finding::nothing_to_judge("this row was never called"),
            Some(record)
                if record.console.iter().any(|text| {
                    self.profile
                        .console
                        .names_of(&row.field)
                        .iter()
                        .any(|name| has_word(text, name))
                }) =>
            {
                Finding::Holds
            }
            Some(record) => {
                let words = self.profile.console.names_of(&row.field).join(" or ");
                Finding::differs(
                    format!("no console message names {words}"),
                    format!("a message that contains {words}"),
                    record.console.clone(),
                )
            }
        }
    }

    pub(super) fn row_throws_nothing(&self, row: &Row) -> Finding {
        match self.row_record(row).map(|record| &record.threw) {
            None => Finding::nothing_to_judge("this row was never called"),
            Some(None) => Finding::Holds,
            Some(Some(threw)) => Finding::broken(format!(
                "a call with a flawed {} threw into the page: {threw}",
                row.field
            )),
        }
    }

    pub(super) fn row_observed(&self, index: usize, row: &Row) -> Finding {
        if self.row_record(row).is_none() {
            return Finding::nothing_to_judge("this row was never called");
        }
        let Some(recorded) = self.recorded_row(index) else {
            return Finding::Seen(json!("refused"));
        };
        Finding::Seen(match recorded.args.pointer(&place_of(row)) {
            Some(value) => json!({"sent as": value}),
            None => json!("sent without the field"),
        })
    }

    fn row_record(&self, row: &Row) -> Option<&'a RowRecord> {
        self.evidence.rows.iter().find(|record| record.id == row.id)
    }

    fn row_event(&self, index: usize) -> Event {
        self.case
            .scenario
            .matrix
            .as_ref()
            .expect("a row is of a matrix")
            .valid_event(index)
    }

    /// The request of a row. Every row's other fields are its own, so it is found whatever field it
    /// lost.
    fn recorded_row(&self, index: usize) -> Option<&Recorded<'a>> {
        let event = self.row_event(index);
        let own = |recorded: &&Recorded<'a>| {
            let same = |field| {
                matches!(
                    (event.args.get(field), recorded.args.get(field)),
                    (Some(own), Some(there)) if same_json(own, there)
                )
            };
            ["productId", "productName", "orderId", "value"]
                .into_iter()
                .any(same)
        };
        self.ledger
            .recorded
            .iter()
            .filter(|recorded| recorded.method == event.method)
            .find(own)
    }
}

/// Where the flaw of a row lies, as a JSON pointer: the matrix spoils the event itself, or its
/// second line item.
fn place_of(row: &Row) -> String {
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
    fn a_message_names_a_field_only_as_a_word_of_its_own() {
        assert!(has_word(
            "sendCartEvent: \"value\" must be a number",
            "value"
        ));
        assert!(has_word("lineItems[1].value is missing", "value"));
        assert!(!has_word("invalid values given", "value"));
        assert!(!has_word("productIdentity", "productId"));
    }
}
