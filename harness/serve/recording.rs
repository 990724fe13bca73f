//! What a person does in the served shop, as a scenario that a run can drive.

use std::fmt::Write as _;

use serde::Deserialize;
use serde_json::Value;

use crate::contract::{Event, EventFiles, EventReference, Interaction, Method, Visitor};
use crate::evidence::{Decision, Millis, Request};
use crate::input::Files;
use crate::reading::Ledger;
use crate::scenario::{BackendState, ScriptState};
use crate::sdk::Profile;

/// Everything that was done, in the order in which it was done.
#[derive(Debug, Default)]
pub struct Recording {
    deeds: Vec<(Millis, Visitor, Deed)>,
}

/// One thing that was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Deed {
    /// A page was loaded; by a link or a button of the page before where `is_followed`.
    Page { page: String, is_followed: bool },
    /// A button of the shop was clicked.
    Click(Click),
    /// The SDK's script is answered so from now on.
    Script(ScriptState),
    /// The backend behaves so from now on.
    Backend(BackendState),
}

/// A click on a button or a link of the shop, as a page reports it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Click {
    /// Its `data-action`; absent: it is a link.
    action: Option<String>,
    /// The product of its line in the cart.
    line: Option<String>,
}

impl Recording {
    /// Adds what was done.
    pub fn add(&mut self, at: Millis, visitor: Visitor, deed: Deed) {
        self.deeds.push((at, visitor, deed));
    }

    /// The scenario, with what the backend got meanwhile; `None` where no page was opened.
    pub fn scenario(
        &self,
        requests: &[Request],
        profile: &Profile,
        files: &Files,
    ) -> Option<String> {
        let mut pages = self.deeds.iter();
        pages.find(|(_, _, deed)| matches!(deed, Deed::Page { .. }))?;
        let steps = self.steps(requests, profile);
        let recorded = Recorded::of(requests, profile, files);
        let mut text = "title = \"As a person did it in the shop\"\nsteps = [\n".to_owned();
        for step in steps {
            let _ = writeln!(text, "  {{ {step} }},");
        }
        text += "]\n";
        recorded.write(&mut text);
        Some(text)
    }

    fn steps(&self, requests: &[Request], profile: &Profile) -> Vec<String> {
        let asked = requests
            .iter()
            .filter(|own| own.decision == Decision::Answered);
        let asked = asked.filter_map(|own| {
            let way = profile.asked_by(&own.method, own.endpoint())?;
            Some((own.at, own.visitor, Done::Asked(way)))
        });
        let done = self.deeds.iter();
        let done = done.map(|(at, visitor, deed)| (*at, *visitor, Done::Deed(deed)));
        let mut all: Vec<(Millis, Visitor, Done<'_>)> = done.chain(asked).collect();
        all.sort_by(|(one, ..), (other, ..)| one.0.total_cmp(&other.0));
        let (mut steps, mut visitor) = (Vec::<String>::new(), Visitor::First);
        let mut clicked = false;
        for (_, who, done) in all {
            let is_page = matches!(done, Done::Deed(Deed::Page { .. } | Deed::Click(_)));
            if who != visitor && is_page {
                visitor = who;
                steps.push(format!("visitor = {}", word(&who)));
            }
            let was_clicked = std::mem::take(&mut clicked);
            match done {
                Done::Asked(way) => steps.push(format!("interact = {}", word(&way))),
                Done::Deed(Deed::Page { page, is_followed }) => match steps.last_mut() {
                    Some(click) if *is_followed && was_clicked => {
                        let _ = write!(click, ", to = {}", quoted(page));
                    }
                    Some(_) | None => steps.push(format!("visit = {}", quoted(page))),
                },
                Done::Deed(Deed::Click(Click { action: None, .. })) => {}
                Done::Deed(Deed::Click(Click {
                    action: Some(action),
                    line,
                })) => {
                    let line = line
                        .as_ref()
                        .map(|line| format!(", line = {}", quoted(line)));
                    let line = line.unwrap_or_default();
                    steps.push(format!("click = {}{line}", quoted(action)));
                    clicked = true;
                }
                Done::Deed(Deed::Script(state)) => steps.push(format!("sdk = {}", word(state))),
                Done::Deed(Deed::Backend(state)) => {
                    steps.push(format!("backend = {}", word(state)));
                }
            }
        }
        steps
    }
}

enum Done<'d> {
    Deed(&'d Deed),
    Asked(Interaction),
}

/// The events that the backend recorded meanwhile.
struct Recorded {
    /// Those that the fixtures know, in their order.
    known: Vec<Event>,
    /// The others.
    unknown: Vec<(Method, Value)>,
}

impl Recorded {
    fn of(requests: &[Request], profile: &Profile, files: &Files) -> Self {
        let paths = files.list("events", "json");
        let files = EventFiles::of(files);
        let all = paths.iter().filter_map(|path| {
            let name = path.strip_prefix("events/")?.strip_suffix(".json")?;
            let events = EventReference::parse(name).ok()?.resolve(&files).ok()?;
            events.into_iter().next()
        });
        let all: Vec<Event> = all.collect();
        let mut recorded = Self {
            known: Vec::new(),
            unknown: Vec::new(),
        };
        for sent in &Ledger::new(requests, profile).recorded {
            let is_it = |event: &&Event| event.method == sent.method && event.args == sent.args;
            match all.iter().find(is_it) {
                Some(event) => recorded.known.push(event.clone()),
                None => recorded.unknown.push((sent.method, sent.args.clone())),
            }
        }
        recorded
    }

