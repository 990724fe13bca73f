//! The language of the integration tests: the program as a person types it, and its answer.
//!
//! ```text
//! let run = alhena("run").sdk("void 0;").option("--retries", "0").in_browsers(1);
//! let ended = run.ends_with(FAILS);
//! ended.prints("did not become ready");
//! ```

mod browser;
mod command;
mod engine;
mod fixtures;
mod locks;
#[cfg(target_os = "linux")]
mod network;
#[cfg(target_os = "linux")]
mod processes;
mod report;
mod running;
mod shared;

pub use browser::{Permits, all_permits, all_permits_on, permits, permits_on};
pub use command::{Alhena, Ended, alhena};
pub use engine::Engine;
pub use fixtures::{
    bundled, copy_of_the_fixtures, empty_suite, prices_as_text, reference, reference_with,
};
pub use locks::{folder, locked};
#[cfg(target_os = "linux")]
pub use network::{Machine, Network};
#[cfg(target_os = "linux")]
pub use processes::{Processes, eventually, until_nothing_is_left};
pub use report::Report;
pub use running::Running;
pub use shared::{shared, shared_run, shared_run_of_prices_as_text};

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
