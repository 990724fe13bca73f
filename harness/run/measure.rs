//! Measures the harness against the barest loop of `WebDriver` calls that loads the same pages and
//! clicks the same things: side by side, round by round, on one kept session each.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Instant;

use serde_json::json;

use super::drive::drive;
use super::proxied::Proxied;
use super::sessions::{SessionError, Sessions};
use super::stage::{CaseStage, Stage, StageError};
use super::steps::{button, reading};
use super::widget::ENTER;
use crate::browser::{BrowserError, PageLoad, Session};
use crate::contract::{Event, Visitor};
use crate::evidence::Spent;
use crate::judge::judge;
use crate::plan::Case;
use crate::scenario::{BackendState, Bare, CallStyle, Step};
use crate::sdk::{Conversation, Installation};

/// Calls events in the page.
const CALL: &str =
    "for (const [method, args] of arguments[0]) window.trackAlhenaEvent(method, args);";

/// Every sample of a measurement, and what opening sessions took.
#[derive(Debug)]
pub struct Measured {
    /// Milliseconds to open the harness's session.
    pub session_ms: f64,
    /// One a case and round.
    pub samples: Vec<Sample>,
    /// The process group of driver and browsers, where the driver is ours.
    pub group: Option<i32>,
    /// The bare loop's session has been closed; the harness's is still open, for measuring its
    /// memory.
    pub proxied: Proxied,
}

/// One case in one round.
#[derive(Debug)]
pub struct Sample {
    /// Whether it is one page and a few calls and reads on it.
    pub simple: bool,
    /// Milliseconds of the harness: driving and judging.
    pub harness_ms: f64,
    /// Of those, judging.
    pub judging_ms: f64,
    /// Where driving spent them.
    pub spent: Spent,
    /// Milliseconds of the bare loop.
    pub bare_ms: f64,
}

