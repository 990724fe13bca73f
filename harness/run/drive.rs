//! One attempt at one case on one session.

use std::time::{Duration, Instant};

use super::calls;
use super::stage::{CaseStage, Stage};
use super::timing::started;
use super::windows::Windows;
use crate::browser::{BrowserError, ConsoleEntry, Page, Session, Until};
use crate::contract::{BrowserFeature, Event, Need, Visitor};
use crate::evidence::{
    ConsoleMessage, Decision, Dialog, Evidence, Millis, Request, RequestId, StepOutcome, StepRecord,
};
use crate::plan::{Case, CaseCheck};
use crate::reading::Ledger;
use crate::scenario::{AfterDialog, ScriptState, Step, Tab, Time};

/// How long a page may take to know of an answer that the backend has given.
const TIMING: Duration = Duration::from_secs(1);

/// A page that opens more dialogs than this during one step cannot be used. A matrix has more than
/// a hundred rows, and each may open one.
const MOST_DIALOGS: usize = 300;

/// What an attempt left, but for what the backend got: late requests still count until the case has
/// settled.
#[derive(Debug, Default)]
pub struct Driven {
    /// The evidence, without requests and script fetches.
    pub evidence: Evidence,
    /// A picture of the page before it was left, if one was asked for.
    pub screenshot: Option<Vec<u8>>,
    /// Why it did not come to its end: a lost session, or a command that was refused. Never the
    /// SDK's fault by itself.
    pub error: Option<BrowserError>,
}

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
    pub evidence: Evidence,
    /// What the calls of the matrix threw, until the console can be divided among its rows.
    pub matrix_threw: Option<Vec<Option<String>>>,
    pub log: Vec<ConsoleEntry>,
    /// The picture, once it is taken.
    pub screenshot: Option<Vec<u8>>,
}

/// Does the steps of `case`, waits for what it expects, leaves the page and clears up.
pub async fn drive(
    case: &Case,
    stage: &Stage,
    own: &CaseStage,
    session: &Session,
    picture: bool,
) -> Driven {
    let evidence = Evidence {
        case: case.id.clone(),
        snippet_sha256: Some(own.shop.installation.snippet.sha256.clone()),
        missing_features: session.missing_features(),
        ..Evidence::default()
    };
    let begun = async { Ok((Page::current(session).await?, Windows::new(session).await?)) };
    let (page, windows) = match begun.await {
        Ok(begun) => begun,
        Err(error) => {
            return Driven {
                evidence,
                error: Some(error),
                ..Driven::default()
            };
        }
    };
    let mut attempting = Attempting {
        case,
        stage,
        own,
        page,
        windows,
        visitor: Visitor::First,
        page_began: own.clock.now(),
        evidence,
        matrix_threw: None,
        log: Vec::new(),
        screenshot: None,
    };
    let error = attempting.complete(picture).await.err();
    let screenshot = attempting.screenshot.take();
    Driven {
        evidence: attempting.finish(),
        screenshot,
        error,
    }
}

