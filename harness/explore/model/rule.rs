//! Why the contract says of a call what it says.

use super::data::Refusal;
use crate::contract::RequirementId;

/// What the contract says of one call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// It is recorded once.
    Recorded,
    /// It is not recorded, or not once more.
    NotRecorded,
    /// The API page is silent: it is recorded once at most.
    Open,
}

/// One rule of the model: why the contract says of a call what it says. Each cites a requirement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rule {
    /// A cart event of a visitor who interacted.
    Cart,
    /// An equal cart event is another action.
    CartAgain,
    /// An order of a visitor who interacted.
    Order,
    /// An order without an id: never the same as another.
    OrderWithoutId,
    /// An order of another id than those before.
    OrderOfAnotherId,
    /// Called before the SDK was seen to be ready.
    Queued,
    /// Called before the SDK of the page could run at all.
    Held,
    /// Pushed onto the queue by hand.
    Pushed,
    /// Called by a saved reference.
    SavedReference,
    /// Called while the SDK reads another event.
    DuringACall,
    /// A malformed entry came before it.
    AfterBadEntry,
    /// A refused event came before it.
    AfterRefusedEvent,
    /// The visitor interacted on an earlier page of the session.
    InteractedEarlier,
    /// The visitor used the chat, and not the FAQs.
    ByChat,
    /// The visitor used the FAQs, and not the chat.
    ByFaq,
    /// A question of this page may still wait for its answer.
    AnswerPending,
    /// A question of this page failed.
    AnswerFailed,
    /// The page is hidden.
    Hidden,
    /// The page is left for another.
    LeftByNavigation,
    /// The page is loaded again.
    LeftByReload,
    /// The window is closed.
    LeftByClosing,
    /// The backend failed before, and is well again.
    BackendRecovered,
    /// The backend records at once; its answer is late or lost.
    AnswerLateOrLost,
    /// The backend redirects.
    Redirected,
    /// A delivery of this order was seen to fail before.
    DeliveryFailed,
    /// The script of the SDK failed on an earlier page, or at the first try.
    AfterScriptFailed,
    /// The snippet stands after the SDK.
    SnippetAfterSdk,
    /// The snippet stands in the page twice.
    SnippetTwice,
    /// The SDK stands in the page twice.
    SdkTwice,
    /// A strict Content-Security-Policy.
    StrictPolicy,

    /// Nobody has interacted, and nobody will.
    NobodyInteracted,
    /// Nobody has interacted yet.
    BeforeInteraction,
    /// The interaction was in an earlier session.
    InteractedLastSession,
    /// The data breaks the tables.
    Refused(Refusal),
    /// The order was reported before, on this page.
    SameOrder,
    /// The order was reported before, on another page.
    SameOrderOnAnotherPage,
    /// The order was reported before, in another window.
    SameOrderInAnotherWindow,

    /// The page was left before its SDK was ready.
    LeftBeforeReady,
    /// The SDK of the page never loads.
    SdkNeverLoads,
    /// The interaction was in another window only.
    InteractedElsewhere,
    /// The chat was opened and nothing was sent.
    ChatOnlyOpened,
    /// The backend fails, or begins to, before it is known to have recorded this.
    BackendFails,
    /// The answer to an earlier report of the order was lost.
    OrderAnswerLost,
    /// Nobody knows what became of an earlier report of the order.
    OrderUnclear,
    /// The order was reported in an earlier session.
    OrderOfLastSession,
    /// The profile does not claim what another rule says: it is recorded once at most.
    NotClaimed,
    /// The profile says that the server decides, or for how long: a session is none of its words.
    PolicyDecides,
}

