use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use super::driver_url::DriverUrl;

/// What a session is opened with.
#[derive(Debug, Clone)]
pub struct SessionOptions {
    /// The driver's URL.
    pub webdriver: DriverUrl,
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
    pub proxy: Option<ProxyAt>,
}

impl SessionOptions {
    /// Where the browser runs.
    pub fn reach(&self) -> Reach {
        self.proxy.map_or(Reach::Local, |proxy| proxy.reach)
    }
}

/// The proxy of a session, as its browser reaches it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProxyAt {
    /// Where it listens.
    pub address: SocketAddr,
    /// What has to come to it.
    pub reach: Reach,
}

/// Where a browser runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// On this machine: the harness's own names are addresses of it.
    Local,
    /// On another one, which reaches this machine at this address: every name goes through the
    /// proxy.
    Remote(IpAddr),
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
