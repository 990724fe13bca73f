//! An attempt in progress, and the waits that its steps and its end share.

use std::borrow::Cow;
use std::time::{Duration, Instant};

use super::deadlines::{Deadlines, OVERDUE};
use super::never::EventKind;
use super::stage::{CaseStage, Stage};
use super::trace::Frames;
use super::wait_times::WaitTimes;
use super::windows::Windows;
use crate::browser::{BrowserError, ConsoleEntry, Page, Until};
use crate::contract::{Event, Visitor};
use crate::evidence::{Code, Decision, Evidence, Millis, Request};
use crate::plan::Case;
use crate::reading::Ledger;
use crate::scenario::{Load, NetworkState, ScriptState};
use crate::sdk::ScriptKind;

/// So many events, or so much data of one, take longer than others.
const MANY_EVENTS: usize = 20;
const MUCH_DATA: usize = 16 * 1024;

/// An attempt in progress.
#[derive(Debug)]
pub(super) struct Attempting<'a> {
    pub case: &'a Case,
    pub stage: &'a Stage,
    pub own: &'a CaseStage,
    pub page: Page<'a>,
    pub windows: Windows,
    pub visitor: Visitor,
    /// When the current document was asked for.
    pub page_began: Millis,
    /// When the step began that asked for it.
    pub page_asked: Millis,
    pub deadlines: Deadlines,
    /// Those of this build where nothing is shortened.
    pub full: Deadlines,
    pub waits: &'a WaitTimes,
    /// The SDK did not become ready when it was last waited for.
    pub is_not_ready: bool,
    /// Events that were waited for as long as they may take, and did not come.
    pub overdue: Vec<Event>,
    /// Events that were called only while the SDK's script was held back.
    pub queued: Vec<Event>,
    /// A wait ended at a deadline that was shortened.
    pub gave_up_early: bool,
    /// A window has closed whose answers are held.
    pub owes_answers: bool,
    /// Whether the browser reaches anything.
    pub network: NetworkState,
    pub evidence: Evidence,
    /// What was recorded before belongs to another case, which was on this page before.
    pub records_since: Millis,
    /// What the calls of the matrix threw, until the console can be divided among its rows.
    pub matrix_threw: Option<Vec<Option<String>>>,
    pub log: Vec<ConsoleEntry>,
    /// The picture, once it is taken.
    pub screenshot: Option<Vec<u8>>,
    /// The page after each step; `None`: nobody asks for it.
    pub frames: Option<Frames>,
    /// Which code of the build ran; `None`: nobody asks for it.
    pub code: Option<Code>,
}

