use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value};
use wildmatch::WildMatch;

use super::Pointer;
use crate::contract::Method;

/// The HTTP wire format.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Wire {
    /// Where the company key lies, in the event or else in the request around it.
    pub company_key: Pointer,
    /// Where the chat's fingerprint lies, likewise.
    pub user_fingerprint: Pointer,
    /// Where the Product FAQs' fingerprint lies, likewise.
    pub user_faq_fingerprint: Pointer,
    /// Where the events of each method go.
    pub events: BTreeMap<Method, WireEvent>,
}

/// Where one method's events go, and where each documented field lies there.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WireEvent {
    /// The HTTP method.
    #[serde(default = "post")]
    pub http: String,
    /// The path below the API's base URL; `*` and `?` as in a shell.
    pub path: String,
    /// How the body, or the query, is to be read.
    #[serde(default)]
    pub encoding: Encoding,
    /// The media types that a request may have; empty: the one that is usual for the encoding.
    #[serde(default)]
    pub content_types: Vec<String>,
    /// The array that holds the events of one request; absent: a request is an event.
    pub batch: Option<Pointer>,
    /// What tells these events from others on the same path: the values that lie at these places.
    #[serde(default)]
    pub when: BTreeMap<String, Value>,
    /// From the page's name to the place in the event.
    pub fields: BTreeMap<String, Pointer>,
    /// As `fields`, for each line item.
    #[serde(default)]
    pub item_fields: BTreeMap<String, Pointer>,
    /// Fields that are numbers, for encodings that know only texts.
    #[serde(default = "numbers")]
    pub numbers: Vec<String>,
}

/// How an event is written into a request.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Encoding {
    /// The body is JSON.
    #[default]
    Json,
    /// The body is `application/x-www-form-urlencoded`.
    Form,
    /// The query of the URL, as a tracking pixel has it.
    Query,
}

/// What a request holds around its events.
#[derive(Debug, Clone, PartialEq)]
pub struct Envelope {
    /// All of it; `Null` where it could not be read.
    pub content: Value,
    /// The bytes of the body, or of the query where that carries the event.
    pub bytes: usize,
    /// The JSON Pointer of the array that holds the events; absent: the request is the event.
    pub batch: Option<String>,
    /// The JSON Pointers, `*` for any place of a list, of what must be opened to get to a field:
    /// there a text holds JSON.
    pub opened: BTreeSet<String>,
}

/// One event, read from a request.
#[derive(Debug, Clone, PartialEq)]
pub struct WireRecord {
    /// Which method's.
    pub method: Method,
    /// The event as it was written; `Null` where the request could not be read.
    pub body: Value,
    /// The documented fields under the names that the shop used; absent fields are absent.
    pub args: Value,
    /// The company key; absent is `None`, not `Null`.
    pub company_key: Option<Value>,
    /// The chat's fingerprint, likewise.
    pub user_fingerprint: Option<Value>,
    /// The Product FAQs' fingerprint, likewise.
    pub user_faq_fingerprint: Option<Value>,
}

impl Wire {
    /// Where the events of `method` go.
    #[must_use]
    pub fn event(&self, method: Method) -> &WireEvent {
        &self.events[&method]
    }

    /// Whether one request can hold several events.
    #[must_use]
    pub fn has_batches(&self) -> bool {
        self.events.values().any(|event| event.batch.is_some())
    }

    /// Whether a request of this HTTP method to this path, its query aside, carries events.
    #[must_use]
    pub fn takes(&self, http: &str, path: &str) -> bool {
        self.at(http, path).next().is_some()
    }

    /// Whether any event goes to `path`, by whatever HTTP method: then a preflight is one for
    /// events.
    #[must_use]
    pub fn takes_at(&self, path: &str) -> bool {
        self.events.values().any(|event| event.is_at(path))
    }

    /// The events in a request; `path` with its query. A request that cannot be read is one event
    /// without fields.
    #[must_use]
    pub fn read(&self, http: &str, path: &str, body: &str) -> Vec<WireRecord> {
        let (bare, query) = path.split_once('?').unwrap_or((path, ""));
        let Some((first, wire)) = self.at(http, bare).next() else {
            return Vec::new();
        };
        let request = wire.encoding.read(query, body);
        let entries = match wire.batch.as_ref().map(|batch| batch.open(&request)) {
            Some(Some(Value::Array(entries))) => entries,
            // Also a lone event, where the profile knows of arrays: in the array's place, or the
            // request itself.
            Some(Some(lone @ Value::Object(_))) => vec![lone],
            None | Some(_) => vec![request.clone()],
        };
        let record = |entry: &Value| {
            let told = self.at(http, bare).find(|(_, wire)| wire.is(entry));
            // Where several methods share a path, an entry that is none of them is no event of
            // theirs.
            let (method, wire) =
                told.or((wire.when.is_empty() || !entry.is_object()).then_some((first, wire)))?;
            Some(self.record(method, wire, entry, &request))
        };
        entries.iter().filter_map(record).collect()
    }

