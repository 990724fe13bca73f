use std::fmt::Debug;

use fantoccini::error::{CmdError, ErrorStatus, WebDriver};
use thiserror::Error;

/// What the texts of a driver's errors mean, where the status of W3C WebDriver does not show it.
pub trait ErrorTexts: Debug + Send + Sync {
    /// The meaning of a message; `None`: nothing known.
    fn meaning_of(&self, message: &str) -> Option<Meaning>;

    /// Whether a dialog that opens during a command stops the command, and no error says so; and
    /// the driver may answer nothing at all. Then others are asked beside a command that is late.
    fn may_not_answer(&self) -> bool {
        false
    }

    /// The text of a dialog, where the driver reports it in the message alone.
    fn dialog_text(&self, message: &str) -> Option<String>;

    /// Whether a driver says in this message that the browser is of a version that it cannot
    /// drive.
    fn is_of_another_version(&self, message: &str) -> bool {
        let _ = message;
        false
    }
}

/// How a Selenium Grid begins what it answers of a session whose node does not answer any more
/// (4.48).
const NODE_LOST: &str = "Unable to execute request for an existing session";

/// What an error of a driver means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// The browser, or the session, has ended.
    Lost,
    /// The page, the frame or the element was replaced while the command ran.
    PageChanged,
}

/// How a command of the harness to a browser can fail.
#[derive(Debug, Error)]
pub enum BrowserError {
    /// The browser, its driver or this session has ended, or does not answer. Never the SDK's fault
    /// by itself.
    #[error("the browser session is lost: {0}")]
    Lost(String),
    /// The driver, or the Selenium Grid, answers that it opens no session.
    #[error("{0}")]
    NotOpened(String),
    /// Neither the page nor the driver answers: a script in the page may loop for ever. Holds the
    /// seconds waited.
    #[error("the page did not answer for {0} s")]
    Hung(u64),
    /// A dialog was open; it is dismissed. Holds its text.
    #[error("a dialog opened: {0}")]
    Dialog(String),
    /// What was waited for did not come in time. Holds what was there instead.
    #[error("{0}")]
    GaveUp(String),
    /// The page was replaced during a command, which can be sent again on the new one.
    #[error("the page changed during a command: {0}")]
    PageChanged(String),
    /// The driver refused a command. A bug of the harness, or of a scenario's script.
    #[error("{0}")]
    Refused(String),
}

impl BrowserError {
    /// The meaning of an error of a driver.
    pub(super) fn of(texts: &dyn ErrorTexts, error: CmdError) -> Self {
        match error {
            CmdError::Standard(answer) => Self::of_answer(texts, &answer),
            // The driver, or what answers in its place, speaks no WebDriver any more.
            CmdError::Failed(_)
            | CmdError::FailedC(_)
            | CmdError::Lost(_)
            | CmdError::NotJson(_)
            | CmdError::NotW3C(_) => Self::Lost(error.to_string()),
            other => Self::Refused(other.to_string()),
        }
    }

    fn of_answer(texts: &dyn ErrorTexts, answer: &WebDriver) -> Self {
        // The lines after the first hold its causes, `from …`, then the session and the stack.
        let mut lines = answer.message.lines();
        let first = lines.next().unwrap_or_default();
        let causes = lines.take_while(|line| line.starts_with("from "));
        let message: Vec<&str> = [first].into_iter().chain(causes).collect();
        let message = message.join(" ");
        match answer.error {
            ErrorStatus::UnexpectedAlertOpen => {
                // W3C WebDriver, “Handle any user prompts”: the text is in the error's data.
                let text = answer.data.as_ref().and_then(|data| data["text"].as_str());
                let text = text
                    .map(str::to_owned)
                    .or_else(|| texts.dialog_text(&message));
                Self::Dialog(text.unwrap_or(message))
            }
            ErrorStatus::InvalidSessionId
            | ErrorStatus::NoSuchWindow
            | ErrorStatus::SessionNotCreated => Self::Lost(message),
            // What a command names was there, shown and on top, when it was looked for.
            ErrorStatus::StaleElementReference
            | ErrorStatus::NoSuchElement
            | ErrorStatus::NoSuchFrame
            | ErrorStatus::ElementNotInteractable
            | ErrorStatus::ScriptTimeout => Self::PageChanged(message),
            // Its words are those of the page: an SDK may say that something was lost.
            ErrorStatus::JavascriptError => match texts.meaning_of(&message) {
                Some(Meaning::PageChanged) => Self::PageChanged(message),
                Some(Meaning::Lost) | None => Self::Refused(message),
            },
            _ => Self::of_message(texts, message),
        }
    }

