//! Well-formed and malformed requests.

use rstest::rstest;
use serde_json::{Value, json};

use super::bench::{Bench, order};
use crate::contract::CaseCheckName;

#[rstest]
#[case("value", json!("10.5"), "value is a string, not a number")]
#[case("quantity", json!(null), "quantity is null, not a number")]
#[case("quantity", json!(true), "quantity is a boolean, not a number")]
#[case("currency", json!(12), "currency is a number, not a string")]
#[case("currency", json!(["USD"]), "currency is an array, not a string")]
#[case("type", json!({}), "type is an object, not a string")]
fn field_of_another_type_is_malformed(
    #[case] field: &str,
    #[case] value: Value,
    #[case] misfit: &str,
) {
    assert_eq!(
        Bench::asking(CaseCheckName::Shape)
            .with_field(field, value)
            .message(),
        format!("sendCartEvent productId \"N-1\": {misfit}")
    );
}

fn with_an_order() -> Bench {
    Bench::asking(CaseCheckName::Shape).arriving_events(&[order("O-1")])
}

#[test]
fn only_optional_fields_may_be_absent() {
    with_an_order().holds();
    with_an_order().without_field("order_id").holds();
    assert_eq!(
        with_an_order().without_field("currency").message(),
        "sendCheckoutEvent orderId \"O-1\": currency is missing"
    );
}

#[test]
fn line_item_fields_are_checked() {
    let text = with_an_order().with_body(0, |body| body["line_items"][0]["quantity"] = json!("2"));
    assert_eq!(
        text.message(),
        "sendCheckoutEvent orderId \"O-1\": lineItems[0].quantity is a string, not a number"
    );
    let absent = with_an_order().with_body(0, |body| {
        drop(
            body["line_items"][0]
                .as_object_mut()
                .map(|item| item.shift_remove("product_id")),
        );
    });
    assert_eq!(
        absent.message(),
        "sendCheckoutEvent orderId \"O-1\": lineItems[0].productId is missing"
    );
}

#[rstest]
#[case::plain("application/json")]
#[case::with_a_charset("application/json;charset=utf-8")]
#[case::in_capitals("Application/JSON ; charset=UTF-8")]
fn media_type_ignores_parameters_and_case(#[case] content_type: &str) {
    Bench::asking(CaseCheckName::Shape)
        .with(|evidence| evidence.requests[0].content_type = Some(content_type.into()))
        .holds();
}

#[rstest]
#[case(
    Some("text/plain"),
    "the content type is text/plain, not application/json"
)]
#[case(
    Some("application/jsonlines"),
    "the content type is application/jsonlines, not application/json"
)]
#[case(None, "the content type is absent, not application/json")]
fn other_media_type_is_malformed(#[case] content_type: Option<&str>, #[case] message: &str) {
    let bench = Bench::asking(CaseCheckName::Shape)
        .with(|evidence| evidence.requests[0].content_type = content_type.map(str::to_owned));
    assert!(bench.message().ends_with(message), "{}", bench.message());
}

#[rstest]
#[case::no_json("type=ITEM_ADDED")]
#[case::an_array("[{}]")]
fn body_without_an_object_has_one_fault(#[case] body: &str) {
    let bench = Bench::asking(CaseCheckName::Shape)
        .with(|evidence| evidence.requests[0].body = body.into());
    assert_eq!(
        bench.message(),
        "sendCartEvent: the body is not a JSON object"
    );
}

#[test]
fn shape_needs_an_event() {
    assert_eq!(
        Bench::asking(CaseCheckName::Shape).arriving(&[]).message(),
        "no event request arrived whose shape could be seen"
    );
}
