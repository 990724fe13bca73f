//! What each step does, as far as anyone but its driver must know: one entry a step.

use super::step::{Direction, Exit, Step};
use super::world::ScriptState;
use crate::contract::{BrowserFeature, Event, Interaction, Method};

/// What a step does. Loader, planner, driver, judge, `bench` and `explain` ask this.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'s> {
    /// The events that it calls, in this order.
    pub calls: &'s [Event],
    /// One more event, called from inside the data of the first.
    pub calls_during: Option<&'s Event>,
    /// The events whose recording it waits for.
    pub awaits: &'s [Event],
    /// Whether it asks for the SDK's readiness.
    pub awaits_ready: bool,
    /// Whether the page that is there is left, for another or for none.
    pub leaves_page: bool,
    /// What it leaves on its page, for a case that goes on there.
    pub leaves_behind: LeavesBehind,
    /// Where its duration counts.
    pub time: Time,
    /// What is still to do after a dialog interrupted it.
    pub after_dialog: AfterDialog,
    /// How it uses a widget.
    pub widget: Option<WidgetUse>,
    /// The method whose validation matrix it calls.
    pub matrix: Option<Method>,
    /// Whether its case needs a backend port of its own, one that can refuse connections.
    pub own_port: bool,
    /// Whether a sound SDK may complain because of it.
    pub complaints: Complaints,
    /// What it changes around the SDK, so that waits may take longer than elsewhere.
    pub disturbs: Disturbs,
    /// What it needs of the browser.
    pub needs: Option<BrowserFeature>,
    /// How the bare loop of `bench` does it.
    pub bare: Bare,
}

/// Whether a sound SDK may complain on the console.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Complaints {
    /// Nothing is wrong.
    Unexpected,
    /// Of a flawed call, or of a server that fails.
    Invited,
}

/// What a step leaves on its page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeavesBehind {
    /// The page, or a visitor who has interacted: what another case may begin with as well.
    AnEntry,
    /// The events that it called, and nothing else.
    Events,
    /// More than that: no other case can go on there.
    More,
}

/// What a step changes around the SDK.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Disturbs {
    /// Nothing.
    Nothing,
    /// How the SDK's script is delivered.
    Delivery,
    /// How the backend answers events, or whether it can be reached.
    Backend,
    /// How the backend answers questions to the widgets.
    Answers,
}

/// Where the duration of a step counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Time {
    /// Loading pages.
    Navigation,
    /// Doing something on a page.
    Steps,
    /// Waiting for the SDK or the backend. What is waited for may fail to come without the step
    /// having failed: the checks decide.
    Waiting,
}

/// What is still to do after a dialog interrupted a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AfterDialog {
    /// Nothing: it was done in spite of the dialog.
    Nothing,
    /// A page was asked for: it is waited for.
    AwaitPage,
    /// All of it.
    Repeat,
}

/// How a step uses a widget.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WidgetUse {
    /// A visitor interacts; `None`: in the way of the case's interaction axis.
    Interacts(Option<Interaction>),
    /// It is only opened.
    Opens(Interaction),
    /// It is closed.
    Dismisses(Interaction),
}

impl WidgetUse {
    /// Which widget, where the case's interaction axis has the value `of_case`.
    pub fn widget(self, of_case: Interaction) -> Interaction {
        match self {
            Self::Interacts(own) => own.unwrap_or(of_case),
            Self::Opens(widget) | Self::Dismisses(widget) => widget,
        }
    }
}

/// How the bare loop of `bench`, a few `WebDriver` calls, does a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bare {
    /// It loads a page.
    LoadsPage,
    /// It calls or reads something on the page.
    Calls,
    /// It clicks and types.
    Clicks,
    /// It cannot.
    Cannot,
}

/// A step that only does something on the page, and nothing that the others have to know of.
const PLAIN: Facts<'static> = Facts {
    calls: &[],
    calls_during: None,
    awaits: &[],
    awaits_ready: false,
    leaves_page: false,
    leaves_behind: LeavesBehind::More,
    time: Time::Steps,
    after_dialog: AfterDialog::Repeat,
    widget: None,
    matrix: None,
    own_port: false,
    complaints: Complaints::Unexpected,
    disturbs: Disturbs::Nothing,
    needs: None,
    bare: Bare::Cannot,
};

const WAIT: Facts<'static> = Facts {
    time: Time::Waiting,
    ..PLAIN
};

impl Step {
    /// Whether it loads a page with the SDK, or releases the SDK's script.
    pub fn loads_sdk(&self) -> bool {
        match self {
            Self::Visit(_) | Self::Go(Direction::Reload) | Self::Sdk(ScriptState::Open) => true,
            // A page may come whole out of the back/forward cache, and a click in a single-page
            // shop loads none.
            Self::Go(Direction::Back | Direction::Forward)
            | Self::Click { .. }
            | Self::Sdk(ScriptState::Held | ScriptState::Blocked | ScriptState::FailsOnce)
            | Self::Prerender(_)
            | Self::Interact(_)
            | Self::Send(_)
            | Self::OpenChat
            | Self::DismissChat
            | Self::Track { .. }
            | Self::SaveReference
            | Self::PushRaw(_)
            | Self::Backend(_)
            | Self::Answers(_)
            | Self::Network(_)
            | Self::Window(_)
            | Self::Screen(_)
            | Self::Close(_)
            | Self::Visitor(_)
            | Self::NewSession
            | Self::UntilReady
            | Self::UntilRecorded(_)
            | Self::UntilAnswered(_)
            | Self::UntilReplied(_)
            | Self::Stay(_)
            | Self::Read { .. }
            | Self::Identify
            | Self::Matrix(_) => false,
        }
    }

