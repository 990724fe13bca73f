//! What each step does to the world, and which steps have a meaning in it.

use super::data::{order_id, refusal};
use super::rule::{Rule, Verdict};
use super::world::{Call, Order, Page, Reached, Sdk, World};
use crate::contract::Event;
use crate::scenario::{BackendState, CallStyle, Exit, Step, Tab};

/// A step of which the contract says nothing here, or that no shopper can do here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoMeaning;

pub(super) type Done = Result<(), NoMeaning>;

/// The page that a step goes to that names none, in the script that does the step.
const NEXT: &str = "cart";

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
        if self.window().is_hidden {
            only_if(works_hidden(step))?;
        }
        match step {
            Step::Visit(page) => self.visit(page),
            Step::Interact(Some(widget)) => self.interact(*widget),
            Step::Send(Some(widget)) => self.send(*widget),
            Step::OpenChat => self.open_chat(),
            Step::DismissChat => self.dismiss_chat(),
            Step::Answers(state) => self.set_answers(*state),
            Step::Screen(screen) => self.put_window(*screen),
            Step::Track {
                events,
                style,
                exit,
                during,
            } => {
                let style = style.unwrap_or_default();
                self.track(events, style, *exit)?;
                match during {
                    // The SDK reads the first of the events.
                    Some(inner) if events.len() == 1 && exit.is_none() => {
                        self.call_during(inner, style)
                    }
                    Some(_) => Err(NoMeaning),
                    None => Ok(()),
                }
            }
            Step::SaveReference => {
                let page = self.page_mut().ok_or(NoMeaning)?;
                only_if(!page.saved)?;
                page.saved = true;
                Ok(())
            }
            Step::PushRaw(_) => {
                // It may break whatever comes after it.
                only_if(self.claims.has_rule(Rule::AfterBadEntry))?;
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
            | Step::Send(None)
            | Step::Click { .. }
            | Step::UntilReplied(_)
            | Step::Read { .. }
            | Step::Matrix(_) => Err(NoMeaning),
        }
    }

    fn track(&mut self, events: &[Event], style: CallStyle, exit: Option<Exit>) -> Done {
        let page = self.page().cloned().ok_or(NoMeaning)?;
        match style {
            CallStyle::Queue | CallStyle::Push => {}
            CallStyle::SavedReference => only_if(page.saved)?,
            CallStyle::Direct => only_if(self.claims.direct && page.sdk == Sdk::Ready)?,
        }
        only_if(!events.is_empty())?;
        // What an SDK sends that refuses nothing is no event of the API page.
        let mut refusals = events.iter().filter_map(refusal).map(Rule::Refused);
        only_if(refusals.all(|rule| self.claims.has_rule(rule)))?;
        only_if(self.has_connections_for(events.len()))?;
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

    /// An event is called while the SDK reads what was called last, in the same way.
    fn call_during(&mut self, event: &Event, style: CallStyle) -> Done {
        only_if(self.claims.has_rule(Rule::DuringACall))?;
        // An SDK that does not send the outer event may never read it. What waits for an SDK is
        // read later, and the evidence does not have that call.
        let sent = |call: &Call| call.verdict() == Verdict::Recorded;
        only_if(self.calls.last().is_some_and(sent))?;
        only_if(self.has_connections_for(1))?;
        let page = self.page().filter(|page| page.sdk == Sdk::Ready);
        let page = page.cloned().ok_or(NoMeaning)?;
        self.call(event, style, &page);
        let inner = self.calls.last_mut().filter(|call| sent(call));
        inner.ok_or(NoMeaning)?.rules.push(Rule::DuringACall);
        // Which of both is sent first is open.
        self.facts.order_is_open = true;
        Ok(())
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

/// Whether it can be done in a window that is hidden.
fn works_hidden(step: &Step) -> bool {
    match step {
        Step::Track { exit, .. } => exit.is_none(),
        Step::Screen(_)
        | Step::PushRaw(_)
        | Step::SaveReference
        | Step::UntilRecorded(_)
        | Step::UntilAnswered(_)
        | Step::Stay(_)
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
        | Step::Network(_)
        | Step::Window(_)
        | Step::Close(_)
        | Step::Visitor(_)
        | Step::NewSession
        | Step::UntilReady
        | Step::UntilReplied(_)
        | Step::Read { .. }
        | Step::Matrix(_) => false,
    }
}
