use std::net::IpAddr;
use std::path::PathBuf;

use anyhow::anyhow;
use clap::Args;

use super::values::{DriverUrlParser, advertised, engine};
use crate::browser::{DriverUrl, EngineRef, default_engine};
use crate::cli::Failure;

/// The browser and its driver.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "The browser")]
pub struct BrowserArguments {
    #[command(flatten)]
    pub engine: EngineArguments,
    /// The browser's executable [default: the one on PATH]
    #[arg(long, value_name = "FILE")]
    pub browser_binary: Option<PathBuf>,
    /// The driver's executable [default: the one on PATH]
    #[arg(long, value_name = "FILE")]
    pub driver: Option<PathBuf>,
    /// The URL of a driver that already runs, such as `http://localhost:9515`, or of a Selenium
    /// Grid: no more browsers are opened there than it has slots for
    #[arg(
        long,
        value_name = "URL",
        value_parser = DriverUrlParser,
        conflicts_with = "driver"
    )]
    pub webdriver: Option<DriverUrl>,
    /// The address of this machine that browsers on other machines reach it by [default: the one
    /// from which --webdriver is reached, where that is another machine]
    #[arg(
        long,
        value_name = "ADDRESS",
        value_parser = advertised,
        requires = "webdriver"
    )]
    pub advertise: Option<IpAddr>,
    /// Show the browser's windows
    #[arg(long)]
    pub headed: bool,
    /// Install a missing browser or driver without asking; CI=true does the same
    #[arg(long)]
    pub yes: bool,
}

impl BrowserArguments {
    /// The same, on this engine alone. Executables that were named are those of the engine that was
    /// named with them.
    pub fn on(&self, engine: EngineRef) -> Self {
        let is_named = engine.id() == self.engine.first().id();
        let of_named = |path: &Option<PathBuf>| path.clone().filter(|_| is_named);
        Self {
            engine: EngineArguments {
                engines: vec![engine],
            },
            browser_binary: of_named(&self.browser_binary),
            driver: of_named(&self.driver),
            ..self.clone()
        }
    }

    /// Refuses an executable where several engines are named: it is that of one.
    pub fn refuse_executables_of_several_engines(&self) -> Result<(), Failure> {
        let named = [
            ("--browser-binary", self.browser_binary.is_some()),
            ("--driver", self.driver.is_some()),
        ];
        let named = named.into_iter().find(|(_, is_named)| *is_named);
        let ids: Vec<&str> = self.engine.engines.iter().map(|own| own.id()).collect();
        match named {
            Some((option, _)) if ids.iter().any(|id| *id != ids[0]) => {
                Err(Failure::usage(anyhow!(
                    "{option} names an executable of one engine, and several are chosen: {}\n   = \
                     run each engine by itself with its own {option}, or leave {option} out",
                    ids.join(", ")
                )))
            }
            Some(_) | None => Ok(()),
        }
    }

    /// The options that name the same browser again, each with its value: for a report, and so
    /// without a password.
    pub fn options(&self) -> [(&'static str, Option<String>); 5] {
        let path = |path: &Option<PathBuf>| path.as_ref().map(|own| own.display().to_string());
        let engine = self.engine.beside_default();
        [
            ("--engine", engine.map(|own| own.id().to_owned())),
            ("--browser-binary", path(&self.browser_binary)),
            ("--driver", path(&self.driver)),
            (
                "--webdriver",
                self.webdriver.as_ref().map(DriverUrl::to_string),
            ),
            ("--advertise", self.advertise.map(|own| own.to_string())),
        ]
    }
}

/// The kind of browser.
#[derive(Debug, Clone, Args)]
pub struct EngineArguments {
    /// The browser engine. `run`, `self-test`, `bench` and `install` take several, one after the
    /// other
    #[arg(
        id = "engine",
        long,
        value_name = "ENGINE",
        default_value = default_engine().id(),
        value_parser = engine()
    )]
    pub engines: Vec<EngineRef>,
}

impl EngineArguments {
    /// That of a command which takes one, and the first where several were named.
    pub fn first(&self) -> EngineRef {
        self.engines.first().copied().unwrap_or_else(default_engine)
    }

    /// The same, where it is not the default one.
    pub fn beside_default(&self) -> Option<EngineRef> {
        Some(self.first()).filter(|own| own.id() != default_engine().id())
    }
}