    /// What a request holds around its events, `path` with its query; nothing where it is not one
    /// that carries events.
    #[must_use]
    pub fn envelope(&self, http: &str, path: &str, body: &str) -> Option<Envelope> {
        let (bare, query) = path.split_once('?').unwrap_or((path, ""));
        let (_, wire) = self.at(http, bare).next()?;
        let batch = wire.batch.as_ref().map(Pointer::full);
        let entry = batch
            .as_ref()
            .map_or_else(String::new, |batch| format!("{batch}/*"));
        let around = [
            &self.company_key,
            &self.user_fingerprint,
            &self.user_faq_fingerprint,
        ];
        let fields = self
            .at(http, bare)
            .flat_map(|(_, wire)| wire.fields.values());
        let in_the_event = fields
            .chain(around)
            .map(|place| format!("{entry}{}", place.full()));
        let opened = in_the_event
            .chain(around.map(Pointer::full))
            .flat_map(|place| above(&place))
            .collect();
        let bytes = if wire.encoding == Encoding::Query {
            query.len()
        } else {
            body.len()
        };
        Some(Envelope {
            content: wire.encoding.read(query, body),
            bytes,
            batch,
            opened,
        })
    }

    fn record(
        &self,
        method: Method,
        wire: &WireEvent,
        entry: &Value,
        request: &Value,
    ) -> WireRecord {
        let find = |pointer: &Pointer| pointer.find(entry).or_else(|| pointer.find(request));
        WireRecord {
            method,
            args: wire.args(entry),
            company_key: find(&self.company_key),
            user_fingerprint: find(&self.user_fingerprint),
            user_faq_fingerprint: find(&self.user_faq_fingerprint),
            body: entry.clone(),
        }
    }

    fn at<'w>(&'w self, http: &str, path: &str) -> impl Iterator<Item = (Method, &'w WireEvent)> {
        self.events
            .iter()
            .filter(move |(_, event)| event.http.eq_ignore_ascii_case(http) && event.is_at(path))
            .map(|(method, event)| (*method, event))
    }
}

impl WireEvent {
    /// Whether `content_type`, as the header has it, is one that a request may have. A query has
    /// none.
    #[must_use]
    pub fn allows(&self, content_type: &str) -> bool {
        let media_type = content_type.split(';').next().unwrap_or_default().trim();
        let is = |allowed: &str| media_type.eq_ignore_ascii_case(allowed);
        self.encoding == Encoding::Query
            || if self.content_types.is_empty() {
                is(self.encoding.content_type())
            } else {
                self.content_types.iter().any(|allowed| is(allowed))
            }
    }

    /// The media types that a request may have, for messages.
    #[must_use]
    pub fn content_types(&self) -> String {
        if self.content_types.is_empty() {
            self.encoding.content_type().to_owned()
        } else {
            self.content_types.join(" or ")
        }
    }

    fn is_at(&self, path: &str) -> bool {
        self.path == path || WildMatch::new(&self.path).matches(path)
    }

    fn is(&self, entry: &Value) -> bool {
        self.when
            .iter()
            .all(|(place, value)| Pointer::from(place.clone()).find(entry).as_ref() == Some(value))
    }

    fn args(&self, entry: &Value) -> Value {
        let mut args = self.named(entry, &self.fields);
        if let Some(items) = args.get_mut("lineItems") {
            if let (true, Value::String(text)) = (self.encoding.is_text(), &*items) {
                *items = serde_json::from_str(text).unwrap_or(Value::String(text.clone()));
            }
            if let Value::Array(items) = items {
                for item in items {
                    *item = Value::Object(self.named(item, &self.item_fields));
                }
            }
        }
        Value::Object(args)
    }

    fn named(&self, value: &Value, places: &BTreeMap<String, Pointer>) -> Map<String, Value> {
        let number = |name: &String, value: Value| match &value {
            Value::String(text) if self.encoding.is_text() && self.numbers.contains(name) => {
                serde_json::from_str(text)
                    .ok()
                    .filter(Value::is_number)
                    .unwrap_or(value)
            }
            _ => value,
        };
        places
            .iter()
            .filter_map(|(name, place)| Some((name.clone(), number(name, place.find(value)?))))
            .collect()
    }
}

impl Encoding {
    fn read(self, query: &str, body: &str) -> Value {
        let form = |text: &str| {
            Value::Object(
                url::form_urlencoded::parse(text.as_bytes())
                    .map(|(name, value)| (name.into_owned(), value.into()))
                    .collect(),
            )
        };
        match self {
            Self::Json => serde_json::from_str(body).unwrap_or(Value::Null),
            Self::Form => form(body),
            Self::Query => form(query),
        }
    }

    fn is_text(self) -> bool {
        matches!(self, Self::Form | Self::Query)
    }

    fn content_type(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Form => "application/x-www-form-urlencoded",
            Self::Query => "",
        }
    }
}

/// Every place that a JSON Pointer leads through, with `*` for a place of a list.
fn above(pointer: &str) -> Vec<String> {
    let is_place =
        |step: &&str| !step.is_empty() && step.chars().all(|letter| letter.is_ascii_digit());
    let steps: Vec<&str> = pointer
        .split('/')
        .map(|step| if is_place(&step) { "*" } else { step })
        .collect();
    (1..steps.len()).map(|end| steps[..end].join("/")).collect()
}

fn post() -> String {
    "POST".to_owned()
}

fn numbers() -> Vec<String> {
    vec!["value".to_owned(), "quantity".to_owned()]
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use serde_json::json;

    use super::*;

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
            wire.takes("POST", "/cart")
                && !wire.takes("GET", "/cart")
                && !wire.takes("POST", "/other")
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
}
