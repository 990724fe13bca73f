//! Where sessions come from: drivers of our own, started again if they die, or one that somebody
//! else runs.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use thiserror::Error;
use tokio::sync::{Mutex, RwLock, oneshot};

use super::asking::{Asking, IN_A_QUEUE};
use super::preflight::Unreachable;
use crate::browser::{
    BrowserError, Driver, DriverError, DriverUrl, EngineRef, Grid, Located, NoStatus, PageLoad,
    ProxyAt, Reach, Session, SessionOptions,
};
use crate::contract::BrowserFeature;

/// How long a new browser may take to start.
const START: Duration = Duration::from_secs(60);

/// Opens sessions.
#[derive(Debug)]
pub struct Sessions {
    source: Source,
    engine: EngineRef,
    browser: Option<PathBuf>,
    /// A browser that offers what `browser` does not.
    fuller: Option<PathBuf>,
    /// What came of the first session of `fuller`.
    fuller_opens: OnceLock<Result<(), String>>,
    /// Read by each session of a driver that is not ours.
    left_open: Arc<RwLock<()>>,
    asking: Asking,
    headed: bool,
}

/// One of the browsers that sessions are opened with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// The one that most cases run in.
    Usual,
    /// The one that offers more.
    Fuller,
}

#[derive(Debug)]
enum Source {
    /// Drivers of our own, started when they are needed.
    Owned {
        located: Located,
        /// The one that all sessions share, where the engine's driver can be shared.
        shared: Mutex<Option<Box<Driver>>>,
    },
    /// A driver or a Grid that somebody else runs.
    Running {
        url: DriverUrl,
        /// How many sessions of the engine the Grid has room for at a time; `None`: it is none.
        slots: Option<usize>,
    },
}

/// No browser of an engine can be had where somebody else is to run them. A fault of the machines.
#[derive(Debug, Error)]
pub enum NotThere {
    /// The Grid has none.
    #[error("the Selenium Grid at {url} has no {engine}: it has {grid}")]
    NotOnTheGrid {
        /// The engine.
        engine: &'static str,
        /// Where the Grid is.
        url: DriverUrl,
        /// What it has.
        grid: Grid,
    },
    /// There is no driver and no Grid.
    #[error("no browser session can be had: the driver at {url} {why}")]
    NoStatus {
        /// Where it was to be.
        url: DriverUrl,
        /// What is there.
        why: NoStatus,
    },
}

