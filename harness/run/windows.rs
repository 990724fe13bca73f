//! The windows of one visitor on one session.

use crate::browser::{BrowserError, Page, SIZE, Session, WindowHandle};
use crate::scenario::{Screen, Tab};

/// Which window is which.
#[derive(Debug)]
pub struct Windows {
    first: WindowHandle,
    second: Option<WindowHandle>,
    current: Tab,
    /// The window is not as windows are at first.
    is_altered: bool,
}

/// Who opened a window that the case enters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OpenedBy {
    /// The case, or it has been there before: the window shows what the case left.
    Case,
    /// A page, which may not be shown yet.
    Page,
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
            is_altered: false,
        }
    }

    /// Goes on in `tab`, opening it where neither the case nor a page has opened it. Returns who
    /// opened it.
    pub async fn switch(
        &mut self,
        tab: Tab,
        page: &mut Page<'_>,
    ) -> Result<OpenedBy, BrowserError> {
        self.look_up(page.session).await?;
        let mut opened_by = OpenedBy::Case;
        let handle = match (tab, &self.second) {
            (Tab::First, _) => self.first.clone(),
            (Tab::Second, Some(second)) => second.clone(),
            (Tab::Second, None) => {
                let windows = page.session.windows().await?;
                let mut others = windows.into_iter().filter(|own| *own != self.first);
                let second = match others.next() {
                    Some(opened) => {
                        opened_by = OpenedBy::Page;
                        opened
                    }
                    None => page.session.new_window().await?,
                };
                self.second.insert(second).clone()
            }
        };
        self.enter(handle, page).await?;
        self.current = tab;
        Ok(opened_by)
    }

    /// Hides the current window, shows it, or makes it another size.
    pub async fn put(&mut self, screen: Screen, page: &Page<'_>) -> Result<(), BrowserError> {
        self.is_altered = screen != Screen::Usual;
        match screen {
            Screen::Usual => {
                let (width, height) = SIZE;
                page.session.show(width, height).await
            }
            Screen::Hidden => page.session.hide().await,
            Screen::Phone => page.session.show(390, 844).await,
        }
    }

    /// Makes the current window as windows are at first, for the next case.
    pub async fn restore(&mut self, page: &Page<'_>) -> Result<(), BrowserError> {
        if self.is_altered {
            self.put(Screen::Usual, page).await?;
        }
        Ok(())
    }

    /// Closes `tab` and goes on in the other. The first is never closed alone: that would end the
    /// session.
    pub async fn close(&mut self, tab: Tab, page: &mut Page<'_>) -> Result<(), BrowserError> {
        self.look_up(page.session).await?;
        let Some(second) = self.second.clone() else {
            let why = "there is no second window to close";
            return Err(BrowserError::Refused(why.into()));
        };
        if self.current != tab {
            self.switch(tab, page).await?;
        }
        page.session.close_window().await?;
        let left = if tab == Tab::First {
            second
        } else {
            self.first.clone()
        };
        *self = Self {
            is_altered: self.is_altered,
            ..Self::of(left)
        };
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
    pub async fn close_others(&mut self, page: &Page<'_>) -> Result<(), BrowserError> {
        self.look_up(page.session).await?;
        match close_all_but(&self.first, page.session).await? {
            0 => Ok(()),
            _ => page.session.switch_to(self.first.clone()).await,
        }
    }

    /// Whether a second window is open.
    pub fn has_second(&self) -> bool {
        self.second.is_some()
    }

    /// Takes the handle of the current window anew: it is another one where a prerendered page was
    /// shown in it.
    async fn look_up(&mut self, session: &Session) -> Result<(), BrowserError> {
        let current = session.window().await?;
        match self.current {
            Tab::First => self.first = current,
            Tab::Second => self.second = Some(current),
        }
        Ok(())
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
