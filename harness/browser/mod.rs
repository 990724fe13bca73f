//! Real browsers: finding them, starting their driver, and what a shopper does on a page.
//!
//! Knows nothing of events or promises. Everything goes over W3C WebDriver, but for the console,
//! which chromedriver offers under `/session/{id}/se/log`.

mod console;
mod driver;
mod error;
mod install;
mod locate;
mod page;
mod processes;
mod session;

pub use console::LogEntry;
pub use driver::{Driver, DriverError};
pub use error::BrowserError;
pub use install::{InstallPlan, install_command};
pub use locate::{Located, NotFound, locate};
pub use page::{Page, Until};
pub use session::{PageLoad, Session, SessionOptions};
