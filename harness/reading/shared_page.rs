//! Divides what came from a page among the cases that shared it, as if each had been there alone.

use std::collections::BTreeMap;

use super::ledger::Ledger;
use crate::contract::Event;
use crate::evidence::{Evidence, Millis, Request, RequestId};
use crate::sdk::Profile;

/// What one of the cases did on the page.
#[derive(Debug)]
pub struct Neighbour {
    /// When it began, after the steps by which all of them came to the page.
    pub began: Millis,
    /// Its steps and calls, and what they showed at once.
    pub evidence: Evidence,
}

/// Gives each neighbour what is its own of what came from the page.
///
/// What came before the first of them began belongs to all: each would have brought it about alone.
/// After that a recorded event belongs to whoever called the event that it resembles most, however
/// late it came, and anything else to whoever was there when it came. What is given to the wrong
/// one breaks a check of it, and a case that breaks on a shared page is driven again alone.
pub fn divide(neighbours: Vec<Neighbour>, page: &Evidence, profile: &Profile) -> Vec<Evidence> {
    let callers = callers(&neighbours, &page.requests, profile);
    let begins: Vec<Millis> = neighbours.iter().map(|own| own.began).collect();
    let turn = |at: Millis| begins.iter().rposition(|began| *began <= at);
    let divided = neighbours.into_iter().enumerate();
    let divided = divided.map(|(index, own)| {
        let is_own = |at: Millis| turn(at).is_none_or(|turn| turn == index);
        let is_own_request = |request: &&Request| match callers.get(&request.id) {
            Some(caller) => *caller == index,
            None => is_own(request.at),
        };
        let requests = page.requests.iter().filter(is_own_request);
        let console = page.console.iter().filter(|message| is_own(message.at));
        let dialogs = page.dialogs.iter().filter(|dialog| is_own(dialog.at));
        let dialogs = own.evidence.dialogs.iter().chain(dialogs);
        let contacts = page.contacts.iter().filter(|contact| is_own(contact.at));
        Evidence {
            requests: requests.cloned().collect(),
            console: console.cloned().collect(),
            dialogs: dialogs.cloned().collect(),
            contacts: contacts.cloned().collect(),
            scripts: page.scripts.clone(),
            left_at: page.left_at,
            ..own.evidence
        }
    });
    divided.collect()
}

/// The index of the neighbour who called what a request had recorded.
fn callers(
    neighbours: &[Neighbour],
    requests: &[Request],
    profile: &Profile,
) -> BTreeMap<RequestId, usize> {
    let calls = neighbours.iter().enumerate();
    let calls = calls.flat_map(|(index, own)| {
        let calls = own.evidence.calls.iter();
        calls.map(move |call| (index, &call.event))
    });
    let (who, called): (Vec<usize>, Vec<&Event>) = calls.unzip();
    let ledger = Ledger::new(requests, profile);
    let found = ledger.match_calls(&called, profile).found;
    let found = who.into_iter().zip(found);
    let callers = found.flat_map(|(index, records)| {
        let records = records.into_iter();
        records.map(move |record| (record, index))
    });
    callers
        .map(|(record, index)| (ledger.recorded[record].request.id, index))
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::contract::{Method, Visitor};
    use crate::evidence::{Call, ConsoleMessage, Decision, Severity};
    use crate::input::Files;

    fn cart(value: i32) -> Event {
        Event {
            label: value.to_string(),
            method: Method::SendCartEvent,
            args: json!({
                "type": "ITEM_ADDED",
                "productId": "N-1",
                "productName": "Shoe",
                "value": value,
                "currency": "USD",
                "quantity": 1,
            }),
        }
    }

    /// A case that began at a time and called one cart event of this value then.
    fn neighbour(began: f64, value: i32) -> Neighbour {
        let call = Call {
            at: Millis(began),
            event: cart(value),
            threw: None,
            threw_at: None,
        };
        Neighbour {
            began: Millis(began),
            evidence: Evidence {
                case: value.to_string(),
                calls: vec![call],
                ..Evidence::default()
            },
        }
    }

    fn request(id: u64, at: f64, decision: Decision, body: String) -> Request {
        Request {
            id: RequestId(id),
            at: Millis(at),
            visitor: Visitor::First,
            method: "POST".to_owned(),
            path: "/analytics/cart_events".to_owned(),
            content_type: None,
            body,
            decision,
        }
    }

    fn record(id: u64, at: f64, value: i32) -> Request {
        let body = json!({
            "type": "ITEM_ADDED",
            "product_id": "N-1",
            "product_name": "Shoe",
            "value": value,
            "currency": "USD",
            "quantity": 1,
        });
        request(id, at, Decision::Recorded, body.to_string())
    }

    /// The numbers of the requests that each of two cases is given, which began at 10 and at 20.
    fn divided(requests: Vec<Request>) -> [Vec<u64>; 2] {
        let profile = Profile::load("alhena", &Files::default());
        let profile = profile.expect("the bundled profile can be used");
        let page = Evidence {
            requests,
            ..Evidence::default()
        };
        let neighbours = vec![neighbour(10.0, 1), neighbour(20.0, 2)];
        let parts = divide(neighbours, &page, &profile);
        let numbers = |own: &Evidence| own.requests.iter().map(|request| request.id.0).collect();
        [numbers(&parts[0]), numbers(&parts[1])]
    }

    #[test]
    fn what_came_before_the_first_began_belongs_to_all() {
        let asked = request(1, 5.0, Decision::Answered, String::new());
        assert_eq!(divided(vec![asked]), [[1], [1]]);
    }

    #[test]
    fn late_record_belongs_to_who_called_it() {
        let parts = divided(vec![record(1, 21.0, 2), record(2, 22.0, 1)]);
        assert_eq!(parts, [[2], [1]]);
    }

    #[test]
    fn second_record_of_an_event_belongs_to_its_caller_too() {
        let parts = divided(vec![
            record(1, 11.0, 1),
            record(2, 21.0, 2),
            record(3, 30.0, 1),
        ]);
        assert_eq!(parts, [vec![1, 3], vec![2]]);
    }

    #[test]
    fn what_nobody_called_belongs_to_who_was_there() {
        let unknown = request(1, 15.0, Decision::Unknown, String::new());
        assert_eq!(divided(vec![unknown]), [vec![1], vec![]]);
    }

    #[test]
    fn message_belongs_to_who_was_there() {
        let profile = Profile::load("alhena", &Files::default());
        let profile = profile.expect("the bundled profile can be used");
        let message = ConsoleMessage {
            at: Millis(12.0),
            severity: Severity::Error,
            source: "javascript".to_owned(),
            position: None,
            text: "no".to_owned(),
        };
        let page = Evidence {
            console: vec![message],
            ..Evidence::default()
        };
        let parts = divide(
            vec![neighbour(10.0, 1), neighbour(20.0, 2)],
            &page,
            &profile,
        );
        let counts: Vec<usize> = parts.iter().map(|own| own.console.len()).collect();
        assert_eq!(counts, [1, 0]);
    }
}
