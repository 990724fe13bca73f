//! An engine that does not exist, for tests of what differs between engines.

use std::collections::BTreeMap;

use fantoccini::wd::Capabilities;

use crate::browser::connection::Connection;
use crate::browser::engine::{ConsoleEntry, Engine, Granted, PackageManager, Pending};
use crate::browser::error::{ErrorTexts, Meaning};
use crate::browser::options::{Reach, SessionOptions};
use crate::contract::BrowserFeature;

/// Its driver prints nothing but its port, and it has no console.
#[derive(Debug)]
pub struct MadeUp {
    pub shares_driver: bool,
    pub driver_arguments: [&'static str; 2],
    pub applications: &'static [&'static str],
}

impl Default for MadeUp {
    fn default() -> Self {
        Self {
            shares_driver: true,
            driver_arguments: ["-c", "exit 1"],
            applications: &[],
        }
    }
}

impl Engine for MadeUp {
    fn name(&self) -> &'static str {
        "Made-up"
    }

    fn id(&self) -> &'static str {
        "made-up"
    }

    fn browser_name(&self) -> &'static str {
        "made-up"
    }

    fn browsers(&self, _: bool) -> &'static [&'static str] {
        &["made-up"]
    }

    fn applications(&self) -> &'static [&'static str] {
        self.applications
    }

    fn drivers(&self) -> &'static [&'static str] {
        &["made-up-driver"]
    }

    fn packages(&self, _: PackageManager) -> Option<&'static [&'static str]> {
        None
    }

    fn by_hand(&self) -> &'static str {
        "a browser that does not exist"
    }

    fn on_ubuntu(&self) -> &'static str {
        "nothing helps"
    }

    fn driver_arguments(&self) -> &[&'static str] {
        &self.driver_arguments
    }

    fn driver_port(&self, line: &str) -> Option<u16> {
        line.parse().ok()
    }

    fn lost_its_port(&self, printed: &str) -> bool {
        printed.contains("port taken")
    }

    fn shares_driver(&self) -> bool {
        self.shares_driver
    }

    fn may_lose_its_browser(&self) -> bool {
        true
    }

    fn arguments(&self, _: bool, _: Reach) -> Vec<String> {
        Vec::new()
    }

    fn console_source(&self) -> &'static str {
        "nowhere"
    }

    fn capabilities(&self, _: &SessionOptions, _: &[String]) -> Capabilities {
        Capabilities::new()
    }

    fn granted(&self, _: &Capabilities, _: &str) -> Granted {
        Granted {
            driver: "made-up-driver 1".to_owned(),
            process: None,
        }
    }

    fn missing_features(&self, _: &str) -> BTreeMap<BrowserFeature, String> {
        BTreeMap::from([(BrowserFeature::Console, "it has none".to_owned())])
    }

    fn take_console<'c>(&'c self, _: &'c Connection) -> Pending<'c, Vec<ConsoleEntry>> {
        Box::pin(async { Ok(Vec::new()) })
    }

    fn clear_cookies<'c>(&'c self, _: &'c Connection) -> Pending<'c, ()> {
        Box::pin(async { Ok(()) })
    }

    fn clear_history<'c>(&'c self, _: &'c Connection) -> Pending<'c, ()> {
        Box::pin(async { Ok(()) })
    }
}

impl ErrorTexts for MadeUp {
    fn meaning_of(&self, _: &str) -> Option<Meaning> {
        None
    }

    fn dialog_text(&self, _: &str) -> Option<String> {
        None
    }
}