impl Rule {
    /// All of them, for the test that each cites a requirement.
    #[cfg(test)]
    pub const ALL: [Self; 52] = [
        Self::Cart,
        Self::CartAgain,
        Self::Order,
        Self::OrderWithoutId,
        Self::OrderOfAnotherId,
        Self::Queued,
        Self::Held,
        Self::Pushed,
        Self::SavedReference,
        Self::DuringACall,
        Self::AfterBadEntry,
        Self::AfterRefusedEvent,
        Self::InteractedEarlier,
        Self::ByChat,
        Self::ByFaq,
        Self::AnswerPending,
        Self::AnswerFailed,
        Self::Hidden,
        Self::LeftByNavigation,
        Self::LeftByReload,
        Self::LeftByClosing,
        Self::BackendRecovered,
        Self::AnswerLateOrLost,
        Self::Redirected,
        Self::DeliveryFailed,
        Self::AfterScriptFailed,
        Self::SnippetAfterSdk,
        Self::SnippetTwice,
        Self::SdkTwice,
        Self::StrictPolicy,
        Self::NobodyInteracted,
        Self::BeforeInteraction,
        Self::InteractedLastSession,
        Self::Refused(Refusal::Missing),
        Self::Refused(Refusal::WrongType),
        Self::Refused(Refusal::UnknownType),
        Self::Refused(Refusal::LowerCaseType),
        Self::Refused(Refusal::Item),
        Self::Refused(Refusal::OneOfTheItems),
        Self::SameOrder,
        Self::SameOrderOnAnotherPage,
        Self::SameOrderInAnotherWindow,
        Self::LeftBeforeReady,
        Self::SdkNeverLoads,
        Self::InteractedElsewhere,
        Self::ChatOnlyOpened,
        Self::BackendFails,
        Self::OrderAnswerLost,
        Self::OrderUnclear,
        Self::OrderOfLastSession,
        Self::NotClaimed,
        Self::PolicyDecides,
    ];

    /// How much a call owes to it: where a rule of more weight holds, the lesser ones are not what
    /// its scenario shows.
    pub fn weight(self) -> u8 {
        match self {
            Self::ByChat => 0,
            Self::Cart | Self::Order | Self::OrderOfAnotherId | Self::InteractedEarlier => 1,
            Self::LeftByNavigation | Self::LeftByReload | Self::LeftByClosing => 2,
            Self::CartAgain
            | Self::OrderWithoutId
            | Self::Queued
            | Self::Held
            | Self::Pushed
            | Self::SavedReference
            | Self::DuringACall
            | Self::AfterBadEntry
            | Self::AfterRefusedEvent
            | Self::ByFaq
            | Self::AnswerPending
            | Self::AnswerFailed
            | Self::Hidden
            | Self::BackendRecovered
            | Self::AnswerLateOrLost
            | Self::Redirected
            | Self::DeliveryFailed
            | Self::AfterScriptFailed
            | Self::SnippetAfterSdk
            | Self::SnippetTwice
            | Self::SdkTwice
            | Self::StrictPolicy
            | Self::NobodyInteracted
            | Self::BeforeInteraction
            | Self::InteractedLastSession
            | Self::Refused(_)
            | Self::SameOrder
            | Self::SameOrderOnAnotherPage
            | Self::SameOrderInAnotherWindow
            | Self::LeftBeforeReady
            | Self::SdkNeverLoads
            | Self::InteractedElsewhere
            | Self::ChatOnlyOpened
            | Self::BackendFails
            | Self::OrderAnswerLost
            | Self::OrderUnclear
            | Self::OrderOfLastSession
            | Self::NotClaimed
            | Self::PolicyDecides => 3,
        }
    }

    /// What it says of the call.
    pub fn verdict(self) -> Verdict {
        self.entry().0
    }

    /// The requirement that it rests on.
    pub fn requirement(self) -> RequirementId {
        RequirementId(self.entry().1.to_owned())
    }

