use serde::{Deserialize, Serialize};

use super::axes::CallStyle;
use super::world::{AnswerState, BackendState, NetworkState, ScriptState};
use crate::contract::{Event, Interaction, Method, Visitor};

/// One of the session history's directions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    /// One page back.
    Back,
    /// One page forward.
    Forward,
    /// The same page again.
    Reload,
}

/// How a page is left right after an event was called: in the same task, but for `close`, which is
/// the next command to the driver.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Exit {
    /// To another page of the shop.
    Navigate,
    /// By loading the page again.
    Reload,
    /// By closing the window.
    Close,
}

/// One of a visitor's windows. Windows, not tabs: a tab in front hides the others and throttles
/// them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Tab {
    /// The window the case began in.
    First,
    /// One more: the one that a page has opened, or else opened when first named.
    Second,
}

/// How a window lies on the visitor's screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Screen {
    /// Shown, as large as every window is at first.
    Usual,
    /// Minimised: its page is hidden, as in a tab that another covers.
    Hidden,
    /// Shown, as large as the screen of a phone.
    Phone,
}

/// One thing done, in the words of the shopper and of the page.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    /// Loads a page of the shop, and waits until it is complete (until the snippet ran, while the
    /// SDK is held).
    Visit(String),
    /// Has the browser prerender a page of the shop, and waits until it has come as far as a visit
    /// waits for.
    Prerender(String),
    /// Uses the widget; `None`: in the way of the case's interaction axis.
    Interact(Option<Interaction>),
    /// Asks by a widget, as `Interact`, and does not wait for the answer.
    Send(Option<Interaction>),
    /// Opens the chat and sends nothing.
    OpenChat,
    /// Closes the chat, as a visitor who has no more questions.
    DismissChat,
    /// Calls events, one after the other in one task.
    Track {
        /// The events.
        events: Vec<Event>,
        /// How they are called; `None`: in the way of the case's call axis.
        style: Option<CallStyle>,
        /// How the page is left in the same task.
        exit: Option<Exit>,
        /// One more event, called while the SDK reads the first.
        during: Option<Event>,
    },
    /// Saves the current `trackAlhenaEvent` for the call style `saved-reference`.
    SaveReference,
    /// Pushes a raw value, a JavaScript expression, onto the queue.
    PushRaw(String),
    /// Clicks a button of the shop.
    Click {
        /// Its `data-action`.
        action: String,
        /// The product whose cart line it is in.
        line: Option<String>,
        /// The page it loads, which is waited for.
        to: Option<String>,
    },
    /// Moves through the session history.
    Go(Direction),
    /// Sets how the SDK's script is answered from now on.
    Sdk(ScriptState),
    /// Sets how the backend behaves from now on.
    Backend(BackendState),
    /// Sets how the backend answers questions to the widgets from now on.
    Answers(AnswerState),
    /// Takes the browser off the network, or puts it back.
    Network(NetworkState),
    /// Goes on in that window.
    Window(Tab),
    /// Hides the current window, shows it, or makes it another size.
    Screen(Screen),
    /// Closes that window.
    Close(Tab),
    /// Goes on as that shopper.
    Visitor(Visitor),
    /// Ends the visitor's session: a new window, the old ones closed, session cookies gone.
    NewSession,
    /// Waits until the SDK is ready, by the profile's expression.
    UntilReady,
    /// Waits until the backend has recorded these events.
    UntilRecorded(Vec<Event>),
    /// Waits until the current page has seen the end of this many event requests, answered or
    /// failed; in batches: of those that hold all calls so far.
    UntilAnswered(usize),
    /// Waits until the current page has seen the end of this many questions to the widgets,
    /// answered or failed.
    UntilReplied(usize),
    /// Stays on the page for so many milliseconds, as a shopper who reads it: what an SDK does by a
    /// timer shows only then.
    Stay(u64),
    /// Evaluates an expression on the page and keeps its value.
    Read {
        /// The JavaScript expression; a promise is awaited.
        expression: String,
        /// The name of the value.
        name: String,
    },
    /// Reads both fingerprints through the SDK's getters.
    Identify,
    /// Calls every flawed variant of the events of a method.
    Matrix(Method),
}

/// In an expression that a step reads, it stands for the selector of what holds the chat.
pub const CHAT_PLACE: &str = "{{chat}}";

impl Step {
    /// Whether it asks where the chat stands in the page.
    #[must_use]
    pub fn asks_for_chat_place(&self) -> bool {
        matches!(self, Self::Read { expression, .. } if expression.contains(CHAT_PLACE))
    }
}
