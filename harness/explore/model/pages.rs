//! How pages come into a window, and what it means to leave one.

use super::rule::Rule;
use super::step::{Done, NoMeaning, only_if};
use super::world::{Call, Chat, Fetched, Order, Page, Reached, Sdk, World};
use crate::scenario::{Direction, ScriptState};

impl World {
    pub(super) fn visit(&mut self, name: &str) -> Done {
        only_if(!name.is_empty())?;
        self.leave(Rule::LeftByNavigation);
        self.load(name);
        Ok(())
    }

    /// Another page stands in the window.
    pub(super) fn load(&mut self, name: &str) {
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

    pub(super) fn put_page(&mut self, name: &str, reached: Reached) {
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
            asked: None,
            chat: Chat::Closed,
            faq_used: false,
        };
        self.window().page = Some(page);
    }

    pub(super) fn go(&mut self, direction: Direction) -> Done {
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

    pub(super) fn see_ready(&mut self) {
        if let Some(page) = self.page_mut() {
            page.sdk = Sdk::Ready;
        }
    }

    /// The current page is left, with what was called on it.
    pub(super) fn leave(&mut self, by: Rule) {
        let Some(page) = self.page().cloned() else {
            return;
        };
        let is_here = |call: &Call| call.page == page.number;
        if page.was_held && page.sdk != Sdk::Ready {
            // It may not have been loaded to its end, and comes back as nobody knows what.
            self.window().history = None;
        }
        match page.sdk {
            Sdk::Ready | Sdk::Never => {}
            Sdk::Coming | Sdk::Held => {
                self.open_calls(Rule::LeftBeforeReady, |call| is_here(call) && call.waits);
            }
        }
        let by = self.claims.rule(by);
        for call in &mut self.calls {
            if call.is_under_way() && is_here(call) {
                call.rules.push(by);
            }
        }
        for order in self.orders.values_mut() {
            // Nobody sees the failure of a page that has gone.
            if *order == (Order::Failing { page: page.number }) {
                *order = Order::Unclear(Rule::OrderUnclear);
            }
        }
    }
}