    fn entry(self) -> (Verdict, &'static str) {
        use Verdict::{NotRecorded, Open, Recorded};
        match self {
            Self::Cart => (Recorded, "CART-RECORDED"),
            Self::CartAgain => (Recorded, "CART-REPEATED"),
            Self::Order => (Recorded, "CHECKOUT-RECORDED"),
            Self::OrderWithoutId => (Recorded, "DEDUP-NO-ID"),
            Self::OrderOfAnotherId => (Recorded, "DEDUP-DIFFERENT-IDS"),
            Self::Queued | Self::DuringACall => (Recorded, "QUEUE-NOTHING-LOST"),
            Self::Held => (Recorded, "QUEUE-FLUSH"),
            Self::Pushed => (Recorded, "QUEUE-PUSHED"),
            Self::SavedReference => (Recorded, "QUEUE-SAVED-REFERENCE"),
            Self::AfterBadEntry => (Recorded, "QUEUE-BAD-ENTRY"),
            Self::AfterRefusedEvent => (Recorded, "VALIDATION-NEXT-GOES"),
            Self::InteractedEarlier => (Recorded, "GATE-SESSION"),
            Self::ByChat => (Recorded, "GATE-CHAT"),
            Self::ByFaq => (Recorded, "GATE-FAQ"),
            Self::AnswerPending => (Recorded, "GATE-ANSWER-PENDING"),
            Self::AnswerFailed => (Recorded, "GATE-ANSWER-FAILED"),
            Self::Hidden => (Recorded, "PAGE-HIDDEN"),
            Self::LeftByNavigation => (Recorded, "EXIT-NAVIGATE"),
            Self::LeftByReload => (Recorded, "EXIT-RELOAD"),
            Self::LeftByClosing => (Recorded, "EXIT-CLOSE"),
            Self::BackendRecovered => (Recorded, "BACKEND-RECOVERS"),
            Self::AnswerLateOrLost => (Recorded, "BACKEND-NO-DUPLICATES"),
            Self::Redirected => (Recorded, "BACKEND-REDIRECTS"),
            Self::DeliveryFailed => (Recorded, "DEDUP-FAILED-DELIVERY"),
            Self::AfterScriptFailed => (Recorded, "QUEUE-SDK-AFTER-ERROR"),
            Self::SnippetAfterSdk => (Recorded, "SNIPPET-AFTER-SDK"),
            Self::SnippetTwice => (Recorded, "SNIPPET-TWICE"),
            Self::SdkTwice => (Recorded, "QUEUE-SDK-TWICE"),
            Self::StrictPolicy => (Recorded, "GUEST-STRICT-POLICY"),
            Self::NobodyInteracted => (NotRecorded, "GATE-NONE"),
            Self::BeforeInteraction => (NotRecorded, "GATE-BEFORE"),
            Self::InteractedLastSession => (NotRecorded, "GATE-NEW-SESSION"),
            Self::Refused(why) => (NotRecorded, why.requirement()),
            Self::SameOrder => (NotRecorded, "DEDUP-ORDER-ID"),
            Self::SameOrderOnAnotherPage => (NotRecorded, "DEDUP-ACROSS-PAGES"),
            Self::SameOrderInAnotherWindow => (NotRecorded, "DEDUP-ACROSS-WINDOWS"),
            Self::LeftBeforeReady => (Open, "OPEN-LEFT-BEFORE-READY"),
            Self::SdkNeverLoads => (Open, "QUEUE-NO-SDK"),
            Self::InteractedElsewhere => (Open, "OPEN-OTHER-WINDOW"),
            Self::ChatOnlyOpened => (Open, "OPEN-CHAT-OPENED"),
            Self::BackendFails => (Open, "OPEN-RETRY"),
            Self::OrderAnswerLost => (Open, "OPEN-ORDER-ANSWER-LOST"),
            Self::OrderUnclear => (Open, "DEDUP-FAILED-DELIVERY"),
            Self::OrderOfLastSession => (Open, "OPEN-ORDER-NEXT-SESSION"),
            Self::NotClaimed => (Open, "QUEUE-ONCE"),
            Self::PolicyDecides => (Open, "GATE-NEW-SESSION"),
        }
    }
}
