//! What a page knows of its requests: when they began, and whether they have ended.

use std::slice;
use std::time::{Duration, Instant};

use serde_json::json;

use super::attempting::Attempting;
use super::deadlines::OVERDUE;
use crate::browser::BrowserError;
use crate::contract::{BrowserFeature, Event, Interaction};
use crate::evidence::{Decision, Millis, Request, RequestId};
use crate::plan::CaseCheck;

/// True in a page once it has seen the end of event requests.
const ANSWERED: &str = include_str!("scripts/answered.js");

/// Answers, in a page, with the number of each request that the backend saw and when it began, in
/// milliseconds since 1970.
const STARTED: &str = include_str!("scripts/started.js");

/// The frames of a page.
const VIEWS: &str = include_str!("scripts/views.js");

/// How long a page may take to know of an answer that the backend has given.
const TIMING: Duration = Duration::from_secs(1);

impl Attempting<'_> {
    /// Reads when the page started its requests, before it goes and its resource timing with it.
    /// Only for cases that ask for their order: it is one more command a page.
    pub(super) async fn collect_started(&mut self) -> Result<(), BrowserError> {
        let feature = BrowserFeature::RequestStartTimes;
        let is_asked_for = |check: &CaseCheck| check.question.facts().reads_start_times;
        if !self.case.checks.iter().any(is_asked_for)
            || self.evidence.missing_features.contains_key(&feature)
        {
            return Ok(());
        }
        let script = STARTED.replace("VIEWS", &expression(VIEWS));
        let end = Instant::now() + TIMING;
        loop {
            let started = self.page.session.execute(&script, vec![]).await?;
            let started: Vec<(u64, f64)> = serde_json::from_value(started)
                .map_err(|error| BrowserError::unexpected_answer("started.js", error))?;
            let on_clock = started
                .into_iter()
                .map(|(id, epoch)| (RequestId(id), self.own.clock.at_epoch_ms(epoch)));
            self.evidence.started.extend(on_clock);
            // A request is in the ledger before its answer is with the page, and in its resource
            // timing only after that.
            let requests = self.own.account.requests();
            let is_unknown = |request: &Request| {
                request.at >= self.page_began
                    && request.decision == Decision::Recorded
                    && !self.evidence.started.contains_key(&request.id)
            };
            if !requests.iter().any(is_unknown) || Instant::now() > end {
                return Ok(());
            }
        }
    }

    /// Waits until this page has seen the end of `count` events, answered or failed.
    ///
    /// Where a request is an event, requests are counted. In batches nobody can count events that
    /// never reached the backend; but an SDK that keeps their order has sent the last of them with
    /// a request that began after the call, and all others with those before it.
    pub(super) async fn await_answered(&mut self, count: usize) -> Result<(), BrowserError> {
        let was_overdue = !self.overdue.is_empty();
        let called = self.evidence.calls.iter().map(|call| call.event.clone());
        let called: Vec<Event> = called.collect();
        let within = if was_overdue {
            self.deadlines.recorded.min(OVERDUE)
        } else if called
            .iter()
            .any(|event| self.never_come(slice::from_ref(event)))
        {
            self.deadlines.lost
        } else {
            self.deadlines.recorded
        };
        let result = self.answered_within(count, within).await;
        if let Err(BrowserError::GaveUp(_)) = result {
            self.overdue = self.not_recorded(&called);
            self.gave_up_early |= !was_overdue && within < self.full.recorded;
        }
        result
    }

    async fn answered_within(&self, count: usize, within: Duration) -> Result<(), BrowserError> {
        let profile = &self.stage.profile;
        let answered = async |count: usize, since: Millis| {
            self.page
                .await_true(&self.answered(count, since), within)
                .await
        };
        if !profile.wire.has_batches() {
            return answered(count, Millis(0.0)).await;
        }
        let last = self.evidence.calls.last();
        answered(1, last.map_or(Millis(0.0), |call| call.at)).await?;
        let requests = self.own.account.requests();
        let of_page = requests
            .iter()
            .filter(|request| self.is_event_of_this_page(request));
        answered(of_page.count(), Millis(0.0)).await
    }

    fn is_event_of_this_page(&self, request: &Request) -> bool {
        let is_event = match request.decision {
            Decision::Recorded | Decision::Refused(_) | Decision::Dropped => true,
            Decision::Preflight | Decision::Answered | Decision::Unknown => false,
        };
        is_event && request.at >= self.page_began
    }

    /// Waits until this page has seen the end of `count` questions to the widgets, answered or
    /// failed.
    pub(super) async fn await_replied(&self, count: usize) -> Result<(), BrowserError> {
        let all = self.replied(|_| true, count, Millis(0.0));
        self.page.await_true(&all, self.within()).await
    }

    /// Waits until this page has seen the end of a question to `widget` that began after `since`,
    /// where the profile says what such a question is.
    pub(super) async fn await_reply_to(
        &self,
        widget: Interaction,
        since: Millis,
        within: Duration,
    ) -> Result<(), BrowserError> {
        let is_its = |own: Interaction| own == widget;
        if !self.stage.profile.knows_questions_to(widget) {
            return Ok(());
        }
        let reply = self.replied(is_its, 1, since);
        self.page.await_true(&reply, within).await
    }

    fn replied(
        &self,
        is_meant: impl Fn(Interaction) -> bool,
        count: usize,
        since: Millis,
    ) -> String {
        let answers = self.stage.profile.answers.iter();
        let paths: Vec<&str> = answers
            .filter(|answer| answer.interaction.is_some_and(&is_meant))
            .map(|answer| answer.path.as_str())
            .collect();
        condition(&paths, count, self.own.clock.epoch_ms_of(since).floor())
    }

    /// The resource timing of event requests that began after `since`, as a condition a page can be
    /// asked for. (A whole millisecond: both times are rounded.)
    fn answered(&self, count: usize, since: Millis) -> String {
        let events = self.stage.profile.wire.events.values();
        let paths: Vec<&str> = events.map(|event| event.path.as_str()).collect();
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