/// No session can be opened. A fault of the machine.
#[derive(Debug, Error)]
pub enum SessionError {
    /// The driver does not start.
    #[error(transparent)]
    Driver(#[from] DriverError),
    /// The driver opens no session.
    #[error(transparent)]
    Browser(#[from] BrowserError),
    /// The proxy of a session gets no port.
    #[error("the proxy of a session cannot listen: {0}")]
    Proxy(#[from] io::Error),
    /// Its browser does not reach the harness.
    #[error(transparent)]
    Unreachable(#[from] Unreachable),
}

impl Sessions {
    /// From drivers that we start.
    #[must_use]
    pub fn owned(located: Located, headed: bool) -> Self {
        Self {
            engine: located.engine,
            browser: located.browser.clone(),
            fuller: located.fuller.clone(),
            fuller_opens: OnceLock::new(),
            left_open: Arc::default(),
            asking: Asking::default(),
            source: Source::Owned {
                located,
                shared: Mutex::default(),
            },
            headed,
        }
    }

    /// From a driver of `engine`, or a Selenium Grid, that runs at `url`.
    ///
    /// # Errors
    /// If there is none, or the Grid has no browser of that engine.
    pub fn running(
        engine: EngineRef,
        url: &DriverUrl,
        browser: Option<PathBuf>,
        headed: bool,
    ) -> Result<Self, NotThere> {
        let grid = Grid::at(url).map_err(|why| NotThere::NoStatus {
            url: url.clone(),
            why,
        })?;
        let slots = grid.as_ref().map(|grid| grid.slots_of(engine));
        if let (Some(grid), Some(0)) = (grid, slots) {
            let (engine, url) = (engine.name(), url.clone());
            return Err(NotThere::NotOnTheGrid { engine, url, grid });
        }
        Ok(Self {
            source: Source::Running {
                url: url.clone(),
                slots,
            },
            engine,
            browser,
            fuller: None,
            fuller_opens: OnceLock::new(),
            left_open: Arc::default(),
            asking: Asking::at(slots.is_some()),
            headed,
        })
    }

    /// How many sessions can be open at a time, where something limits them.
    pub fn most(&self) -> Option<usize> {
        match &self.source {
            Source::Owned { .. } => None,
            Source::Running { slots, .. } => *slots,
        }
    }

    /// Whether one is open at a driver that is not ours, or was until a moment ago: then another
    /// can be had there.
    pub fn has_any(&self) -> bool {
        self.asking.has_any()
    }

    /// Whether their drivers are ours, and so their browsers on this machine.
    pub fn are_ours(&self) -> bool {
        matches!(self.source, Source::Owned { .. })
    }

    /// What to say of a session whose browser does not reach this proxy, or the harness without it.
    pub async fn unreachable(&self, session: &Session, proxy: ProxyAt, why: String) -> Unreachable {
        let why = match proxy.reach {
            Reach::Local => why,
            Reach::Remote(_) => format!("{why}, through the proxy at {}", proxy.address),
        };
        match &self.source {
            Source::Owned { located, .. } => {
                Unreachable::of(&located.driver.display().to_string(), None, why)
            }
            Source::Running { url, .. } => {
                let (asked, id) = (url.clone(), session.id().to_owned());
                let node = tokio::task::spawn_blocking(move || Grid::node_of(&asked, &id));
                let node = node.await.unwrap_or_default();
                Unreachable::of(&url.to_string(), node, why)
            }
        }
    }

    /// A fresh session, on which waiting for pages is ours. `proxy` leads it to public names;
    /// without one it reaches none.
    pub async fn open(&self, proxy: Option<ProxyAt>) -> Result<Session, SessionError> {
        self.open_with(PageLoad::Ours, proxy).await
    }

    /// The browser for a case with these needs.
    pub fn browser_for(&self, needs: &BTreeSet<BrowserFeature>) -> Which {
        let path = self.browser.as_deref().and_then(Path::file_name);
        let name = path.unwrap_or_default().to_string_lossy();
        let mut missing = self.engine.missing_features(&name).into_keys();
        let is_needed = missing.any(|feature| needs.contains(&feature));
        let can_be_had = self.fuller.is_some() && !matches!(self.fuller_opens.get(), Some(Err(_)));
        if is_needed && can_be_had {
            Which::Fuller
        } else {
            Which::Usual
        }
    }

    /// As `open`, in the browser for a case with these needs. Where that cannot be started at all,
    /// it is the usual one, which says why it offers no more.
    pub async fn open_for(
        &self,
        needs: &BTreeSet<BrowserFeature>,
        proxy: ProxyAt,
    ) -> Result<(Session, Which), SessionError> {
        if self.browser_for(needs) == Which::Fuller {
            let opened = self.open_browser(self.fuller.as_ref(), PageLoad::Ours, Some(proxy));
            match opened.await {
                Ok(session) => {
                    self.fuller_opens.get_or_init(|| Ok(()));
                    return Ok((session, Which::Fuller));
                }
                Err(SessionError::Browser(error)) => {
                    let first = self.fuller_opens.get_or_init(|| Err(error.to_string()));
                    if first.is_ok() {
                        return Err(error.into());
                    }
                }
                Err(
                    error @ (SessionError::Driver(_)
                    | SessionError::Proxy(_)
                    | SessionError::Unreachable(_)),
                ) => return Err(error),
            }
        }
        Ok((self.open(Some(proxy)).await?, Which::Usual))
    }

    /// A fresh session.
    pub async fn open_with(
        &self,
        page_load: PageLoad,
        proxy: Option<ProxyAt>,
    ) -> Result<Session, SessionError> {
        let opened = self.open_browser(self.browser.as_ref(), page_load, proxy);
        let why = match (&self.fuller, self.fuller_opens.get()) {
            (Some(path), Some(Err(why))) => format!("{} does not start: {why}", path.display()),
            (Some(_), Some(Ok(())) | None) | (None, _) => "there is no other to take".to_owned(),
        };
        Ok(opened.await?.without_another(&why))
    }

    async fn open_browser(
        &self,
        browser: Option<&PathBuf>,
        page_load: PageLoad,
        proxy: Option<ProxyAt>,
    ) -> Result<Session, SessionError> {
        let is_queued = self.most().is_some();
        let options = |webdriver: &DriverUrl, is_ours| SessionOptions {
            start: if is_queued { IN_A_QUEUE } else { START },
            webdriver: webdriver.clone(),
            browser: browser.cloned(),
            headed: self.headed,
            page_load,
            is_ours,
            proxy,
        };
        match &self.source {
            Source::Running { url, .. } => {
                let opened = self.open_elsewhere(options(url, false)).await;
                Ok(opened?)
            }
            Source::Owned { located, shared } if self.engine.shares_driver() => {
                let url = Self::shared_driver(located, shared).await?;
                Ok(Session::open(self.engine, &options(&url, true)).await?)
            }
            Source::Owned { located, .. } => {
                let mut driver = Driver::start(located).await?;
                let options = options(&driver.url, true);
                let session = tokio::select! {
                    opened = Session::open(self.engine, &options) => opened?,
                    why = driver.is_of_no_use() => return Err(BrowserError::Lost(why).into()),
                };
                Ok(session.with_driver(driver))
            }
        }
    }

    /// Opens a session of a driver that is not ours, in a task of its own: once it was asked for,
    /// it has to be ended.
    async fn open_elsewhere(&self, options: SessionOptions) -> Result<Session, BrowserError> {
        let (engine, asking) = (self.engine, self.asking.clone());
        let (opened, taken) = oneshot::channel();
        let left_open = Arc::clone(&self.left_open).read_owned().await;
        tokio::spawn(asking.ask(engine, options, left_open, opened));
        let bug = |_| BrowserError::Refused("a session was not opened to its end".to_owned());
        taken.await.map_err(bug)?
    }

    /// Ends once no session of ours is left at a driver that is not, or after `within`.
    pub async fn until_none_is_left(&self, within: Duration) {
        let _ = tokio::time::timeout(within, self.left_open.write()).await;
    }

    /// The URL of the driver that all sessions share, which is started again where it has died.
    async fn shared_driver(
        located: &Located,
        shared: &Mutex<Option<Box<Driver>>>,
    ) -> Result<DriverUrl, DriverError> {
        let mut shared = shared.lock().await;
        if let Some(driver) = shared.as_mut()
            && driver.is_running()
        {
            return Ok(driver.url.clone());
        }
        // What is left of a dead driver's browsers and files goes first.
        drop(shared.take());
        let driver = Driver::start(located).await?;
        let url = driver.url.clone();
        *shared = Some(Box::new(driver));
        Ok(url)
    }

    /// The process group of the driver that all sessions share and of its browsers, for measuring
    /// their memory.
    pub async fn group(&self) -> Option<i32> {
        match &self.source {
            Source::Owned { shared, .. } => Some(shared.lock().await.as_ref()?.group()),
            Source::Running { .. } => None,
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use std::fs;
    use std::path::Path;
    use std::time::Instant;

    use rstest::rstest;
    use serde_json::json;
    use wiremock::matchers::{method, path_regex};
    use wiremock::{Mock, MockServer, ResponseTemplate};

    use super::*;
    use crate::browser::tests::made_up::MadeUp;

    /// As much of a driver as opens sessions.
    async fn webdriver() -> MockServer {
        let server = MockServer::builder().start().await;
        for (path, value) in [
            ("/session$", json!({"sessionId": "1", "capabilities": {}})),
            ("/execute/sync$", json!({"fetch": true})),
        ] {
            let answer = ResponseTemplate::new(200).set_body_json(json!({ "value": value }));
            Mock::given(method("POST"))
                .and(path_regex(path))
                .respond_with(answer)
                .mount(&server)
                .await;
        }
        server
    }

    /// An engine whose driver adds a line to `starts`, and prints the port of `server`.
    fn engine(shares_driver: bool, starts: &Path, server: &MockServer) -> &'static MadeUp {
        let script = format!(
            "echo start >> '{}'; echo {}; exec sleep 60",
            starts.display(),
            server.address().port()
        );
        Box::leak(Box::new(MadeUp {
            shares_driver,
            driver_arguments: ["-c", script.leak()],
            ..MadeUp::default()
        }))
    }

    #[rstest]
    #[case::room_for_two(&["made-up", "made-up", "chrome"], Some(2))]
    #[case::none_of_the_engine(&["chrome"], None)]
    #[tokio::test]
    async fn grid_has_room_for_as_many_sessions_as_it_has_slots(
        #[case] browsers: &[&str],
        #[case] most: Option<usize>,
    ) {
        let (folder, server) = (tempfile::tempdir().unwrap(), webdriver().await);
        let slot = |name| json!({ "stereotype": { "browserName": name } });
        let slots: Vec<_> = browsers.iter().map(slot).collect();
        let node =
            json!({"uri": "http://a", "availability": "UP", "maxSessions": 9, "slots": slots});
        let status = json!({ "value": { "nodes": [node] } });
        Mock::given(method("GET"))
            .and(path_regex("/wd/status$"))
            .respond_with(ResponseTemplate::new(200).set_body_json(status))
            .mount(&server)
            .await;
        let engine = engine(true, &folder.path().join("starts"), &server);
        for url in [
            format!("{}/wd", server.uri()),
            format!("{}/wd/", server.uri()),
        ] {
            let url: DriverUrl = url.parse().unwrap();
            let running = move || Sessions::running(engine, &url, None, false);
            let sessions = tokio::task::spawn_blocking(running).await.unwrap();
            match sessions {
                Ok(sessions) => assert_eq!(sessions.most(), most),
                Err(missing) => {
                    assert_eq!(most, None);
                    let why = missing.to_string();
                    assert!(why.ends_with("has no Made-up: it has chrome (1)"), "{why}");
                }
            }
        }
    }

    #[tokio::test]
    async fn session_of_a_driver_that_ends_is_not_waited_for() {
        let server = MockServer::builder().start().await;
        let never = ResponseTemplate::new(200).set_delay(START);
        Mock::given(method("POST"))
            .respond_with(never)
            .mount(&server)
            .await;
        let script = format!("echo {}; sleep 0.3; exit 5", server.address().port());
        let located = Located {
            engine: Box::leak(Box::new(MadeUp {
                shares_driver: false,
                driver_arguments: ["-c", script.leak()],
                ..MadeUp::default()
            })),
            browser: None,
            fuller: None,
            driver: PathBuf::from("/bin/sh"),
            display: None,
        };
        let begun = Instant::now();
        let error = Sessions::owned(located, false).open(None).await;
        let said = error.unwrap_err().to_string();
        assert!(said.contains("ended with exit status: 5"), "{said}");
        assert!(begun.elapsed() < START / 2, "{:?}", begun.elapsed());
    }

    #[rstest]
    #[case::shared(true, 1)]
    #[case::one_a_session(false, 2)]
    #[tokio::test]
    async fn engine_decides_how_many_drivers_two_sessions_need(
        #[case] shares_driver: bool,
        #[case] drivers: usize,
    ) {
        let (folder, server) = (tempfile::tempdir().unwrap(), webdriver().await);
        let starts = folder.path().join("starts");
        let located = Located {
            engine: engine(shares_driver, &starts, &server),
            browser: None,
            fuller: None,
            driver: PathBuf::from("/bin/sh"),
            display: None,
        };
        let sessions = Sessions::owned(located, false);
        let opened = [
            sessions.open(None).await.unwrap(),
            sessions.open(None).await.unwrap(),
        ];
        let starts = fs::read_to_string(starts).unwrap();
        assert_eq!(starts.lines().count(), drivers);
        for session in opened {
            let missing = session.missing_features();
            assert!(missing.contains_key(&BrowserFeature::Console));
            assert_eq!(session.environment.driver, "made-up-driver 1");
        }
    }
}
