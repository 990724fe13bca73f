//! The windows of one visitor on one session.

use fantoccini::wd::WindowHandle;

use crate::browser::{BrowserError, Page, PageState, Session};
use crate::scenario::Tab;

/// Which window is which, and the document each is known to show.
#[derive(Debug)]
pub struct Windows {
    first: (WindowHandle, Option<PageState>),
    second: Option<(WindowHandle, Option<PageState>)>,
    current: Tab,
}

impl Windows {
    /// The window the session is in becomes the first.
    pub async fn new(session: &Session) -> Result<Self, BrowserError> {
        Ok(Self { first: (session.window().await?, None), second: None, current: Tab::First })
    }

    /// Goes on in `tab`, opening it where it is not open.
    pub async fn switch(&mut self, tab: Tab, page: &mut Page<'_>) -> Result<(), BrowserError> {
        self.note(page);
        if tab == Tab::Second && self.second.is_none() {
            self.second = Some((page.session.new_window().await?, None));
        }
        let (handle, state) = match (tab, &self.second) {
            (Tab::Second, Some(second)) => second.clone(),
            _ => self.first.clone(),
        };
        page.session.switch_to(handle).await?;
        page.state = state;
        self.current = tab;
        Ok(())
    }

    /// Closes `tab` and goes on in the other. The first is never closed alone: that would end the session.
    pub async fn close(&mut self, tab: Tab, page: &mut Page<'_>) -> Result<(), BrowserError> {
        let Some((second, state)) = self.second.clone() else { return Err(BrowserError::Refused("there is no second window to close".into())) };
        self.note(page);
        if self.current != tab {
            self.switch(tab, page).await?;
        }
        page.session.close_window().await?;
        if tab == Tab::First {
            self.first = (second, state);
        }
        self.second = None;
        self.current = Tab::First;
        page.session.switch_to(self.first.0.clone()).await?;
        page.state = self.first.1;
        Ok(())
    }

    /// Puts a new window, which knows nothing of the old ones, in their place.
    pub async fn replace(&mut self, page: &mut Page<'_>) -> Result<(), BrowserError> {
        let fresh = page.session.new_window().await?;
        for old in page.session.windows().await?.into_iter().filter(|window| *window != fresh) {
            page.session.switch_to(old).await?;
            page.session.close_window().await?;
        }
        page.session.switch_to(fresh.clone()).await?;
        *self = Self { first: (fresh, None), second: None, current: Tab::First };
        page.state = None;
        Ok(())
    }

    /// Whether a second window is open.
    pub fn has_second(&self) -> bool {
        self.second.is_some()
    }

    fn note(&mut self, page: &Page<'_>) {
        match (self.current, &mut self.second) {
            (Tab::Second, Some(second)) => second.1 = page.state,
            _ => self.first.1 = page.state,
        }
    }
}
