use crate::contract::Method;
use crate::evidence::signature;
use crate::reading::{Fault, FieldChange};

/// What exactly is wrong, apart from the case in which it was seen. Failures that share a defect
/// can have one cause.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Defect {
    /// The SDK did not become ready.
    NotReady,
    /// A shopper could not do this step, as the scenario writes it.
    Step(String),
    /// A called event was lost, duplicated, or recorded though it must not be.
    Event(Fault),
    /// An event of this method was recorded, and no call explains it.
    Unexplained(Method),
    /// An event went past the event endpoints, in such a request: `POST /path`.
    Bypass(String),
    /// Events were sent in another order than they were called.
    Order,
    /// An event was sent late.
    Late,
    /// A field arrived otherwise than it was called.
    Field(FieldChange),
    /// A request has this content type, which none may have.
    ContentType(String),
    /// The body of a request is no JSON object.
    NoObject,
    /// What the SDK adds by itself is wrong in this way.
    Automatic(Automatic),
    /// A value that a scenario reads on the page is another, by its name.
    PageValue(String),
    /// This exception came back into the page.
    Threw(String),
    /// This error was caught by nobody.
    Uncaught(String),
    /// This dialog opened.
    Dialog(String),
    /// No console message contains one of these words.
    Silent(String),
    /// The page stopped answering: a script of it loops for ever.
    Hung,
    /// A flawed call of a matrix was not treated as it must be.
    Row,
}

impl Defect {
    /// In a few words that no run changes: names of causes hold them.
    pub fn name(&self) -> String {
        match self {
            Self::NotReady => "not ready".to_owned(),
            Self::Step(what) => format!("step {}", signature(what)),
            Self::Event(Fault::Lost) => "lost".to_owned(),
            Self::Event(Fault::Duplicated) => "duplicated".to_owned(),
            Self::Event(Fault::Forbidden) => "forbidden".to_owned(),
            Self::Unexplained(method) => format!("unexplained {method}"),
            Self::Bypass(request) => format!("bypass {request}"),
            Self::Order => "order".to_owned(),
            Self::Late => "late".to_owned(),
            Self::Field(change) => change.to_string(),
            Self::ContentType(actual) => format!("content type {actual}"),
            Self::NoObject => "no object".to_owned(),
            Self::Automatic(wrong) => wrong.name().to_owned(),
            Self::PageValue(name) => format!("page value {name}"),
            Self::Threw(text) | Self::Uncaught(text) => signature(text),
            Self::Dialog(text) => format!("dialog {}", signature(text)),
            Self::Silent(words) => format!("silent about {words}"),
            Self::Hung => "hung".to_owned(),
            Self::Row => "row".to_owned(),
        }
    }

    /// The words that no console message contains, where that is wrong.
    pub fn silent_about(&self) -> Option<&str> {
        if let Self::Silent(words) = self {
            Some(words)
        } else {
            None
        }
    }

    /// What a call threw, where that is wrong.
    pub fn thrown(&self) -> Option<&str> {
        if let Self::Threw(text) = self {
            Some(text)
        } else {
            None
        }
    }

    /// The changed field, where it is one.
    pub fn field_change(&self) -> Option<&FieldChange> {
        if let Self::Field(change) = self {
            Some(change)
        } else {
            None
        }
    }
}

/// How a field that the SDK adds by itself is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Automatic {
    /// There is no company key.
    NoCompanyKey,
    /// There is another company key than the shop's.
    OtherCompanyKey,
    /// A fingerprint is missing.
    NoFingerprint,
    /// A fingerprint is no UUID.
    NoUuid,
    /// They are other fingerprints than the getters return.
    NotOfTheGetters,
    /// They change between the events of one visitor.
    NotStable,
    /// Both are one value.
    NotDistinct,
    /// Two visitors share one.
    Shared,
}

impl Automatic {
    /// In a few words that no version changes: names of causes hold them.
    pub fn name(self) -> &'static str {
        match self {
            Self::NoCompanyKey => "no company key",
            Self::OtherCompanyKey => "another company key",
            Self::NoFingerprint => "no fingerprint",
            Self::NoUuid => "fingerprint is no UUID",
            Self::NotOfTheGetters => "fingerprint is not that of the getters",
            Self::NotStable => "fingerprint changes",
            Self::NotDistinct => "one value as both fingerprints",
            Self::Shared => "fingerprint of two visitors",
        }
    }
}
