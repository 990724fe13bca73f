//! The rows of the validation matrix.

use rstest::rstest;
use serde_json::{Value, json};

use super::bench::Bench;
use crate::contract::{Method, RowCheckName};
use crate::evidence::{Dialog, Millis, StepOutcome};

const ROW: &str = "value-text";

fn asking(check: RowCheckName) -> Bench {
    Bench::asking_of_row(Method::SendCartEvent, ROW, check)
}

#[rstest]
#[case(RowCheckName::NotSent)]
#[case(RowCheckName::ConsoleNamesField)]
#[case(RowCheckName::ThrowsNothing)]
fn refused_row_holds(#[case] check: RowCheckName) {
    asking(check).holds();
}

fn never_called(check: RowCheckName) -> Bench {
    asking(check).with(|evidence| evidence.rows.retain(|row| row.id != ROW))
}

#[test]
fn row_that_was_never_called_is_a_harness_bug() {
    for check in RowCheckName::ALL {
        assert_eq!(
            never_called(check).bug(),
            "the row value-text was never called"
        );
    }
}

#[test]
fn row_behind_a_dialog_proves_nothing() {
    for check in RowCheckName::ALL {
        let stopped = never_called(check).with(|evidence| {
            evidence.dialogs = vec![Dialog {
                at: Millis(1.0),
                text: "hello".into(),
            }];
        });
        assert_eq!(
            stopped.message(),
            "a dialog stopped the page before this row was called"
        );
    }
}

#[test]
fn row_after_an_impossible_step_proves_nothing() {
    for check in RowCheckName::ALL {
        let stopped = never_called(check).with(|evidence| {
            evidence.steps[0].outcome = StepOutcome::Impossible("the page went away".into());
        });
        assert_eq!(
            stopped.message(),
            "the step at line 3 could not be done: the page went away"
        );
    }
}

/// Whatever an SDK made of the flawed value, and whatever other row was sent too.
#[rstest]
#[case::as_it_was(json!("twelve"))]
#[case::as_a_number(json!(12))]
fn sent_flawed_call_is_found_by_other_fields(#[case] value: Value) {
    let sent = asking(RowCheckName::NotSent)
        .arriving_row(|args| args["value"] = value.clone())
        .broken();
    assert_eq!(sent.message, "a call with a flawed value was sent");
    assert_eq!(sent.actual.map(|args| args["value"].clone()), Some(value));
}

#[test]
fn request_of_another_row_is_ignored() {
    asking(RowCheckName::NotSent)
        .arriving_row(|_| {})
        .with(|evidence| drop(evidence.requests.pop()))
        .holds();
}

#[test]
fn event_of_the_other_method_is_ignored() {
    let other = asking(RowCheckName::NotSent)
        .arriving_row(|_| {})
        .with(|evidence| {
            evidence.requests.remove(0);
            evidence.requests[0].path = "/analytics/checkout_events".into();
        });
    other.holds();
}

#[test]
fn message_of_own_row_must_name_the_field() {
    let silent = asking(RowCheckName::ConsoleNamesField).with(|evidence| {
        let own = evidence
            .rows
            .iter_mut()
            .find(|row| row.id == ROW)
            .expect("the row was called");
        own.console = vec!["invalid data".into()];
    });
    let broken = silent.broken();
    assert_eq!(broken.message, "no console message names value");
    assert_eq!(broken.actual, Some(json!(["invalid data"])));
}

#[test]
fn row_that_threw_is_reported_with_its_exception() {
    let threw = asking(RowCheckName::ThrowsNothing).with(|evidence| {
        let own = evidence
            .rows
            .iter_mut()
            .find(|row| row.id == ROW)
            .expect("the row was called");
        own.threw = Some("TypeError: no".into());
    });
    assert_eq!(
        threw.message(),
        "a call with a flawed value threw into the page: TypeError: no"
    );
}

#[rstest]
#[case::of_the_event("productId-empty", "/productId")]
#[case::of_an_item("lineItems.productId-empty", "/lineItems/1/productId")]
#[case::of_all_items("lineItems-null", "/lineItems")]
fn open_row_is_observed_at_its_flaw(#[case] row: &str, #[case] pointer: &str) {
    let method = if row.starts_with("productId") {
        Method::SendCartEvent
    } else {
        Method::SendCheckoutEvent
    };
    let asking = || Bench::asking_of_row(method, row, RowCheckName::ObserveRow);
    assert_eq!(asking().seen(), json!("refused"));
    let set = |value: Value| {
        move |args: &mut Value| *args.pointer_mut(pointer).expect("the field is there") = value
    };
    assert_eq!(
        asking().arriving_row(set(json!(""))).seen(),
        json!({"sent as": ""})
    );
    assert_eq!(
        asking().arriving_row(set(Value::Null)).seen(),
        json!({"sent as": null})
    );
    let left_out = |args: &mut Value| {
        let (parent, field) = pointer.rsplit_once('/').expect("a pointer has a slash");
        args.pointer_mut(parent)
            .and_then(Value::as_object_mut)
            .expect("it is an object")
            .shift_remove(field);
    };
    assert_eq!(
        asking().arriving_row(left_out).seen(),
        json!("sent without the field")
    );
}