/// A measurement that could not be made.
#[derive(Debug, thiserror::Error)]
pub enum MeasureError {
    /// No session.
    #[error(transparent)]
    Session(#[from] SessionError),
    /// A lost session.
    #[error(transparent)]
    Browser(#[from] BrowserError),
    /// No servers.
    #[error(transparent)]
    Stage(#[from] StageError),
}

/// Whether the bare loop can do what the case does: load pages, use the widgets, call, click, read.
pub fn can_be_measured(case: &Case) -> bool {
    case.axes.call == CallStyle::Queue && bare_steps(case).all(|bare| bare != Bare::Cannot)
}

/// Whether a case is one page and a few calls and reads on it.
fn is_simple(case: &Case) -> bool {
    let pages = bare_steps(case).filter(|bare| *bare == Bare::LoadsPage);
    let mut others = bare_steps(case).filter(|bare| *bare != Bare::LoadsPage);
    pages.count() == 1 && others.all(|bare| bare == Bare::Calls)
}

fn bare_steps(case: &Case) -> impl Iterator<Item = Bare> {
    let steps = case.scenario.steps.iter();
    steps.map(|(_, step)| step.facts().bare)
}

/// Measures `cases`, `rounds` times each; `finished` is called with each finished round.
pub async fn measure(
    installation: &Installation,
    stage: &Stage,
    sessions: &Arc<Sessions>,
    cases: &[Case],
    rounds: usize,
    mut finished: impl FnMut(usize),
) -> Result<Measured, MeasureError> {
    let begun = Instant::now();
    let proxied = Proxied::open(stage, sessions, &BTreeSet::new()).await?;
    let session_ms = ms(begun);
    let bare = sessions.open_with(PageLoad::Drivers, None).await?;
    let mut samples = Vec::new();
    for round in 0..=rounds {
        for case in cases {
            let (harness_ms, judging_ms, spent) =
                by_harness(case, installation, stage, &proxied).await?;
            let bare_ms = by_bare_loop(case, installation, stage, &bare).await?;
            // The first round warms both browsers up alike.
            if round > 0 {
                samples.push(Sample {
                    simple: is_simple(case),
                    harness_ms,
                    judging_ms,
                    spent,
                    bare_ms,
                });
            }
        }
        finished(round);
    }
    bare.close().await;
    Ok(Measured {
        session_ms,
        samples,
        group: sessions.group().await,
        proxied,
    })
}

/// Drives and judges a case; returns the milliseconds of both, those of judging, and where driving
/// spent them.
pub(super) async fn by_harness(
    case: &Case,
    installation: &Installation,
    stage: &Stage,
    proxied: &Proxied,
) -> Result<(f64, f64, Spent), MeasureError> {
    let own = proxied.begin(stage, case, installation).await?;
    let begun = Instant::now();
    let driven = drive(case, stage, &own, &proxied.session, false).await;
    if let Some(error) = driven.error {
        return Err(error.into());
    }
    let mut evidence = driven.evidence;
    evidence.requests = own.account.requests();
    let judging = Instant::now();
    let _ = judge(case, &evidence, &stage.profile);
    let (judging_ms, harness_ms) = (ms(judging), ms(begun));
    stage.close(&own);
    Ok((harness_ms, judging_ms, evidence.spent))
}

async fn by_bare_loop(
    case: &Case,
    installation: &Installation,
    stage: &Stage,
    session: &Session,
) -> Result<f64, MeasureError> {
    let own = stage.open(case, installation).await?;
    let begun = Instant::now();
    for (_, step) in &case.scenario.steps {
        bare_step(case, stage, &own, session, step).await?;
    }
    let bare_ms = ms(begun);
    stage.close(&own);
    Ok(bare_ms)
}

async fn bare_step(
    case: &Case,
    stage: &Stage,
    own: &CaseStage,
    session: &Session,
    step: &Step,
) -> Result<(), BrowserError> {
    debug_assert_eq!(own.account.state(), BackendState::Well);
    match step {
        Step::Visit(page) => session.goto(&own.url(page, Visitor::First)).await,
        Step::Interact(way) => {
            let widget = way.unwrap_or(case.axes.interaction);
            bare_conversation(session, stage.profile.conversation(widget)).await
        }
        Step::Track { events, .. } => {
            let call = |event: &Event| json!([event.method, event.args]);
            let calls: Vec<_> = events.iter().map(call).collect();
            session.execute(CALL, vec![json!(calls)]).await.map(|_| ())
        }
        Step::Click { action, line, .. } => {
            session
                .find_and_click(&button(action, line.as_deref()))
                .await
        }
        Step::UntilReady => {
            let chat = stage.profile.chat.as_ref();
            match chat.and_then(|chat| chat.clicks.first()) {
                Some(launcher) => session.wait_for(&launcher.to_string()).await,
                None => Ok(()),
            }
        }
        Step::Read { expression, .. } => {
            let script = reading(expression, &stage.profile);
            session.execute_async(&script, vec![]).await.map(|_| ())
        }
        Step::Prerender(_)
        | Step::Send(_)
        | Step::OpenChat
        | Step::DismissChat
        | Step::Screen(_)
        | Step::SaveReference
        | Step::PushRaw(_)
        | Step::Go(_)
        | Step::Sdk(_)
        | Step::Backend(_)
        | Step::Answers(_)
        | Step::Network(_)
        | Step::Window(_)
        | Step::Close(_)
        | Step::Visitor(_)
        | Step::NewSession
        | Step::UntilRecorded(_)
        | Step::UntilAnswered(_)
        | Step::UntilReplied(_)
        | Step::Stay(_)
        | Step::Identify
        | Step::Matrix(_) => Err(BrowserError::Refused(
            "the bare loop cannot do this step; `can_be_measured` refuses its case".into(),
        )),
    }
}

async fn bare_conversation(
    session: &Session,
    conversation: Option<&Conversation>,
) -> Result<(), BrowserError> {
    let Some(conversation) = conversation else {
        return Ok(());
    };
    for selector in &conversation.clicks {
        session.find_and_click(&selector.to_string()).await?;
    }
    if let Some(input) = &conversation.input {
        let keys = format!("{}{ENTER}", conversation.message);
        session.find_and_type(&input.to_string(), &keys).await?;
    }
    match &conversation.answer {
        Some(answer) => session.wait_for(&answer.to_string()).await,
        None => Ok(()),
    }
}

fn ms(since: Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1000.0
}