    fn write(&self, text: &mut String) {
        for (method, args) in &self.unknown {
            let _ = write!(
                text,
                "\n# Recorded as well, and no file of events/ holds it: {method} {args}\n"
            );
        }
        let labels: Vec<String> = self
            .known
            .iter()
            .map(|event| quoted(&event.label))
            .collect();
        if labels.is_empty() {
            *text += "\n[checks]\nsteps-done = [\"GUEST-SHOP-WORKS\"]\n";
            return;
        }
        let orders = self.known.iter();
        let mut orders = orders.filter(|event| event.method == Method::SendCheckoutEvent);
        let (delivered, unchanged) = match orders.next() {
            Some(_) => ("CHECKOUT-RECORDED", "CHECKOUT-VALUE"),
            None => ("CART-RECORDED", "CART-PRODUCT"),
        };
        let _ = write!(
            text,
            "\n[expect]\nrecorded = [{}]\n\n[checks]\ndelivered = [\"{delivered}\"]\n\
             unchanged = [\"{unchanged}\"]\nonce = [\"QUEUE-ONCE\"]\n",
            labels.join(", ")
        );
    }
}

/// A word of scenarios.
fn word(word: &impl serde::Serialize) -> String {
    serde_json::to_value(word).unwrap_or_default().to_string()
}

fn quoted(text: &str) -> String {
    toml::Value::from(text).to_string()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::evidence::RequestId;

    fn request(at: f64, path: &str, decision: Decision, body: &Value) -> Request {
        Request {
            id: RequestId(1),
            at: Millis(at),
            visitor: Visitor::First,
            method: "POST".into(),
            path: path.into(),
            content_type: Some("application/json".into()),
            body: body.to_string(),
            decision,
        }
    }

    fn page(page: &str, is_followed: bool) -> Deed {
        Deed::Page {
            page: page.to_owned(),
            is_followed,
        }
    }

    fn click(action: &str, line: Option<&str>) -> Deed {
        Deed::Click(Click {
            action: (!action.is_empty()).then(|| action.to_owned()),
            line: line.map(str::to_owned),
        })
    }

    #[test]
    fn person_who_shops_becomes_a_scenario() {
        let mut recording = Recording::default();
        let deeds = [
            (1.0, page("product?id=TR-100", false)),
            (3.0, click("add-to-cart", None)),
            (5.0, click("go-to-cart", None)),
            (6.0, page("cart", true)),
            (7.0, click("increase", Some("TR-100"))),
            (8.0, Deed::Script(ScriptState::Held)),
            (8.5, click("", None)),
            (9.0, page("faq", true)),
        ];
        for (at, deed) in deeds {
            recording.add(Millis(at), Visitor::First, deed);
        }
        recording.add(Millis(10.0), Visitor::Second, page("index", false));
        let cart = json!({
            "type": "ITEM_ADDED", "product_id": "TR-100", "product_name": "Trail Runner",
            "value": 89.95, "currency": "USD", "quantity": 1,
            "company_key": "CONFORMANCE-COMPANY-KEY", "user_fingerprint": "a",
            "user_faq_fingerprint": "b",
        });
        let asked = json!({"message": "Hi", "user_fingerprint": "a"});
        let requests = [
            request(2.0, "/chat/messages", Decision::Answered, &asked),
            request(4.0, "/analytics/cart_events", Decision::Recorded, &cart),
        ];
        let files = Files::default();
        let profile = Profile::load("alhena", &files).unwrap();
        let text = recording.scenario(&requests, &profile, &files).unwrap();
        insta::assert_snapshot!(text, @r#"
        title = "As a person did it in the shop"
        steps = [
          { visit = "product?id=TR-100" },
          { interact = "chat" },
          { click = "add-to-cart" },
          { click = "go-to-cart", to = "cart" },
          { click = "increase", line = "TR-100" },
          { sdk = "held" },
          { visit = "faq" },
          { visitor = "second" },
          { visit = "index" },
        ]

        [expect]
        recorded = ["cart/trail-runner-added"]

        [checks]
        delivered = ["CART-RECORDED"]
        unchanged = ["CART-PRODUCT"]
        once = ["QUEUE-ONCE"]
        "#);
    }

    #[test]
    fn recording_without_a_page_is_no_scenario() {
        let files = Files::default();
        let profile = Profile::load("alhena", &files).unwrap();
        assert_eq!(Recording::default().scenario(&[], &profile, &files), None);
    }
}
