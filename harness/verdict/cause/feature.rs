//! Circumstances as features, and their words.

use std::collections::BTreeSet;

use crate::contract::{Event, Interaction, Method};
use crate::plan::Case;
use crate::scenario::{
    AnswerState, Axis, BackendState, CallStyle, Direction, Exit, SnippetPlace, Storage,
};

/// The rank of what is usual.
pub const USUAL: u8 = 3;

/// One circumstance. Ordered: what explains more comes first.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Feature {
    pub rank: u8,
    /// To follow the name of an event: “called before the SDK is ready”.
    pub words: String,
}

/// An event, or a flawed call, in which something was asked for.
#[derive(Debug, Clone)]
pub struct Occurrence {
    /// The index of its case.
    pub case: usize,
    /// The index of its row, where it is one of a matrix.
    pub row: Option<usize>,
    /// The method called.
    pub method: Method,
    /// What is special about it.
    pub features: BTreeSet<Feature>,
    /// Whether it is wrong.
    pub is_wrong: bool,
}

impl Feature {
    /// Whether it says something unusual.
    pub fn is_telling(&self) -> bool {
        self.rank < USUAL
    }

    pub fn new(rank: u8, words: impl Into<String>) -> Self {
        let words = words.into();
        Self { rank, words }
    }
}

pub const NOBODY_INTERACTED: &str = "of a visitor who used neither chat nor FAQs";

/// Whether the data of an event is as the API page asks for.
pub fn is_valid(case: &Case, event: &Event) -> bool {
    case.scenario.tables.of(event.method).fit(&event.args)
}

/// What is special about the data of an event of a case.
pub fn of_data(case: &Case, event: &Event) -> BTreeSet<Feature> {
    let mut features = BTreeSet::new();
    let mut note = |rank, words: String| {
        features.insert(Feature::new(rank, words));
    };
    let args = &event.args;
    if !is_valid(case, event) {
        note(1, "whose data is not valid".into());
    }
    if let Some(kind) = args.get("type").and_then(|own| own.as_str()) {
        note(1, format!("of type {kind}"));
    }
    for name in ["value", "quantity"] {
        if args.get(name).and_then(serde_json::Value::as_f64) == Some(0.0) {
            note(1, format!("with {name} 0"));
        }
    }
    if event.method == Method::SendCheckoutEvent {
        if args.get("orderId").is_none() {
            note(1, "without orderId".into());
        }
        match args.get("lineItems").and_then(|own| own.as_array()) {
            None => note(2, "without lineItems".into()),
            Some(items) if items.is_empty() => note(2, "with empty lineItems".into()),
            Some(_) => note(USUAL, "with lineItems".into()),
        }
    }
    features
}

/// What is special about the page of a case.
pub fn of_page(case: &Case) -> BTreeSet<Feature> {
    let shop = &case.scenario.storefront;
    let mut features = BTreeSet::new();
    let mut note = |rank, words: String| {
        features.insert(Feature::new(rank, words));
    };
    note(
        3,
        format!("on a page with the load style {}", case.axes.load.name()),
    );
    if shop.sdk_twice {
        note(1, "on a page with the SDK twice".into());
    }
    if shop.strict_policy {
        note(1, "on a page with a strict Content-Security-Policy".into());
    }
    match shop.storage {
        Storage::Allowed => {}
        Storage::Blocked => note(1, "on a page that refuses storage".into()),
    }
    match shop.snippet {
        SnippetPlace::BeforeSdk => {}
        SnippetPlace::AfterSdk => note(1, "on a page with the snippet after the SDK".into()),
        SnippetPlace::Twice => note(1, "on a page with the snippet twice".into()),
        SnippetPlace::Absent => note(1, "on a page without the snippet".into()),
    }
    features
}

/// Of a question that was not waited for; `is_here`: on this page.
pub fn asked_words(widget: Interaction, state: AnswerState, is_here: bool) -> String {
    let name = widget_word(widget);
    match (state, is_here) {
        (AnswerState::Well, _) => format!("called after a question to the {name}"),
        (AnswerState::Failing, _) => format!("called after an answer of the {name} failed"),
        (AnswerState::Late | AnswerState::Streamed, true) => {
            format!("called while the {name} still answers")
        }
        (AnswerState::Late | AnswerState::Streamed, false) => {
            format!("called after a page that was left while the {name} still answered")
        }
    }
}

fn widget_word(widget: Interaction) -> &'static str {
    match widget {
        Interaction::Chat => "chat",
        Interaction::Faq => "FAQs",
    }
}

pub fn of_user(widget: Interaction) -> Feature {
    let name = widget_word(widget);
    Feature::new(USUAL, format!("of a visitor who used the {name}"))
}

pub fn style_words(style: CallStyle) -> &'static str {
    match style {
        CallStyle::Queue => "trackAlhenaEvent",
        CallStyle::SavedReference => "a saved reference to trackAlhenaEvent",
        CallStyle::Push => "a push onto _alhenaEventQueue",
        CallStyle::Direct => "the SDK's older methods",
    }
}

pub fn exit_words(exit: Exit) -> &'static str {
    match exit {
        Exit::Navigate => "navigation",
        Exit::Reload => "a reload",
        Exit::Close => "closing the window",
    }
}

pub fn direction_words(direction: Direction) -> &'static str {
    match direction {
        Direction::Back => "going back",
        Direction::Forward => "going forward",
        Direction::Reload => "a reload",
    }
}

pub fn backend_words(state: BackendState) -> &'static str {
    match state {
        BackendState::Well => "is well",
        BackendState::Error500 => "answers 500",
        BackendState::Error403 => "answers 403",
        BackendState::TooMany => "answers 429",
        BackendState::Redirects => "redirects",
        BackendState::Slow => "answers late",
        BackendState::Held => "answers when the page has gone",
        BackendState::VerySlow => "answers after seconds",
        BackendState::DropsRequest => "drops requests",
        BackendState::DropsResponse => "drops its answers",
        BackendState::Refused => "refuses connections",
        BackendState::NoCors => "answers without CORS headers",
    }
}