impl Attempting<'_> {
    async fn complete(&mut self, picture: bool) -> Result<(), BrowserError> {
        self.steps().await?;
        self.await_expected().await;
        let mut result = self.end(picture).await;
        for _ in 0..MOST_DIALOGS {
            let Err(BrowserError::Dialog(text)) = result else {
                break;
            };
            self.evidence.dialogs.push(Dialog {
                at: self.own.clock.now(),
                text,
            });
            result = self.end(picture).await;
        }
        result
    }

    /// What follows the steps. A dialog may open at any of it; it is begun again then.
    async fn end(&mut self, picture: bool) -> Result<(), BrowserError> {
        self.collect_started().await?;
        if picture {
            self.screenshot = Some(self.page.session.screenshot().await?);
        }
        self.leave().await
    }

    async fn steps(&mut self) -> Result<(), BrowserError> {
        for (line, step) in &self.case.scenario.steps {
            let facts = step.facts();
            let (at, begun) = (self.own.clock.now(), Instant::now());
            let mut result = self.step(step).await;
            for _ in 0..MOST_DIALOGS {
                let Err(BrowserError::Dialog(text)) = result else {
                    break;
                };
                self.evidence.dialogs.push(Dialog {
                    at: self.own.clock.now(),
                    text,
                });
                result = self.after_dialog(step).await;
            }
            let outcome = match result {
                Ok(()) => StepOutcome::Done,
                Err(BrowserError::GaveUp(missing)) if facts.time == Time::Waiting => {
                    StepOutcome::GaveUp(missing)
                }
                // What a shopper was about to use vanished, and the page was not replaced by
                // another.
                Err(BrowserError::GaveUp(missing) | BrowserError::PageChanged(missing)) => {
                    StepOutcome::Impossible(missing)
                }
                Err(BrowserError::Dialog(text)) => StepOutcome::Impossible(format!(
                    "one dialog after the other opened, the last: {text}"
                )),
                Err(BrowserError::Refused(message)) => {
                    return Err(BrowserError::Refused(format!(
                        "{}:{line}: {message}",
                        self.case.scenario.file
                    )));
                }
                Err(lost) => return Err(lost),
            };
            if facts.leaves_page {
                self.page_began = self.own.clock.now();
            }
            let spent = begun.elapsed().as_secs_f64() * 1000.0;
            match facts.time {
                Time::Navigation => self.evidence.spent.navigation += spent,
                Time::Steps => self.evidence.spent.steps += spent,
                Time::Waiting => self.evidence.spent.waiting += spent,
            }
            let impossible = matches!(outcome, StepOutcome::Impossible(_));
            let what = self.case.scenario.words_at(*line).to_owned();
            self.evidence.steps.push(StepRecord {
                line: *line,
                what,
                at,
                until: self.own.clock.now(),
                outcome,
            });
            if impossible {
                break;
            }
        }
        Ok(())
    }

    /// Does what is left of a step that a dialog interrupted. The dialog is gone.
    async fn after_dialog(&mut self, step: &Step) -> Result<(), BrowserError> {
        match step.facts().after_dialog {
            AfterDialog::Nothing => Ok(()),
            AfterDialog::AwaitPage => {
                let within = self.stage.profile.waits.ready();
                self.page.await_next(self.until(), within).await
            }
            AfterDialog::Repeat => self.step(step).await,
        }
    }

    /// Gives everything that must be recorded its chance before the page is left. What does not
    /// come is for the checks to say.
    async fn await_expected(&mut self) {
        let begun = Instant::now();
        if self.evidence.impossible().is_none() {
            let _ = self
                .await_recorded(&self.case.scenario.expect.recorded)
                .await;
        }
        self.evidence.spent.waiting += begun.elapsed().as_secs_f64() * 1000.0;
    }

    /// Waits until the backend has recorded `events`, each at least once.
    pub(super) async fn await_recorded(&self, events: &[Event]) -> Result<(), BrowserError> {
        let (profile, called) = (&self.stage.profile, events.iter().collect::<Vec<_>>());
        let all = self
            .own
            .account
            .wait_until(|requests| Ledger::holds_all(requests, profile, &called));
        tokio::time::timeout(profile.waits.recorded(), all)
            .await
            .map_err(|_| {
                BrowserError::GaveUp(format!(
                    "the backend had not recorded them all within {} ms",
                    profile.waits.recorded_ms
                ))
            })
    }

    /// Reads when the page started its requests, before it goes and its resource timing with it.
    /// Only for cases that ask for their order: it is one more command a page.
    pub(super) async fn collect_started(&mut self) -> Result<(), BrowserError> {
        let feature = BrowserFeature::RequestStartTimes;
        let is_asked_for = |check: &CaseCheck| check.question.needs(Need::Browser(feature));
        if !self.case.checks.iter().any(is_asked_for)
            || self.evidence.missing_features.contains_key(&feature)
        {
            return Ok(());
        }
        let end = Instant::now() + TIMING;
        loop {
            let started = self.page.session.execute(&started(), vec![]).await?;
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
                request.decision == Decision::Recorded
                    && !self.evidence.started.contains_key(&request.id)
            };
            if !requests
                .iter()
                .any(|request| request.at >= self.page_began && is_unknown(request))
                || Instant::now() > end
            {
                return Ok(());
            }
        }
    }

    /// Leaves by navigation, which flushes what the SDK held back, and clears what is shared
    /// between the origins of one session.
    async fn leave(&mut self) -> Result<(), BrowserError> {
        let begun = Instant::now();
        let within = self.stage.profile.waits.ready();
        self.own.shop.set_script(ScriptState::Open);
        self.evidence.left_at.get_or_insert(self.own.clock.now());
        if self.windows.has_second() {
            self.windows.switch(Tab::Second, &mut self.page).await?;
            self.go_to_blank(within).await?;
            self.windows.close(Tab::Second, &mut self.page).await?;
        }
        self.windows.close_others(&self.page).await?;
        self.go_to_blank(within).await?;
        self.log.extend(self.page.session.take_console().await?);
        // The blank page has cleared `window.name` itself. Storage and workers stay behind with
        // their origin.
        self.page.session.clear_cookies().await?;
        self.page.session.clear_history().await?;
        self.evidence.spent.navigation += begun.elapsed().as_secs_f64() * 1000.0;
        Ok(())
    }

    /// Leaves the page before what it stored is cleared: no visitor loses their cookies under a
    /// page that still has something to send.
    pub(super) async fn leave_the_visit(&mut self) -> Result<(), BrowserError> {
        self.collect_started().await?;
        self.go_to_blank(self.stage.profile.waits.ready()).await
    }

    async fn go_to_blank(&mut self, within: Duration) -> Result<(), BrowserError> {
        let blank = self.own.url("blank", self.visitor);
        match self.page.visit(&blank, Until::Body, within).await {
            Err(BrowserError::GaveUp(missing)) => Err(BrowserError::Lost(format!(
                "the page could not be left: {missing}"
            ))),
            result => result,
        }
    }

    fn finish(mut self) -> Evidence {
        if let (Some(threw), Some(matrix)) = (self.matrix_threw.take(), &self.case.scenario.matrix)
        {
            self.evidence.rows = calls::rows(matrix, threw, &self.log);
        }
        let clock = self.own.clock;
        self.evidence.console = self
            .log
            .into_iter()
            .filter(|entry| !calls::is_mark(&entry.text))
            .map(|entry| ConsoleMessage {
                at: clock.at_epoch_ms(entry.epoch_ms),
                severity: entry.severity,
                source: entry.source,
                text: entry.text,
            })
            .collect();
        self.evidence
    }
}
