//! What the integration tests speak in: the program as a person types it, and what it answered.
//!
//! ```text
//! let run = alhena("run").sdk("void 0;").option("--retries", "0").in_browsers(1);
//! let ended = run.ends_with(FAILS);
//! ended.prints("did not become ready");
//! ```

// Each test binary has its own copy of this file, and none uses all of it.
#![allow(dead_code, unused_imports)]

mod browser;
mod command;
mod fixtures;
mod processes;
mod report;
mod running;

pub use browser::{Permits, browser_is_installed, permits};
pub use command::{Alhena, Ended, alhena};
pub use fixtures::{bundled, copy_of_the_fixtures, empty_suite, reference, reference_with};
pub use processes::{Processes, eventually, until_nothing_is_left};
pub use report::Report;
pub use running::Running;

/// The SDK conforms, or the command did what it was asked to.
pub const CONFORMS: i32 = 0;
/// The SDK fails a promise.
pub const FAILS: i32 = 1;
/// Wrong usage, or input that cannot be read.
pub const USAGE: i32 = 2;
/// The machine at fault.
pub const ENVIRONMENT: i32 = 3;
/// Nothing was selected.
pub const NOTHING: i32 = 4;
/// Interrupted.
pub const INTERRUPTED: i32 = 130;
