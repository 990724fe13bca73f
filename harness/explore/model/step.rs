//! What each step does to the world, and which steps have a meaning in it.

use super::data::{order_id, refusal};
use super::rule::{Rule, Verdict};
use super::world::{Call, Fetched, Interacted, Order, Page, Reached, Sdk, World, key};
use crate::contract::{Event, Interaction};
use crate::scenario::{BackendState, CallStyle, Direction, Exit, ScriptState, Step, Tab};

/// A step of which the contract says nothing here, or that no shopper can do here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoMeaning;

pub(super) type Done = Result<(), NoMeaning>;

/// The page that a step goes to that names none, in the script that does the step.
const NEXT: &str = "cart";

/// More requests that wait for seconds keep later ones back: a browser has six connections to a
/// host.
const MOST_SLOW_CALLS: usize = 3;

/// Goes on if it is so.
pub(super) fn only_if(holds: bool) -> Done {
    holds.then_some(()).ok_or(NoMeaning)
}

impl World {
    /// Does a step.
    ///
    /// # Errors
    /// If it has no meaning here; the world is of no use then.
    pub fn step(&mut self, step: &Step) -> Done {
        if self.offline {
            only_if(works_offline(step))?;
        }
        match step {
            Step::Visit(page) => self.visit(page),
            Step::Interact(Some(widget)) => self.interact(*widget),
            Step::OpenChat => self.open_chat(),
            Step::Track {
                events,
                style,
                exit,
                during: None,
            } => self.track(events, style.unwrap_or_default(), *exit),
            Step::SaveReference => {
                let page = self.page_mut().ok_or(NoMeaning)?;
                only_if(!page.saved)?;
                page.saved = true;
                Ok(())
            }
            Step::PushRaw(_) => {
                let page = self.page().ok_or(NoMeaning)?;
                self.bad_entry = Some(page.number);
                Ok(())
            }
            Step::Go(direction) => self.go(*direction),
            Step::Sdk(state) => self.script(*state),
            Step::Backend(state) => self.set_backend(*state),
            Step::Network(state) => self.network(*state),
            Step::Window(tab) => self.go_to_window(*tab),
            Step::Close(tab) => self.close(*tab),
            Step::Visitor(visitor) => self.change_visitor(*visitor),
            Step::NewSession => self.new_session(),
            Step::UntilReady => {
                only_if(self.page().is_some_and(|page| page.sdk == Sdk::Coming))?;
                self.facts.awaited_ready = true;
                self.see_ready();
                Ok(())
            }
            Step::UntilRecorded(events) => self.until_recorded(events),
            Step::UntilAnswered(count) => self.until_answered(*count),
            Step::Identify => {
                only_if(self.claims.getters)?;
                only_if(self.page().is_some_and(|page| page.sdk == Sdk::Ready))?;
                self.facts.identified = true;
                Ok(())
            }
            // What an SDK does by a timer changes nothing that is promised.
            Step::Stay(_) => only_if(self.page().is_some()),
            // What the model does not know yet.
            Step::Prerender(_)
            | Step::Interact(None)
            | Step::Send(_)
            | Step::DismissChat
            | Step::Track {
                during: Some(_), ..
            }
            | Step::Click { .. }
            | Step::Answers(_)
            | Step::Screen(_)
            | Step::UntilReplied(_)
            | Step::Read { .. }
            | Step::Matrix(_) => Err(NoMeaning),
        }
    }

    fn visit(&mut self, name: &str) -> Done {
        only_if(!name.is_empty())?;
        self.leave(Rule::LeftByNavigation);
        self.load(name);
        Ok(())
    }

    /// Another page stands in the window.
    fn load(&mut self, name: &str) {
        let window = self.window();
        let history = window.history.take();
        // Browsers do not agree whether the same address again is another entry.
        let is_same = |(pages, index): &(Vec<String>, usize)| {
            pages.get(*index).is_some_and(|page| page == name)
        };
        // Where nobody knows the pages before, those from here on are known.
        let known = history.filter(|own| !is_same(own));
        let (mut pages, index) = known.unwrap_or_default();
        pages.truncate(index + 1);
        pages.push(name.to_owned());
        let last = pages.len() - 1;
        window.history = Some((pages, last));
        self.put_page(name, Reached::Visit);
    }

