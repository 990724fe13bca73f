use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use crate::contract::Visitor;
use crate::evidence::{Clock, Contact, Decision, Request, RequestId};
use crate::scenario::{AnswerState, BackendState};

/// What the backend knows of one case: how to behave, and every request it got.
#[derive(Debug)]
pub struct Account {
    clock: Clock,
    inner: Mutex<Inner>,
    count: watch::Sender<usize>,
    /// Whether answers to events are held.
    holding: watch::Sender<bool>,
}

#[derive(Debug, Default)]
struct Inner {
    state: BackendState,
    answers: AnswerState,
    requests: Vec<Request>,
    contacts: Vec<Contact>,
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
    pub fn new(clock: Clock) -> Arc<Self> {
        Arc::new(Self {
            clock,
            inner: Mutex::default(),
            count: watch::Sender::new(0),
            holding: watch::Sender::new(false),
        })
    }

    /// Sets how the backend behaves from now on.
    pub fn set_state(&self, state: BackendState) {
        self.lock().state = state;
        self.holding.send_replace(state == BackendState::Held);
    }

    /// How it behaves now.
    pub fn state(&self) -> BackendState {
        self.lock().state
    }

    /// Sets how questions to the widgets are answered from now on.
    pub fn set_answers(&self, state: AnswerState) {
        self.lock().answers = state;
    }

    /// How questions to the widgets are answered now.
    pub fn answers(&self) -> AnswerState {
        self.lock().answers
    }

    /// Sends the answers that are held.
    pub fn release_answers(&self) {
        self.holding.send_replace(false);
    }

    /// Ends when answers are not held any more; at once where they are not.
    pub async fn until_answers_are_released(&self) {
        let mut holding = self.holding.subscribe();
        let gone = holding.wait_for(|holding| !holding).await;
        gone.expect("the sender lives as long as its account");
    }

    /// Writes a request down with what is done about it.
    pub fn commit(&self, arrival: Arrival, decision: Decision) -> RequestId {
        let mut inner = self.lock();
        let id = RequestId(inner.requests.len() as u64);
        inner.requests.push(Request {
            id,
            at: self.clock.now(),
            visitor: arrival.visitor,
            method: arrival.method,
            path: arrival.path,
            content_type: arrival.content_type,
            body: arrival.body,
            decision,
        });
        let count = inner.requests.len();
        drop(inner);
        self.count.send_replace(count);
        id
    }

    /// Every request so far, in order of arrival.
    pub fn requests(&self) -> Vec<Request> {
        self.lock().requests.clone()
    }

    /// Notes that a host was asked for by its public name, now.
    pub fn note(&self, contact: Contact) {
        let at = self.clock.now();
        self.lock().contacts.push(Contact { at, ..contact });
    }

    /// Every such request so far.
    pub fn contacts(&self) -> Vec<Contact> {
        self.lock().contacts.clone()
    }

    /// Waits until `enough` holds of the requests; ends at once where it holds already.
    pub async fn wait_until(&self, enough: impl Fn(&[Request]) -> bool) {
        let mut count = self.count.subscribe();
        // On a copy: whoever answers a request waits for the lock.
        while !enough(&self.requests()) {
            let changed = count.changed().await;
            changed.expect("the counter lives as long as its account");
        }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::pin::pin;

    use super::*;

    fn commit(account: &Account, body: &str) -> RequestId {
        let (method, path) = ("POST".into(), "/analytics/cart_events".into());
        account.commit(
            Arrival {
                visitor: Visitor::First,
                method,
                path,
                content_type: None,
                body: body.into(),
            },
            Decision::Recorded,
        )
    }

    #[test]
    fn requests_are_numbered_in_order_of_arrival() {
        let account = Account::new(Clock::start());
        assert_eq!(
            [commit(&account, "a"), commit(&account, "b")],
            [RequestId(0), RequestId(1)]
        );
        let kept: Vec<_> = account
            .requests()
            .into_iter()
            .map(|request| (request.id, request.body))
            .collect();
        assert_eq!(
            kept,
            [
                (RequestId(0), "a".to_owned()),
                (RequestId(1), "b".to_owned())
            ]
        );
    }

    #[test]
    fn backend_is_well_until_its_state_is_set() {
        let account = Account::new(Clock::start());
        assert_eq!(account.state(), BackendState::Well);
        account.set_state(BackendState::Slow);
        assert_eq!(account.state(), BackendState::Slow);
    }

    /// Whether a wait has ended, without waiting for it.
    async fn has_ended(wait: impl Future<Output = ()>) -> bool {
        tokio::select! {
            biased;
            () = wait => true,
            () = std::future::ready(()) => false,
        }
    }

    #[tokio::test]
    async fn wait_ends_with_the_request_it_waits_for() {
        let account = Account::new(Clock::start());
        let mut second = pin!(account.wait_until(|requests| requests.len() == 2));
        assert!(!has_ended(&mut second).await);
        commit(&account, "a");
        assert!(!has_ended(&mut second).await);
        commit(&account, "b");
        assert!(has_ended(&mut second).await);
    }

    #[tokio::test]
    async fn held_answers_wait_until_they_are_released() {
        let account = Account::new(Clock::start());
        assert!(has_ended(account.until_answers_are_released()).await);
        account.set_state(BackendState::Held);
        let mut answer = pin!(account.until_answers_are_released());
        assert!(!has_ended(&mut answer).await);
        account.release_answers();
        assert!(has_ended(&mut answer).await);
    }

    #[tokio::test]
    async fn another_state_releases_held_answers() {
        let account = Account::new(Clock::start());
        account.set_state(BackendState::Held);
        account.set_state(BackendState::Well);
        assert!(has_ended(account.until_answers_are_released()).await);
    }

    #[tokio::test]
    async fn wait_for_a_known_request_ends_at_once() {
        let account = Account::new(Clock::start());
        commit(&account, "a");
        assert!(has_ended(account.wait_until(|requests| requests.len() == 1)).await);
    }
}
