use fantoccini::error::{CmdError, ErrorStatus};
use thiserror::Error;

/// What chromedriver says of a page, a frame or an element that went away under a command. The last
/// two come unhandled out of the browser.
const CHANGED: [&str; 7] = [
    "navigat",
    "context",
    "unloaded",
    "detached",
    "aborted",
    "does not belong to the document",
    "No node with given id",
];

/// What can go wrong between the harness and a page.
#[derive(Debug, Error)]
pub enum BrowserError {
    /// The browser, its driver or this session is gone, or does not answer. Never the SDK's fault
    /// by itself.
    #[error("the browser session is lost: {0}")]
    Lost(String),
    /// The page does not answer, and the driver neither: a script in it may loop for ever. Holds
    /// how long was waited, in seconds.
    #[error("the page did not answer for {0} s")]
    Hung(u64),
    /// A dialog stood in the way; the driver has dismissed it.
    #[error("a dialog opened: {0}")]
    Dialog(String),
    /// What was waited for did not come. Holds what was there instead.
    #[error("{0}")]
    GaveUp(String),
    /// The page changed under a command; it may be sent again on the new one.
    #[error("the page went away under a command: {0}")]
    PageChanged(String),
    /// The driver refused a command. The harness's own fault, or a script of a scenario's.
    #[error("{0}")]
    Refused(String),
}

impl From<CmdError> for BrowserError {
    fn from(error: CmdError) -> Self {
        match error {
            CmdError::Standard(answer) => {
                let message = answer.message.lines().next().unwrap_or_default().to_owned();
                match answer.error {
                    ErrorStatus::UnexpectedAlertOpen => Self::Dialog(dialog_text(&message)),
                    ErrorStatus::InvalidSessionId
                    | ErrorStatus::NoSuchWindow
                    | ErrorStatus::SessionNotCreated => Self::Lost(message),
                    // What a command names was there, shown and on top, when it was looked for.
                    ErrorStatus::StaleElementReference
                    | ErrorStatus::NoSuchElement
                    | ErrorStatus::NoSuchFrame
                    | ErrorStatus::ElementNotInteractable
                    | ErrorStatus::ScriptTimeout => Self::PageChanged(message),
                    _ if ["disconnected", "crashed", "not reachable", "chrome not"]
                        .iter()
                        .any(|sign| message.contains(sign)) =>
                    {
                        Self::Lost(message)
                    }
                    _ if CHANGED.iter().any(|sign| message.contains(sign)) => {
                        Self::PageChanged(message)
                    }
                    _ => Self::Refused(message),
                }
            }
            CmdError::Failed(_) | CmdError::FailedC(_) | CmdError::Lost(_) => {
                Self::Lost(error.to_string())
            }
            other => Self::Refused(other.to_string()),
        }
    }
}

/// chromedriver writes `unexpected alert open: {Alert text : hello}`.
fn dialog_text(message: &str) -> String {
    message
        .split_once("Alert text : ")
        .map_or(message, |(_, text)| text.trim_end_matches('}'))
        .to_owned()
}

#[cfg(test)]
mod tests {
    use fantoccini::error::WebDriver;

    use super::*;

    fn answered(status: ErrorStatus, message: &'static str) -> BrowserError {
        CmdError::Standard(WebDriver::new(status, message)).into()
    }

    #[test]
    fn a_frame_that_goes_away_under_a_command_is_a_page_that_changed() {
        let inspector = "unknown error: unhandled inspector error: \
            {\"code\":-32000,\"message\":\"Node with given id does not belong to the document\"}";
        assert!(matches!(
            answered(ErrorStatus::UnknownError, inspector),
            BrowserError::PageChanged(_)
        ));
        assert!(matches!(
            answered(
                ErrorStatus::NoSuchElement,
                "no such element: element not found"
            ),
            BrowserError::PageChanged(_)
        ));
        assert!(matches!(
            answered(
                ErrorStatus::StaleElementReference,
                "stale element not found"
            ),
            BrowserError::PageChanged(_)
        ));
        assert!(matches!(
            answered(ErrorStatus::UnknownError, "unknown error: no chrome binary"),
            BrowserError::Refused(_)
        ));
    }
}
