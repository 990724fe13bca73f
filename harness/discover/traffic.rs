//! Where called events travel: found by values that nothing else has.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::contract::Method;
use crate::evidence::Request;

/// The type of a cart event that is called.
const TYPE: &str = "ITEM_ADDED";

/// What the requests show of the events.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Traffic {
    pub cart: Option<Carrier>,
    pub checkout: Option<Carrier>,
    /// An event that was called before any interaction was sent.
    pub sends_before_interaction: bool,
    /// An order that was called twice was sent twice.
    pub sends_order_twice: bool,
}

/// How the events of one method travel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Carrier {
    pub http: String,
    pub path: String,
    /// `json`, `form` or `query`.
    pub encoding: &'static str,
    /// The media type; absent in a query.
    pub media_type: Option<String>,
    /// The pointer of the array that holds events; absent: the request is the event.
    pub batch: Option<String>,
    /// What distinguishes them from the other method's on the same path.
    pub when: Option<(String, Value)>,
    /// From the page's name to the pointer in the event.
    pub fields: BTreeMap<String, String>,
    /// As `fields`, for each line item.
    pub item_fields: BTreeMap<String, String>,
    /// All of the request, to look for what belongs to the visitor.
    content: Value,
    event: Value,
}

/// The ids of what is called: each stands in the requests that carry it, however they are built.
pub const ORDER: &str = "probe-order-5512";
const CART: &str = "probe-cart-7391";
const EARLY: &str = "probe-early-2209";

/// What is called before any interaction.
pub fn early() -> Value {
    cart(EARLY)
}

/// What is called after one.
pub fn called(method: Method) -> Value {
    match method {
        Method::SendCartEvent => cart(CART),
        Method::SendCheckoutEvent => json!({
            "orderId": ORDER, "value": 551.2, "currency": "SEK", "lineItems": [{
                "productId": "probe-line-8841", "productName": "Probe line 8842",
                "quantity": 8843, "value": 884.4, "currency": "NOK",
            }],
        }),
    }
}

fn cart(id: &str) -> Value {
    json!({
        "type": TYPE, "productId": id, "productName": "Probe product 7392",
        "value": 739.3, "currency": "CHF", "quantity": 7394,
    })
}

impl Traffic {
    /// Reads requests, `first` of which came before any interaction.
    pub fn of(requests: &[Request]) -> Self {
        let carrier = |method| requests.iter().find_map(|own| Carrier::of(own, method));
        let (mut cart, mut checkout) = (
            carrier(Method::SendCartEvent),
            carrier(Method::SendCheckoutEvent),
        );
        if let (Some(one), Some(other)) = (&mut cart, &mut checkout)
            && (&one.http, &one.path) == (&other.http, &other.path)
        {
            (one.when, other.when) = distinction(one, other).unzip();
        }
        let text = |request: &Request| format!("{} {}", request.path, request.body);
        let count = |word: &str| {
            let all = requests.iter();
            all.map(|request| text(request).matches(word).count())
                .sum::<usize>()
        };
        let once = checkout.as_ref().map_or(1, |own| {
            own.content.to_string().matches(ORDER).count().max(1)
        });
        Self {
            sends_before_interaction: count(EARLY) > 0,
            sends_order_twice: count(ORDER) > once,
            cart,
            checkout,
        }
    }

    /// Where a value lies in the event, or else in the request around it.
    pub fn pointer_of(&self, is_it: impl Fn(&str) -> bool) -> Option<String> {
        let carriers = [&self.cart, &self.checkout].into_iter().flatten();
        let places = carriers.flat_map(|own| [&own.event, &own.content]);
        places
            .flat_map(leaves)
            .find(|(_, leaf)| leaf.as_str().is_some_and(&is_it))
            .map(|(pointer, _)| pointer)
    }
}

