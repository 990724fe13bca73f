//! What each step of a scenario does to the world.

use std::time::Duration;

use serde_json::json;

use super::calls;
use super::drive::Attempting;
use crate::browser::{BrowserError, Until};
use crate::evidence::{Identity, Push};
use crate::scenario::{Direction, Exit, Interaction, Load, ScriptState, Step, Tab};
use crate::sdk::{Conversation, Profile, ScriptKind, Side};

const READ: &str = include_str!("scripts/read.js");

impl Attempting<'_> {
    pub(super) async fn step(&mut self, step: &Step) -> Result<(), BrowserError> {
        let within = self.stage.profile.waits.ready();
        match step {
            Step::Visit(page) => {
                self.collect_started().await?;
                let url = self.own.url(page, self.visitor);
                self.page.visit(&url, self.until(), within).await
            }
            Step::Interact(way) => self.interact(way.unwrap_or(self.case.interaction)).await,
            Step::OpenChat => match &self.stage.profile.chat {
                Some(chat) => self.open(chat).await,
                None => Err(BrowserError::GaveUp("the profile has no chat".into())),
            },
            Step::Track {
                events,
                style,
                exit,
                during,
            } => {
                if exit.is_some() {
                    self.collect_started().await?;
                }
                let style = style.unwrap_or(self.case.call);
                let made = calls::call(
                    self.page.session,
                    &self.own.clock,
                    events,
                    style,
                    *exit,
                    during.as_ref(),
                )
                .await?;
                self.evidence.calls.extend(made);
                match exit {
                    None => Ok(()),
                    Some(Exit::Navigate | Exit::Reload) => {
                        self.page.await_next(self.until(), within).await
                    }
                    Some(Exit::Close) => self.windows.close(Tab::Second, &mut self.page).await,
                }
            }
            Step::SaveReference => calls::save_reference(self.page.session).await,
            Step::PushRaw(expression) => {
                let threw = calls::push_raw(self.page.session, expression).await?;
                self.evidence.pushes.push(Push {
                    at: self.own.clock.now(),
                    expression: expression.clone(),
                    threw,
                });
                Ok(())
            }
            Step::Click { action, line, to } => {
                let action = format!("[data-action=\"{action}\"]");
                let selector = line.as_ref().map_or_else(
                    || action.clone(),
                    |product| format!("[data-product-id=\"{product}\"] {action}"),
                );
                if to.is_some() {
                    self.collect_started().await?;
                }
                self.page.click(&[selector], within).await?;
                if to.is_some() {
                    self.page.await_next(self.until(), within).await
                } else {
                    Ok(())
                }
            }
            Step::Go(direction) => {
                self.collect_started().await?;
                match direction {
                    Direction::Back => self.page.back(self.until(), within).await,
                    Direction::Forward => self.page.forward(self.until(), within).await,
                    Direction::Reload => self.page.reload(self.until(), within).await,
                }
            }
            Step::Sdk(state) => {
                self.own.shop.set_script(*state);
                Ok(())
            }
            Step::Backend(state) => {
                self.own.set_backend(*state).await.map_err(|error| {
                    BrowserError::Lost(format!("the backend cannot change: {error}"))
                })
            }
            Step::Window(tab) => self.windows.switch(*tab, &mut self.page).await,
            Step::Close(tab) => self.windows.close(*tab, &mut self.page).await,
            Step::Visitor(visitor) => {
                self.leave_the_visit().await?;
                self.page.session.clear_cookies().await?;
                self.visitor = *visitor;
                Ok(())
            }
            Step::NewSession => {
                self.leave_the_visit().await?;
                self.page.session.delete_session_cookies().await?;
                self.windows.replace(&mut self.page).await
            }
            Step::UntilReady => {
                self.page
                    .await_true(&self.stage.profile.ready, within)
                    .await
            }
            Step::UntilRecorded(events) => self.await_recorded(events).await,
            Step::UntilAnswered(count) => self.await_answered(*count).await,
            Step::Stay(ms) => {
                tokio::time::sleep(Duration::from_millis(*ms)).await;
                Ok(())
            }
            Step::Read { expression, name } => {
                let value = self.read(expression).await?;
                self.evidence.reads.insert(name.clone(), value);
                Ok(())
            }
            Step::Identify => {
                let Some(names) = self.stage.profile.identifiers.clone() else {
                    return Ok(());
                };
                let (user_fingerprint, user_faq_fingerprint) = (
                    self.read(&names.user_fingerprint).await?,
                    self.read(&names.user_faq_fingerprint).await?,
                );
                self.evidence.identities.push(Identity {
                    at: self.own.clock.now(),
                    visitor: self.visitor,
                    user_fingerprint,
                    user_faq_fingerprint,
                });
                Ok(())
            }
            Step::Matrix(_) => {
                let Some(matrix) = &self.case.scenario.matrix else {
                    return Ok(());
                };
                self.matrix_threw = Some(calls::call_matrix(self.page.session, matrix).await?);
                Ok(())
            }
        }
    }

    async fn interact(&mut self, way: Interaction) -> Result<(), BrowserError> {
        let profile = &self.stage.profile;
        let within = profile.waits.ready();
        let Some(conversation) = conversation(profile, way) else {
            // Where nobody keeps events out, there is nothing that a visitor has to do first.
            let missing = || {
                BrowserError::GaveUp(format!(
                    "the profile {} has no [{}]",
                    profile.name,
                    way.table()
                ))
            };
            return if profile.policies.gate == Side::None {
                Ok(())
            } else {
                Err(missing())
            };
        };
        if let Some(call) = &conversation.call {
            self.act(&call.replace("{{message}}", &json!(conversation.message).to_string()))
                .await?;
        } else {
            self.open(conversation).await?;
            if let Some(input) = &conversation.input {
                let enter = if conversation.send.is_some() {
                    ""
                } else {
                    "\u{E007}"
                };
                self.page
                    .type_into(
                        input.parts(),
                        &format!("{}{enter}", conversation.message),
                        within,
                    )
                    .await?;
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

    async fn open(&self, conversation: &Conversation) -> Result<(), BrowserError> {
        if let Some(open) = &conversation.open {
            return self.act(open).await;
        }
        for selector in &conversation.clicks {
            self.page
                .click(selector.parts(), self.stage.profile.waits.ready())
                .await?;
        }
        Ok(())
    }

    /// Does something by a method of the SDK, which is there once it is ready.
    async fn act(&self, expression: &str) -> Result<(), BrowserError> {
        self.page
            .await_true(&self.stage.profile.ready, self.stage.profile.waits.ready())
            .await?;
        match self
            .page
            .session
            .execute(&format!("{expression};"), vec![])
            .await
        {
            // Whether the build lost the method or the profile names a wrong one: a visitor cannot
            // do it.
            Err(BrowserError::Refused(why)) => Err(BrowserError::GaveUp(format!(
                "`{expression}` of the profile {}: {why}",
                self.stage.profile.name
            ))),
            done => done.map(|_| ()),
        }
    }

    async fn read(&self, expression: &str) -> Result<serde_json::Value, BrowserError> {
        let expression = expression.replace(
            "{{globals}}",
            &json!(self.stage.profile.globals).to_string(),
        );
        self.page
            .session
            .execute_async(&READ.replace("EXPRESSION", &expression), vec![])
            .await
    }

    /// How far a page gets while its SDK is held back.
    pub(super) fn until(&self) -> Until {
        match self.own.shop.script() {
            // Only a plain script stops the page at its place; any other is waited for by nobody.
            ScriptState::Held
                if self.case.load == Load::Blocking
                    && self.stage.profile.install.kind == ScriptKind::Classic =>
            {
                Until::Snippet
            }
            ScriptState::Held => Until::Parsed,
            ScriptState::Open | ScriptState::Blocked | ScriptState::FailsOnce => Until::Complete,
        }
    }
}

fn conversation(profile: &Profile, way: Interaction) -> Option<&Conversation> {
    match way {
        Interaction::Chat => profile.chat.as_ref(),
        Interaction::Faq => profile.faq.as_ref(),
    }
}