impl Attempting<'_> {
    /// How long the parts of a page may take.
    pub fn within(&self) -> Duration {
        self.stage.profile.waits.ready()
    }

    /// How far a page gets while its SDK is held back.
    pub fn until(&self) -> Until {
        match self.own.shop.script() {
            // Only a plain script stops the page at its place; any other is waited for by nobody.
            ScriptState::Held
                if self.case.axes.load == Load::Blocking
                    && self.stage.profile.install.kind == ScriptKind::Classic =>
            {
                Until::Snippet
            }
            ScriptState::Held => Until::Parsed,
            ScriptState::Open | ScriptState::Blocked | ScriptState::FailsOnce => Until::Complete,
        }
    }

    /// Sends the answers that a closed window is owed, if any.
    pub fn answer_what_is_owed(&mut self) {
        if std::mem::take(&mut self.owes_answers) {
            self.own.account.release_answers();
        }
    }

    /// Waits until the backend has recorded `events`, each at least once.
    pub async fn await_recorded(&mut self, events: &[Event]) -> Result<(), BrowserError> {
        self.answer_what_is_owed();
        let missing = self.not_recorded(events);
        let is_overdue = |event: &Event| self.overdue.contains(event);
        let shows_nothing_more = !missing.is_empty() && missing.iter().all(is_overdue);
        let full = if is_heavy(events) {
            self.full.recorded
        } else {
            self.deadlines.recorded
        };
        let (deadline, lost) = if self.is_not_ready || shows_nothing_more {
            (full.min(OVERDUE), full.min(OVERDUE))
        } else {
            (full, full.min(self.deadlines.lost))
        };
        let begun = Instant::now();
        let mut came = self.are_recorded_within(events, lost).await;
        let mut waited = lost;
        if !came && lost < deadline && !self.never_come(&self.not_recorded(events)) {
            came = self
                .are_recorded_within(events, deadline.saturating_sub(lost))
                .await;
            waited = deadline;
        }
        let is_fair = !self.case.disturbs_backend();
        if came {
            let took = begun.elapsed();
            if is_fair && !is_heavy(events) {
                self.waits.note(|samples| samples.recorded.add(took));
            }
            self.note_recorded(events, false);
            return Ok(());
        }
        self.overdue = self.not_recorded(events);
        let was_short = waited < self.full.recorded;
        self.note_recorded(events, is_fair && !was_short);
        self.gave_up_early |= !self.is_not_ready && !shows_nothing_more && was_short;
        let ms = waited.as_millis();
        Err(BrowserError::GaveUp(format!(
            "the backend had not recorded them all within {ms} ms"
        )))
    }

    async fn are_recorded_within(&self, events: &[Event], within: Duration) -> bool {
        let (profile, wanted) = (&self.stage.profile, events.iter().collect::<Vec<_>>());
        let (account, others) = (&self.own.account, self.calls_beside(events));
        let all = account.wait_until(|requests| {
            Ledger::holds_all(&self.own_requests(requests), profile, &wanted, &others)
        });
        tokio::time::timeout(within, all).await.is_ok()
    }

    /// Notes which of `events` came; and which did not, if they were waited for in full.
    fn note_recorded(&self, events: &[Event], in_full: bool) {
        let missing = self.not_recorded(events);
        let mut never = self.waits.never();
        for event in events {
            let kind = self.kind_of(event);
            if !missing.contains(event) {
                never.came(kind);
            } else if in_full {
                never.missed(kind, &self.case.id);
            }
        }
    }

    /// Whether this build never gets events like all of these recorded.
    pub fn never_come(&self, events: &[Event]) -> bool {
        let never = self.waits.never();
        (events.iter()).all(|event| never.never_comes(self.kind_of(event)))
    }

    fn kind_of(&self, event: &Event) -> EventKind {
        EventKind {
            method: event.method,
            was_queued: self.queued.contains(event),
        }
    }

    /// What was called and is none of `events`.
    fn calls_beside(&self, events: &[Event]) -> Vec<&Event> {
        let called = self.evidence.calls.iter().map(|call| &call.event);
        called.filter(|event| !events.contains(event)).collect()
    }

    /// Those of `events` that the backend has not recorded. What was recorded stands for one call
    /// alone.
    pub fn not_recorded(&self, events: &[Event]) -> Vec<Event> {
        let (requests, profile) = (self.own.account.requests(), &self.stage.profile);
        let requests = self.own_requests(&requests);
        let wanted = events.iter();
        let called: Vec<&Event> = wanted.chain(self.calls_beside(events)).collect();
        let found = Ledger::new(&requests, profile)
            .match_calls(&called, profile)
            .found;
        let all = events.iter().zip(found);
        let missing = all.filter(|(_, found)| found.is_empty());
        missing.map(|(event, _)| event.clone()).collect()
    }

    /// Those of `requests` that this case can have brought about.
    fn own_requests<'r>(&self, requests: &'r [Request]) -> Cow<'r, [Request]> {
        if self.records_since == Millis(0.0) {
            return requests.into();
        }
        let is_own = |request: &&Request| {
            request.decision != Decision::Recorded || request.at >= self.records_since
        };
        requests.iter().filter(is_own).cloned().collect()
    }

    /// Leaves the page for one that does nothing.
    pub async fn go_to_blank(&mut self) -> Result<(), BrowserError> {
        let blank = self.own.url("blank", self.visitor);
        self.page.leave_framing().await?;
        let left = self
            .page
            .visit(&blank, Until::Body, self.deadlines.page)
            .await;
        left.map_err(|error| match error {
            BrowserError::GaveUp(missing) => {
                BrowserError::Lost(format!("the page could not be left: {missing}"))
            }
            BrowserError::Lost(_)
            | BrowserError::NotOpened(_)
            | BrowserError::Hung(_)
            | BrowserError::Dialog(_)
            | BrowserError::PageChanged(_)
            | BrowserError::Refused(_) => error,
        })?;
        self.note_code().await
    }
}

/// Whether events take longer than others, so that those are no measure of them.
fn is_heavy(events: &[Event]) -> bool {
    let data = events.iter().map(|event| event.args.to_string().len());
    events.len() >= MANY_EVENTS || data.sum::<usize>() >= MUCH_DATA
}
