//! The kinds of steps, and how one of a kind is proposed.

use fastrand::Rng;

use super::pool::Pool;
use crate::contract::{Event, Interaction, Visitor};
use crate::explore::model::{Sdk, World, order_id};
use crate::scenario::{
    AnswerState, BackendState, CallStyle, Direction, Exit, NetworkState, Screen, ScriptState, Step,
    Tab,
};

/// A kind of step, as pairs of steps are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Visit,
    Reload,
    Back,
    Forward,
    Chat,
    Faq,
    OpenChat,
    Ask,
    DismissChat,
    Cart,
    CartAgain,
    Order,
    OrderAgain,
    Several,
    During,
    Refused,
    BadEntry,
    Push,
    SaveReference,
    BySavedReference,
    Direct,
    Navigate,
    LeaveByReload,
    Close,
    Hold,
    Block,
    FailOnce,
    Release,
    Disturb,
    Recover,
    Offline,
    Online,
    ChangeAnswers,
    AnswerWell,
    Hide,
    Show,
    SecondWindow,
    FirstWindow,
    CloseSecond,
    SecondVisitor,
    NewSession,
    UntilReady,
    UntilRecorded,
    UntilAnswered,
    Stay,
    Identify,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 46] = [
        Self::Visit,
        Self::Reload,
        Self::Back,
        Self::Forward,
        Self::Chat,
        Self::Faq,
        Self::OpenChat,
        Self::Ask,
        Self::DismissChat,
        Self::Cart,
        Self::CartAgain,
        Self::Order,
        Self::OrderAgain,
        Self::Several,
        Self::During,
        Self::Refused,
        Self::BadEntry,
        Self::Push,
        Self::SaveReference,
        Self::BySavedReference,
        Self::Direct,
        Self::Navigate,
        Self::LeaveByReload,
        Self::Close,
        Self::Hold,
        Self::Block,
        Self::FailOnce,
        Self::Release,
        Self::Disturb,
        Self::Recover,
        Self::Offline,
        Self::Online,
        Self::ChangeAnswers,
        Self::AnswerWell,
        Self::Hide,
        Self::Show,
        Self::SecondWindow,
        Self::FirstWindow,
        Self::CloseSecond,
        Self::SecondVisitor,
        Self::NewSession,
        Self::UntilReady,
        Self::UntilRecorded,
        Self::UntilAnswered,
        Self::Stay,
        Self::Identify,
    ];

    /// A step of this kind; `None`: there is none here.
    pub fn propose(self, world: &World, pool: &Pool, rng: &mut Rng) -> Option<Step> {
        Some(match self {
            Self::Visit => Step::Visit(page(world, pool, rng)?),
            Self::Reload => Step::Go(Direction::Reload),
            Self::Back => Step::Go(Direction::Back),
            Self::Forward => Step::Go(Direction::Forward),
            Self::Chat => Step::Interact(Some(Interaction::Chat)),
            Self::Faq => Step::Interact(Some(Interaction::Faq)),
            Self::OpenChat => Step::OpenChat,
            Self::Ask => Step::Send(Some(*rng.choice(world.claims.questions.iter())?)),
            Self::DismissChat => Step::DismissChat,
            Self::Cart => track(fresh(world, &pool.carts, rng)?),
            Self::CartAgain => track(again(world, false, rng)?),
            Self::Order => track(fresh(world, &pool.orders, rng)?),
            Self::OrderAgain => track(again(world, true, rng)?),
            Self::Several => several(world, pool, rng)?,
            Self::During => during(any(world, pool, rng)?, fresh(world, &pool.carts, rng)?)?,
            Self::Refused => track(fresh(world, &pool.refused, rng)?),
            Self::BadEntry => Step::PushRaw(rng.choice(pool.bad_entries.iter())?.clone()),
            Self::Push => by(any(world, pool, rng)?, CallStyle::Push),
            Self::SaveReference => Step::SaveReference,
            Self::BySavedReference => by(any(world, pool, rng)?, CallStyle::SavedReference),
            Self::Direct => by(any(world, pool, rng)?, CallStyle::Direct),
            Self::Navigate => then(any(world, pool, rng)?, Exit::Navigate),
            Self::LeaveByReload => then(any(world, pool, rng)?, Exit::Reload),
            Self::Close => then(any(world, pool, rng)?, Exit::Close),
            Self::Hold => Step::Sdk(ScriptState::Held),
            Self::Block => Step::Sdk(ScriptState::Blocked),
            Self::FailOnce => Step::Sdk(ScriptState::FailsOnce),
            Self::Release => Step::Sdk(ScriptState::Open),
            Self::Disturb => Step::Backend(*rng.choice(DISTURBED.iter())?),
            Self::Recover => Step::Backend(BackendState::Well),
            Self::Offline => Step::Network(NetworkState::Offline),
            Self::Online => Step::Network(NetworkState::Online),
            Self::ChangeAnswers => Step::Answers(*rng.choice(ANSWERS.iter())?),
            Self::AnswerWell => Step::Answers(AnswerState::Well),
            Self::Hide => Step::Screen(Screen::Hidden),
            Self::Show => Step::Screen(Screen::Usual),
            Self::SecondWindow => Step::Window(Tab::Second),
            Self::FirstWindow => Step::Window(Tab::First),
            Self::CloseSecond => Step::Close(Tab::Second),
            Self::SecondVisitor => Step::Visitor(Visitor::Second),
            Self::NewSession => Step::NewSession,
            Self::UntilReady => Step::UntilReady,
            Self::UntilRecorded => Step::UntilRecorded(under_way(world)?),
            Self::UntilAnswered => Step::UntilAnswered(world.page()?.requests?),
            Self::Stay => Step::Stay(STAY_MS),
            Self::Identify => Step::Identify,
        })
    }
}

