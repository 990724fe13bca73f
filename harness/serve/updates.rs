//! What the ledger page is told, as server-sent events: the state, each request as it comes, and
//! the state again whenever it changes.

use std::convert::Infallible;
use std::sync::Arc;

use axum::response::sse::Event;
use futures_util::Stream;
use futures_util::stream::unfold;
use serde::Serialize;
use tokio::sync::watch;

use super::Desk;
use super::model::State;
use crate::scenario::ScriptState;

/// One page that listens.
struct Listener {
    desk: Arc<Desk>,
    port: u16,
    told: Option<State>,
    /// The number of the next request to tell of.
    next: u64,
    script: watch::Receiver<ScriptState>,
    pulled: watch::Receiver<()>,
}

/// All there is to tell, from the last clearing on. Never ends by itself.
pub fn updates(desk: Arc<Desk>, port: u16) -> impl Stream<Item = Result<Event, Infallible>> {
    let (script, pulled) = (desk.own.shop.changes(), desk.pulled());
    let listener = Listener {
        desk,
        port,
        told: None,
        next: 0,
        script,
        pulled,
    };
    unfold(listener, |mut listener| async {
        let event = listener.next().await;
        Some((Ok(event), listener))
    })
}

impl Listener {
    async fn next(&mut self) -> Event {
        loop {
            let state = self.desk.state(self.port);
            self.next = self.next.max(state.cleared);
            if self.told.as_ref() != Some(&state) {
                let event = event("state", &state);
                self.told = Some(state);
                return event;
            }
            if let Some(entry) = self.desk.entry(self.next) {
                self.next += 1;
                return event("entry", &entry);
            }
            let arrived = self
                .desk
                .own
                .account
                .wait_until(|requests| requests.len() as u64 > self.next);
            // An error of a channel would be the end of the desk, which this holds on to.
            tokio::select! {
                () = arrived => {}
                _ = self.script.changed() => {}
                _ = self.pulled.changed() => {}
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
