//! Where sessions come from: a driver of our own, started again if it dies, or one that somebody
//! else runs.

use std::net::SocketAddr;
use std::path::PathBuf;

use thiserror::Error;
use tokio::sync::Mutex;

use crate::browser::{
    BrowserError, Driver, DriverError, Located, PageLoad, Session, SessionOptions,
};

/// Opens sessions.
#[derive(Debug)]
pub struct Sessions {
    source: Source,
    browser: Option<PathBuf>,
    headed: bool,
}

#[derive(Debug)]
enum Source {
    Owned {
        program: PathBuf,
        driver: Mutex<Option<Box<Driver>>>,
    },
    Running(String),
}

/// No session can be had. The machine at fault.
#[derive(Debug, Error)]
pub enum SessionError {
    /// The driver does not start.
    #[error(transparent)]
    Driver(#[from] DriverError),
    /// The driver opens no session.
    #[error(transparent)]
    Browser(#[from] BrowserError),
}

impl Sessions {
    /// From a driver that we start when first needed.
    #[must_use]
    pub fn owned(located: Located, headed: bool) -> Self {
        Self {
            source: Source::Owned {
                program: located.driver,
                driver: Mutex::default(),
            },
            browser: located.browser,
            headed,
        }
    }

    /// From a driver that runs at `url`.
    #[must_use]
    pub fn running(url: &str, browser: Option<PathBuf>, headed: bool) -> Self {
        // A path without its trailing slash would lose its last part when joined.
        let url = if url.ends_with('/') {
            url.to_owned()
        } else {
            format!("{url}/")
        };
        Self {
            source: Source::Running(url),
            browser,
            headed,
        }
    }

    /// A fresh session, on which waiting for pages is ours. `proxy` leads it to public names;
    /// without one it reaches none.
    ///
    /// # Errors
    /// If the driver does not start, or opens none.
    pub async fn open(&self, proxy: Option<SocketAddr>) -> Result<Session, SessionError> {
        self.open_with(PageLoad::Ours, proxy).await
    }

    /// A fresh session.
    ///
    /// # Errors
    /// As `open`.
    pub async fn open_with(
        &self,
        page_load: PageLoad,
        proxy: Option<SocketAddr>,
    ) -> Result<Session, SessionError> {
        let webdriver = match &self.source {
            Source::Running(url) => url.clone(),
            Source::Owned { program, driver } => {
                let mut driver = driver.lock().await;
                if driver.as_mut().is_none_or(|driver| !driver.is_running()) {
                    // What is left of a dead driver's browsers and files goes first.
                    drop(driver.take());
                    *driver = Some(Box::new(Driver::start(program).await?));
                }
                driver
                    .as_ref()
                    .map(|driver| driver.url.clone())
                    .unwrap_or_default()
            }
        };
        let is_ours = matches!(self.source, Source::Owned { .. });
        Ok(Session::open(&SessionOptions {
            webdriver,
            browser: self.browser.clone(),
            headed: self.headed,
            page_load,
            is_ours,
            proxy,
        })
        .await?)
    }

    /// The process group of our own driver and its browsers, for measuring their memory.
    pub async fn group(&self) -> Option<i32> {
        match &self.source {
            Source::Owned { driver, .. } => {
                driver.lock().await.as_ref().map(|driver| driver.group())
            }
            Source::Running(_) => None,
        }
    }
}
