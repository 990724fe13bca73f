use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::contract::{Event, Method, Visitor};

/// How a shop loads the SDK.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Load {
    /// `<script src>`: the documented install.
    #[default]
    Blocking,
    /// `<script async src>`.
    Async,
    /// `<script defer src>`.
    Defer,
    /// Appended by a script once the page has loaded.
    Injected,
    /// As `injected`, and appended again when loading failed.
    InjectedRetry,
}

/// Where the snippet stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SnippetPlace {
    /// Before the SDK: the documented install.
    #[default]
    BeforeSdk,
    /// After the SDK's script element.
    AfterSdk,
    /// Twice, before the SDK.
    Twice,
    /// Not at all.
    Absent,
}

/// Whether the page may use web storage and cookies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Storage {
    /// As usual.
    #[default]
    Allowed,
    /// Every access to `localStorage`, `sessionStorage` or `document.cookie` throws (an opaque
    /// origin, by `Content-Security-Policy: sandbox`).
    Blocked,
}

/// What is unusual about the storefront of a scenario.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "snake_case")]
pub struct StorefrontOptions {
    /// How the SDK is loaded, where no axis says it.
    pub load: Load,
    /// Where the snippet stands.
    pub snippet: SnippetPlace,
    /// The install fragment stands twice.
    pub sdk_twice: bool,
    /// Pages carry a Content-Security-Policy that allows just their own scripts and the API's
    /// origin.
    pub strict_policy: bool,
    /// Whether storage works.
    pub storage: Storage,
    /// A script of the shop's that runs before the snippet.
    pub prelude: Option<String>,
}

/// What the storefront answers when the browser asks for the SDK's script.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ScriptState {
    /// The script, at once.
    #[default]
    Open,
    /// Nothing yet: the answer waits until the scenario opens the gate.
    Held,
    /// A redirect to a port that browsers refuse: the load fails in the browser, at once, as behind
    /// a content blocker.
    Blocked,
    /// 500 once, then as `open`.
    FailsOnce,
}

/// How the backend behaves on its event endpoints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BackendState {
    /// Records and answers 200.
    #[default]
    Well,
    /// Answers 500 and records nothing.
    Error500,
    /// Records at once and answers late.
    Slow,
    /// Reads the request, records nothing and drops the connection.
    DropsRequest,
    /// Records the request and drops the connection instead of answering.
    DropsResponse,
    /// Refuses connections.
    Refused,
    /// Answers the preflight, and everything else, without CORS headers.
    NoCors,
}

/// How a visitor used the widget.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Interaction {
    /// Opened the chat, typed a message and sent it.
    #[default]
    Chat,
    /// Clicked a question of the Product FAQs.
    Faq,
}

impl Interaction {
    /// The widget, for messages.
    #[must_use]
    pub fn widget(self) -> &'static str {
        match self {
            Self::Chat => "chat",
            Self::Faq => "Product FAQs",
        }
    }

    /// The table of a profile that says how.
    #[must_use]
    pub fn table(self) -> &'static str {
        match self {
            Self::Chat => "chat",
            Self::Faq => "faq",
        }
    }
}

/// How an event is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CallStyle {
    /// `trackAlhenaEvent(method, data)`: the documented way.
    #[default]
    Queue,
    /// The same function, by a reference saved before the SDK was ready.
    SavedReference,
    /// `_alhenaEventQueue.push({ method, args })`.
    Push,
    /// The older `gleenWidget.<method>(data)`.
    Direct,
}

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
    /// One more; opened when first named.
    Second,
}

/// One thing done, in the words of the shopper and of the page.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    /// Loads a page of the shop, and waits until it is complete (until the snippet ran, while the
    /// SDK is held).
    Visit(String),
    /// Uses the widget; `None`: in the way of the case's interaction axis.
    Interact(Option<Interaction>),
    /// Opens the chat and sends nothing.
    OpenChat,
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
    /// Goes on in that window.
    Window(Tab),
    /// Closes that window.
    Close(Tab),
    /// Goes on as that shopper.
    Visitor(Visitor),
    /// Ends the visitor's session: a new window, the old ones closed, session cookies gone.
    NewSession,
    /// Waits until the SDK says that it is ready.
    UntilReady,
    /// Waits until the backend has recorded these events.
    UntilRecorded(Vec<Event>),
    /// Waits until the current page has seen the end of this many event requests, answered or
    /// failed; in batches: of those that hold all calls so far.
    UntilAnswered(usize),
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

impl Step {
    /// Whether what this step waits for may not come without the step having failed: the checks
    /// decide.
    #[must_use]
    pub fn is_wait(&self) -> bool {
        matches!(
            self,
            Self::UntilReady | Self::UntilRecorded(_) | Self::UntilAnswered(_) | Self::Stay(_)
        )
    }
}
