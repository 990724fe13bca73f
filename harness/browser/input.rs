//! Clicks, keys and frames: W3C WebDriver's element commands on one session.

use std::time::Duration;

use fantoccini::Locator;
use fantoccini::actions::{InputSource, MOUSE_BUTTON_LEFT, MouseActions, PointerAction};
use fantoccini::elements::{Element, ElementRef};
use fantoccini::error::CmdError;
use serde_json::Value;

use super::error::BrowserError;
use super::session::Session;

/// The key by which WebDriver marks an element in JSON (W3C WebDriver, 12.3 “Elements”).
const ELEMENT_KEY: &str = "element-6066-11e4-a52e-4f735466cecf";

impl Session {
    /// A trusted click in the middle of an element that is in view.
    ///
    /// By pointer actions: in Chromium the “Element Click” command takes two and a half times as
    /// long.
    pub(super) async fn click(&self, element: &Value) -> Result<(), BrowserError> {
        let element = self.element(element)?;
        let (button, duration) = (MOUSE_BUTTON_LEFT, Some(Duration::ZERO));
        let (x, y) = (0.0, 0.0);
        let click = MouseActions::new("mouse".to_owned())
            .then(PointerAction::MoveToElement {
                element,
                duration,
                x,
                y,
            })
            .then(PointerAction::Down { button })
            .then(PointerAction::Up { button });
        self.run(self.client().perform_actions(click)).await
    }

    /// Types into an element, key by key.
    pub(super) async fn send_keys(&self, element: &Value, keys: &str) -> Result<(), BrowserError> {
        if self.engine.clicks_to_type() {
            self.click(element).await?;
        }
        let element = self.element(element)?;
        self.run(element.send_keys(keys)).await
    }

    /// Goes on inside a frame, until `leave_frames`.
    pub(super) async fn enter_frame(&self, frame: &Value) -> Result<(), BrowserError> {
        let frame = self.element(frame)?;
        self.run(frame.enter_frame()).await
    }

    /// Goes on inside the only frame of the page.
    pub(super) async fn enter_only_frame(&self) -> Result<(), BrowserError> {
        self.run(self.client().enter_frame(0)).await
    }

    /// Goes on in the page itself, whether the frame is still there or not.
    pub(super) async fn leave_frames(&self) -> Result<(), BrowserError> {
        let window = self.window().await?;
        self.run(self.client().switch_to_window(window)).await
    }

    /// What a bare suite does: find again and again until it is there, then “Element Click”.
    pub async fn find_and_click(&self, selector: &str) -> Result<(), BrowserError> {
        let click = async { self.found(selector).await?.click().await };
        self.run(click).await
    }

    /// What a bare suite does: find again and again until it is there, then “Element Send Keys”.
    pub async fn find_and_type(&self, selector: &str, keys: &str) -> Result<(), BrowserError> {
        let typing = async { self.found(selector).await?.send_keys(keys).await };
        self.run(typing).await
    }

    /// What a bare suite does: find again and again until it is there.
    pub async fn wait_for(&self, selector: &str) -> Result<(), BrowserError> {
        let found = async { self.found(selector).await.map(|_| ()) };
        self.run(found).await
    }

    async fn found(&self, selector: &str) -> Result<Element, CmdError> {
        let wait = self.client().wait().every(Duration::from_millis(5));
        wait.for_element(Locator::Css(selector)).await
    }

    fn element(&self, element: &Value) -> Result<Element, BrowserError> {
        let id = element.get(ELEMENT_KEY).and_then(Value::as_str);
        let id = id.ok_or_else(|| BrowserError::unexpected_answer("find.js", "no element"))?;
        let reference = ElementRef::from(id.to_owned());
        Ok(Element::from_element_id(self.client().clone(), reference))
    }
}
