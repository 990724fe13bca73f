//! What is special about a called event: what failures can share, and others not have.

use std::collections::BTreeSet;

use super::feature::{
    Feature, NOBODY_INTERACTED, USUAL, asked_words, backend_words, direction_words, exit_words,
    is_valid, of_data, of_page, of_user, style_words,
};
use crate::contract::{Event, Interaction, Visitor};
use crate::plan::Case;
use crate::scenario::{
    AnswerState, BackendState, CallStyle, Direction, Exit, NetworkState, ScriptState, Step, Tab,
};

/// One call of an event in a case, with its circumstances.
#[derive(Debug)]
pub struct CallSite<'c> {
    pub event: &'c Event,
    pub features: BTreeSet<Feature>,
}

/// Where in a case so far.
struct Walk<'c> {
    case: &'c Case,
    script: ScriptState,
    /// How the script was answered when the page was loaded.
    loaded_with: ScriptState,
    backend: BackendState,
    /// How the backend failed before.
    failed: BackendState,
    answers: AnswerState,
    /// The last question that was not waited for, and how it is answered.
    asked: Option<(Interaction, AnswerState)>,
    network: NetworkState,
    /// What the network was like before its last change.
    network_before: NetworkState,
    interacted: Option<Interaction>,
    has_interacted_here: bool,
    tab: Tab,
    visitor: Visitor,
    /// What holds of all later calls.
    from_now_on: BTreeSet<Feature>,
    went: Option<Direction>,
    /// How much was called on this page so far.
    called_here: usize,
    orders: BTreeSet<String>,
    sites: Vec<CallSite<'c>>,
}

const AFTER_A_FLAW: &str = "called after an event whose data is not valid";

/// Every call of an event that the steps of a case make, in their order. What a click of the shop's
/// own buttons calls is not among them: no scenario says it.
pub fn call_sites(case: &Case) -> Vec<CallSite<'_>> {
    let mut walk = Walk {
        case,
        script: ScriptState::default(),
        loaded_with: ScriptState::default(),
        backend: BackendState::default(),
        failed: BackendState::default(),
        answers: AnswerState::default(),
        asked: None,
        network: NetworkState::default(),
        network_before: NetworkState::default(),
        interacted: None,
        has_interacted_here: false,
        tab: Tab::First,
        visitor: Visitor::First,
        from_now_on: BTreeSet::new(),
        went: None,
        called_here: 0,
        orders: BTreeSet::new(),
        sites: Vec::new(),
    };
    for (_, step) in &case.scenario.steps {
        walk.step(step);
    }
    walk.sites
}

/// The circumstances of an event that a case expects and no step calls.
pub fn of_a_click(case: &Case, event: &Event) -> BTreeSet<Feature> {
    let mut features = of_data(case, event);
    features.extend(of_page(case));
    features.insert(Feature::new(USUAL, "called by the shop's own script"));
    match case.widgets().last() {
        None => features.insert(Feature::new(1, NOBODY_INTERACTED)),
        Some((widget, _)) => features.insert(of_user(widget)),
    };
    features
}

