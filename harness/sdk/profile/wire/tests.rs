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
fn the_path_tells_the_method_and_the_query_does_not_matter() {
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
fn a_request_that_cannot_be_read_is_one_event_without_fields() {
    let read = wire(PLAIN).read("POST", "/cart", "no JSON");
    assert_eq!(
        (read.len(), &read[0].body, &read[0].args),
        (1, &Value::Null, &json!({}))
    );
}

#[test]
fn a_batch_is_as_many_events_as_its_array_holds_and_shares_the_key_around_it() {
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
fn the_array_of_a_batch_may_be_a_text_in_a_form() {
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
fn an_envelope_says_where_the_events_lie_and_what_is_opened_on_the_way() {
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
fn a_pixel_carries_its_event_in_the_query_and_numbers_as_text() {
    let pixel = PLAIN.replace(
        "path = \"/cart\"",
        "path = \"/pixel.gif\"\nhttp = \"GET\"\nencoding = \"query\"",
    );
    let read = wire(&pixel).read("GET", "/pixel.gif?product_id=12&value=19.9&key=K", "");
    assert_eq!(read[0].args, json!({"productId": "12", "value": 19.9}));
}

#[test]
fn a_form_may_hold_the_items_as_json() {
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
