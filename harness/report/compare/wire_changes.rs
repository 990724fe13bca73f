use std::collections::BTreeSet;

use super::model::{WireChange, WireChangeKind, WireClass};
use crate::contract::Method;

/// What was found so far.
#[derive(Debug, Default)]
pub struct Changes(pub Vec<WireChange>);

impl Changes {
    pub fn say(
        &mut self,
        kind: WireChangeKind,
        event: Option<Method>,
        subject: &str,
        old: Option<&str>,
        new: Option<&str>,
    ) {
        let (class, reason) = kind.classed();
        self.0.push(WireChange {
            class,
            kind,
            event,
            subject: subject.to_owned(),
            old: old.map(str::to_owned),
            new: new.map(str::to_owned),
            reason: reason.to_owned(),
        });
    }

    /// What of some names is new, and what is gone.
    pub fn names(
        &mut self,
        event: Option<Method>,
        (before, now): (&BTreeSet<String>, &BTreeSet<String>),
        (added, removed): (WireChangeKind, WireChangeKind),
    ) {
        for name in now.difference(before) {
            self.say(added, event, name, None, Some("there"));
        }
        for name in before.difference(now) {
            self.say(removed, event, name, Some("there"), None);
        }
    }
}

impl WireChangeKind {
    /// What such a change does to whoever reads the wire today, and why.
    pub fn classed(self) -> (WireClass, &'static str) {
        use WireClass::{Additive, Breaking};
        match self {
            Self::EventGone => (Breaking, "who counts these events counts none"),
            Self::EventAdded => (Additive, "nothing that was sent before is missing"),
            Self::FieldRemoved => (Breaking, "who reads the field finds nothing"),
            Self::FieldRetyped => (
                Breaking,
                "who reads the field may expect the type that it had",
            ),
            Self::FieldNewlyNull => (Breaking, "who reads the field may not expect null"),
            Self::FieldSometimes => (Breaking, "who reads the field may count on it"),
            Self::FieldAdded => (Additive, "who does not know the field does not read it"),
            Self::FieldAlways => (Additive, "it was allowed to be there before"),
            Self::FieldNarrowed => (Additive, "every type that is left was there before"),
            Self::RequestAdded => (
                Breaking,
                "a backend that does not know it loses these events",
            ),
            Self::RequestRemoved => (Additive, "the ways that are left were there before"),
            Self::ContentTypeAdded => (
                Breaking,
                "a backend may read only the media types that it knows",
            ),
            Self::ContentTypeRemoved => {
                (Additive, "the media types that are left were there before")
            }
            Self::PreflightAdded => (
                Breaking,
                "a backend that does not answer it gets no request at all",
            ),
            Self::PreflightRemoved => (Additive, "the request itself needs nothing new"),
            Self::RequestsACall | Self::CaseRequests => (
                Additive,
                "each can be read as before; whether anything is lost or comes twice is for \
                 the checks to say",
            ),
            Self::Bytes => (Additive, "a size is nothing that is promised"),
            Self::OtherRequestAdded => (Additive, "no event depends on it"),
            Self::OtherRequestRemoved => (Additive, "who answered it is asked no more"),
            Self::HostAdded => (
                Breaking,
                "a shop's Content-Security-Policy denies it, and its privacy policy \
                 does not name it",
            ),
            Self::HostRemoved => (Additive, "a policy that allows it does no harm"),
            Self::StorageAdded => (Additive, "nothing that is stored already is lost"),
            Self::StorageRemoved | Self::CookieRemoved => (
                Breaking,
                "what an earlier release has stored there is not found again",
            ),
            Self::CookieAdded => (
                Breaking,
                "it goes with every request of the shop, and its cookie policy does not name it",
            ),
            Self::GlobalAdded => (
                Additive,
                "nothing that a shop uses is gone; a requirement of its own decides whether \
                 the name may be there",
            ),
            Self::GlobalRemoved => (Breaking, "a shop may use it, though no page documents it"),
        }
    }
}