impl Carrier {
    fn of(request: &Request, method: Method) -> Option<Self> {
        let content = read(request);
        let called = called(method);
        let subject = match method {
            Method::SendCartEvent => "productId",
            Method::SendCheckoutEvent => "orderId",
        };
        let all = leaves(&content);
        let (pointer, _) = all
            .iter()
            .find(|(_, leaf)| is_same(leaf, &called[subject]))?;
        let (batch, event_at) = event_of(pointer);
        let event = content.pointer(&event_at)?.clone();
        let (mut fields, mut item_fields) = (fields(&event, &called), BTreeMap::new());
        let item = &called["lineItems"][0];
        if let (Some(id), Some((at, _))) = (
            item.get("productId"),
            leaves(&event)
                .into_iter()
                .find(|(_, leaf)| is_same(leaf, &item["productId"])),
        ) && let Some((list, rest)) = list_of(&at)
        {
            let item_at = &at[..at.len() - rest.len()];
            fields.insert("lineItems".to_owned(), list);
            item_fields = self::fields(event.pointer(item_at).unwrap_or(id), item);
        }
        let has_query = request.body.is_empty();
        let media_type = request.content_type.as_deref().unwrap_or_default();
        let media_type = media_type.split(';').next().unwrap_or_default().trim();
        Some(Self {
            http: request.method.clone(),
            path: request.endpoint().to_owned(),
            encoding: match (has_query, serde_json::from_str::<Value>(&request.body)) {
                (true, _) => "query",
                (false, Ok(_)) => "json",
                (false, Err(_)) => "form",
            },
            media_type: (!has_query && !media_type.is_empty()).then(|| media_type.to_owned()),
            batch,
            when: None,
            fields,
            item_fields,
            event,
            content,
        })
    }
}

/// Where the fields of `called` lie in `event`. Equal values of a line item do not count.
fn fields(event: &Value, called: &Value) -> BTreeMap<String, String> {
    let all = leaves(event);
    let called = called.as_object().into_iter().flatten();
    let found = called.filter_map(|(name, value)| {
        let (pointer, _) = all.iter().find(|(_, leaf)| is_same(leaf, value))?;
        Some((name.clone(), pointer.clone()))
    });
    found.collect()
}

/// Texts are as good as the numbers they show: a form knows no others.
fn is_same(leaf: &Value, value: &Value) -> bool {
    leaf == value
        || match (leaf.as_f64(), value.as_f64()) {
            (Some(one), Some(other)) => (one - other).abs() < 1e-9,
            (None, Some(_)) => leaf.as_str() == Some(&value.to_string()),
            (_, None) => false,
        }
}

/// The array around an event, and the pointer of the event, by the pointer of one of its fields:
/// the outermost array, as line items lie further in.
fn event_of(pointer: &str) -> (Option<String>, String) {
    match list_of(pointer) {
        None => (None, String::new()),
        Some((list, rest)) => {
            let event = pointer[..pointer.len() - rest.len()].to_owned();
            (Some(list), event)
        }
    }
}

/// The pointer of the outermost array on the way, and the rest of the way in its element.
fn list_of(pointer: &str) -> Option<(String, &str)> {
    let mut at = 0;
    for part in pointer.split('/').skip(1) {
        let end = at + 1 + part.len();
        if part.parse::<usize>().is_ok() {
            return Some((pointer[..at].to_owned(), &pointer[end..]));
        }
        at = end;
    }
    None
}

type Distinction = ((String, Value), (String, Value));

/// A text that both events have at one place, and that differs: the one that lies highest.
fn distinction(one: &Carrier, other: &Carrier) -> Option<Distinction> {
    let is_field = |pointer: &String| one.fields.values().any(|field| field == pointer);
    let pairs = leaves(&one.event)
        .into_iter()
        .filter_map(|(pointer, value)| {
            let against = other.event.pointer(&pointer)?.clone();
            let differs = value.is_string() && against.is_string() && value != against;
            (differs && !is_field(&pointer)).then_some((pointer, value, against))
        });
    let (pointer, value, against) =
        pairs.min_by_key(|(pointer, ..)| pointer.matches('/').count())?;
    Some(((pointer.clone(), value), (pointer, against)))
}

