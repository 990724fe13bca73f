//! Real browsers: finds and starts a browser with its driver, and does what a shopper does on a
//! page.
//!
//! May use `contract` and `evidence`. Knows nothing of events, promises or cases. Everything goes
//! over W3C WebDriver; what that does not have, and what differs from one engine to the next, is
//! behind [`Engine`]. No other room knows the name of a browser or a driver.
//!
//! # To add an engine
//!
//! 1. Write one file beside `chromium.rs` that implements [`Engine`]: the names of the executables
//!    and packages, the driver's command line and how it prints its port, the capabilities, what
//!    the driver's errors mean, how to take the console, clear cookies and clear the history.
//! 2. Name in `missing_features` what checks cannot observe in it, and what it does not do that
//!    cases need, each with the reason. Those checks are `not_testable` there; nothing else has to
//!    change for that. Where another of its browsers offers more, cases that need it run on that
//!    one.
//! 3. Let [`default_engine`] return it, or add the flag that chooses between engines.
//!
//! What only some engine needs is a method of the trait with a default, not a condition elsewhere.

mod answer;
mod chromium;
mod conjunction;
mod connection;
mod driver;
mod elements;
mod engine;
mod error;
mod input;
mod install;
mod locate;
mod options;
mod page;
mod processes;
mod session;
#[cfg(test)]
pub mod tests;
mod waiting;
mod windows;

pub use connection::COMMAND;
pub use driver::{Driver, DriverError};
pub use engine::{ConsoleEntry, EngineRef};
pub use error::BrowserError;
pub use fantoccini::wd::WindowHandle;
pub use install::{InstallPlan, install_plan, no_plan_help};
pub use locate::{Located, NotFound, locate};
pub use options::{PageLoad, SessionOptions};
pub use page::{Page, Until};
pub use session::Session;

/// The engine of every run.
#[must_use]
pub fn default_engine() -> EngineRef {
    &chromium::Chromium
}
