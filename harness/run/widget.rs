//! How a visitor uses a widget, as the profile describes it.

use std::sync::Arc;

use serde_json::json;

use super::attempting::Attempting;
use crate::browser::BrowserError;
use crate::contract::Interaction;
use crate::evidence::{Decision, Request};
use crate::sdk::{Conversation, Side};

/// The key of WebDriver's that sends what was typed.
pub(super) const ENTER: &str = "\u{E007}";

impl<'a> Attempting<'a> {
    /// Interacts with a widget as the profile describes.
    pub(super) async fn interact(&mut self, widget: Interaction) -> Result<(), BrowserError> {
        let since = self.own.clock.now();
        let Some(conversation) = self.ask(widget).await? else {
            return Ok(());
        };
        let within = self.widget_deadline();
        if self.was_used(widget) {
            // What the page shows may be the answer to an earlier question. A widget that asks from
            // where no timing can be read shows nothing more.
            match self.await_reply_to(widget, since, within).await {
                Ok(()) | Err(BrowserError::GaveUp(_)) => {}
                Err(error) => return Err(error),
            }
        }
        if let Some(answer) = &conversation.answer {
            self.page.await_there(answer.parts(), within).await?;
        }
        match &conversation.answered {
            Some(answered) => self.page.await_true(answered, within).await,
            None => Ok(()),
        }
    }

    /// Asks by a widget, and waits until the backend has got the question, where the profile says
    /// what such a question is: what a widget does with a click may take it another turn.
    pub(super) async fn send(&mut self, widget: Interaction) -> Result<(), BrowserError> {
        let since = self.own.clock.now();
        self.ask(widget).await?;
        let profile = Arc::clone(&self.stage.profile);
        if !profile.knows_questions_to(widget) {
            return Ok(());
        }
        let is_it = |request: &Request| {
            request.at >= since
                && request.decision == Decision::Answered
                && profile.asked_by(&request.method, path_of(request)) == Some(widget)
        };
        let arrived = self.own.account.wait_until(|all| all.iter().any(is_it));
        let within = self.widget_deadline();
        let arrived = tokio::time::timeout(within, arrived).await;
        arrived.map_err(|_| {
            let ms = within.as_millis();
            let name = widget.widget();
            BrowserError::GaveUp(format!("no question to the {name} came within {ms} ms"))
        })
    }

    /// Asks by a widget and does not wait for the answer. Returns how the visitor did it; `None`
    /// where the build has no such widget and needs none.
    pub(super) async fn ask(
        &mut self,
        widget: Interaction,
    ) -> Result<Option<&'a Conversation>, BrowserError> {
        let stage = self.stage;
        let profile = &stage.profile;
        let within = self.widget_deadline();
        let Some(conversation) = profile.conversation(widget) else {
            // Where nothing is rejected without an interaction, there is nothing to do first.
            return if profile.policies.gate == Side::None {
                Ok(None)
            } else {
                Err(self.missing(widget))
            };
        };
        if let Some(call) = &conversation.call {
            let message = json!(conversation.message).to_string();
            self.act(&call.replace("{{message}}", &message)).await?;
        } else {
            self.open(widget, conversation).await?;
            if let Some(input) = &conversation.input {
                let enter = if conversation.send.is_some() {
                    ""
                } else {
                    ENTER
                };
                let keys = format!("{}{enter}", conversation.message);
                self.page.type_into(input.parts(), &keys, within).await?;
            }
            if let Some(send) = &conversation.send {
                self.page.click(send.parts(), within).await?;
            }
        }
        Ok(Some(conversation))
    }

    /// Whether the case has used the widget before this step.
    fn was_used(&self, widget: Interaction) -> bool {
        let done = self.case.scenario.steps.iter();
        let mut done = done.take(self.evidence.steps.len());
        let of_case = self.case.axes.interaction;
        done.any(|(_, step)| {
            let used = step.facts().widget;
            used.is_some_and(|used| used.widget(of_case) == widget)
        })
    }

    /// Whether a visitor can type into the widget.
    async fn is_open(&self, conversation: &Conversation) -> Result<bool, BrowserError> {
        match &conversation.input {
            Some(input) => self.page.is_usable(input.parts()).await,
            None => Ok(false),
        }
    }

    /// Opens the chat and sends nothing.
    pub(super) async fn open_chat(&mut self) -> Result<(), BrowserError> {
        let chat = Interaction::Chat;
        let stage = self.stage;
        match stage.profile.conversation(chat) {
            Some(conversation) => self.open(chat, conversation).await,
            None => Err(self.missing(chat)),
        }
    }

    /// Closes the chat.
    pub(super) async fn dismiss_chat(&mut self) -> Result<(), BrowserError> {
        let stage = self.stage;
        let chat = stage.profile.conversation(Interaction::Chat);
        if let Some(close) = chat.and_then(|chat| chat.close.as_ref()) {
            return self.act(close).await;
        }
        let Some(dismiss) = chat.and_then(|chat| chat.dismiss.as_ref()) else {
            return Err(self.missing(Interaction::Chat));
        };
        let within = self.widget_deadline();
        self.page.click(dismiss.parts(), within).await
    }

    /// A bug of the harness: checks that need what the profile does not have are excluded.
    fn missing(&self, widget: Interaction) -> BrowserError {
        let (profile, table) = (&self.stage.profile.name, widget.table());
        BrowserError::Refused(format!("the profile {profile} has no [{table}]"))
    }

    /// Opens a widget that is not open: a second click where it was opened may close it.
    async fn open(
        &mut self,
        widget: Interaction,
        conversation: &Conversation,
    ) -> Result<(), BrowserError> {
        if self.was_used(widget) && self.is_open(conversation).await? {
            return Ok(());
        }
        if let Some(open) = &conversation.open {
            return self.act(open).await;
        }
        for selector in &conversation.clicks {
            self.page
                .click(selector.parts(), self.widget_deadline())
                .await?;
        }
        Ok(())
    }

    /// Does something by a method of the SDK, which is there once it is ready.
    async fn act(&mut self, expression: &str) -> Result<(), BrowserError> {
        self.await_ready().await?;
        let script = format!("{expression};");
        match self.page.session.execute(&script, vec![]).await {
            // Whether the build lost the method or the profile names a wrong one: a visitor cannot
            // do it.
            Err(BrowserError::Refused(why)) => Err(BrowserError::GaveUp(format!(
                "`{expression}` of the profile {}: {why}",
                self.stage.profile.name
            ))),
            done => done.map(|_| ()),
        }
    }
}

/// The path of a request, without its query.
fn path_of(request: &Request) -> &str {
    request.path.split('?').next().unwrap_or_default()
}
