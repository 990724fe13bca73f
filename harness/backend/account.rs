use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use crate::contract::Visitor;
use crate::evidence::{Clock, Decision, Request, RequestId};
use crate::scenario::BackendState;

/// What the backend knows of one case: how to behave, and every request it got.
#[derive(Debug)]
pub struct Account {
    clock: Clock,
    inner: Mutex<Inner>,
    count: watch::Sender<usize>,
}

#[derive(Debug, Default)]
struct Inner {
    state: BackendState,
    requests: Vec<Request>,
}

/// A request before it has its number and its time.
#[derive(Debug)]
pub struct Arrival {
    /// Whose it is.
    pub visitor: Visitor,
    /// The HTTP method.
    pub method: String,
    /// The path, with the query.
    pub path: String,
    /// The `Content-Type` header.
    pub content_type: Option<String>,
    /// The body as text.
    pub body: String,
}

impl Account {
    /// An empty one, of a backend that is well.
    #[must_use]
    pub fn new(clock: Clock) -> Arc<Self> {
        Arc::new(Self { clock, inner: Mutex::default(), count: watch::Sender::new(0) })
    }

    /// Sets how the backend behaves from now on.
    pub fn set_state(&self, state: BackendState) {
        self.lock().state = state;
    }

    /// How it behaves now.
    #[must_use]
    pub fn state(&self) -> BackendState {
        self.lock().state
    }

    /// Writes a request down with what is done about it.
    pub fn commit(&self, arrival: Arrival, decision: Decision) -> RequestId {
        let mut inner = self.lock();
        let id = RequestId(inner.requests.len() as u64);
        let Arrival { visitor, method, path, content_type, body } = arrival;
        inner.requests.push(Request { id, at: self.clock.now(), visitor, method, path, content_type, body, decision });
        let count = inner.requests.len();
        drop(inner);
        self.count.send_replace(count);
        id
    }

    /// Every request so far, in order of arrival.
    #[must_use]
    pub fn requests(&self) -> Vec<Request> {
        self.lock().requests.clone()
    }

    /// Waits until `enough` holds of the requests; ends at once where it holds already.
    pub async fn wait_until(&self, enough: impl Fn(&[Request]) -> bool) {
        let mut count = self.count.subscribe();
        // On a copy: whoever answers a request waits for the lock.
        while !enough(&self.requests()) {
            count.changed().await.expect("the counter lives as long as its account");
        }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
