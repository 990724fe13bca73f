//! What the contract says of one call.

use super::data::{order_id, refusal};
use super::rule::{Rule, Verdict};
use super::world::{Call, Fetched, Interacted, Order, Page, Sdk, World, key, style_rule};
use crate::contract::{Event, Interaction, Method};
use crate::scenario::{AnswerState, BackendState, CallStyle, SnippetPlace, StorefrontOptions};
use crate::sdk::Side;

impl World {
    /// Calls an event on the current page, which is `page`.
    pub(super) fn call(&mut self, event: &Event, style: CallStyle, page: &Page) {
        let rules = self.rules_of(event, style, page).into_iter();
        let rules = rules.map(|rule| self.claims.rule(rule)).collect();
        let call = Call {
            event: event.clone(),
            rules,
            page: page.number,
            window: self.current,
            waits: page.sdk != Sdk::Ready,
            confirmed: false,
            visitor: self.visitor,
        };
        self.facts.called_hidden |= self.window().is_hidden;
        self.facts.slow_calls += usize::from(self.backend == BackendState::VerySlow);
        self.note_order(&call);
        self.note_requests(&call);
        let others = self
            .windows
            .iter()
            .filter(|(own, _)| **own != key(self.current));
        let mut others = others.filter_map(|(_, window)| window.page.as_ref());
        // What waits there may be sent after this, and what is under way may arrive after it.
        let waits = others.any(|page| page.sdk != Sdk::Ready);
        let is_elsewhere = |own: &Call| own.window != self.current && own.is_under_way();
        self.facts.order_is_open |= waits || self.calls.iter().any(is_elsewhere);
        self.calls.push(call);
    }

    fn rules_of(&self, event: &Event, style: CallStyle, page: &Page) -> Vec<Rule> {
        if let Some(why) = refusal(event) {
            return vec![Rule::Refused(why)];
        }
        if page.sdk == Sdk::Never {
            return vec![Rule::SdkNeverLoads];
        }
        let (gate, lets_through) = self.gate(page);
        if !lets_through {
            return gate;
        }
        if let Some(again) = self.again(event, page) {
            return vec![again];
        }
        if !self.records() {
            return vec![Rule::BackendFails];
        }
        let mut rules = gate;
        rules.push(self.kind(event));
        rules.extend(style_rule(style));
        match page.sdk {
            Sdk::Coming => rules.push(Rule::Queued),
            Sdk::Held => rules.push(Rule::Held),
            Sdk::Ready | Sdk::Never => {}
        }
        rules.extend((self.bad_entry == Some(page.number)).then_some(Rule::AfterBadEntry));
        rules.extend((self.refused == Some(page.number)).then_some(Rule::AfterRefusedEvent));
        rules.extend(self.failed_before.then_some(Rule::BackendRecovered));
        let has_failed = self.fetched != Fetched::AlwaysCame;
        rules.extend(has_failed.then_some(Rule::AfterScriptFailed));
        rules.extend(page.asked.map(rule_of_answer));
        let is_hidden = self.windows.get(&key(self.current));
        let is_hidden = is_hidden.is_some_and(|window| window.is_hidden);
        rules.extend(is_hidden.then_some(Rule::Hidden));
        rules.extend(self.of_backend());
        rules.extend(of_storefront(&self.storefront));
        rules
    }

    /// What the gate says, and whether it lets the event through.
    fn gate(&self, page: &Page) -> (Vec<Rule>, bool) {
        if self.claims.policies.gate == Side::None {
            return (Vec::new(), true);
        }
        let window = self.windows.get(&key(self.current));
        let interacted = window.map_or(Interacted::No, |window| window.interacted);
        match interacted {
            Interacted::No => (vec![Rule::NobodyInteracted], false),
            Interacted::LastSession => (vec![Rule::InteractedLastSession], false),
            Interacted::Unclear(why) => (vec![why], false),
            Interacted::Yes { page: first, by } => {
                let by = by.map(|widget| match widget {
                    Interaction::Chat => Rule::ByChat,
                    Interaction::Faq => Rule::ByFaq,
                });
                let earlier = (first != page.number).then_some(Rule::InteractedEarlier);
                (by.into_iter().chain(earlier).collect(), true)
            }
        }
    }

    /// Why this is not one more order, or nobody knows; `None`: it is one more event.
    fn again(&self, event: &Event, page: &Page) -> Option<Rule> {
        if self.claims.policies.dedup == Side::None {
            return None;
        }
        match *self.orders.get(order_id(event)?)? {
            Order::Sent { page: first, .. } if first == page.number => Some(Rule::SameOrder),
            Order::Sent { window, .. } if window == self.current => {
                Some(Rule::SameOrderOnAnotherPage)
            }
            // Two windows that report it at the same moment race.
            Order::Sent { .. } if self.is_confirmed(event) => Some(Rule::SameOrderInAnotherWindow),
            Order::Sent { .. } | Order::Failing { .. } => Some(Rule::OrderUnclear),
            Order::Unclear(why) => Some(why),
            Order::Failed => None,
        }
    }

    fn is_confirmed(&self, event: &Event) -> bool {
        let mut calls = self.calls.iter().filter(|call| call.event == *event);
        calls.any(|call| call.confirmed)
    }

