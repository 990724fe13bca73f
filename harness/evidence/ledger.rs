use serde_json::{Map, Value};

use super::compare::{leaves, same_json};
use super::{Decision, Request};
use crate::contract::{Event, Method};
use crate::sdk::{Profile, WireEvent};

/// The backend's requests, read as events.
///
/// Three identities are kept apart: a *call* is what the page did, an *event* is told by its content, an *attempt* is one HTTP request.
#[derive(Debug)]
pub struct Ledger<'a> {
    /// What was recorded, in order of arrival.
    pub recorded: Vec<Recorded<'a>>,
    profile: &'a Profile,
}

/// One recorded event.
#[derive(Debug)]
pub struct Recorded<'a> {
    /// The request that brought it.
    pub request: &'a Request,
    /// The method, told by the path.
    pub method: Method,
    /// The body as JSON; `Null` where it is none.
    pub body: Value,
    /// The documented fields under the names that the shop used; absent fields are absent.
    pub args: Value,
}

/// Which recorded events belong to which called ones.
#[derive(Debug, PartialEq, Eq)]
pub struct Match {
    /// For each called event, the places in [`Ledger::recorded`] that hold it: none: lost; one: once; more: duplicated.
    pub found: Vec<Vec<usize>>,
    /// The places that belong to no call.
    pub unexpected: Vec<usize>,
}

impl<'a> Ledger<'a> {
    /// Reads `requests` in the wire format of `profile`.
    #[must_use]
    pub fn new(requests: &'a [Request], profile: &'a Profile) -> Self {
        let recorded = requests
            .iter()
            .filter(|request| request.decision == Decision::Recorded)
            .filter_map(|request| {
                let method = profile.method_at(request.endpoint())?;
                let body = serde_json::from_str(&request.body).unwrap_or(Value::Null);
                let args = decode(&body, profile.event(method));
                Some(Recorded { request, method, body, args })
            })
            .collect();
        Self { recorded, profile }
    }

    /// Whether each of `called` was recorded at least once. Cheap while too few requests are there, so that it can be waited on.
    #[must_use]
    pub fn holds_all(requests: &[Request], profile: &Profile, called: &[&Event]) -> bool {
        let recorded = requests.iter().filter(|request| request.decision == Decision::Recorded).count();
        recorded >= called.len() && Ledger::new(requests, profile).match_calls(called).found.iter().all(|found| !found.is_empty())
    }

    /// Finds for each recorded event the call it most resembles.
    ///
    /// By resemblance and not by equality, so that a changed price is one finding (“changed”) and not two (“lost” and “unexpected”).
    #[must_use]
    pub fn match_calls<'e>(&self, called: &[&'e Event]) -> Match {
        let mut found = vec![Vec::new(); called.len()];
        let mut unexpected = Vec::new();
        // What a shop adds to the documented fields is not sent, and must not make its event look like another.
        let documented = |event: &Event, path: &str| self.profile.event(event.method).fields.contains_key(path.split(['.', '[']).next().unwrap_or(path));
        let own = |event: &&'e Event| leaves(&event.args).into_iter().filter(|(path, _)| documented(event, path)).collect::<Vec<_>>();
        let called: Vec<_> = called.iter().map(|event| (event.method, own(event))).collect();
        for (place, recorded) in self.recorded.iter().enumerate() {
            let own = leaves(&recorded.args);
            let best = called
                .iter()
                .enumerate()
                .filter(|(_, (method, _))| *method == recorded.method)
                .map(|(index, (_, leaves))| (resemblance(leaves, &own), index))
                .filter(|(resemblance, _)| *resemblance > 0.5)
                .max_by(|(a, i), (b, j)| a.total_cmp(b).then_with(|| found[*j].len().cmp(&found[*i].len())).then_with(|| j.cmp(i)));
            match best {
                Some((_, index)) => found[index].push(place),
                None => unexpected.push(place),
            }
        }
        Match { found, unexpected }
    }
}

fn decode(body: &Value, wire: &WireEvent) -> Value {
    let mut args = rename(body, &wire.fields);
    if let Some(Value::Array(items)) = args.get_mut("lineItems") {
        for item in items {
            *item = Value::Object(rename(item, &wire.item_fields));
        }
    }
    Value::Object(args)
}

fn rename(body: &Value, names: &std::collections::BTreeMap<String, String>) -> Map<String, Value> {
    names.iter().filter_map(|(page, wire)| Some((page.clone(), body.get(wire)?.clone()))).collect()
}

