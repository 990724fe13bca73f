use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

/// What a session is opened with.
#[derive(Debug, Clone)]
pub struct SessionOptions {
    /// The driver's URL.
    pub webdriver: String,
    /// The browser's executable; `None`: the driver's own choice.
    pub browser: Option<PathBuf>,
    /// Show a window.
    pub headed: bool,
    /// Who waits for a page to load.
    pub page_load: PageLoad,
    /// Whether the driver is our own, so that its browsers are processes of this machine.
    pub is_ours: bool,
    /// How long the driver may take to open the session; in a Grid, the time in its queue counts.
    pub start: Duration,
    /// The proxy for all names but the harness's own; `None`: no other name can be reached.
    pub proxy: Option<SocketAddr>,
}

/// Who waits for a page to load (W3C WebDriver, “page load strategy”).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PageLoad {
    /// We do: a page whose script is held back never completes.
    Ours,
    /// The driver does, as in most suites.
    Drivers,
}

impl PageLoad {
    /// The word for it in W3C WebDriver.
    pub fn strategy(self) -> &'static str {
        match self {
            Self::Ours => "none",
            Self::Drivers => "normal",
        }
    }
}
