//! How often a kind of step is wanted.

use super::kind::Kind;
use crate::explore::model::World;
use crate::scenario::ScriptState;

impl Kind {
    /// How often it is wanted, before pairs are looked at.
    pub fn weight(self, world: &World) -> f64 {
        let is_disturbed = !world.records();
        let is_held = world.script != ScriptState::Open;
        match self {
            Self::Chat | Self::Faq if !world.has_interacted() => 8.0,
            Self::Order | Self::OrderAgain => 7.0,
            Self::Cart => 5.0,
            Self::Release if is_held => 8.0,
            Self::Recover if is_disturbed => 8.0,
            Self::Online if world.offline => 12.0,
            Self::UntilAnswered if is_disturbed => 10.0,
            Self::Visit | Self::Reload | Self::UntilReady | Self::Several => 3.0,
            Self::Navigate | Self::CartAgain | Self::Push | Self::Hold => 2.5,
            Self::Chat
            | Self::Faq
            | Self::UntilRecorded
            | Self::SecondWindow
            | Self::LeaveByReload
            | Self::Close
            | Self::FirstWindow
            | Self::Disturb => 2.0,
            Self::Refused | Self::Back | Self::BySavedReference => 1.5,
            Self::Block
            | Self::FailOnce
            | Self::Release
            | Self::Recover
            | Self::Online
            | Self::UntilAnswered
            | Self::Forward
            | Self::BadEntry
            | Self::SaveReference
            | Self::Direct
            | Self::CloseSecond
            | Self::Identify => 1.0,
            Self::Stay if is_disturbed => 1.5,
            Self::Stay => 0.2,
            Self::OpenChat | Self::Offline | Self::SecondVisitor | Self::NewSession => 0.5,
        }
    }

    /// Whether it ends what is unusual, or waits: without it, of all that follows little is known.
    pub fn ends_something(self) -> bool {
        match self {
            Self::Release
            | Self::Recover
            | Self::Online
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
            | Self::Identify => false,
        }
    }
}