/// The share of leaves on which two values agree, from 0 to 1.
fn resemblance(called: &[(String, &Value)], recorded: &[(String, &Value)]) -> f64 {
    let same = called.iter().filter(|(path, value)| recorded.iter().any(|(other, found)| path == other && same_json(value, found))).count();
    let all = called.len().max(recorded.len()).max(1);
    #[expect(clippy::cast_precision_loss, reason = "an event has few leaves")]
    let share = same as f64 / all as f64;
    share
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::contract::Visitor;
    use crate::evidence::{Millis, RequestId};
    use crate::input::Files;

    fn event(n: usize) -> Event {
        let args = json!({"type": "ITEM_ADDED", "productId": format!("N-{n}"), "productName": "Shoe", "value": 10, "currency": "USD", "quantity": 1});
        Event { label: n.to_string(), method: Method::SendCartEvent, args }
    }

    fn request(place: usize, n: usize) -> Request {
        let body = json!({"type": "ITEM_ADDED", "product_id": format!("N-{n}"), "product_name": "Shoe", "value": 10, "currency": "USD", "quantity": 1});
        Request {
            id: RequestId(place as u64),
            at: Millis(0.0),
            visitor: Visitor::First,
            method: "POST".into(),
            path: "/analytics/cart_events".into(),
            content_type: None,
            body: body.to_string(),
            decision: Decision::Recorded,
        }
    }

    fn matched(sent: &[usize], called: usize) -> Match {
        let profile = Profile::load("alhena", &Files::default()).expect("the bundled profile can be used");
        let requests: Vec<Request> = sent.iter().enumerate().map(|(place, n)| request(place, *n)).collect();
        let events: Vec<Event> = (0..called).map(event).collect();
        Ledger::new(&requests, &profile).match_calls(&events.iter().collect::<Vec<_>>())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn every_recorded_event_finds_its_own_call_in_whatever_order_and_however_often(sent in prop::collection::vec(0_usize..12, 0..40)) {
            let found = matched(&sent, 12).found;
            for (n, places) in found.iter().enumerate() {
                let own: Vec<usize> = (0..sent.len()).filter(|place| sent[*place] == n).collect();
                prop_assert_eq!(places, &own);
            }
        }

        #[test]
        fn no_recorded_event_is_counted_twice_or_forgotten(sent in prop::collection::vec(0_usize..20, 0..40)) {
            let Match { found, unexpected } = matched(&sent, 5);
            let mut places: Vec<usize> = found.into_iter().flatten().chain(unexpected).collect();
            places.sort_unstable();
            prop_assert_eq!(places, (0..sent.len()).collect::<Vec<_>>());
        }
    }

    #[test]
    fn fields_that_no_table_knows_do_not_hide_an_event() {
        let profile = Profile::load("alhena", &Files::default()).expect("the bundled profile can be used");
        let mut crowded = event(1);
        for n in 0..20 {
            crowded.args[format!("extra{n}")] = json!(n);
        }
        assert_eq!(Ledger::new(&[request(0, 1)], &profile).match_calls(&[&crowded]).found, [vec![0]]);
    }

    #[test]
    fn equal_calls_share_their_requests_out() {
        let profile = Profile::load("alhena", &Files::default()).expect("the bundled profile can be used");
        let requests = [request(0, 1), request(1, 1)];
        let twice = event(1);
        assert_eq!(Ledger::new(&requests, &profile).match_calls(&[&twice, &twice]).found, [vec![0], vec![1]]);
    }

    #[test]
    fn a_call_and_a_request_that_agree_in_half_of_their_fields_are_two_different_events() {
        let profile = Profile::load("alhena", &Files::default()).expect("the bundled profile can be used");
        let matched = |changed: &[&str]| {
            let mut event = event(1);
            for field in changed {
                event.args[*field] = json!("changed");
            }
            Ledger::new(&[request(0, 1)], &profile).match_calls(&[&event])
        };
        assert_eq!(matched(&["type", "value"]), Match { found: vec![vec![0]], unexpected: vec![] });
        assert_eq!(matched(&["type", "value", "quantity"]), Match { found: vec![vec![]], unexpected: vec![0] });
    }

    #[test]
    fn the_ledger_holds_all_once_each_call_was_recorded_and_not_once_as_many_requests_came() {
        let profile = Profile::load("alhena", &Files::default()).expect("the bundled profile can be used");
        let (one, two) = (event(1), event(2));
        let holds = |requests: &[Request]| Ledger::holds_all(requests, &profile, &[&one, &two]);
        assert!(!holds(&[]));
        assert!(!holds(&[request(0, 2)]));
        assert!(!holds(&[request(0, 2), request(1, 2)]));
        assert!(holds(&[request(0, 2), request(1, 1)]));
        assert!(holds(&[request(0, 2), request(1, 2), request(2, 1)]));
        assert!(!holds(&[request(0, 2), Request { decision: Decision::Refused(500), ..request(1, 1) }]));
    }

    #[test]
    fn an_endpoint_is_told_by_the_path_whatever_its_query_and_another_path_is_none() {
        let profile = Profile::load("alhena", &Files::default()).expect("the bundled profile can be used");
        let at = |path: &str| [Request { path: path.into(), ..request(0, 1) }];
        assert_eq!(Ledger::new(&at("/analytics/cart_events?v=2"), &profile).recorded.len(), 1);
        assert_eq!(Ledger::new(&at("/analytics/cart_events/v2"), &profile).recorded.len(), 0);
    }
}
