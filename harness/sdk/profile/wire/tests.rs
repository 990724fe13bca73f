#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

use serde_json::{Value, json};

use super::Wire;
use crate::contract::Method;

const PLAIN: &str = r#"
    company_key = "key"
    user_fingerprint = "chat"
    user_faq_fingerprint = "faq"
    [events.sendCartEvent]
    path = "/cart"
    fields = { productId = "product_id", value = "value" }
    [events.sendCheckoutEvent]
    path = "/order"
    fields = { orderId = "order_id", lineItems = "items" }
    item_fields = { productId = "sku" }
"#;

fn wire(text: &str) -> Wire {
    toml::from_str(text).expect("a wire format")
}

#[test]
fn path_without_its_query_decides_the_method() {
    let wire = wire(PLAIN);
    let read = wire.read(
        "POST",
        "/order?v=2",
        r#"{"order_id":"1","items":[{"sku":"A"}],"key":"K"}"#,
    );
    assert_eq!(read.len(), 1);
    assert_eq!(
        (read[0].method, &read[0].args),
        (
            Method::SendCheckoutEvent,
            &json!({"orderId": "1", "lineItems": [{"productId": "A"}]})
        )
    );
    assert_eq!(
        (&read[0].company_key, &read[0].user_fingerprint),
        (&Some(json!("K")), &None)
    );
    assert!(
        wire.takes("POST", "/cart") && !wire.takes("GET", "/cart") && !wire.takes("POST", "/other")
    );
}

#[test]
fn unreadable_request_is_one_event_without_fields() {
    let read = wire(PLAIN).read("POST", "/cart", "no JSON");
    assert_eq!(
        (read.len(), &read[0].body, &read[0].args),
        (1, &Value::Null, &json!({}))
    );
}

#[test]
fn batch_holds_many_events_that_share_its_key() {
    let batched = PLAIN
        .replace(
            "path = \"/cart\"",
            "path = \"/batch\"\nbatch = \"/events\"\nwhen = { \"/kind\" = \"cart\" }",
        )
        .replace(
            "path = \"/order\"",
            "path = \"/batch\"\nbatch = \"/events\"\nwhen = { \"/kind\" = \"order\" }",
        );
    let body = json!({
        "key": "K",
        "events": [
            {"kind": "cart", "product_id": "A"},
            {"kind": "page"},
            {"kind": "order", "order_id": "1"},
        ],
    })
    .to_string();
    let read = wire(&batched).read("POST", "/batch", &body);
    assert_eq!(
        read.iter().map(|event| event.method).collect::<Vec<_>>(),
        [Method::SendCartEvent, Method::SendCheckoutEvent]
    );
    assert!(
        read.iter()
            .all(|event| event.company_key == Some(json!("K")))
    );
}

#[test]
fn batch_array_may_be_a_text_in_a_form() {
    let text = "encoding = \"form\"\nbatch = \"data\"\npath";
    let batched = PLAIN.replace("path", text);
    let read = wire(&batched).read(
        "POST",
        "/cart",
        "data=%5B%7B%22product_id%22%3A%22A%22%7D%2C%7B%22product_id%22%3A%22B%22%7D%5D",
    );
    assert_eq!(
        read.iter().map(|event| &event.args).collect::<Vec<_>>(),
        [&json!({"productId": "A"}), &json!({"productId": "B"})]
    );
    let lone = wire(&batched).read("POST", "/cart", "data=%7B%22product_id%22%3A%22A%22%7D");
    assert_eq!(
        lone.iter().map(|event| &event.args).collect::<Vec<_>>(),
        [&json!({"productId": "A"})]
    );
}

#[test]
fn envelope_names_the_batch_and_opened_paths() {
    let packed = PLAIN
        .replace("path = \"/cart\"", "path = \"/cart\"\nbatch = \"events\"")
        .replace("value = \"value\"", "value = \"/0/packed/value\"");
    let envelope = wire(&packed)
        .envelope("POST", "/cart?v=1", "{\"events\":[]}")
        .unwrap();
    assert_eq!(
        (envelope.bytes, envelope.batch.as_deref(), &envelope.content),
        (13, Some("/events"), &json!({"events": []}))
    );
    assert!(
        envelope.opened.contains("/events/*/*/packed")
            && !envelope.opened.contains("/events/*/*/packed/value"),
        "{:?}",
        envelope.opened
    );
    assert_eq!(wire(&packed).envelope("GET", "/cart", ""), None);
}

#[test]
fn pixel_carries_event_and_numbers_in_its_query() {
    let pixel = PLAIN.replace(
        "path = \"/cart\"",
        "path = \"/pixel.gif\"\nhttp = \"GET\"\nencoding = \"query\"",
    );
    let read = wire(&pixel).read("GET", "/pixel.gif?product_id=12&value=19.9&key=K", "");
    assert_eq!(read[0].args, json!({"productId": "12", "value": 19.9}));
}

#[test]
fn form_may_hold_items_as_json() {
    let form = PLAIN.replace(
        "path = \"/order\"",
        "path = \"/order\"\nencoding = \"form\"",
    );
    let read = wire(&form).read(
        "POST",
        "/order",
        "order_id=7&items=%5B%7B%22sku%22%3A%22A%22%7D%5D",
    );
    assert_eq!(
        read[0].args,
        json!({"orderId": "7", "lineItems": [{"productId": "A"}]})
    );
}
