//! Each event of a case: what was called, what was sent, and what the ledger says.

use std::collections::BTreeSet;

use maud::{Markup, html};
use serde_json::Value;

use super::json::{Side, inline, leaves, pretty};
use super::parts::{labelled, text_cut};
use crate::report::EventReport;
use crate::text::counted;

/// More events than these are counted.
const SHOWN: usize = 40;

/// Those that went wrong in full, the others by name.
pub fn events(events: &[EventReport]) -> Markup {
    if events.is_empty() {
        return html! {};
    }
    let (fine, wrong): (Vec<&EventReport>, Vec<&EventReport>) = events
        .iter()
        .partition(|event| event.fine && event.changes.is_empty());
    let hidden = wrong.len().saturating_sub(SHOWN);
    html! {
        h5 { "Call, request and ledger" }
        @for event in wrong.iter().take(SHOWN) { (one(event)) }
        @if hidden > 0 {
            p.soft { (counted(hidden, "more event")) " went wrong; all are in the report." }
        }
        @if !fine.is_empty() {
            details {
                summary { (counted(fine.len(), "event")) " as called" }
                @for event in fine.iter().take(SHOWN) { (one(event)) }
                @if fine.len() > SHOWN { p.soft { (fine.len() - SHOWN) " more in the report." } }
            }
        }
    }
}

fn one(event: &EventReport) -> Markup {
    let paths: BTreeSet<String> = event
        .changes
        .iter()
        .map(|change| change.path.clone())
        .collect();
    html! {
        div.event {
            h6 {
                @if let Some(label) = &event.label {
                    bdi { (label) }
                } @else {
                    "no call explains this"
                }
            }
            div.trio {
                div {
                    p.label { "call" }
                    @if let Some(called) = &event.called {
                        (pretty(called, &paths, Side::Wanted))
                    } @else {
                        p.soft { "none" }
                    }
                }
                div {
                    p.label { "request" }
                    @if let Some(sent) = &event.sent {
                        (request(sent, &paths))
                    } @else {
                        p.soft { "none came" }
                    }
                }
                div {
                    p.label { "ledger" }
                    p {
                        @if event.fine {
                            (labelled("pass", &event.ledger))
                        } @else {
                            (labelled("fail", &event.ledger))
                        }
                    }
                    @if !event.changes.is_empty() {
                        p { (labelled("fail", "changed")) } (changes(event))
                    }
                }
            }
        }
    }
}

fn changes(event: &EventReport) -> Markup {
    let side = |value: &Option<Value>| {
        value
            .as_ref()
            .map_or_else(|| html! { i { "absent" } }, inline)
    };
    html! {
        ul.changes {
            @for change in event.changes.iter().take(SHOWN) {
                li {
                    code { (change.path) } ": " del { (side(&change.called)) } " → "
                    ins { (side(&change.sent)) }
                }
            }
            @if event.changes.len() > SHOWN { li { (event.changes.len() - SHOWN) " more fields" } }
        }
    }
}

/// The body with the fields marked that were called otherwise. On the wire names have other
/// letters, `product_id` for `productId`; what has another name altogether is only in the list of
/// changes.
fn request(sent: &str, paths: &BTreeSet<String>) -> Markup {
    let Ok(body) = serde_json::from_str::<Value>(sent) else {
        return html! { pre.text translate="no" { (text_cut(sent)) } };
    };
    let changed: Vec<String> = paths.iter().map(|path| plain(path)).collect();
    let is_changed = |path: &str| {
        changed
            .iter()
            .any(|changed| is_end_of(changed, &plain(path)))
    };
    pretty(&body, &leaves(&body, &is_changed), Side::Got)
}

/// A path without what writers of names differ in.
fn plain(path: &str) -> String {
    path.chars()
        .filter(|letter| !matches!(letter, '_' | '-'))
        .flat_map(char::to_lowercase)
        .collect()
}

/// Whether a path is another's, or that of the same field further inside: the wire may wrap an
/// event.
fn is_end_of(path: &str, whole: &str) -> bool {
    whole
        .strip_suffix(path)
        .is_some_and(|before| before.is_empty() || before.ends_with('.'))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("value", "value", true)]
    #[case("lineItems[0].productId", "line_items[0].product_id", true)]
    #[case("productId", "event.properties.product_id", true)]
    #[case("value", "old_value", false)]
    #[case("lineItems[0].productId", "line_items[1].product_id", false)]
    fn a_field_is_found_on_the_wire(
        #[case] called: &str,
        #[case] wire: &str,
        #[case] is_same: bool,
    ) {
        assert_eq!(is_end_of(&plain(called), &plain(wire)), is_same);
    }

    #[test]
    fn a_body_that_is_no_json_is_shown_as_it_came() {
        assert!(
            request("{cut", &BTreeSet::new())
                .into_string()
                .contains("{cut")
        );
    }
}