/// Long enough for what an SDK tries again after a second.
const STAY_MS: u64 = 1500;

/// How the backend may behave otherwise; what takes many seconds, less often.
const DISTURBED: [BackendState; 14] = [
    BackendState::Error500,
    BackendState::Error500,
    BackendState::DropsRequest,
    BackendState::DropsRequest,
    BackendState::DropsResponse,
    BackendState::DropsResponse,
    BackendState::Slow,
    BackendState::Slow,
    BackendState::Error403,
    BackendState::TooMany,
    BackendState::Redirects,
    BackendState::Refused,
    BackendState::NoCors,
    BackendState::VerySlow,
];

/// How the widgets may answer otherwise.
const ANSWERS: [AnswerState; 3] = [
    AnswerState::Late,
    AnswerState::Streamed,
    AnswerState::Failing,
];

/// A page of the shop, seldom the same again: after that nobody knows the history.
fn page(world: &World, pool: &Pool, rng: &mut Rng) -> Option<String> {
    let here = world.page().map(|page| &page.name);
    let first = rng.choice(pool.pages.iter())?;
    let second = rng.choice(pool.pages.iter())?;
    let is_same = Some(first) == here;
    Some(if is_same { second } else { first }.clone())
}

fn track(event: Event) -> Step {
    several_of(vec![event])
}

fn several_of(events: Vec<Event>) -> Step {
    Step::Track {
        events,
        style: None,
        exit: None,
        during: None,
    }
}

fn by(event: Event, style: CallStyle) -> Step {
    Step::Track {
        events: vec![event],
        style: Some(style),
        exit: None,
        during: None,
    }
}

/// `inner` is called while the SDK reads `outer`.
fn during(outer: Event, inner: Event) -> Option<Step> {
    (outer != inner).then(|| Step::Track {
        events: vec![outer],
        style: None,
        exit: None,
        during: Some(inner),
    })
}

fn then(event: Event, exit: Exit) -> Step {
    Step::Track {
        events: vec![event],
        style: None,
        exit: Some(exit),
        during: None,
    }
}

fn several(world: &World, pool: &Pool, rng: &mut Rng) -> Option<Step> {
    let mut events: Vec<Event> = Vec::new();
    for _ in 0..rng.usize(2..=4) {
        let event = any(world, pool, rng)?;
        if !events.contains(&event) {
            events.push(event);
        }
    }
    Some(several_of(events))
}

/// An event that was not called yet, or an order that was.
fn any(world: &World, pool: &Pool, rng: &mut Rng) -> Option<Event> {
    match rng.usize(0..5) {
        0 | 1 => fresh(world, &pool.carts, rng),
        2 | 3 => fresh(world, &pool.orders, rng),
        _ => again(world, true, rng).or_else(|| fresh(world, &pool.orders, rng)),
    }
}

fn fresh(world: &World, pool: &[Event], rng: &mut Rng) -> Option<Event> {
    let was_called = |event: &Event| world.calls.iter().any(|call| call.event == *event);
    let left: Vec<&Event> = pool.iter().filter(|event| !was_called(event)).collect();
    rng.choice(left.iter()).map(|event| (*event).clone())
}

/// An event that was called before; the last ones twice as often.
fn again(world: &World, is_order: bool, rng: &mut Rng) -> Option<Event> {
    let is_it = |event: &Event| order_id(event).is_some() == is_order;
    let called = world.calls.iter().map(|call| &call.event);
    let called: Vec<&Event> = called.filter(|event| is_it(event)).collect();
    let last = called.len().checked_sub(1)?;
    let index = if rng.bool() {
        last
    } else {
        rng.usize(0..=last)
    };
    called.get(index).map(|event| (*event).clone())
}

/// The events that are under way to the backend.
fn under_way(world: &World) -> Option<Vec<Event>> {
    let mut events: Vec<Event> = Vec::new();
    for call in world.calls.iter().filter(|call| call.is_under_way()) {
        if !events.contains(&call.event) {
            events.push(call.event.clone());
        }
    }
    (!events.is_empty() && !world.has_page(|sdk| sdk == Sdk::Held)).then_some(events)
}
