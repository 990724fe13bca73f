//! The state of the world, as far as the contract speaks of it.

use std::collections::BTreeMap;

use super::claims::Claims;
use super::rule::{Rule, Verdict};
use crate::contract::{Event, Interaction, Visitor};
use crate::scenario::{
    AnswerState, BackendState, CallStyle, Load, ScriptState, StorefrontOptions, Tab,
};
use crate::sdk::Side;

/// The SDK of one page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sdk {
    /// It was seen to be ready.
    Ready,
    /// It comes, and nobody has looked yet.
    Coming,
    /// The storefront holds its script back.
    Held,
    /// It will not come any more.
    Never,
}

/// Whether a visitor interacted, in the sense of the gate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Interacted {
    /// Not in this session.
    No,
    /// Not in this session, but in the last.
    LastSession,
    /// The API page does not say whether what was done counts, or counts here.
    Unclear(Rule),
    /// On the page of this number first, by this widget alone or by both.
    Yes {
        page: usize,
        by: Option<Interaction>,
    },
}

/// How a page came into its window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reached {
    Visit,
    Reload,
    History,
}

/// One page of the shop that is loaded in a window.
#[derive(Debug, Clone)]
pub struct Page {
    pub name: String,
    pub reached: Reached,
    /// Its number: no other page load has it.
    pub number: usize,
    pub sdk: Sdk,
    /// Its script was held back at first.
    pub was_held: bool,
    /// A reference to `trackAlhenaEvent` was saved on it.
    pub saved: bool,
    /// How many requests of events it makes for certain; `None`: nobody knows.
    pub requests: Option<usize>,
    /// How a question was going to be answered whose answer nobody waited for.
    pub asked: Option<AnswerState>,
    pub chat: Chat,
    /// A question was put to the FAQs: the next click may close what it has opened.
    pub faq_used: bool,
}

/// The chat of one page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Chat {
    Closed,
    /// It was opened, and nobody has seen it work.
    Opened,
    /// It was opened and has worked.
    Used,
}

/// One of the visitor's windows.
#[derive(Debug, Clone)]
pub struct Window {
    pub page: Option<Page>,
    pub interacted: Interacted,
    /// The last pages of its history, and which of them is shown; `None`: nobody knows.
    pub history: Option<(Vec<String>, usize)>,
    /// It is minimised, and its page hidden.
    pub is_hidden: bool,
}

/// What became of an order that was reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// It is recorded, or will be: by a call on this page, in this window.
    Sent { page: usize, window: Tab },
    /// Its delivery fails, on this page.
    Failing { page: usize },
    /// Its delivery was seen to fail.
    Failed,
    /// Nobody knows, for this reason.
    Unclear(Rule),
}

/// One call of an event.
#[derive(Debug, Clone)]
pub struct Call {
    pub event: Event,
    pub rules: Vec<Rule>,
    /// The page it was made on, and its window.
    pub page: usize,
    pub window: Tab,
    /// The SDK of that page was not ready.
    pub waits: bool,
    /// The backend is known to have recorded it.
    pub confirmed: bool,
    pub visitor: Visitor,
}

impl Call {
    /// What the contract says of it: silence of one rule is silence.
    pub fn verdict(&self) -> Verdict {
        let all = self.rules.iter().map(|rule| rule.verdict());
        all.max().unwrap_or(Verdict::Open)
    }

    /// Whether nobody knows whether it is recorded yet.
    pub fn is_under_way(&self) -> bool {
        self.verdict() == Verdict::Recorded && !self.confirmed
    }
}

/// What became of the requests for the script so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fetched {
    AlwaysCame,
    /// It failed on an earlier page, or at the first try.
    FailedBefore,
    /// It failed the last time. Chromium's cache has that, and a page of the history takes it from
    /// there without asking.
    FailedLast,
}

/// The world of one journey.
#[derive(Debug, Clone)]
pub struct World {
    pub claims: Claims,
    pub storefront: StorefrontOptions,
    pub windows: BTreeMap<u8, Window>,
    pub current: Tab,
    pub visitor: Visitor,
    pub script: ScriptState,
    pub fetched: Fetched,
    pub backend: BackendState,
    /// How questions to the widgets are answered.
    pub answers: AnswerState,
    /// The backend failed before, or was out of reach.
    pub failed_before: bool,
    pub offline: bool,
    pub orders: BTreeMap<String, Order>,
    pub calls: Vec<Call>,
    pub pages: usize,
    /// A malformed entry was pushed on the current page.
    pub bad_entry: Option<usize>,
    /// A refused event was called on this page.
    pub refused: Option<usize>,
    pub facts: Facts,
}