    fn put_page(&mut self, name: &str, reached: Reached) {
        self.pages += 1;
        let number = self.pages;
        let sdk = self.sdk_of_a_new_page();
        let page = Page {
            name: name.to_owned(),
            reached,
            number,
            sdk,
            was_held: sdk == Sdk::Held,
            saved: false,
            requests: Some(0),
        };
        self.window().page = Some(page);
    }

    fn go(&mut self, direction: Direction) -> Done {
        let here = self.page().map(|page| page.name.clone());
        let here = here.ok_or(NoMeaning)?;
        if direction == Direction::Reload {
            self.leave(Rule::LeftByReload);
            self.put_page(&here, Reached::Reload);
            return Ok(());
        }
        // A page that was there before may come back as it was, with its SDK. It takes what is
        // called either way, unless its script would fail now.
        only_if(self.fetched != Fetched::FailedLast)?;
        only_if(match self.script {
            ScriptState::Open | ScriptState::Held => true,
            ScriptState::Blocked | ScriptState::FailsOnce => false,
        })?;
        let history = &mut self.window().history;
        let (pages, index) = history.as_mut().ok_or(NoMeaning)?;
        let next = match direction {
            Direction::Back => index.checked_sub(1),
            Direction::Forward => Some(*index + 1),
            Direction::Reload => None,
        };
        let next = next.filter(|next| *next < pages.len()).ok_or(NoMeaning)?;
        *index = next;
        let name = pages[next].clone();
        self.leave(Rule::LeftByNavigation);
        self.put_page(&name, Reached::History);
        // Of a page that comes back nobody knows what it has asked for.
        if let Some(page) = self.page_mut() {
            page.requests = None;
        }
        Ok(())
    }

    fn see_ready(&mut self) {
        if let Some(page) = self.page_mut() {
            page.sdk = Sdk::Ready;
        }
    }

    fn interact(&mut self, widget: Interaction) -> Done {
        only_if(self.claims.has(widget) && self.can_use_widgets())?;
        let page = self.page().ok_or(NoMeaning)?;
        let has_faqs = self.claims.faq_pages.contains(&page.name);
        only_if(widget == Interaction::Chat || has_faqs)?;
        let number = page.number;
        self.see_ready();
        let window = self.window();
        window.interacted = match window.interacted {
            Interacted::Yes { page, by } => Interacted::Yes {
                page,
                by: by.filter(|before| *before == widget),
            },
            Interacted::No | Interacted::LastSession | Interacted::Unclear(_) => Interacted::Yes {
                page: number,
                by: Some(widget),
            },
        };
        let current = key(self.current);
        for (tab, other) in &mut self.windows {
            if *tab != current && !matches!(other.interacted, Interacted::Yes { .. }) {
                other.interacted = Interacted::Unclear(Rule::InteractedElsewhere);
            }
        }
        for call in &mut self.calls {
            if call.rules == [Rule::NobodyInteracted] && call.visitor == self.visitor {
                call.rules = vec![Rule::BeforeInteraction];
            }
        }
        Ok(())
    }

    fn open_chat(&mut self) -> Done {
        only_if(self.claims.has(Interaction::Chat) && self.can_use_widgets())?;
        self.see_ready();
        let window = self.window();
        if matches!(window.interacted, Interacted::No | Interacted::LastSession) {
            window.interacted = Interacted::Unclear(Rule::ChatOnlyOpened);
        }
        Ok(())
    }

    fn can_use_widgets(&self) -> bool {
        let is_there = self.page().is_some_and(|page| match page.sdk {
            Sdk::Ready | Sdk::Coming => true,
            Sdk::Held | Sdk::Never => false,
        });
        // An SDK may load a part of itself when a widget is used, and that is held back, too.
        is_there && self.script == ScriptState::Open && self.backend.answers_widgets()
    }

