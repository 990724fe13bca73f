//! What visitors do with the widgets, and how those answer.

use super::rule::Rule;
use super::step::{Done, NoMeaning, only_if};
use super::world::{Chat, Interacted, Sdk, World, key};
use crate::contract::Interaction;
use crate::scenario::{AnswerState, ScriptState};

impl World {
    pub(super) fn interact(&mut self, widget: Interaction) -> Done {
        // It waits for the answer, and could take that to an earlier question for its own.
        let is_asked = self.page().is_some_and(|page| page.asked.is_some());
        only_if(self.answers == AnswerState::Well && !is_asked)?;
        self.use_widget(widget)
    }

    pub(super) fn send(&mut self, widget: Interaction) -> Done {
        only_if(self.claims.questions.contains(&widget))?;
        let is_again = self.page().is_some_and(|page| page.faq_used);
        only_if(widget == Interaction::Chat || !is_again)?;
        // Whether a question that got no answer opens the gate, the API page does not say.
        only_if(self.answers != AnswerState::Failing || self.has_interacted())?;
        self.use_widget(widget)?;
        let answers = self.answers;
        if let Some(page) = self.page_mut() {
            page.asked = Some(answers);
        }
        Ok(())
    }

    fn use_widget(&mut self, widget: Interaction) -> Done {
        only_if(self.claims.has(widget) && self.can_use_widgets())?;
        let page = self.page().ok_or(NoMeaning)?;
        let has_faqs = self.claims.faq_pages.contains(&page.name);
        only_if(widget == Interaction::Chat || has_faqs)?;
        let number = page.number;
        self.see_ready();
        match widget {
            Interaction::Chat => self.set_chat(Chat::Used),
            Interaction::Faq => {
                if let Some(page) = self.page_mut() {
                    page.faq_used = true;
                }
            }
        }
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

    pub(super) fn open_chat(&mut self) -> Done {
        only_if(self.claims.has(Interaction::Chat) && self.can_use_widgets())?;
        self.see_ready();
        if self.page().is_some_and(|page| page.chat == Chat::Closed) {
            self.set_chat(Chat::Opened);
        }
        let window = self.window();
        if matches!(window.interacted, Interacted::No | Interacted::LastSession) {
            window.interacted = Interacted::Unclear(Rule::ChatOnlyOpened);
        }
        Ok(())
    }

    pub(super) fn dismiss_chat(&mut self) -> Done {
        only_if(self.claims.dismiss && self.can_use_widgets())?;
        only_if(self.page().is_some_and(|page| page.chat == Chat::Used))?;
        self.set_chat(Chat::Closed);
        Ok(())
    }

    fn set_chat(&mut self, chat: Chat) {
        if let Some(page) = self.page_mut() {
            page.chat = chat;
        }
    }

    pub(super) fn set_answers(&mut self, state: AnswerState) -> Done {
        only_if(!self.claims.questions.is_empty() && state != self.answers)?;
        self.answers = state;
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
}