/// What the choice of the checks needs to know of the whole journey.
#[derive(Debug, Clone, Copy, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a fact of its own about the journey"
)]
pub struct Facts {
    /// Something was done to the backend or to the network.
    pub backend_changed: bool,
    /// Calls to a backend that answers after seconds.
    pub slow_calls: usize,
    /// A page was left in the task of a call.
    pub left_at_once: bool,
    /// Calls of several windows may have overtaken each other.
    pub order_is_open: bool,
    /// A new session began: the fingerprints may be others.
    pub new_session: bool,
    /// The getters were read.
    pub identified: bool,
    /// Readiness was asked for.
    pub awaited_ready: bool,
    /// Another visitor came.
    pub second_visitor: bool,
    /// An event was called on a hidden page.
    pub called_hidden: bool,
}

impl World {
    /// Before the first step.
    pub fn new(claims: Claims, storefront: StorefrontOptions) -> Self {
        Self {
            claims,
            storefront,
            windows: BTreeMap::from([(key(Tab::First), Window::new(Interacted::No))]),
            current: Tab::First,
            visitor: Visitor::First,
            script: ScriptState::Open,
            fetched: Fetched::AlwaysCame,
            backend: BackendState::Well,
            answers: AnswerState::Well,
            failed_before: false,
            offline: false,
            orders: BTreeMap::new(),
            calls: Vec::new(),
            pages: 0,
            bad_entry: None,
            refused: None,
            facts: Facts::default(),
        }
    }

    /// The window that the visitor looks at.
    pub fn window(&mut self) -> &mut Window {
        let fresh = Window::new(Interacted::No);
        self.windows.entry(key(self.current)).or_insert(fresh)
    }

    /// The page in it.
    pub fn page(&self) -> Option<&Page> {
        self.windows.get(&key(self.current))?.page.as_ref()
    }

    /// As `page`, to change it.
    pub fn page_mut(&mut self) -> Option<&mut Page> {
        self.windows.get_mut(&key(self.current))?.page.as_mut()
    }

    /// All pages that are loaded.
    pub fn pages_mut(&mut self) -> impl Iterator<Item = &mut Page> {
        let windows = self.windows.values_mut();
        windows.filter_map(|window| window.page.as_mut())
    }

    /// Whether a page of the shop stands in some window whose SDK is in this state.
    pub fn has_page(&self, is_meant: impl Fn(Sdk) -> bool) -> bool {
        let mut pages = self.windows.values().filter_map(|own| own.page.as_ref());
        pages.any(|page| is_meant(page.sdk))
    }

    /// Whether the second window is open.
    pub fn has_second(&self) -> bool {
        self.windows.contains_key(&key(Tab::Second))
    }

    /// Whether the gate lets the visitor's events through in the current window.
    pub fn has_interacted(&self) -> bool {
        let window = self.windows.get(&key(self.current));
        let is_through = |own: &Window| matches!(own.interacted, Interacted::Yes { .. });
        self.claims.policies.gate == Side::None || window.is_some_and(is_through)
    }

    /// Whether events reach a backend that records them.
    pub fn records(&self) -> bool {
        !self.offline && self.backend.records()
    }

    /// How the SDK of a page comes that is loaded now.
    pub fn sdk_of_a_new_page(&mut self) -> Sdk {
        if self.backend.refuses_connections() {
            // The script comes from there, too.
            self.fetched = self.fetched.max(Fetched::FailedBefore);
            return Sdk::Never;
        }
        let came = match self.fetched {
            Fetched::AlwaysCame => Fetched::AlwaysCame,
            Fetched::FailedBefore | Fetched::FailedLast => Fetched::FailedBefore,
        };
        let (sdk, fetched) = match self.script {
            ScriptState::Open => (Sdk::Coming, came),
            ScriptState::Held => (Sdk::Held, came),
            ScriptState::Blocked => (Sdk::Never, Fetched::FailedLast),
            ScriptState::FailsOnce => {
                self.script = ScriptState::Open;
                match self.storefront.load {
                    Load::InjectedRetry => (Sdk::Coming, Fetched::FailedBefore),
                    Load::Blocking | Load::Async | Load::Defer | Load::Injected => {
                        (Sdk::Never, Fetched::FailedLast)
                    }
                }
            }
        };
        self.fetched = fetched;
        sdk
    }
}

impl Window {
    /// An empty window of a visitor who interacted so.
    pub fn new(interacted: Interacted) -> Self {
        Self {
            page: None,
            interacted,
            history: Some((Vec::new(), 0)),
            is_hidden: false,
        }
    }
}

/// The key of a window: `Tab` has no order.
pub fn key(tab: Tab) -> u8 {
    match tab {
        Tab::First => 1,
        Tab::Second => 2,
    }
}

/// Whether a way to call needs a reference that was saved.
pub fn style_rule(style: CallStyle) -> Option<Rule> {
    match style {
        CallStyle::Queue | CallStyle::Direct => None,
        CallStyle::Push => Some(Rule::Pushed),
        CallStyle::SavedReference => Some(Rule::SavedReference),
    }
}
