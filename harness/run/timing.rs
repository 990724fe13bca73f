//! What a page knows of its requests: when they began, and whether they have ended.

use serde_json::json;

use super::drive::Attempting;
use crate::browser::BrowserError;
use crate::evidence::{Decision, Millis, Request};

/// True in a page once it has seen the end of event requests.
const ANSWERED: &str = include_str!("scripts/answered.js");

/// When a page started its requests.
const STARTED: &str = include_str!("scripts/started.js");

/// The frames of a page.
const VIEWS: &str = include_str!("scripts/views.js");

/// Answers, in a page, with the number of each request that the backend saw and when it began, in
/// milliseconds since 1970.
pub(super) fn started() -> String {
    STARTED.replace("VIEWS", &expression(VIEWS))
}

impl Attempting<'_> {
    /// Waits until this page has seen the end of `count` events, answered or failed.
    ///
    /// Where a request is an event, requests are counted. In batches nobody can count events that
    /// never reached the backend; but an SDK that keeps their order has sent the last of them with
    /// a request that began after the call, and all others with those before it.
    pub(super) async fn await_answered(&self, count: usize) -> Result<(), BrowserError> {
        let profile = &self.stage.profile;
        let within = profile.waits.recorded();
        if !profile.wire.has_batches() {
            return self
                .page
                .await_true(&self.answered(count, Millis(0.0)), within)
                .await;
        }
        let called = self
            .evidence
            .calls
            .last()
            .map_or(Millis(0.0), |call| call.at);
        self.page
            .await_true(&self.answered(1, called), within)
            .await?;
        let known = self
            .own
            .account
            .requests()
            .iter()
            .filter(|request| self.is_event_of_this_page(request))
            .count();
        self.page
            .await_true(&self.answered(known, Millis(0.0)), within)
            .await
    }

    fn is_event_of_this_page(&self, request: &Request) -> bool {
        let is_event = match request.decision {
            Decision::Recorded | Decision::Refused(_) | Decision::Dropped => true,
            Decision::Preflight | Decision::Answered | Decision::Unknown => false,
        };
        is_event && request.at >= self.page_began
    }

    /// The resource timing of event requests that began after `since`, as a condition a page can be
    /// asked for. (A whole millisecond: both times are rounded.)
    fn answered(&self, count: usize, since: Millis) -> String {
        let paths: Vec<&str> = self
            .stage
            .profile
            .wire
            .events
            .values()
            .map(|event| event.path.as_str())
            .collect();
        condition(&paths, count, self.own.clock.epoch_ms_of(since).floor())
    }
}

fn condition(paths: &[&str], count: usize, since: f64) -> String {
    expression(ANSWERED)
        .replace("VIEWS", &expression(VIEWS))
        .replace("PATHS", &json!(paths).to_string())
        .replace("COUNT", &count.to_string())
        .replace("SINCE", &since.to_string())
}

/// A script that is one expression, without the comment before it.
fn expression(script: &str) -> String {
    script
        .lines()
        .filter(|line| !line.starts_with("//"))
        .collect::<Vec<_>>()
        .join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn condition_is_one_complete_expression() {
        let condition = condition(&["/cart", "/v*/order"], 3, 1_760_000_000_123.25);
        assert!(
            condition.starts_with('(') && condition.ends_with(')'),
            "{condition}"
        );
        assert!(
            condition.contains(r#"["/cart","/v*/order"]"#)
                && condition.contains("< 3")
                && condition.contains("1760000000123.25"),
            "{condition}"
        );
        assert!(
            ["VIEWS(", "PATHS", "COUNT", "SINCE"]
                .iter()
                .all(|place| !condition.contains(place)),
            "{condition}"
        );
    }
}
