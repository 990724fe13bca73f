use std::collections::BTreeSet;

use serde_json::Value;

use super::difference::{leaves, same_json};
use crate::contract::{Event, Interaction, Method};
use crate::evidence::{Decision, Request};
use crate::sdk::{Profile, Side, WireRecord};

/// The backend's requests, read as events, after the policies that the profile leaves to the
/// server.
///
/// Three identities are kept apart: a *call* is what the page did, an *event* is told by its
/// content, an *attempt* is one HTTP request.
#[derive(Debug)]
pub struct Ledger<'a> {
    /// What was recorded, in order of arrival.
    pub recorded: Vec<Recorded<'a>>,
    /// What was sent, and a server with the profile's policies does not record.
    pub kept_out: Vec<(Recorded<'a>, KeptOut)>,
    profile: &'a Profile,
}

/// One event that reached the backend.
#[derive(Debug)]
pub struct Recorded<'a> {
    /// The request that brought it.
    pub request: &'a Request,
    /// Its place among the events of that request, counted from 0.
    pub place: usize,
    /// The method.
    pub method: Method,
    /// The event as it was written; `Null` where it could not be read.
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

/// Why a server does not record an event that it got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeptOut {
    /// Its fingerprints are those of no visitor who used the chat or the Product FAQs before.
    Gate,
    /// Its order was recorded before.
    Dedup,
}

impl KeptOut {
    /// In words, for messages.
    #[must_use]
    pub fn why(self) -> &'static str {
        match self {
            Self::Gate => "its fingerprints are in no chat or FAQ request that came before it",
            Self::Dedup => "its order was recorded before",
        }
    }
}

/// Which recorded events belong to which called ones.
#[derive(Debug, PartialEq, Eq)]
pub struct Match {
    /// For each called event, the places in [`Ledger::recorded`] that hold it: none: lost; one:
    /// once; more: duplicated.
    pub found: Vec<Vec<usize>>,
    /// The places that belong to no call.
    pub unexpected: Vec<usize>,
}

/// What a server remembers.
#[derive(Default)]
struct Memory {
    chats: BTreeSet<String>,
    faqs: BTreeSet<String>,
    orders: BTreeSet<String>,
}

impl<'a> Ledger<'a> {
    /// Reads `requests` in the wire format of `profile`, in order of arrival.
    #[must_use]
    pub fn new(requests: &'a [Request], profile: &'a Profile) -> Self {
        let mut ledger = Self {
            recorded: Vec::new(),
            kept_out: Vec::new(),
            profile,
        };
        let mut memory = Memory::default();
        for request in requests {
            match request.decision {
                Decision::Recorded => {
                    for (place, record) in profile
                        .wire
                        .read(&request.method, &request.path, &request.body)
                        .into_iter()
                        .enumerate()
                    {
                        let event = Recorded::new(request, place, record);
                        match memory.keeps_out(&event, profile) {
                            Some(why) => ledger.kept_out.push((event, why)),
                            None => ledger.recorded.push(event),
                        }
                    }
                }
                Decision::Answered => memory.interaction(request, profile),
                Decision::Refused(_)
                | Decision::Dropped
                | Decision::Preflight
                | Decision::Unknown => {}
            }
        }
        ledger
    }

    /// Whether each of `called` was recorded at least once. Cheap while too few requests are there,
    /// so that it can be waited on.
    #[must_use]
    pub fn holds_all(requests: &[Request], profile: &Profile, called: &[&Event]) -> bool {
        let recorded = requests
            .iter()
            .filter(|request| request.decision == Decision::Recorded)
            .count();
        (recorded >= called.len() || profile.wire.has_batches())
            && Ledger::new(requests, profile)
                .match_calls(called)
                .found
                .iter()
                .all(|found| !found.is_empty())
    }

    /// Finds for each recorded event the call it most resembles.
    ///
    /// By resemblance and not by equality, so that a changed price is one finding (“changed”) and
    /// not two (“lost” and “unexpected”).
    #[must_use]
    pub fn match_calls<'e>(&self, called: &[&'e Event]) -> Match {
        let mut found = vec![Vec::new(); called.len()];
        let mut unexpected = Vec::new();
        // What a shop adds to the documented fields is not sent, and must not make its event look
        // like another.
        let documented = |event: &Event, path: &str| {
            self.profile
                .wire
                .event(event.method)
                .fields
                .contains_key(path.split(['.', '[']).next().unwrap_or(path))
        };
        let own = |event: &&'e Event| {
            leaves(&event.args)
                .into_iter()
                .filter(|(path, _)| documented(event, path))
                .collect::<Vec<_>>()
        };
        let called: Vec<_> = called
            .iter()
            .map(|event| (event.method, own(event)))
            .collect();
        for (place, recorded) in self.recorded.iter().enumerate() {
            let own = leaves(&recorded.args);
            let best = called
                .iter()
                .enumerate()
                .filter(|(_, (method, _))| *method == recorded.method)
                .map(|(index, (_, leaves))| (resemblance(leaves, &own), index))
                // Half is not enough, or another product's event would be this one changed; unless
                // there is so little to go by.
                .filter(|(resemblance, index)| {
                    *resemblance > 0.5 || (called[*index].1.len() <= 2 && *resemblance >= 0.5)
                })
                .max_by(|(a, i), (b, j)| {
                    a.total_cmp(b)
                        .then_with(|| found[*j].len().cmp(&found[*i].len()))
                        .then_with(|| j.cmp(i))
                });
            match best {
                Some((_, index)) => found[index].push(place),
                None => unexpected.push(place),
            }
        }
        Match { found, unexpected }
    }
}

