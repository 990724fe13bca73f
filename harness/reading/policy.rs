//! What a server does by itself under the policies of a profile.

use std::collections::BTreeSet;

use serde_json::Value;

use super::sent_event::SentEvent;
use crate::contract::{Interaction, order_id};
use crate::evidence::Request;
use crate::sdk::{Profile, Side};

/// Why a server does not record an event that it got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rejection {
    /// Its fingerprints are those of no visitor who used the chat or the Product FAQs before.
    Gate,
    /// Its order was recorded before.
    Dedup,
}

impl Rejection {
    /// The reason, for messages.
    pub fn reason(self) -> &'static str {
        match self {
            Self::Gate => "its fingerprints are in no chat or FAQ request that came before it",
            Self::Dedup => "its order was recorded before",
        }
    }
}

/// What a server remembers.
#[derive(Debug, Default)]
pub(super) struct ServerMemory {
    chats: BTreeSet<String>,
    faqs: BTreeSet<String>,
    orders: BTreeSet<String>,
}

impl ServerMemory {
    /// Remembers the fingerprint of a chat or FAQ request.
    pub fn note_interaction(&mut self, request: &Request, profile: &Profile) {
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
            .and_then(|pointer| pointer.find(&body))
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

    /// Why `event` is not recorded, where it is not.
    pub fn rejection_of(&mut self, event: &SentEvent<'_>, profile: &Profile) -> Option<Rejection> {
        let is_of = |fingerprint: &Option<Value>, known: &BTreeSet<String>| {
            fingerprint
                .as_ref()
                .is_some_and(|value| known.contains(&value.to_string()))
        };
        let interacted = is_of(&event.user_fingerprint, &self.chats)
            || is_of(&event.user_faq_fingerprint, &self.faqs);
        if profile.policies.gate == Side::Server && !interacted {
            return Some(Rejection::Gate);
        }
        let order = order_id(&event.args);
        let is_new = order.is_none_or(|order| self.orders.insert(order.to_string()));
        (profile.policies.dedup == Side::Server && !is_new).then_some(Rejection::Dedup)
    }
}