impl<'c> Walk<'c> {
    fn step(&mut self, step: &'c Step) {
        match step {
            Step::Visit(_) => self.load_page(),
            Step::Go(direction) => {
                self.load_page();
                self.went = Some(*direction);
            }
            Step::Click { to, .. } => {
                if to.is_some() {
                    self.load_page();
                }
            }
            Step::Interact(way) => {
                self.interacted = Some(way.unwrap_or(self.case.axes.interaction));
                self.has_interacted_here = true;
            }
            Step::Send(way) => {
                let widget = way.unwrap_or(self.case.axes.interaction);
                self.interacted = Some(widget);
                self.has_interacted_here = true;
                self.asked = match self.answers {
                    AnswerState::Well => None,
                    state => Some((widget, state)),
                };
            }
            Step::Answers(state) => self.answers = *state,
            Step::Network(state) => {
                self.network_before = self.network;
                self.network = *state;
            }
            Step::Track {
                events,
                style,
                exit,
                during,
            } => {
                let style = style.unwrap_or(self.case.axes.call);
                for event in events.iter().chain(during) {
                    self.call(event, style, *exit);
                }
                if exit.is_some() {
                    self.load_page();
                }
            }
            Step::PushRaw(_) => {
                self.hold(1, "called after a malformed queue entry");
                self.called_here += 1;
            }
            Step::Sdk(state) => self.script = *state,
            Step::Backend(state) => {
                if self.backend != BackendState::Well {
                    self.failed = self.backend;
                }
                self.backend = *state;
            }
            Step::Window(tab) => self.tab = *tab,
            Step::Visitor(visitor) => {
                self.visitor = *visitor;
                self.interacted = None;
                self.orders.clear();
            }
            Step::NewSession => {
                self.hold(2, "called in a new session");
                self.interacted = None;
            }
            Step::UntilReady => self.loaded_with = ScriptState::Open,
            Step::Prerender(_)
            | Step::OpenChat
            | Step::DismissChat
            | Step::Screen(_)
            | Step::SaveReference
            | Step::Close(_)
            | Step::UntilRecorded(_)
            | Step::UntilAnswered(_)
            | Step::UntilReplied(_)
            | Step::Stay(_)
            | Step::Read { .. }
            | Step::Identify => {}
            Step::Matrix(_) => self.hold(1, AFTER_A_FLAW),
        }
    }

    fn hold(&mut self, rank: u8, words: &str) {
        self.from_now_on.insert(Feature::new(rank, words));
    }

    fn load_page(&mut self) {
        self.loaded_with = self.script;
        self.has_interacted_here = false;
        self.went = None;
        self.called_here = 0;
    }

    fn call(&mut self, event: &'c Event, style: CallStyle, exit: Option<Exit>) {
        let mut features = of_data(self.case, event);
        features.extend(of_page(self.case));
        let mut note = |rank, words: String| {
            features.insert(Feature::new(rank, words));
        };
        if self.loaded_with == ScriptState::Open {
            note(USUAL, "called once the SDK is ready".into());
        } else {
            note(1, "called before the SDK is ready".into());
            if self.called_here == 0 {
                note(1, "first in the queue".into());
            }
        }
        self.called_here += 1;
        note(USUAL, format!("called by {}", style_words(style)));
        if let Some(exit) = exit {
            note(1, "called as the page is left".into());
            note(
                2,
                format!("called as the page is left by {}", exit_words(exit)),
            );
        }
        match self.interacted {
            None => note(1, NOBODY_INTERACTED.into()),
            Some(widget) => {
                let Feature { rank, words } = of_user(widget);
                note(rank, words);
                if !self.has_interacted_here {
                    note(
                        2,
                        "called on a page after the one of the interaction".into(),
                    );
                }
            }
        }
        if self.backend != BackendState::Well {
            note(
                1,
                format!("called while the backend {}", backend_words(self.backend)),
            );
        } else if self.failed != BackendState::Well {
            note(2, "called after the backend had failed".into());
            note(
                2,
                format!(
                    "called after a time when the backend {}",
                    backend_words(self.failed)
                ),
            );
        }
        if let Some((widget, state)) = self.asked {
            note(1, asked_words(widget, state, self.has_interacted_here));
        }
        if self.network == NetworkState::Offline {
            note(1, "called while the browser is offline".into());
        } else if self.network_before == NetworkState::Offline {
            note(2, "called after the browser was offline".into());
        }
        if let Some(direction) = self.went {
            note(
                2,
                format!("called on a page reached by {}", direction_words(direction)),
            );
        }
        match self.tab {
            Tab::First => {}
            Tab::Second => note(2, "called in a second window".into()),
        }
        match self.visitor {
            Visitor::First => {}
            Visitor::Second => note(USUAL, "called by a second visitor".into()),
        }
        if let Some(order) = event.args.get("orderId") {
            let is_first = self.orders.is_empty();
            if self.orders.insert(order.to_string()) {
                note(USUAL, "with a new orderId".into());
                if !is_first {
                    note(2, "with a new orderId after another order".into());
                }
            } else {
                note(1, "with an orderId that was reported before".into());
            }
        }
        features.extend(self.from_now_on.iter().cloned());
        if !is_valid(self.case, event) {
            self.hold(1, AFTER_A_FLAW);
        }
        self.sites.push(CallSite { event, features });
    }
}
