//! What visitors do with windows, and what changes with the visitor or the session.

use super::rule::Rule;
use super::step::{Done, NoMeaning, only_if};
use super::world::{Interacted, Order, Sdk, Window, World, key};
use crate::contract::Visitor;
use crate::scenario::{Screen, Tab};
use crate::sdk::Side;
use crate::sdk::profile::Attribution;

impl World {
    pub(super) fn go_to_window(&mut self, tab: Tab) -> Done {
        only_if(tab != self.current)?;
        if tab == Tab::Second && !self.has_second() {
            let nobody = |own: &Window| !matches!(own.interacted, Interacted::Yes { .. });
            let interacted = match self.window().interacted {
                Interacted::Yes { .. } => Interacted::Unclear(Rule::InteractedElsewhere),
                own @ (Interacted::No | Interacted::LastSession | Interacted::Unclear(_)) => own,
            };
            let window = Window::new(interacted);
            debug_assert!(nobody(&window));
            self.windows.insert(key(tab), window);
        }
        self.current = tab;
        Ok(())
    }

    pub(super) fn put_window(&mut self, screen: Screen) -> Done {
        let is_ready = self.page().is_some_and(|page| page.sdk == Sdk::Ready);
        let window = self.window();
        match screen {
            Screen::Hidden => only_if(is_ready && !window.is_hidden)?,
            Screen::Usual => only_if(window.is_hidden)?,
            // What a shop shows on a phone, the model does not know.
            Screen::Phone => return Err(NoMeaning),
        }
        window.is_hidden = screen == Screen::Hidden;
        Ok(())
    }

    pub(super) fn close(&mut self, tab: Tab) -> Done {
        only_if(self.has_second() && tab == Tab::Second)?;
        self.current = Tab::Second;
        self.leave(Rule::LeftByClosing);
        self.windows.remove(&key(Tab::Second));
        self.current = Tab::First;
        Ok(())
    }

    pub(super) fn change_visitor(&mut self, visitor: Visitor) -> Done {
        only_if(visitor == Visitor::Second && self.visitor == Visitor::First)?;
        only_if(!self.has_second() && !self.facts.new_session)?;
        self.leave(Rule::LeftByNavigation);
        self.visitor = visitor;
        self.facts.second_visitor = true;
        self.windows
            .insert(key(Tab::First), Window::new(Interacted::No));
        self.window().history = None;
        for order in self.orders.values_mut() {
            *order = Order::Unclear(Rule::OrderUnclear);
        }
        Ok(())
    }

    pub(super) fn new_session(&mut self) -> Done {
        only_if(!self.facts.second_visitor)?;
        self.leave(Rule::LeftByNavigation);
        let other = match self.current {
            Tab::First => Tab::Second,
            Tab::Second => Tab::First,
        };
        if self.windows.contains_key(&key(other)) {
            self.current = other;
            self.leave(Rule::LeftByClosing);
        }
        let policies = &self.claims.policies;
        let ends =
            policies.gate == Side::Client && matches!(policies.attribution, Attribution::Session);
        let mut all = self.windows.values().map(|window| window.interacted);
        let interacted = match all.find(|own| *own != Interacted::No) {
            None => Interacted::No,
            Some(_) if ends => Interacted::LastSession,
            Some(_) => Interacted::Unclear(Rule::PolicyDecides),
        };
        self.current = Tab::First;
        self.windows.clear();
        self.windows
            .insert(key(Tab::First), Window::new(interacted));
        self.facts.new_session = true;
        for order in self.orders.values_mut() {
            *order = Order::Unclear(Rule::OrderOfLastSession);
        }
        Ok(())
    }
}
