//! How often a kind of step is wanted.

use super::kind::Kind;
use crate::explore::model::{Call, Sdk, World};
use crate::scenario::{AnswerState, ScriptState};

/// What a kind of step does to events that wait for the script.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Effect {
    Release,
    LoadsPage,
    Calls,
    Disturbs,
    Other,
}

impl Kind {
    /// How often it is wanted, before the taste of a journey and what is rare are looked at.
    pub fn weight(self, world: &World) -> f64 {
        self.usual_weight(world) * self.urgency(world)
    }

    fn usual_weight(self, world: &World) -> f64 {
        let is_disturbed = !world.records();
        let answers_well = world.answers == AnswerState::Well;
        match self {
            Self::Ask | Self::AnswerWell if !answers_well => 8.0,
            Self::Chat | Self::Faq if !world.has_interacted() => 8.0,
            Self::Order | Self::OrderAgain => 7.0,
            Self::Cart | Self::Visit | Self::Back => 5.0,
            Self::Recover if is_disturbed => 8.0,
            Self::Online if world.offline => 12.0,
            Self::UntilAnswered if is_disturbed => 10.0,
            // What is called on a page that is left before its SDK was seen proves little.
            Self::UntilReady => 8.0,
            Self::Hold | Self::Show => 6.0,
            Self::Faq => 4.0,
            Self::Reload | Self::Several => 3.0,
            Self::Navigate | Self::CartAgain | Self::Push => 2.5,
            Self::Chat
            | Self::UntilRecorded
            | Self::SecondWindow
            | Self::LeaveByReload
            | Self::Close
            | Self::FirstWindow
            | Self::During
            | Self::Disturb => 2.0,
            Self::Refused | Self::Forward | Self::BySavedReference => 1.5,
            Self::Block
            | Self::FailOnce
            | Self::Release
            | Self::Recover
            | Self::Online
            | Self::UntilAnswered
            | Self::BadEntry
            | Self::SaveReference
            | Self::Direct
            | Self::CloseSecond
            | Self::Identify
            | Self::Ask
            | Self::AnswerWell
            | Self::DismissChat
            | Self::Hide => 1.0,
            Self::Stay if is_disturbed => 1.5,
            Self::Stay => 0.2,
            Self::OpenChat
            | Self::ChangeAnswers
            | Self::Offline
            | Self::SecondVisitor
            | Self::NewSession => 0.5,
        }
    }

    /// What a script that is held back makes of it: a page has to come that waits for it, then
    /// events that wait on that page, then the script. To leave the page before is of little use.
    fn urgency(self, world: &World) -> f64 {
        if world.script != ScriptState::Held {
            let ends = self == Self::Release && world.script != ScriptState::Open;
            return if ends { 8.0 } else { 1.0 };
        }
        let waits = world.page().is_some_and(|page| page.sdk == Sdk::Held);
        let has_events = waits && world.calls.last().is_some_and(Call::is_under_way);
        match (self.effect(), waits, has_events) {
            (Effect::Release, _, true) => 10.0,
            (Effect::LoadsPage, false, _) => 5.0,
            (Effect::LoadsPage | Effect::Disturbs, true, _) => 0.2,
            (Effect::Calls, true, _) => 2.0,
            (Effect::Release | Effect::Other, _, _)
            | (Effect::Calls | Effect::Disturbs, false, _) => 1.0,
        }
    }

    /// What it does to what waits for the script.
    fn effect(self) -> Effect {
        match self {
            Self::Release => Effect::Release,
            Self::Visit | Self::Reload | Self::Back | Self::Forward => Effect::LoadsPage,
            Self::Cart
            | Self::CartAgain
            | Self::Order
            | Self::OrderAgain
            | Self::Several
            | Self::During
            | Self::Push
            | Self::BySavedReference => Effect::Calls,
            Self::Navigate
            | Self::LeaveByReload
            | Self::Close
            | Self::Disturb
            | Self::Offline
            | Self::SecondWindow
            | Self::FirstWindow
            | Self::CloseSecond
            | Self::SecondVisitor
            | Self::NewSession
            | Self::Hide => Effect::Disturbs,
            Self::Chat
            | Self::Faq
            | Self::OpenChat
            | Self::Refused
            | Self::BadEntry
            | Self::SaveReference
            | Self::Direct
            | Self::Hold
            | Self::Block
            | Self::FailOnce
            | Self::Recover
            | Self::Online
            | Self::UntilReady
            | Self::UntilRecorded
            | Self::UntilAnswered
            | Self::Stay
            | Self::Identify
            | Self::Ask
            | Self::DismissChat
            | Self::ChangeAnswers
            | Self::AnswerWell
            | Self::Show => Effect::Other,
        }
    }

    /// Whether it opens the gate.
    pub fn is_interaction(self) -> bool {
        matches!(self, Self::Chat | Self::Faq | Self::Ask)
    }

    /// Whether it ends what is unusual, or waits: without it, of all that follows little is known.
    pub fn ends_something(self) -> bool {
        match self {
            Self::Release
            | Self::Recover
            | Self::Online
            | Self::AnswerWell
            | Self::Show
            | Self::UntilReady
            | Self::UntilRecorded
            | Self::UntilAnswered => true,
            Self::Visit
            | Self::Reload
            | Self::Back
            | Self::Forward
            | Self::Chat
            | Self::Faq
            | Self::OpenChat
            | Self::Cart
            | Self::CartAgain
            | Self::Order
            | Self::OrderAgain
            | Self::Several
            | Self::During
            | Self::Refused
            | Self::BadEntry
            | Self::Push
            | Self::SaveReference
            | Self::BySavedReference
            | Self::Direct
            | Self::Navigate
            | Self::LeaveByReload
            | Self::Close
            | Self::Hold
            | Self::Block
            | Self::FailOnce
            | Self::Disturb
            | Self::Offline
            | Self::SecondWindow
            | Self::FirstWindow
            | Self::CloseSecond
            | Self::SecondVisitor
            | Self::NewSession
            | Self::Stay
            | Self::Identify
            | Self::Ask
            | Self::DismissChat
            | Self::ChangeAnswers
            | Self::Hide => false,
        }
    }
}
