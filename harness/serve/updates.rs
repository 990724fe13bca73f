//! What the ledger page gets, as server-sent events: the state, each request as it comes, and the
//! state again whenever it changes.

use std::convert::Infallible;
use std::sync::Arc;

use axum::response::sse::Event;
use futures_util::Stream;
use futures_util::stream::unfold;
use serde::Serialize;
use tokio::sync::watch;

use super::ServeSession;
use super::model::State;
use crate::scenario::ScriptState;

/// One page that listens.
struct Listener {
    session: Arc<ServeSession>,
    port: u16,
    sent: Option<State>,
    /// The number of the next request to send.
    next: u64,
    script: watch::Receiver<ScriptState>,
    controls: watch::Receiver<()>,
}

/// All updates from the last clearing on. Never ends by itself.
pub fn updates(
    session: Arc<ServeSession>,
    port: u16,
) -> impl Stream<Item = Result<Event, Infallible>> {
    let (script, controls) = (session.own.shop.changes(), session.controls());
    let listener = Listener {
        session,
        port,
        sent: None,
        next: 0,
        script,
        controls,
    };
    unfold(listener, |mut listener| async {
        let event = listener.next().await;
        Some((Ok(event), listener))
    })
}

impl Listener {
    async fn next(&mut self) -> Event {
        loop {
            let state = self.session.state(self.port);
            self.next = self.next.max(state.cleared);
            if self.sent.as_ref() != Some(&state) {
                let event = event("state", &state);
                self.sent = Some(state);
                return event;
            }
            if let Some(entry) = self.session.entry(self.next) {
                self.next += 1;
                return event("entry", &entry);
            }
            let arrived = self
                .session
                .own
                .account
                .wait_until(|requests| requests.len() as u64 > self.next);
            // An error of a channel would be the end of the session, which this holds on to.
            tokio::select! {
                () = arrived => {}
                _ = self.script.changed() => {}
                _ = self.controls.changed() => {}
            }
        }
    }
}

fn event(name: &str, data: &impl Serialize) -> Event {
    // JSON text has no line breaks, of which an event would make lines.
    Event::default()
        .event(name)
        .data(serde_json::to_string(data).unwrap_or_default())
}
