//! The windows of one visitor on one session.

use crate::browser::{BrowserError, Page, Session, WindowHandle};
use crate::scenario::Tab;

/// Which window is which.
#[derive(Debug)]
pub struct Windows {
    first: WindowHandle,
    second: Option<WindowHandle>,
    current: Tab,
}

impl Windows {
    /// The window the session is in becomes the first.
    pub async fn new(session: &Session) -> Result<Self, BrowserError> {
        Ok(Self::of(session.window().await?))
    }

    fn of(first: WindowHandle) -> Self {
        Self {
            first,
            second: None,
            current: Tab::First,
        }
    }

    /// Goes on in `tab`, opening it where it is not open.
    pub async fn switch(&mut self, tab: Tab, page: &mut Page<'_>) -> Result<(), BrowserError> {
        let handle = match (tab, &self.second) {
            (Tab::First, _) => self.first.clone(),
            (Tab::Second, Some(second)) => second.clone(),
            (Tab::Second, None) => self.second.insert(page.session.new_window().await?).clone(),
        };
        self.enter(handle, page).await?;
        self.current = tab;
        Ok(())
    }

    /// Closes `tab` and goes on in the other. The first is never closed alone: that would end the
    /// session.
    pub async fn close(&mut self, tab: Tab, page: &mut Page<'_>) -> Result<(), BrowserError> {
        let Some(second) = self.second.clone() else {
            let why = "there is no second window to close";
            return Err(BrowserError::Refused(why.into()));
        };
        if self.current != tab {
            self.switch(tab, page).await?;
        }
        page.session.close_window().await?;
        *self = Self::of(if tab == Tab::First {
            second
        } else {
            self.first.clone()
        });
        self.enter(self.first.clone(), page).await
    }

    /// Puts a new window, which knows nothing of the old ones, in their place.
    pub async fn replace(&mut self, page: &mut Page<'_>) -> Result<(), BrowserError> {
        let fresh = page.session.new_window().await?;
        close_all_but(&fresh, page.session).await?;
        *self = Self::of(fresh.clone());
        self.enter(fresh, page).await
    }

    /// Closes whatever else has opened: a popup of the SDK's would go on into the next case.
    pub async fn close_others(&self, page: &Page<'_>) -> Result<(), BrowserError> {
        match close_all_but(&self.first, page.session).await? {
            0 => Ok(()),
            _ => page.session.switch_to(self.first.clone()).await,
        }
    }

    /// Whether a second window is open.
    pub fn has_second(&self) -> bool {
        self.second.is_some()
    }

    async fn enter(&self, handle: WindowHandle, page: &mut Page<'_>) -> Result<(), BrowserError> {
        page.session.switch_to(handle).await?;
        *page = Page::current(page.session).await?;
        Ok(())
    }
}

/// Closes every window but one, and returns how many those were.
async fn close_all_but(kept: &WindowHandle, session: &Session) -> Result<usize, BrowserError> {
    let mut others = session.windows().await?;
    others.retain(|window| window != kept);
    for other in &others {
        session.switch_to(other.clone()).await?;
        session.close_window().await?;
    }
    Ok(others.len())
}
