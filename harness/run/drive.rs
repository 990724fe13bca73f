//! One attempt at one case on one session.

use std::ops::Range;
use std::pin::pin;
use std::time::Instant;

use super::attempting::Attempting;
use super::deadlines::{DeadlineMode, Deadlines};
use super::manner::Manner;
use super::stage::{CaseStage, Stage};
use super::trace::Frames;
use super::wait_times::WaitTimes;
use super::windows::Windows;
use crate::browser::{BrowserError, Page, Session};
use crate::contract::Visitor;
use crate::evidence::{Code, Dialog, Evidence, Millis, StepOutcome, StepRecord};
use crate::plan::Case;
use crate::scenario::{AfterDialog, Disturbs, Facts, NetworkState, ScriptState, Step, Time};

/// A page that opens more dialogs than this during one step cannot be used. A matrix has more than
/// a hundred rows, and each may open one.
pub(super) const MOST_DIALOGS: usize = 300;

/// What an attempt left, but for what the backend got: late requests still count until the case has
/// settled.
#[derive(Debug, Default)]
pub struct Driven {
    /// The evidence, without requests and script fetches.
    pub evidence: Evidence,
    /// A picture of the page before it was left, if one was asked for.
    pub screenshot: Option<Vec<u8>>,
    /// Which code of the build ran, where that was to be noted.
    pub code: Code,
    /// Why it did not come to its end: a lost session, or a command that was refused. Never the
    /// SDK's fault by itself.
    pub error: Option<BrowserError>,
    /// A wait ended at a deadline that was shortened.
    pub gave_up_early: bool,
}

impl Driven {
    fn failed(evidence: Evidence, error: BrowserError) -> Self {
        Self {
            evidence,
            screenshot: None,
            code: Code::default(),
            error: Some(error),
            gave_up_early: false,
        }
    }
}

/// Does the steps of `case`, waits for what it expects, leaves the page and clears up, with full
/// mode.
pub async fn drive(
    case: &Case,
    stage: &Stage,
    own: &CaseStage,
    session: &Session,
    picture: bool,
) -> Driven {
    let waits = WaitTimes::default();
    let manner = Manner {
        picture,
        ..Manner::full(&waits)
    };
    drive_in(manner, case, stage, own, session).await
}

/// As [`drive`], in this manner.
pub(super) async fn drive_in(
    manner: Manner<'_>,
    case: &Case,
    stage: &Stage,
    own: &CaseStage,
    session: &Session,
) -> Driven {
    let mut attempting = match Attempting::begin(manner, case, stage, own, session).await {
        Ok(attempting) => attempting,
        Err(driven) => return *driven,
    };
    let driven = async {
        let begun = Instant::now();
        let completed = attempting.complete(manner.picture);
        let mut completed = pin!(completed);
        tokio::select! {
            completed = &mut completed => completed,
            () = session.is_late() => {
                manner.waits.doubt(begun.elapsed());
                completed.await
            }
        }
    };
    let error = driven.await.err();
    let gave_up_early = attempting.gave_up_early || attempting.hung_early(error.as_ref());
    attempting.note_commands();
    let screenshot = attempting.screenshot.take();
    let code = attempting.code.take().unwrap_or_default();
    Driven {
        evidence: attempting.finish(),
        screenshot,
        code,
        error,
        gave_up_early,
    }
}

impl<'a> Attempting<'a> {
    /// An attempt of which nothing is done yet; or what it left, where there is nothing to do.
    pub(super) async fn begin(
        manner: Manner<'a>,
        case: &'a Case,
        stage: &'a Stage,
        own: &'a CaseStage,
        session: &'a Session,
    ) -> Result<Self, Box<Driven>> {
        let evidence = Evidence {
            case: case.id.clone(),
            snippet_sha256: Some(own.shop.installation().snippet.sha256.clone()),
            missing_features: session.missing_features().clone(),
            ..Evidence::default()
        };
        let mut missing = evidence.missing_features.keys();
        if missing.any(|feature| case.needs().contains(feature)) {
            // Its steps would show nothing here.
            return Err(Box::new(Driven {
                evidence,
                ..Driven::default()
            }));
        }
        let begun = async {
            if manner.notes_code {
                // What ran before is of other cases.
                session.take_code().await?;
            }
            Ok((Page::current(session).await?, Windows::new(session).await?))
        };
        let samples = manner.waits.samples();
        let waits = Deadlines::full(&stage.profile.waits);
        let full = waits.of_build(DeadlineMode::Full, samples);
        let deadlines = waits.of_build(manner.mode, samples);
        session.set_deadline(deadlines.command);
        let (page, windows) = match begun.await {
            Ok(begun) => begun,
            Err(error) => return Err(Box::new(Driven::failed(evidence, error))),
        };
        Ok(Self {
            case,
            stage,
            own,
            page,
            windows,
            visitor: Visitor::First,
            page_began: own.clock.now(),
            page_asked: own.clock.now(),
            deadlines,
            full,
            waits: manner.waits,
            is_not_ready: false,
            overdue: Vec::new(),
            queued: Vec::new(),
            gave_up_early: false,
            owes_answers: false,
            network: NetworkState::Online,
            evidence,
            records_since: Millis(0.0),
            matrix_threw: None,
            log: Vec::new(),
            screenshot: None,
            frames: manner.frames.then(Frames::default),
            code: manner.notes_code.then(Code::default),
        })
    }