    fn track(&mut self, events: &[Event], style: CallStyle, exit: Option<Exit>) -> Done {
        let page = self.page().cloned().ok_or(NoMeaning)?;
        match style {
            CallStyle::Queue | CallStyle::Push => {}
            CallStyle::SavedReference => only_if(page.saved)?,
            CallStyle::Direct => only_if(self.claims.direct && page.sdk == Sdk::Ready)?,
        }
        only_if(!events.is_empty())?;
        if self.backend == BackendState::VerySlow {
            self.facts.slow_calls += events.len();
            only_if(self.facts.slow_calls <= MOST_SLOW_CALLS)?;
        }
        for event in events {
            self.call(event, style, &page);
            if refusal(event).is_some() {
                self.refused = Some(page.number);
            }
        }
        self.facts.left_at_once |= exit.is_some();
        match exit {
            None => Ok(()),
            Some(Exit::Navigate) => {
                self.leave(Rule::LeftByNavigation);
                self.load(NEXT);
                Ok(())
            }
            Some(Exit::Reload) => {
                self.leave(Rule::LeftByReload);
                self.put_page(&page.name, Reached::Reload);
                Ok(())
            }
            Some(Exit::Close) => {
                only_if(self.current == Tab::Second)?;
                self.close(Tab::Second)
            }
        }
    }

    fn until_recorded(&mut self, events: &[Event]) -> Done {
        only_if(!events.is_empty())?;
        for event in events {
            let of_event = self.calls.iter().filter(|call| call.event == *event);
            let verdicts: Vec<Verdict> = of_event.clone().map(Call::verdict).collect();
            only_if(verdicts.contains(&Verdict::Recorded) && !verdicts.contains(&Verdict::Open))?;
            let waits: Vec<usize> = of_event.map(|call| call.page).collect();
            let holds = |page: &Page| page.sdk == Sdk::Held && waits.contains(&page.number);
            let mut pages = self.windows.values().filter_map(|own| own.page.as_ref());
            only_if(!pages.any(holds))?;
        }
        for call in &mut self.calls {
            let is_meant = events.contains(&call.event);
            call.confirmed |= is_meant && call.verdict() == Verdict::Recorded;
        }
        Ok(())
    }

    fn until_answered(&mut self, count: usize) -> Done {
        only_if(!self.claims.batches && self.backend != BackendState::VerySlow)?;
        let page = self.page().ok_or(NoMeaning)?;
        only_if(page.sdk == Sdk::Ready || page.sdk == Sdk::Coming)?;
        only_if(count > 0 && page.requests == Some(count))?;
        let number = page.number;
        for order in self.orders.values_mut() {
            if *order == (Order::Failing { page: number }) {
                *order = Order::Failed;
            }
        }
        for call in &mut self.calls {
            let is_here = call.page == number && call.verdict() == Verdict::Recorded;
            call.confirmed |= is_here && order_id(&call.event).is_none();
        }
        Ok(())
    }
}

/// Whether a browser without a network can do it.
fn works_offline(step: &Step) -> bool {
    match step {
        Step::Track { exit, .. } => exit.is_none(),
        Step::Network(_)
        | Step::PushRaw(_)
        | Step::SaveReference
        | Step::UntilAnswered(_)
        | Step::Identify => true,
        Step::Visit(_)
        | Step::Prerender(_)
        | Step::Interact(_)
        | Step::Send(_)
        | Step::OpenChat
        | Step::DismissChat
        | Step::Click { .. }
        | Step::Go(_)
        | Step::Sdk(_)
        | Step::Backend(_)
        | Step::Answers(_)
        | Step::Window(_)
        | Step::Screen(_)
        | Step::Close(_)
        | Step::Visitor(_)
        | Step::NewSession
        | Step::UntilReady
        | Step::UntilRecorded(_)
        | Step::UntilReplied(_)
        | Step::Stay(_)
        | Step::Read { .. }
        | Step::Matrix(_) => false,
    }
}