    fn kind(&self, event: &Event) -> Rule {
        let was_called = self.calls.iter().any(|call| call.event == *event);
        let id = order_id(event);
        match (event.method, id, id.and_then(|id| self.orders.get(id))) {
            (Method::SendCartEvent, _, _) if was_called => Rule::CartAgain,
            (Method::SendCartEvent, _, _) => Rule::Cart,
            (Method::SendCheckoutEvent, _, Some(Order::Failed)) => Rule::DeliveryFailed,
            (Method::SendCheckoutEvent, None, _) => Rule::OrderWithoutId,
            (Method::SendCheckoutEvent, Some(id), _) => {
                if self.orders.keys().all(|own| own == id) {
                    Rule::Order
                } else {
                    Rule::OrderOfAnotherId
                }
            }
        }
    }

    fn of_backend(&self) -> Option<Rule> {
        match self.backend {
            BackendState::Redirects => Some(Rule::Redirected),
            BackendState::Slow
            | BackendState::Held
            | BackendState::VerySlow
            | BackendState::DropsResponse => Some(Rule::AnswerLateOrLost),
            BackendState::Well
            | BackendState::Error500
            | BackendState::Error403
            | BackendState::TooMany
            | BackendState::DropsRequest
            | BackendState::Refused
            | BackendState::NoCors => None,
        }
    }

    /// Remembers what a call means for its order.
    fn note_order(&mut self, call: &Call) {
        let Some(id) = order_id(&call.event) else {
            return;
        };
        let (page, window) = (call.page, call.window);
        let next = match call.verdict() {
            Verdict::NotRecorded => return,
            Verdict::Recorded if self.backend == BackendState::DropsResponse => {
                Order::Unclear(Rule::OrderAnswerLost)
            }
            Verdict::Recorded => {
                // The shop reports it again: the failed report and this one are one record.
                if self.orders.get(id) == Some(&Order::Failed) {
                    let of_order = |own: &&mut Call| order_id(&own.event) == Some(id);
                    for earlier in self.calls.iter_mut().filter(of_order) {
                        earlier.rules = vec![Rule::SameOrder];
                    }
                }
                Order::Sent { page, window }
            }
            Verdict::Open if call.rules == [Rule::BackendFails] => match self.backend {
                // An SDK may well have been recorded that does not need the answer.
                BackendState::NoCors => Order::Unclear(Rule::OrderUnclear),
                BackendState::Well
                | BackendState::Error500
                | BackendState::Error403
                | BackendState::TooMany
                | BackendState::Redirects
                | BackendState::Slow
                | BackendState::Held
                | BackendState::VerySlow
                | BackendState::DropsRequest
                | BackendState::DropsResponse
                | BackendState::Refused => Order::Failing { page },
            },
            Verdict::Open => Order::Unclear(Rule::OrderUnclear),
        };
        self.orders.insert(id.to_owned(), next);
    }

    /// Counts the request that a call makes for certain.
    fn note_requests(&mut self, call: &Call) {
        let asks_server = |side: Side| side == Side::Server;
        let policies = &self.claims.policies;
        let by_server = asks_server(policies.gate) || asks_server(policies.dedup);
        let is_sure = match call.verdict() {
            Verdict::Recorded => Some(1),
            Verdict::Open => (call.rules == [Rule::BackendFails]
                && self.backend != BackendState::NoCors)
                .then_some(1),
            Verdict::NotRecorded => (!by_server).then_some(0),
        };
        if let Some(page) = self.page_mut() {
            page.requests = page.requests.zip(is_sure).map(|(all, own)| all + own);
        }
    }

    /// What the page says of its calls that nobody has seen recorded becomes open, for `why`.
    pub(super) fn open_calls(&mut self, why: Rule, is_meant: impl Fn(&Call) -> bool) {
        let mut unclear = Vec::new();
        for call in &mut self.calls {
            if call.is_under_way() && is_meant(call) {
                call.rules.push(why);
                unclear.extend(order_id(&call.event).map(str::to_owned));
            }
        }
        for id in unclear {
            self.orders.insert(id, Order::Unclear(Rule::OrderUnclear));
        }
    }

    /// The backend answers otherwise from now on, or cannot be reached.
    pub(super) fn backend_changes(&mut self, was_recording: bool) {
        self.facts.backend_changed = true;
        if !(was_recording && self.records()) {
            self.open_calls(Rule::BackendFails, |_| true);
        }
        if self.backend == BackendState::DropsResponse {
            // An answer that is under way may be lost.
            let under_way = self.calls.iter().filter(|call| call.is_under_way());
            let ids = under_way.filter_map(|call| order_id(&call.event));
            let ids: Vec<String> = ids.map(str::to_owned).collect();
            for id in ids {
                self.orders
                    .insert(id, Order::Unclear(Rule::OrderAnswerLost));
            }
        }
        for order in self.orders.values_mut() {
            // It may be sent only now.
            if matches!(order, Order::Failing { .. }) {
                *order = Order::Unclear(Rule::OrderUnclear);
            }
        }
        self.failed_before |= !self.records();
    }
}

/// What a question of the page means for its events.
fn rule_of_answer(state: AnswerState) -> Rule {
    match state {
        AnswerState::Well | AnswerState::Late | AnswerState::Streamed => Rule::AnswerPending,
        AnswerState::Failing => Rule::AnswerFailed,
    }
}

/// What is unusual about the storefront.
pub(super) fn of_storefront(storefront: &StorefrontOptions) -> impl Iterator<Item = Rule> {
    let snippet = match storefront.snippet {
        SnippetPlace::AfterSdk => Some(Rule::SnippetAfterSdk),
        SnippetPlace::Twice => Some(Rule::SnippetTwice),
        SnippetPlace::BeforeSdk | SnippetPlace::Absent => None,
    };
    let twice = storefront.sdk_twice.then_some(Rule::SdkTwice);
    let strict = storefront.strict_policy.then_some(Rule::StrictPolicy);
    snippet.into_iter().chain(twice).chain(strict)
}
