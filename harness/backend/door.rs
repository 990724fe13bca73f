//! Who may come through the proxy of a session. One on loopback is for whoever is on this machine;
//! one that browsers on other machines reach is for its own session alone.
//!
//! What a session knows and nobody else does is the names of its cases: they hold a secret. Its
//! first request by such a name shows from which address the session comes, and from then on no
//! other address is carried.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The entrance of one session.
#[derive(Debug)]
pub struct Door {
    /// Whether other machines can reach it.
    is_advertised: bool,
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    /// The label of the case that the session is on.
    current: Option<String>,
    /// The labels of all cases that it was given.
    admitted: HashSet<String>,
    /// Where its browser runs, once that is known.
    node: Option<IpAddr>,
}

impl Door {
    pub fn new(is_advertised: bool) -> Self {
        Self {
            is_advertised,
            inner: Mutex::default(),
        }
    }

    /// From now on the session is on the case of `label`.
    pub fn set_case(&self, label: &str) {
        self.lock().current = Some(label.to_owned());
    }

    /// The label of the case that the session is on.
    pub fn current(&self) -> Option<String> {
        self.lock().current.clone()
    }

    /// Carries requests by names with this label, too.
    pub fn admit(&self, label: &str) {
        self.lock().admitted.insert(label.to_owned());
    }

    /// Whether a request from `peer` by a name with this label is the session's.
    pub fn carries(&self, peer: IpAddr, label: &str) -> bool {
        let mut inner = self.lock();
        !self.is_advertised
            || inner.admitted.contains(label) && *inner.node.get_or_insert(peer) == peer
    }

    /// Whether `peer` is where the session's browser runs.
    pub fn knows(&self, peer: IpAddr) -> bool {
        !self.is_advertised || self.node() == Some(peer)
    }

    /// Where the session's browser runs, once that is known.
    pub fn node(&self) -> Option<IpAddr> {
        self.lock().node
    }

    /// Whether other machines can reach it.
    pub fn is_advertised(&self) -> bool {
        self.is_advertised
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How many requests were refused, by the address that they came from.
#[derive(Debug, Default)]
pub struct Refusals(Mutex<Counted>);

#[derive(Debug, Default)]
struct Counted {
    refused: BTreeMap<IpAddr, usize>,
    nodes: BTreeSet<IpAddr>,
}

impl Refusals {
    /// Counts one from `peer`.
    pub fn count(&self, peer: IpAddr) {
        *self.lock().refused.entry(peer).or_default() += 1;
    }

    /// The browser of a session runs at `node`: what it asks for by itself is denied, and is no
    /// stranger's.
    pub fn is_node(&self, node: IpAddr) {
        self.lock().nodes.insert(node);
    }

    /// Those from addresses at which no session's browser runs.
    pub fn of_strangers(&self) -> BTreeMap<IpAddr, usize> {
        let counted = self.lock();
        let mut refused = counted.refused.clone();
        refused.retain(|peer, _| !counted.nodes.contains(peer));
        refused
    }

    fn lock(&self) -> MutexGuard<'_, Counted> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
