//! Real browsers: finds and starts a browser with its driver, and does what a shopper does on a
//! page.
//!
//! May use `contract` and `evidence`. Knows nothing of events, promises or cases. Everything goes
//! over W3C WebDriver; what that does not have, and what differs from one engine to the next, is
//! behind [`Engine`]. No other room knows the name of a browser or a driver.
//!
//! # To add an engine
//!
//! 1. Write one file beside `chromium.rs`, `firefox.rs` and `webkit.rs` that implements [`Engine`]:
//!    the names of the executables and packages, the driver's command line and how its port is
//!    known, the capabilities, what the driver's errors mean, how to take the console, clear
//!    cookies and clear the history. `bidi.rs` has the commands of WebDriver `BiDi`, for any engine
//!    that offers it, and `inspector` the developer tools of `WebKit`.
//! 2. Name in `missing_features` what checks cannot observe in it, and what a browser of it does
//!    not do that cases need, each with the reason. Those checks are `not_testable` there; nothing
//!    else has to change for that. Where another of its browsers offers more, cases that need it
//!    run on that one. What no browser of the engine does, or no driver of it can bring about, goes
//!    into `never_does`: cases that need it do not apply.
//! 3. Name it in `ENGINES` below: `--engine` and `install` take it from there. Give it an aim in
//!    `fixtures/bench.toml`, and a column in `harness/README.md`. The engine is a setting:
//!    `alhena-conformance schema config > fixtures/config.schema.json`.
//! 4. Add it to `engine.rs`, `browser.rs` and `command.rs` of `tests/support/`, to the `#[values]`
//!    of the tests of engines, and to what `.ci/run` installs.
//! 5. Run the whole suite on the reference SDK. What the engine cannot keep, whatever a build does,
//!    goes into `fixtures/engines.toml`, with the reason.
//! 6. `self-test --engine ID --update` writes its proofs, `fixtures/proofs.ID.lock`, and with
//!    `--blame` its `fixtures/blame.ID.lock`. The table of lock files in `fixtures/README.md` has a
//!    row for each.
//!
//! What only some engine needs is a method of the trait with a default, not a condition elsewhere.

mod answer;
mod at_once;
mod beside;
mod bidi;
mod chromium;
mod chromium_coverage;
mod conjunction;
mod connection;
mod display;
mod driver;
mod driver_error;
mod driver_url;
mod elements;
mod engine;
mod error;
mod firefox;
mod firefox_preferences;
mod grid;
mod input;
mod inspector;
mod install;
mod last_words;
mod locate;
mod one_connection;
mod options;
mod page;
mod processes;
mod session;
#[cfg(test)]
pub mod tests;
mod waiting;
mod webkit;
mod windows;

use crate::contract::EngineName;

pub use connection::COMMAND;
pub use driver::Driver;
pub use driver_error::DriverError;
pub use driver_url::DriverUrl;
pub use engine::{ConsoleEntry, EngineRef, SIZE};
pub use error::BrowserError;
pub use fantoccini::wd::WindowHandle;
pub use grid::{Grid, NoStatus};
pub use install::{InstallPlan, install_plan};
#[cfg(test)]
pub use locate::LookedFor;
pub use locate::{Located, NotFound, Part, locate};
pub use options::{PageLoad, ProxyAt, Reach, SessionOptions};
pub use page::{Page, Until};
pub use session::Session;

/// Every engine, the default first.
const ENGINES: [EngineRef; 3] = [&chromium::Chromium, &firefox::Firefox, &webkit::WebKit];

/// Every engine, the default first.
pub fn engines() -> impl Iterator<Item = EngineRef> {
    ENGINES.into_iter()
}

/// The names of every engine, the default first.
pub fn engine_names() -> Vec<EngineName> {
    engines().map(name_of).collect()
}

/// The names of an engine.
pub fn name_of(engine: EngineRef) -> EngineName {
    EngineName {
        id: engine.id(),
        name: engine.name(),
    }
}

/// Their names, as `--engine` takes them.
pub fn engine_ids() -> Vec<&'static str> {
    ENGINES.iter().map(|engine| engine.id()).collect()
}

/// The engine of a run that names none.
#[must_use]
pub fn default_engine() -> EngineRef {
    ENGINES[0]
}

/// The engine of this name, as `--engine` takes it.
#[must_use]
pub fn engine_named(id: &str) -> Option<EngineRef> {
    engines().find(|engine| engine.id() == id)
}
