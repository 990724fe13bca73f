//! An attempt in progress, and the waits that its steps and its end share.

use std::time::{Duration, Instant};

use super::deadlines::{AGAIN, Deadlines, WaitTimes};
use super::stage::{CaseStage, Stage};
use super::windows::Windows;
use crate::browser::{BrowserError, ConsoleEntry, Page, Until};
use crate::contract::{Event, Visitor};
use crate::evidence::{Evidence, Millis};
use crate::plan::Case;
use crate::reading::Ledger;
use crate::scenario::{Load, ScriptState};
use crate::sdk::ScriptKind;

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
    /// A wait ended at a deadline that was shortened.
    pub gave_up_early: bool,
    pub evidence: Evidence,
    /// What the calls of the matrix threw, until the console can be divided among its rows.
    pub matrix_threw: Option<Vec<Option<String>>>,
    pub log: Vec<ConsoleEntry>,
    /// The picture, once it is taken.
    pub screenshot: Option<Vec<u8>>,
}

impl Attempting<'_> {
    /// How long a page and its parts may take.
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

    /// Waits until the backend has recorded `events`, each at least once.
    pub async fn await_recorded(&mut self, events: &[Event]) -> Result<(), BrowserError> {
        let (profile, called) = (&self.stage.profile, events.iter().collect::<Vec<_>>());
        let own = self.own;
        let all = own
            .account
            .wait_until(|requests| Ledger::holds_all(requests, profile, &called));
        let missing = self.not_recorded(events);
        let shows_nothing_more = missing.iter().all(|event| self.overdue.contains(event));
        let deadline = if self.is_not_ready || shows_nothing_more {
            self.deadlines.recorded.min(AGAIN)
        } else {
            self.deadlines.recorded
        };
        let begun = Instant::now();
        if tokio::time::timeout(deadline, all).await.is_ok() {
            if !self.case.disturbs_backend() {
                let took = begun.elapsed();
                self.waits.note(|samples| samples.recorded.add(took));
            }
            return Ok(());
        }
        self.overdue = self.not_recorded(events);
        self.gave_up_early |=
            !self.is_not_ready && !shows_nothing_more && deadline < self.full.recorded;
        let ms = deadline.as_millis();
        Err(BrowserError::GaveUp(format!(
            "the backend had not recorded them all within {ms} ms"
        )))
    }

    /// Those of `events` that the backend has not recorded.
    pub fn not_recorded(&self, events: &[Event]) -> Vec<Event> {
        let (requests, profile) = (self.own.account.requests(), &self.stage.profile);
        let is_missing = |event: &&Event| !Ledger::holds_all(&requests, profile, &[event]);
        events.iter().filter(is_missing).cloned().collect()
    }

    /// Leaves the page for one that does nothing.
    pub async fn go_to_blank(&mut self) -> Result<(), BrowserError> {
        let blank = self.own.url("blank", self.visitor);
        match self.page.visit(&blank, Until::Body, self.within()).await {
            Err(BrowserError::GaveUp(missing)) => Err(BrowserError::Lost(format!(
                "the page could not be left: {missing}"
            ))),
            result => result,
        }
    }
}
