//! What must hold at the end of a journey: the lists of its expectation, and the checks.

use std::collections::{BTreeMap, BTreeSet};

use super::rule::{Rule, Verdict};
use super::world::{Call, Sdk, World};
use crate::contract::{CaseCheckName, Event, Method, RequirementId, Visitor};

/// What the contract says of a whole journey.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Expected {
    /// Events that must be recorded, in the order of their calls.
    pub recorded: Vec<Event>,
    /// Events that are called and must not be recorded.
    pub not_recorded: Vec<Event>,
    /// The checks to make, and what each proves.
    pub checks: BTreeMap<CaseCheckName, BTreeSet<RequirementId>>,
}

impl World {
    /// What must hold once all steps are done.
    pub fn expected(mut self) -> Expected {
        let mut stuck = Vec::new();
        for page in self.pages_mut() {
            match page.sdk {
                Sdk::Ready | Sdk::Coming => {}
                Sdk::Held | Sdk::Never => stuck.push(page.number),
            }
        }
        self.open_calls(Rule::LeftBeforeReady, |call| stuck.contains(&call.page));
        let recorded: Vec<&Call> = self
            .calls
            .iter()
            .filter(|call| self.is_counted(call))
            .collect();
        let mut not_recorded: Vec<Event> = Vec::new();
        for call in &self.calls {
            let event = &call.event;
            let mut same = self.calls.iter().filter(|own| own.event == *event);
            let never = same.all(|own| own.verdict() == Verdict::NotRecorded);
            if never && !not_recorded.contains(event) {
                not_recorded.push(event.clone());
            }
        }
        let unclaimed = self.claims.unclaimed.clone();
        let mut expected = Expected {
            checks: self.checks(&recorded, &not_recorded),
            recorded: recorded.iter().map(|call| call.event.clone()).collect(),
            not_recorded,
        };
        expected.checks.retain(|_, proves| {
            proves.retain(|requirement| !unclaimed.contains(requirement));
            !proves.is_empty()
        });
        expected
    }

    /// Whether a call must be recorded, and nothing is open about its event.
    fn is_counted(&self, call: &Call) -> bool {
        let mut same = self.calls.iter().filter(|own| own.event == call.event);
        call.verdict() == Verdict::Recorded && same.all(|own| own.verdict() != Verdict::Open)
    }

    fn checks(
        &self,
        recorded: &[&Call],
        not_recorded: &[Event],
    ) -> BTreeMap<CaseCheckName, BTreeSet<RequirementId>> {
        use CaseCheckName as Name;
        let facts = &self.facts;
        let says = |verdict: Verdict, calls: &[&Call]| -> BTreeSet<RequirementId> {
            let rules = calls.iter().flat_map(|call| &call.rules);
            let rules = rules.filter(|rule| rule.verdict() == verdict);
            let most = rules.clone().map(|rule| rule.weight()).max();
            let rules = rules.filter(|rule| Some(rule.weight()) == most);
            rules.map(|rule| rule.requirement()).collect()
        };
        let all: Vec<&Call> = self.calls.iter().collect();
        let refused: Vec<&Call> = all
            .iter()
            .copied()
            .filter(|call| not_recorded.contains(&call.event))
            .collect();
        let of_orders = [Rule::SameOrder, Rule::SameOrderOnAnotherPage];
        let of_orders = of_orders
            .into_iter()
            .chain([Rule::SameOrderInAnotherWindow]);
        let of_orders: Vec<Rule> = of_orders.collect();
        let again = all.iter().flat_map(|call| &call.rules);
        let again = again
            .filter(|rule| of_orders.contains(rule))
            .map(|rule| rule.requirement());
        let mut once: BTreeSet<RequirementId> = again.collect();
        if facts.left_at_once {
            once.insert(id("EXIT-ONCE"));
        }
        if facts.backend_changed {
            once.insert(id("BACKEND-NO-DUPLICATES"));
        }
        if once.is_empty() {
            once.insert(id("QUEUE-ONCE"));
        }
        let arrives = !recorded.is_empty();
        let of = |visitor: Visitor| recorded.iter().filter(move |call| call.visitor == visitor);
        let most = of(Visitor::First).count().max(of(Visitor::Second).count());
        let is_alone = !facts.backend_changed && !facts.order_is_open;
        let in_order = recorded.len() > 1 && is_alone && !facts.left_at_once;
        let waited = recorded.iter().any(|call| call.waits);
        let is_shown = !facts.called_hidden;
        let immediate = arrives && is_alone && is_shown && !facts.left_at_once && !waited;
        let differ = of(Visitor::First).count() > 0 && of(Visitor::Second).count() > 0;
        let stable = most > 1 && !facts.new_session;
        let when = |holds: bool, name: &str| holds.then(|| id(name)).into_iter().collect();
        BTreeMap::from([
            (Name::StepsDone, when(true, "GUEST-SHOP-WORKS")),
            (Name::Ready, when(facts.awaited_ready, "SNIPPET-INSTALL")),
            (Name::Delivered, says(Verdict::Recorded, recorded)),
            (Name::Once, once),
            (Name::InOrder, when(in_order, "QUEUE-ORDER")),
            (Name::Immediate, when(immediate, "QUEUE-IMMEDIATE")),
            (Name::Unchanged, of_fields(recorded)),
            (Name::Shape, of_wire(recorded)),
            (Name::NotRecorded, says(Verdict::NotRecorded, &refused)),
            (Name::NothingElse, when(true, "QUEUE-NOTHING-INVENTED")),
            (Name::CompanyKey, when(arrives, "COMPANY-INCLUDED")),
            (
                Name::FingerprintsPresent,
                when(arrives, "FINGERPRINT-PRESENT"),
            ),
            (
                Name::FingerprintsAgree,
                when(
                    arrives && facts.identified && !facts.new_session && !facts.second_visitor,
                    "FINGERPRINT-AGREE",
                ),
            ),
            (Name::FingerprintsStable, when(stable, "FINGERPRINT-STABLE")),
            (
                Name::FingerprintsDistinct,
                when(arrives, "FINGERPRINT-DISTINCT"),
            ),
            (Name::FingerprintsDiffer, when(differ, "FINGERPRINT-DIFFER")),
            (Name::ThrowsNothing, when(true, "QUEUE-THROWS-NOTHING")),
            (Name::NoUncaughtError, when(true, "GUEST-NO-ERROR")),
            (Name::NoDialog, when(true, "GUEST-NO-DIALOG")),
        ])
    }
}

fn id(name: &str) -> RequirementId {
    RequirementId(name.to_owned())
}

/// The requirements of the fields of these events.
fn of_fields(calls: &[&Call]) -> BTreeSet<RequirementId> {
    let of = |method: Method| match method {
        Method::SendCartEvent => [
            "CART-TYPES",
            "CART-PRODUCT",
            "CART-VALUE",
            "CART-CURRENCY",
            "CART-QUANTITY",
        ],
        Method::SendCheckoutEvent => [
            "CHECKOUT-ORDER-ID",
            "CHECKOUT-VALUE",
            "CHECKOUT-CURRENCY",
            "CHECKOUT-ITEMS",
            "CHECKOUT-ITEM-FIELDS",
        ],
    };
    calls
        .iter()
        .flat_map(|call| of(call.event.method))
        .map(id)
        .collect()
}

fn of_wire(calls: &[&Call]) -> BTreeSet<RequirementId> {
    let of = |method: Method| match method {
        Method::SendCartEvent => "CART-WIRE",
        Method::SendCheckoutEvent => "CHECKOUT-WIRE",
    };
    calls.iter().map(|call| id(of(call.event.method))).collect()
}
