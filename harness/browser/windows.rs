//! The windows of a session.

use fantoccini::wd::WindowHandle;

use super::error::BrowserError;
use super::session::Session;

impl Session {
    /// Opens a window and returns its handle. A window and not a tab: tabs hide and throttle each
    /// other.
    pub async fn new_window(&self) -> Result<WindowHandle, BrowserError> {
        self.engine.new_window(&self.connection).await
    }

    /// Goes on in `window`.
    pub async fn switch_to(&self, window: WindowHandle) -> Result<(), BrowserError> {
        self.run(self.client().switch_to_window(window)).await?;
        self.engine.entered(&self.connection).await
    }

    /// The current window.
    pub async fn window(&self) -> Result<WindowHandle, BrowserError> {
        self.run(self.client().window()).await
    }

    /// Minimises the current window, which hides its page.
    pub async fn hide(&self) -> Result<(), BrowserError> {
        self.run(self.client().minimize_window()).await
    }

    /// Shows the current window, so many pixels wide and high.
    pub async fn show(&self, width: u32, height: u32) -> Result<(), BrowserError> {
        self.engine.show(&self.connection, width, height).await
    }

    /// Every window.
    pub async fn windows(&self) -> Result<Vec<WindowHandle>, BrowserError> {
        self.run(self.client().windows()).await
    }

    /// Closes the current window.
    pub async fn close_window(&self) -> Result<(), BrowserError> {
        self.run(self.client().close_window()).await
    }
}