impl<'a> Recorded<'a> {
    fn new(request: &'a Request, place: usize, record: WireRecord) -> Self {
        let WireRecord {
            method,
            body,
            args,
            company_key,
            user_fingerprint,
            user_faq_fingerprint,
        } = record;
        Self {
            request,
            place,
            method,
            body,
            args,
            company_key,
            user_fingerprint,
            user_faq_fingerprint,
        }
    }
}

impl Memory {
    fn interaction(&mut self, request: &Request, profile: &Profile) {
        let path = request.endpoint();
        let Some(answer) = profile
            .answers
            .iter()
            .find(|answer| answer.is_for(&request.method, path))
        else {
            return;
        };
        let body: Value = serde_json::from_str(&request.body).unwrap_or(Value::Null);
        let Some(fingerprint) = answer
            .fingerprint
            .as_ref()
            .and_then(|place| place.find(&body))
            .filter(|value| !value.is_null())
        else {
            return;
        };
        match answer.interaction {
            Some(Interaction::Chat) => self.chats.insert(fingerprint.to_string()),
            Some(Interaction::Faq) => self.faqs.insert(fingerprint.to_string()),
            None => false,
        };
    }

    fn keeps_out(&mut self, event: &Recorded<'_>, profile: &Profile) -> Option<KeptOut> {
        let is_of = |fingerprint: &Option<Value>, known: &BTreeSet<String>| {
            fingerprint
                .as_ref()
                .is_some_and(|value| known.contains(&value.to_string()))
        };
        let interacted = is_of(&event.user_fingerprint, &self.chats)
            || is_of(&event.user_faq_fingerprint, &self.faqs);
        if profile.policies.gate == Side::Server && !interacted {
            return Some(KeptOut::Gate);
        }
        let order = event.args.get("orderId").filter(|id| !id.is_null());
        let is_new = order.is_none_or(|order| self.orders.insert(order.to_string()));
        (profile.policies.dedup == Side::Server && !is_new).then_some(KeptOut::Dedup)
    }
}

