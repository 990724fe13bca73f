//! Before a session of a driver that is not ours drives cases: does its browser reach the shop and
//! the backend, and what time is it there? Else a wrong address would look like an SDK that does
//! not load.

use std::time::{Duration, Instant};

use serde::Deserialize;
use serde_json::json;
use thiserror::Error;

use super::stage::{Stage, Trial};
use crate::browser::{BrowserError, Session};
use crate::evidence::{Ahead, epoch_ms};
use crate::storefront::TRIAL;

/// How long the page and its request may take each.
const WITHIN: Duration = Duration::from_secs(10);

/// Between two looks at the page.
const ASK_AGAIN: Duration = Duration::from_millis(10);

/// How often the browser is asked for the time: the quickest answer counts.
const ROUNDS: usize = 7;

/// What the page is.
const READ: &str = "return {text: document.title, secure: window.isSecureContext};";

/// Sends one request to the backend.
const SEND: &str = "fetch(arguments[0], {method: 'POST', mode: 'no-cors', body: 'trial'})\
                    .catch(() => null); return null;";

const TIME: &str = "return Date.now();";

/// A browser that does not reach the harness. A fault of the machines or of the network.
#[derive(Debug, Error)]
#[error("the browser {at} {why}")]
pub struct Unreachable {
    /// `on http://10.0.0.2:5555`
    pub at: String,
    why: String,
}

#[derive(Debug, Default, Deserialize)]
struct Shown {
    text: String,
    secure: bool,
}

/// Has the browser of `session` load a page of the shop and send a request to the backend; returns
/// how far its wall clock is ahead of ours.
pub async fn preflight(stage: &Stage, session: &Session, trial: &Trial) -> Result<Ahead, String> {
    let lost = |error: BrowserError| format!("did not answer: {error}");
    session.goto(&trial.page).await.map_err(lost)?;
    let begun = Instant::now();
    let mut shown = Shown::default();
    while shown.text != TRIAL {
        if begun.elapsed() > WITHIN {
            let page = &trial.page;
            return Err(format!(
                "does not reach the shop: it shows nothing at {page}"
            ));
        }
        tokio::time::sleep(ASK_AGAIN).await;
        match session.execute(READ, Vec::new()).await {
            Ok(read) => shown = serde_json::from_value(read).unwrap_or_default(),
            Err(BrowserError::PageChanged(_)) => {}
            Err(error) => return Err(lost(error)),
        }
    }
    if !shown.secure {
        let page = &trial.page;
        return Err(format!("takes {page} for no secure context, as shops are"));
    }
    session
        .execute(SEND, vec![json!(trial.api)])
        .await
        .map_err(lost)?;
    if !stage.heard_of(trial, WITHIN).await {
        let api = &trial.api;
        return Err(format!("does not reach the backend: nothing came to {api}"));
    }
    let mut best: Option<(f64, Ahead)> = None;
    for _ in 0..ROUNDS {
        let sent = epoch_ms();
        let time = session.execute(TIME, Vec::new()).await.map_err(lost)?;
        let took = epoch_ms() - sent;
        let time = time.as_f64().ok_or("reports no time")?;
        if best.is_none_or(|(least, _)| took < least) {
            best = Some((took, Ahead(time - (sent + took / 2.0))));
        }
    }
    Ok(best.map(|(_, ahead)| ahead).unwrap_or_default())
}

impl Unreachable {
    /// By the address of the browser's node, where a Grid reports it.
    pub fn of(webdriver: &str, node: Option<String>, why: String) -> Self {
        let at = node.map_or_else(
            || format!("of the driver at {webdriver}"),
            |node| format!("on the node {node}"),
        );
        Self { at, why }
    }
}
