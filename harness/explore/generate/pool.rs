//! The events, pages and malformed entries that journeys are made of.

use crate::contract::{Event, EventReference};
use crate::input::{Files, InputError};

/// The pages of the shop, and those with the Product FAQs twice as often.
pub const PAGES: [&str; 7] = [
    "product",
    "product",
    "faq",
    "cart",
    "checkout",
    "thank-you",
    "index",
];

/// What no queue can make an event of.
pub const BAD_ENTRIES: [&str; 6] = [
    "null",
    "'text'",
    "{}",
    "{ method: 'sendNothing', args: {} }",
    "{ method: 'sendCartEvent' }",
    "42",
];

/// The simplest events: what shrinking puts in the place of others.
pub const PLAIN_CARTS: [&str; 2] = ["cart/trail-runner-added", "cart/fell-light-added"];
pub const PLAIN_ORDERS: [&str; 2] = ["checkout/order-1", "checkout/order-2"];

const CARTS: [&str; 36] = [
    "cart/trail-runner-added",
    "cart/trail-runner-increased",
    "cart/trail-runner-decreased",
    "cart/trail-runner-removed",
    "cart/alpine-vest-increased",
    "cart/fell-light-added",
    "cart/fell-light-decreased",
    "cart/fell-light-increased",
    "cart/fell-light-removed",
    "cart/gift-card-added",
    "cart/headlamp-added",
    "cart/merino-socks-added",
    "cart/merino-socks-increased",
    "cart/merino-socks-removed",
    "cart/poles-added",
    "cart/ueberlaeufer-added",
    "cart/currency-dinar",
    "cart/currency-euro",
    "cart/currency-pound",
    "cart/currency-yen",
    "cart/id-numeric-text",
    "cart/id-with-odd-letters",
    "cart/name-chinese-japanese-korean",
    "cart/name-composed",
    "cart/name-control-characters",
    "cart/name-emoji",
    "cart/name-looks-like-a-value",
    "cart/name-markup",
    "cart/name-quotes",
    "cart/name-right-to-left",
    "cart/quantity-large",
    "cart/value-cents",
    "cart/value-exponent",
    "cart/value-largest-integer",
    "cart/value-tiny",
    "cart/value-zero",
];

const ORDERS: [&str; 30] = [
    "checkout/order-1",
    "checkout/order-2",
    "checkout/order-3",
    "checkout/id-inherited-name",
    "checkout/id-long",
    "checkout/id-long-and-almost-the-same",
    "checkout/id-longer-prefix",
    "checkout/id-method-name",
    "checkout/id-null",
    "checkout/id-of-twenty-digits-1",
    "checkout/id-of-twenty-digits-2",
    "checkout/id-padded-with-zeros",
    "checkout/id-prefix",
    "checkout/id-prototype",
    "checkout/id-short",
    "checkout/id-true",
    "checkout/id-undefined",
    "checkout/id-with-comma",
    "checkout/id-with-decimals",
    "checkout/id-with-exponent",
    "checkout/in-dinar",
    "checkout/in-yen",
    "checkout/with-a-discount",
    "checkout/with-a-product-twice",
    "checkout/with-empty-line-items",
    "checkout/with-odd-numbers",
    "checkout/with-odd-texts",
    "checkout/with-three-items",
    "checkout/without-line-items",
    "checkout/without-order-id",
];

const REFUSED: [&str; 15] = [
    "cart/invalid/currency-null",
    "cart/invalid/inherited-type",
    "cart/invalid/lower-case-type",
    "cart/invalid/padded-type",
    "cart/invalid/price-not-parsed",
    "cart/invalid/quantity-as-text",
    "cart/invalid/unknown-type",
    "cart/invalid/value-as-text",
    "cart/invalid/without-product-id",
    "checkout/invalid/an-item-is-null",
    "checkout/invalid/items-as-text",
    "checkout/invalid/one-item-without-quantity",
    "checkout/invalid/order-id-as-number",
    "checkout/invalid/value-as-text",
    "checkout/invalid/without-value",
];

/// The events.
#[derive(Debug, Clone)]
pub struct Pool {
    pub carts: Vec<Event>,
    pub orders: Vec<Event>,
    pub refused: Vec<Event>,
}

impl Pool {
    /// Reads them.
    ///
    /// # Errors
    /// If one cannot be read.
    pub fn load(files: &Files) -> Result<Self, InputError> {
        let read = |names: &[&str]| -> Result<Vec<Event>, InputError> {
            names.iter().map(|name| read(name, files)).collect()
        };
        Ok(Self {
            carts: read(&CARTS)?,
            orders: read(&ORDERS)?,
            refused: read(&REFUSED)?,
        })
    }

    /// Whether journeys call it.
    pub fn holds(&self, event: &Event) -> bool {
        let mut all = self.carts.iter().chain(&self.orders).chain(&self.refused);
        all.any(|own| own == event)
    }

    /// One of the simplest events.
    pub fn plain(&self, label: &str) -> Option<&Event> {
        let mut all = self.carts.iter().chain(&self.orders);
        all.find(|event| event.label == label)
    }
}

fn read(name: &str, files: &Files) -> Result<Event, InputError> {
    let wrong = |found: String| InputError::new("events", found);
    let mut events = EventReference::parse(name).map_err(wrong)?.resolve(files)?;
    events
        .pop()
        .ok_or_else(|| InputError::new(name, "this is no event"))
}