    /// The meaning of a message alone.
    pub(super) fn of_message(texts: &dyn ErrorTexts, message: String) -> Self {
        let of_grid = message.starts_with(NODE_LOST).then_some(Meaning::Lost);
        match of_grid.or_else(|| texts.meaning_of(&message)) {
            Some(Meaning::Lost) => Self::Lost(message),
            Some(Meaning::PageChanged) => Self::PageChanged(message),
            None => Self::Refused(message),
        }
    }

    /// A script of the harness returned something that it cannot return: a bug of the harness.
    pub fn unexpected_answer(script: &str, answer: impl std::fmt::Display) -> Self {
        Self::Refused(format!("the script {script} returned {answer}"))
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::browser::chromium::Chromium;

    fn answered(status: ErrorStatus, message: &'static str) -> BrowserError {
        BrowserError::of(
            &Chromium,
            CmdError::Standard(WebDriver::new(status, message)),
        )
    }

    #[test]
    fn session_of_a_node_that_has_gone_is_lost() {
        let message = "Unable to execute request for an existing session: Connection error (GET \
                       http://10.0.0.3:5555/session/1/url)";
        let error = answered(ErrorStatus::UnknownError, message);
        assert!(matches!(error, BrowserError::Lost(_)), "{error:?}");
    }

    #[rstest]
    #[case::node_of_another_document(
        ErrorStatus::UnknownError,
        "unknown error: unhandled inspector error: {\"code\":-32000,\"message\":\"Node with given \
         id does not belong to the document\"}"
    )]
    #[case::prerendered_page_shown(
        ErrorStatus::Timeout,
        "timeout\nfrom aborted by navigation\nfrom target frame detached\n  (Session info)"
    )]
    #[case::element_gone(ErrorStatus::NoSuchElement, "no such element: element not found")]
    #[case::element_stale(ErrorStatus::StaleElementReference, "stale element not found")]
    fn replaced_page_is_a_page_changed(#[case] status: ErrorStatus, #[case] message: &'static str) {
        assert!(matches!(
            answered(status, message),
            BrowserError::PageChanged(_)
        ));
    }

    #[test]
    fn what_a_page_throws_is_no_lost_session() {
        let message = "javascript error: the chat is disconnected";
        let error = answered(ErrorStatus::JavascriptError, message);
        assert!(matches!(error, BrowserError::Refused(_)), "{error:?}");
    }

    #[test]
    fn unknown_message_is_a_refusal() {
        assert!(matches!(
            answered(ErrorStatus::UnknownError, "unknown error: no chrome binary"),
            BrowserError::Refused(_)
        ));
    }

    #[test]
    fn ended_browser_is_a_lost_session() {
        assert!(matches!(
            answered(
                ErrorStatus::UnknownError,
                "disconnected: not connected to DevTools"
            ),
            BrowserError::Lost(_)
        ));
    }

    #[test]
    fn dialog_text_comes_from_the_data_or_else_from_the_message() {
        let message = "unexpected alert open: {Alert text : hello}";
        let text = |error| match error {
            BrowserError::Dialog(text) => text,
            other => other.to_string(),
        };
        assert_eq!(
            text(answered(ErrorStatus::UnexpectedAlertOpen, message)),
            "hello"
        );
        let mut error = WebDriver::new(ErrorStatus::UnexpectedAlertOpen, "");
        error.data = Some(serde_json::json!({"text": "hello"}));
        let error = BrowserError::of(&Chromium, CmdError::Standard(error));
        assert_eq!(text(error), "hello");
    }

    #[test]
    fn answer_that_is_no_webdriver_is_a_lost_session() {
        let error = CmdError::NotJson("<html>Bad Gateway</html>".to_owned());
        assert!(matches!(
            BrowserError::of(&Chromium, error),
            BrowserError::Lost(_)
        ));
    }
}
