//! The windows of a session.

use fantoccini::wd::WindowHandle;

use super::{BrowserError, Session};

impl Session {
    /// Opens a window and returns its handle. A window and not a tab: tabs hide and throttle each
    /// other.
    ///
    /// # Errors
    /// If the session is lost.
    pub async fn new_window(&self) -> Result<WindowHandle, BrowserError> {
        let opened = self
            .connection
            .run(self.connection.client.new_window(false));
        Ok(opened.await?.handle)
    }

    /// Goes on in `window`.
    ///
    /// # Errors
    /// If the session is lost.
    pub async fn switch_to(&self, window: WindowHandle) -> Result<(), BrowserError> {
        let connection = &self.connection;
        connection
            .run(connection.client.switch_to_window(window))
            .await
    }

    /// The current window.
    ///
    /// # Errors
    /// If the session is lost.
    pub async fn window(&self) -> Result<WindowHandle, BrowserError> {
        self.connection.run(self.connection.client.window()).await
    }

    /// Every window.
    ///
    /// # Errors
    /// If the session is lost.
    pub async fn windows(&self) -> Result<Vec<WindowHandle>, BrowserError> {
        self.connection.run(self.connection.client.windows()).await
    }

    /// Closes the current window.
    ///
    /// # Errors
    /// If the session is lost.
    pub async fn close_window(&self) -> Result<(), BrowserError> {
        let connection = &self.connection;
        connection.run(connection.client.close_window()).await
    }
}