    /// Whether it ended because a command was not answered within a deadline that was shortened.
    fn hung_early(&self, error: Option<&BrowserError>) -> bool {
        matches!(error, Some(BrowserError::Hung(_))) && self.deadlines.command < self.full.command
    }

    /// Notes what its commands took.
    pub(super) fn note_commands(&self) {
        let slowest = self.page.session.take_slowest();
        self.waits.note(|samples| samples.command.add(slowest));
    }
}

impl Attempting<'_> {
    async fn complete(&mut self, picture: bool) -> Result<(), BrowserError> {
        let locale = self.locale();
        if locale.is_some() {
            self.page.session.set_locale(locale).await?;
        }
        self.steps(0..self.case.scenario.steps.len()).await?;
        self.await_expected().await;
        self.end_in_spite_of_dialogs(picture).await
    }

    /// An event has its whole time once more if it is called again, or may be sent again: on
    /// another page, or to a backend that is well again.
    fn forget_overdue(&mut self, facts: &Facts<'_>) {
        if facts.leaves_page || facts.disturbs != Disturbs::Nothing {
            self.overdue.clear();
        }
        self.overdue.retain(|event| !facts.calls.contains(event));
    }

    /// The language that the case's condition gives the browser.
    pub(super) fn locale(&self) -> Option<&str> {
        self.case.axes.condition.as_ref()?.locale.as_deref()
    }

    /// What is called while the SDK's script is held back waits in the queue. Once it was called
    /// elsewhere, its record may come from there.
    fn note_queued(&mut self, facts: &Facts<'_>) {
        if self.own.shop.script() == ScriptState::Held {
            self.queued.extend_from_slice(facts.calls);
        } else {
            self.queued.retain(|event| !facts.calls.contains(event));
        }
    }

    /// Does these of the scenario's steps.
    pub(super) async fn steps(&mut self, which: Range<usize>) -> Result<(), BrowserError> {
        for (line, step) in &self.case.scenario.steps[which] {
            let facts = step.facts();
            let (at, begun) = (self.own.clock.now(), Instant::now());
            self.forget_overdue(&facts);
            self.note_queued(&facts);
            if facts.leaves_page {
                self.page_asked = at;
            }
            let mut result = self.step(step).await;
            for _ in 0..MOST_DIALOGS {
                if !self.was_interrupted(&result) {
                    break;
                }
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
                    // It may have waited for a page.
                    self.gave_up_early |= self.deadlines.page < self.full.page;
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
            self.take_frame().await?;
            if impossible {
                break;
            }
        }
        Ok(())
    }

    /// Whether a dialog interrupted what ended so; the dialog is noted.
    pub(super) fn was_interrupted(&mut self, result: &Result<(), BrowserError>) -> bool {
        let Err(BrowserError::Dialog(text)) = result else {
            return false;
        };
        let (at, text) = (self.own.clock.now(), text.clone());
        self.evidence.dialogs.push(Dialog { at, text });
        true
    }

    /// Does what is left of a step that a dialog interrupted. The dialog is gone.
    async fn after_dialog(&mut self, step: &Step) -> Result<(), BrowserError> {
        match step.facts().after_dialog {
            AfterDialog::Nothing => Ok(()),
            AfterDialog::AwaitPage => {
                let (until, within) = (self.until(), self.deadlines.page);
                self.page.await_next(until, within).await
            }
            AfterDialog::Repeat => self.step(step).await,
        }
    }
}