/// What a request carries: JSON, or the pairs of a form or of its query.
pub fn read(request: &Request) -> Value {
    if let Ok(content) = serde_json::from_str::<Value>(&request.body)
        && !content.is_null()
    {
        return content;
    }
    let query = request.path.split_once('?').map_or("", |(_, query)| query);
    let pairs = if request.body.is_empty() {
        query
    } else {
        &request.body
    };
    let pairs = url::form_urlencoded::parse(pairs.as_bytes());
    let pairs = pairs.map(|(name, value)| (name.into_owned(), Value::from(value.into_owned())));
    Value::Object(pairs.collect::<Map<_, _>>())
}

/// Every simple value with its JSON Pointer.
pub fn leaves(content: &Value) -> Vec<(String, Value)> {
    fn walk(value: &Value, at: &str, found: &mut Vec<(String, Value)>) {
        match value {
            Value::Object(fields) => {
                for (name, field) in fields {
                    let name = name.replace('~', "~0").replace('/', "~1");
                    walk(field, &format!("{at}/{name}"), found);
                }
            }
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    walk(item, &format!("{at}/{index}"), found);
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
                found.push((at.to_owned(), value.clone()));
            }
        }
    }
    let mut found = Vec::new();
    walk(content, "", &mut found);
    found
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
pub mod tests {
    use super::*;
    use crate::contract::Visitor;
    use crate::evidence::{Decision, Millis, RequestId};

    /// A request with this body.
    pub fn request(path: &str, body: &str) -> Request {
        Request {
            id: RequestId(1),
            at: Millis(0.0),
            visitor: Visitor::First,
            method: "POST".to_owned(),
            path: path.to_owned(),
            content_type: Some("text/plain;charset=UTF-8".to_owned()),
            body: body.to_owned(),
            decision: Decision::Answered,
        }
    }

    fn batch() -> Request {
        let cart = called(Method::SendCartEvent);
        let order = called(Method::SendCheckoutEvent);
        let item = &order["lineItems"][0];
        let body = json!({"meta": {"key": "K", "chatId": "C"}, "events": [
            {"kind": "cart", "payload": {"action": cart["type"], "sku": cart["productId"],
                "price": {"amount": cart["value"], "currency": cart["currency"]}}},
            {"kind": "order", "payload": {"number": order["orderId"], "total": order["value"],
                "lines": [{"sku": item["productId"], "price": {"amount": item["value"]}}]}},
        ]});
        request("/collect/v3", &body.to_string())
    }

    #[test]
    fn events_of_a_batch_are_found_with_their_fields() {
        let found = Traffic::of(&[request("/other", "{}"), batch()]);
        let (cart, checkout) = (found.cart.clone().unwrap(), found.checkout.clone().unwrap());
        assert_eq!(cart.batch.as_deref(), Some("/events"));
        assert_eq!(cart.media_type.as_deref(), Some("text/plain"));
        assert_eq!(cart.when, Some(("/kind".to_owned(), json!("cart"))));
        assert_eq!(checkout.when, Some(("/kind".to_owned(), json!("order"))));
        assert_eq!(cart.fields["type"], "/payload/action");
        assert_eq!(cart.fields["currency"], "/payload/price/currency");
        assert_eq!(checkout.fields["lineItems"], "/payload/lines");
        assert_eq!(checkout.item_fields["value"], "/price/amount");
        assert_eq!(
            found.pointer_of(|text| text == "C").as_deref(),
            Some("/meta/chatId")
        );
        assert!(!found.sends_before_interaction && !found.sends_order_twice);
    }

    #[test]
    fn event_of_a_query_is_found() {
        let mut pixel = request("/p.gif?sku=probe-cart-7391&v=739.3", "");
        pixel.method = "GET".to_owned();
        let cart = Traffic::of(&[pixel]).cart.unwrap();
        assert_eq!((cart.http.as_str(), cart.encoding), ("GET", "query"));
        assert_eq!(cart.fields["productId"], "/sku");
        assert_eq!(cart.fields["value"], "/v");
    }

    #[test]
    fn order_that_comes_twice_is_seen() {
        assert!(Traffic::of(&[batch(), batch()]).sends_order_twice);
    }
}