/// The share of leaves on which two values agree, from 0 to 1.
fn resemblance(called: &[(String, &Value)], recorded: &[(String, &Value)]) -> f64 {
    let same = called
        .iter()
        .filter(|(path, value)| {
            recorded
                .iter()
                .any(|(other, found)| path == other && same_json(value, found))
        })
        .count();
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
        let args = json!({
            "type": "ITEM_ADDED",
            "productId": format!("N-{n}"),
            "productName": "Shoe",
            "value": 10,
            "currency": "USD",
            "quantity": 1,
        });
        Event {
            label: n.to_string(),
            method: Method::SendCartEvent,
            args,
        }
    }

    fn request(place: usize, n: usize) -> Request {
        let body = json!({
            "type": "ITEM_ADDED",
            "product_id": format!("N-{n}"),
            "product_name": "Shoe",
            "value": 10,
            "currency": "USD",
            "quantity": 1,
        });
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
        let profile =
            Profile::load("alhena", &Files::default()).expect("the bundled profile can be used");
        let requests: Vec<Request> = sent
            .iter()
            .enumerate()
            .map(|(place, n)| request(place, *n))
            .collect();
        let events: Vec<Event> = (0..called).map(event).collect();
        Ledger::new(&requests, &profile).match_calls(&events.iter().collect::<Vec<_>>())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn every_recorded_event_finds_its_own_call_in_whatever_order_and_however_often(
            sent in prop::collection::vec(0_usize..12, 0..40)
        ) {
            let found = matched(&sent, 12).found;
            for (n, places) in found.iter().enumerate() {
                let own: Vec<usize> = (0..sent.len()).filter(|place| sent[*place] == n).collect();
                prop_assert_eq!(places, &own);
            }
        }

        #[test]
        fn no_recorded_event_is_counted_twice_or_forgotten(
            sent in prop::collection::vec(0_usize..20, 0..40)
        ) {
            let Match { found, unexpected } = matched(&sent, 5);
            let mut places: Vec<usize> = found.into_iter().flatten().chain(unexpected).collect();
            places.sort_unstable();
            prop_assert_eq!(places, (0..sent.len()).collect::<Vec<_>>());
        }
    }

    #[test]
    fn fields_that_no_table_knows_do_not_hide_an_event() {
        let profile =
            Profile::load("alhena", &Files::default()).expect("the bundled profile can be used");
        let mut crowded = event(1);
        for n in 0..20 {
            crowded.args[format!("extra{n}")] = json!(n);
        }
        assert_eq!(
            Ledger::new(&[request(0, 1)], &profile)
                .match_calls(&[&crowded])
                .found,
            [vec![0]]
        );
    }

    #[test]
    fn equal_calls_share_their_requests_out() {
        let profile =
            Profile::load("alhena", &Files::default()).expect("the bundled profile can be used");
        let requests = [request(0, 1), request(1, 1)];
        let twice = event(1);
        assert_eq!(
            Ledger::new(&requests, &profile)
                .match_calls(&[&twice, &twice])
                .found,
            [vec![0], vec![1]]
        );
    }

    #[test]
    fn a_call_and_a_request_that_agree_in_half_of_their_fields_are_two_different_events() {
        let profile =
            Profile::load("alhena", &Files::default()).expect("the bundled profile can be used");
        let matched = |changed: &[&str]| {
            let mut event = event(1);
            for field in changed {
                event.args[*field] = json!("changed");
            }
            Ledger::new(&[request(0, 1)], &profile).match_calls(&[&event])
        };
        assert_eq!(
            matched(&["type", "value"]),
            Match {
                found: vec![vec![0]],
                unexpected: vec![]
            }
        );
        assert_eq!(
            matched(&["type", "value", "quantity"]),
            Match {
                found: vec![vec![]],
                unexpected: vec![0]
            }
        );
    }

    #[test]
    fn the_ledger_holds_all_once_each_call_was_recorded_and_not_once_as_many_requests_came() {
        let profile =
            Profile::load("alhena", &Files::default()).expect("the bundled profile can be used");
        let (one, two) = (event(1), event(2));
        let holds = |requests: &[Request]| Ledger::holds_all(requests, &profile, &[&one, &two]);
        assert!(!holds(&[]));
        assert!(!holds(&[request(0, 2)]));
        assert!(!holds(&[request(0, 2), request(1, 2)]));
        assert!(holds(&[request(0, 2), request(1, 1)]));
        assert!(holds(&[request(0, 2), request(1, 2), request(2, 1)]));
        assert!(!holds(&[
            request(0, 2),
            Request {
                decision: Decision::Refused(500),
                ..request(1, 1)
            }
        ]));
    }

    #[test]
    fn an_endpoint_is_told_by_the_path_whatever_its_query_and_another_path_is_none() {
        let profile =
            Profile::load("alhena", &Files::default()).expect("the bundled profile can be used");
        let at = |path: &str| {
            [Request {
                path: path.into(),
                ..request(0, 1)
            }]
        };
        assert_eq!(
            Ledger::new(&at("/analytics/cart_events?v=2"), &profile)
                .recorded
                .len(),
            1
        );
        assert_eq!(
            Ledger::new(&at("/analytics/cart_events/v2"), &profile)
                .recorded
                .len(),
            0
        );
    }

    fn server(gate: Side, dedup: Side) -> Profile {
        let mut profile =
            Profile::load("alhena", &Files::default()).expect("the bundled profile can be used");
        (profile.policies.gate, profile.policies.dedup) = (gate, dedup);
        profile
    }

    fn order(place: usize, id: &Value, chat: &str) -> Request {
        let body = json!({"order_id": id, "value": 10, "user_fingerprint": chat});
        Request {
            path: "/analytics/checkout_events".into(),
            body: body.to_string(),
            ..request(place, 0)
        }
    }

    fn chatted(place: usize, chat: &str) -> Request {
        let body = json!({"user_fingerprint": chat, "message": "hi"});
        Request {
            path: "/chat/messages".into(),
            body: body.to_string(),
            decision: Decision::Answered,
            ..request(place, 0)
        }
    }

    #[test]
    fn a_server_that_gates_records_only_events_of_fingerprints_that_it_knows_from_the_chat() {
        let requests = [
            order(0, &json!("1"), "A"),
            chatted(1, "A"),
            order(2, &json!("2"), "A"),
            order(3, &json!("3"), "B"),
        ];
        let profile = server(Side::Server, Side::Client);
        let ledger = Ledger::new(&requests, &profile);
        assert_eq!(
            ledger
                .recorded
                .iter()
                .map(|event| event.request.id.0)
                .collect::<Vec<_>>(),
            [2]
        );
        assert!(
            ledger.kept_out.iter().all(|(_, why)| *why == KeptOut::Gate)
                && ledger.kept_out.len() == 2
        );
    }

    #[test]
    fn a_server_that_dedups_records_an_order_once_and_orders_without_id_always() {
        let requests = [
            order(0, &json!("1"), "A"),
            order(1, &json!("1"), "A"),
            order(2, &Value::Null, "A"),
            order(3, &Value::Null, "A"),
        ];
        let profile = server(Side::None, Side::Server);
        let ledger = Ledger::new(&requests, &profile);
        assert_eq!(
            ledger
                .recorded
                .iter()
                .map(|event| event.request.id.0)
                .collect::<Vec<_>>(),
            [0, 2, 3]
        );
        assert_eq!(ledger.kept_out[0].1, KeptOut::Dedup);
    }
}
