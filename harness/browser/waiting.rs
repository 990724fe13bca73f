//! Waiting on one document, until something is there or true.

use std::time::{Duration, Instant};

use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::answer::{Answer, parsed};
use super::conjunction;
use super::error::BrowserError;
use super::page::Page;

const AWAIT_TRUE: &str = include_str!("scripts/await_true.js");
const FIRST_FALSE: &str = include_str!("scripts/first_false.js");

/// Between two questions to a page whose scripts do not wait themselves.
const ASK_AGAIN: Duration = Duration::from_millis(8);

/// Why nothing is known of a page whose script came to no answer.
pub(super) const NO_ANSWER: &str =
    "the page did not answer: a dialog stopped it, or another page came";

impl Page<'_> {
    /// Waits until an expression is true. Names the first part of it that is not, where it gives
    /// up.
    pub async fn await_true(&self, expression: &str, within: Duration) -> Result<(), BrowserError> {
        match self.await_since(expression, None, within).await {
            Ok(_) => Ok(()),
            Err(BrowserError::GaveUp(whole)) => {
                let part = self.first_false(expression).await;
                Err(BrowserError::GaveUp(part.unwrap_or(whole)))
            }
            Err(error) => Err(error),
        }
    }

    /// As `await_true`, and names no part. Returns the milliseconds from when the script of this
    /// path had come until the expression was seen to be true; `None` where the page did not load
    /// that script.
    pub async fn await_true_since(
        &self,
        expression: &str,
        script: &str,
        within: Duration,
    ) -> Result<Option<f64>, BrowserError> {
        self.await_since(expression, Some(script), within).await
    }

    async fn await_since(
        &self,
        expression: &str,
        since: Option<&str>,
        within: Duration,
    ) -> Result<Option<f64>, BrowserError> {
        let script = AWAIT_TRUE.replace("EXPRESSION", expression);
        let arguments = |left| vec![json!(expression), json!(since), json!(left)];
        self.await_ok("await_true.js", &script, arguments, within)
            .await
    }

    /// The first part of a conjunction that is not true, in words; `None` where it has no parts, or
    /// all of them are true by now.
    pub async fn first_false(&self, expression: &str) -> Option<String> {
        let parts = conjunction::parts(expression);
        if parts.len() < 2 {
            return None;
        }
        let functions = parts.iter().map(|part| format!("() => ({part})"));
        let functions: Vec<String> = functions.collect();
        let script = FIRST_FALSE.replace("PARTS", &functions.join(",\n"));
        // An error is the next command's: this one only explains.
        let answer = self
            .session
            .execute_async(&script, vec![json!(parts)])
            .await;
        answer.ok()?.as_str().map(str::to_owned)
    }

    /// A script waits in the page so long at most, and is sent again: so a page that loops can be
    /// distinguished from one that waits.
    fn longest_wait(&self) -> Duration {
        self.session.engine.longest_wait()
    }

    /// Runs a script that answers `{ok: …}` or, at the deadline it is given in milliseconds,
    /// `{missing: …}`; again on the next document where the page is replaced meanwhile.
    pub(super) async fn await_ok<T: DeserializeOwned>(
        &self,
        name: &str,
        script: &str,
        arguments: impl Fn(u64) -> Vec<Value>,
        within: Duration,
    ) -> Result<T, BrowserError> {
        let end = Instant::now() + within;
        loop {
            let left = end.saturating_duration_since(Instant::now());
            let slice = left.min(self.longest_wait());
            let left_ms = u64::try_from(slice.as_millis()).unwrap_or(u64::MAX);
            match self.session.execute_async(script, arguments(left_ms)).await {
                // A dialog stopped the script, which the next command reports; or the page was
                // replaced.
                Ok(Value::Null) | Err(BrowserError::PageChanged(_)) if !left.is_zero() => {}
                Ok(Value::Null) => {
                    return Err(BrowserError::GaveUp(NO_ANSWER.to_owned()));
                }
                Ok(answer) => match parsed(name, answer)? {
                    Answer::Ok(found) => return Ok(found),
                    Answer::Missing(_) if left > slice => {
                        if slice.is_zero() {
                            tokio::time::sleep(ASK_AGAIN).await;
                        }
                    }
                    Answer::Missing(what) => return Err(BrowserError::GaveUp(what)),
                },
                Err(error) => return Err(error),
            }
        }
    }
}
