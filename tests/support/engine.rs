use alhena_conformance::api::{Driver, EngineRef, Located, Sessions, engine_named, locate};

/// The engines that tests run on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    Chromium,
    Firefox,
    WebKit,
}

impl Engine {
    /// Its name, as `--engine` takes it.
    pub fn id(self) -> &'static str {
        match self {
            Self::Chromium => "chromium",
            Self::Firefox => "firefox",
            Self::WebKit => "webkit",
        }
    }

    /// What the command line of its driver holds.
    pub fn driver(self) -> &'static str {
        match self {
            Self::Chromium => "chromedriver",
            Self::Firefox => "geckodriver",
            Self::WebKit => "WebKitWebDriver",
        }
    }

    /// What the command line of its browser holds.
    pub fn browser(self) -> &'static str {
        match self {
            Self::Chromium => "--user-data-dir",
            Self::Firefox => "--marionette",
            Self::WebKit => "MiniBrowser",
        }
    }

    /// What the command lines of its browser's helpers hold.
    pub fn helper(self) -> &'static str {
        match self {
            Self::Chromium => "--type=",
            Self::Firefox => "-contentproc",
            Self::WebKit => "WebKitNetworkProcess",
        }
    }

    fn engine(self) -> EngineRef {
        engine_named(self.id()).expect("the engine is known")
    }

    /// Where its browser and its driver are.
    pub fn located(self) -> Located {
        locate(self.engine(), None, None, false).expect("a browser and its driver")
    }

    /// A driver that runs, and sessions of it.
    pub async fn start(self) -> (Driver, Sessions) {
        let located = self.located();
        let driver = Driver::start(&located).await.expect("the driver starts");
        let sessions = Sessions::running(located.engine, &driver.url, located.browser, false)
            .expect("a driver is no Grid");
        (driver, sessions)
    }
}