    /// What it does.
    pub fn facts(&self) -> Facts<'_> {
        match self {
            Self::Visit(_) => Facts {
                leaves_page: true,
                leaves_behind: LeavesBehind::AnEntry,
                time: Time::Navigation,
                after_dialog: AfterDialog::AwaitPage,
                bare: Bare::LoadsPage,
                ..PLAIN
            },
            Self::Interact(way) => Facts {
                leaves_behind: LeavesBehind::AnEntry,
                widget: Some(WidgetUse::Interacts(*way)),
                bare: Bare::Clicks,
                ..PLAIN
            },
            Self::Send(way) => Facts {
                widget: Some(WidgetUse::Interacts(*way)),
                ..PLAIN
            },
            Self::OpenChat => Facts {
                widget: Some(WidgetUse::Opens(Interaction::Chat)),
                ..PLAIN
            },
            Self::Track {
                events,
                style: _,
                exit,
                during,
            } => Facts {
                calls: events,
                calls_during: during.as_ref(),
                leaves_page: exit.is_some(),
                leaves_behind: match (exit, during) {
                    (None, None) => LeavesBehind::Events,
                    (Some(_), _) | (_, Some(_)) => LeavesBehind::More,
                },
                after_dialog: match exit {
                    Some(Exit::Navigate | Exit::Reload) => AfterDialog::AwaitPage,
                    Some(Exit::Close) | None => AfterDialog::Nothing,
                },
                bare: match (exit, during) {
                    (None, None) => Bare::Calls,
                    (Some(_), _) | (_, Some(_)) => Bare::Cannot,
                },
                ..PLAIN
            },
            Self::PushRaw(_) => Facts {
                after_dialog: AfterDialog::Nothing,
                complaints: Complaints::Invited,
                ..PLAIN
            },
            Self::Click { to: None, .. } => Facts {
                after_dialog: AfterDialog::Nothing,
                bare: Bare::Clicks,
                ..PLAIN
            },
            Self::Click { to: Some(_), .. } => Facts {
                leaves_page: true,
                after_dialog: AfterDialog::AwaitPage,
                ..PLAIN
            },
            Self::Go(_) => Facts {
                leaves_page: true,
                time: Time::Navigation,
                after_dialog: AfterDialog::AwaitPage,
                ..PLAIN
            },
            Self::Backend(state) => Facts {
                own_port: state.refuses_connections(),
                complaints: Complaints::Invited,
                disturbs: Disturbs::Backend,
                ..PLAIN
            },
            Self::Answers(_) => Facts {
                complaints: Complaints::Invited,
                disturbs: Disturbs::Answers,
                ..PLAIN
            },
            Self::Network(_) => Facts {
                complaints: Complaints::Invited,
                disturbs: Disturbs::Backend,
                needs: Some(BrowserFeature::NetworkConditions),
                ..PLAIN
            },
            Self::Prerender(_) | Self::NewSession => Facts {
                time: Time::Navigation,
                ..PLAIN
            },
            Self::UntilReady => Facts {
                leaves_behind: LeavesBehind::AnEntry,
                awaits_ready: true,
                bare: Bare::Calls,
                ..WAIT
            },
            Self::UntilRecorded(events) => Facts {
                leaves_behind: LeavesBehind::Events,
                awaits: events,
                ..WAIT
            },
            Self::UntilReplied(_) => Facts {
                disturbs: Disturbs::Answers,
                ..WAIT
            },
            Self::UntilAnswered(_) | Self::Stay(_) => WAIT,
            Self::Read { .. } => Facts {
                leaves_behind: LeavesBehind::Events,
                bare: Bare::Calls,
                ..PLAIN
            },
            Self::Matrix(method) => Facts {
                after_dialog: AfterDialog::Nothing,
                matrix: Some(*method),
                complaints: Complaints::Invited,
                ..PLAIN
            },
            Self::Sdk(ScriptState::Blocked | ScriptState::FailsOnce) => Facts {
                complaints: Complaints::Invited,
                disturbs: Disturbs::Delivery,
                ..PLAIN
            },
            Self::Sdk(ScriptState::Open | ScriptState::Held) => Facts {
                disturbs: Disturbs::Delivery,
                ..PLAIN
            },
            Self::DismissChat => Facts {
                widget: Some(WidgetUse::Dismisses(Interaction::Chat)),
                ..PLAIN
            },
            Self::Identify => Facts {
                leaves_behind: LeavesBehind::Events,
                ..PLAIN
            },
            Self::SaveReference
            | Self::Window(_)
            | Self::Screen(_)
            | Self::Close(_)
            | Self::Visitor(_) => PLAIN,
        }
    }
}

impl<'s> Facts<'s> {
    /// All events that it calls.
    pub fn called(self) -> impl Iterator<Item = &'s Event> {
        self.calls.iter().chain(self.calls_during)
    }

    /// All events that it calls or waits for.
    pub fn named(self) -> impl Iterator<Item = &'s Event> {
        self.called().chain(self.awaits)
    }
}
