//! Does the steps of a scenario: an arm a step, and a function where it takes more than a line.

use std::time::Duration;

use serde_json::json;

use super::attempting::Attempting;
use super::calls;
use super::windows::OpenedBy;
use crate::browser::{BrowserError, Until};
use crate::contract::Event;
use crate::evidence::{Identity, Push};
use crate::scenario::{CHAT_PLACE, CallStyle, Direction, Exit, NetworkState, Step, Tab};
use crate::sdk::Profile;

const READ: &str = include_str!("scripts/read.js");

impl Attempting<'_> {
    /// Does a step.
    pub(super) async fn step(&mut self, step: &Step) -> Result<(), BrowserError> {
        if step.facts().leaves_page {
            self.collect_started().await?;
        }
        match step {
            Step::Visit(page) => self.visit(page).await,
            Step::Prerender(page) => {
                let url = self.own.url(page, self.visitor);
                self.page.prerender(&url).await?;
                // Its shop says how far it is.
                let far_enough = match self.until() {
                    Until::Complete => "'complete'",
                    Until::Parsed | Until::Snippet | Until::Body => "'interactive'",
                };
                let is_there = format!(
                    "shop.prerendered({}) === {far_enough}",
                    json!(format!("/{page}"))
                );
                self.page.await_true(&is_there, self.deadlines.page).await
            }
            Step::Interact(way) => {
                let widget = way.unwrap_or(self.case.axes.interaction);
                self.interact(widget).await
            }
            Step::Send(way) => {
                let widget = way.unwrap_or(self.case.axes.interaction);
                self.send(widget).await
            }
            Step::OpenChat => self.open_chat().await,
            Step::DismissChat => self.dismiss_chat().await,
            Step::Track {
                events,
                style,
                exit,
                during,
            } => {
                let style = style.unwrap_or(self.case.axes.call);
                self.track(events, style, *exit, during.as_ref()).await
            }
            Step::SaveReference => calls::save_reference(self.page.session).await,
            Step::PushRaw(expression) => self.push_raw(expression).await,
            Step::Click { action, line, to } => {
                self.click(action, line.as_deref(), to.is_some()).await
            }
            Step::Go(direction) => self.go(*direction).await,
            Step::Sdk(state) => {
                self.own.shop.set_script(*state);
                Ok(())
            }
            Step::Backend(state) => {
                let set = self.own.set_backend(*state).await;
                set.map_err(|error| {
                    BrowserError::Lost(format!("the backend cannot change: {error}"))
                })
            }
            Step::Answers(state) => {
                self.own.account.set_answers(*state);
                Ok(())
            }
            Step::Network(state) => self.set_network(*state).await,
            Step::Window(tab) => {
                let opened_by = self.windows.switch(*tab, &mut self.page).await?;
                self.note_code().await?;
                match opened_by {
                    OpenedBy::Case => Ok(()),
                    OpenedBy::Page => {
                        let (until, within) = (self.until(), self.deadlines.page);
                        self.page.await_first(until, within).await
                    }
                }
            }
            Step::Screen(screen) => self.windows.put(*screen, &self.page).await,
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
                let took = self.await_ready().await?;
                let took = took.filter(|_| self.follows_loading());
                self.evidence.ready_ms.extend(took);
                Ok(())
            }
            Step::UntilRecorded(events) => self.await_recorded(events).await,
            Step::UntilAnswered(count) => self.await_answered(*count).await,
            Step::UntilReplied(count) => self.await_replied(*count).await,
            Step::Stay(ms) => {
                tokio::time::sleep(Duration::from_millis(*ms)).await;
                Ok(())
            }
            Step::Read { expression, name } => {
                let value = self.read(expression).await?;
                self.evidence.reads.insert(name.clone(), value);
                Ok(())
            }
            Step::Identify => self.identify().await,
            Step::Matrix(_) => self.call_matrix().await,
        }
    }

    async fn visit(&mut self, page: &str) -> Result<(), BrowserError> {
        let url = self.own.url(page, self.visitor);
        let (until, within) = (self.until(), self.deadlines.page);
        let condition = self.case.axes.condition.as_ref();
        let visited = if condition.is_some_and(|own| own.framed) {
            let framing = self.own.framing_url(self.visitor);
            self.page.visit_framed(&framing, &url, until, within).await
        } else if self.owes_answers {
            // The page's own requests may have to wait for the connections of those.
            self.page.set_out_for(&url, within).await?;
            self.answer_what_is_owed();
            self.page.await_next(until, within).await
        } else {
            self.page.visit(&url, until, within).await
        };
        self.answer_what_is_owed();
        visited
    }

    /// Whether the step before this one loaded the page or released the script. After any other,
    /// the SDK may have been ready long before somebody looks.
    fn follows_loading(&self) -> bool {
        let index = self.evidence.steps.len().checked_sub(1);
        let before = index.and_then(|index| self.case.scenario.steps.get(index));
        before.is_some_and(|(_, step)| step.loads_sdk())
    }

    /// Leaves the page before what it stored is cleared: no visitor loses their cookies under a
    /// page that still has something to send.
    async fn leave_the_visit(&mut self) -> Result<(), BrowserError> {
        self.collect_started().await?;
        self.go_to_blank().await
    }

    async fn track(
        &mut self,
        events: &[Event],
        style: CallStyle,
        exit: Option<Exit>,
        during: Option<&Event>,
    ) -> Result<(), BrowserError> {
        let (session, clock) = (self.page.session, &self.own.clock);
        let way = calls::Way {
            style,
            direct_object: self.stage.profile.direct_object(),
            exit,
        };
        let made = calls::call(session, clock, way, events, during).await?;
        self.evidence.calls.extend(made);
        match exit {
            None => Ok(()),
            Some(Exit::Navigate | Exit::Reload) => {
                self.page.await_gone(self.deadlines.page).await?;
                // The next page may need their connections.
                self.own.account.release_answers();
                self.page
                    .await_next(self.until(), self.deadlines.page)
                    .await
            }
            Some(Exit::Close) => {
                // The window has gone before what it sent is taken back: a connection that got free
                // meanwhile would still send what waits for one.
                self.owes_answers = true;
                self.windows.close(Tab::Second, &mut self.page).await
            }
        }
    }

    /// Takes the browser off the network, or puts it back.
    pub(super) async fn set_network(&mut self, state: NetworkState) -> Result<(), BrowserError> {
        if state != self.network {
            let is_offline = state == NetworkState::Offline;
            self.page.session.set_offline(is_offline).await?;
            self.network = state;
        }
        Ok(())
    }

    async fn push_raw(&mut self, expression: &str) -> Result<(), BrowserError> {
        let threw = calls::push_raw(self.page.session, expression).await?;
        self.evidence.pushes.push(Push {
            at: self.own.clock.now(),
            expression: expression.to_owned(),
            threw,
        });
        Ok(())
    }

    async fn click(
        &mut self,
        action: &str,
        line: Option<&str>,
        loads_page: bool,
    ) -> Result<(), BrowserError> {
        self.page
            .click(&[button(action, line)], self.within())
            .await?;
        if loads_page {
            self.page
                .await_next(self.until(), self.deadlines.page)
                .await
        } else {
            Ok(())
        }
    }

    async fn go(&mut self, direction: Direction) -> Result<(), BrowserError> {
        let (until, within) = (self.until(), self.deadlines.page);
        match direction {
            Direction::Back => self.page.back(until, within).await,
            Direction::Forward => self.page.forward(until, within).await,
            Direction::Reload => self.page.reload(until, within).await,
        }
    }

    async fn identify(&mut self) -> Result<(), BrowserError> {
        let Some(names) = self.stage.profile.identifiers.clone() else {
            return Ok(());
        };
        let user_fingerprint = self.read(&names.user_fingerprint).await?;
        let user_faq_fingerprint = self.read(&names.user_faq_fingerprint).await?;
        self.evidence.identities.push(Identity {
            at: self.own.clock.now(),
            visitor: self.visitor,
            user_fingerprint,
            user_faq_fingerprint,
        });
        Ok(())
    }

    async fn call_matrix(&mut self) -> Result<(), BrowserError> {
        if let Some(matrix) = &self.case.scenario.matrix {
            self.matrix_threw = Some(calls::call_matrix(self.page.session, matrix).await?);
        }
        Ok(())
    }

    async fn read(&self, expression: &str) -> Result<serde_json::Value, BrowserError> {
        let script = reading(expression, &self.stage.profile);
        self.page.session.execute_async(&script, vec![]).await
    }
}

/// The script that evaluates an expression in a page of a build with this profile.
pub(super) fn reading(expression: &str, profile: &Profile) -> String {
    let globals = json!(profile.globals).to_string();
    let chat = json!(profile.chat_place()).to_string();
    let expression = expression
        .replace("{{globals}}", &globals)
        .replace(CHAT_PLACE, &chat);
    READ.replace("EXPRESSION", &expression)
}

/// The selector of a button of the shop, in the cart line of the product `line`, if one is given.
pub(super) fn button(action: &str, line: Option<&str>) -> String {
    let action = format!("[data-action=\"{action}\"]");
    match line {
        Some(product) => format!("[data-product-id=\"{product}\"] {action}"),
        None => action,
    }
}
