//! How a visitor uses a widget, as the profile describes it.

use serde_json::json;

use super::attempting::Attempting;
use crate::browser::BrowserError;
use crate::contract::Interaction;
use crate::sdk::{Conversation, Side};

/// The key of WebDriver's that sends what was typed.
pub(super) const ENTER: &str = "\u{E007}";

impl Attempting<'_> {
    /// Interacts with a widget as the profile describes.
    pub(super) async fn interact(&mut self, widget: Interaction) -> Result<(), BrowserError> {
        let stage = self.stage;
        let profile = &stage.profile;
        let within = self.widget_deadline();
        let Some(conversation) = profile.conversation(widget) else {
            // Where nothing is rejected without an interaction, there is nothing to do first.
            return if profile.policies.gate == Side::None {
                Ok(())
            } else {
                Err(self.missing(widget))
            };
        };
        if let Some(call) = &conversation.call {
            let message = json!(conversation.message).to_string();
            self.act(&call.replace("{{message}}", &message)).await?;
        } else {
            self.open(conversation).await?;
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
        if let Some(answer) = &conversation.answer {
            self.page.await_there(answer.parts(), within).await?;
        }
        match &conversation.answered {
            Some(answered) => self.page.await_true(answered, within).await,
            None => Ok(()),
        }
    }

    /// Opens the chat and sends nothing.
    pub(super) async fn open_chat(&mut self) -> Result<(), BrowserError> {
        let chat = Interaction::Chat;
        let stage = self.stage;
        match stage.profile.conversation(chat) {
            Some(conversation) => self.open(conversation).await,
            None => Err(self.missing(chat)),
        }
    }

    /// A bug of the harness: checks that need what the profile does not have are excluded.
    fn missing(&self, widget: Interaction) -> BrowserError {
        let (profile, table) = (&self.stage.profile.name, widget.table());
        BrowserError::Refused(format!("the profile {profile} has no [{table}]"))
    }

    async fn open(&mut self, conversation: &Conversation) -> Result<(), BrowserError> {
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
