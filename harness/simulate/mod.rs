//! A Selenium Grid whose nodes have no browsers: for measuring how the harness keeps up with many.
//!
//! A [`Recorder`] stands between the harness and a real driver, and between its browser and the
//! proxy of its session, while one case is driven a few times. A [`SimulatedGrid`] then plays that
//! back to as many sessions as it has nodes: each command is answered as it was, after a given
//! time, and each request that the browser sent is sent again, to the hosts of the attempt that the
//! session is on. So the storefront, the proxies, the backend, the ledger and the checks have as
//! much to do as with real browsers, and the nodes next to nothing.
//!
//! - `recording.rs` is what was recorded, and how it is found again. Pure.
//! - `playback.rs` is how far one session has come. Pure.
//! - `recorder.rs` and `grid.rs` are the two servers, `http.rs` sends requests for them.
//!
//! May use `evidence`, for the time, and no other room: it knows the WebDriver protocol and the
//! names of the harness's hosts, and nothing of cases. Only `cli` uses it.
//!
//! # To record more
//!
//! A command is known by its method, its path and its body without their digits
//! (`Command::key`). One whose body differs in other ways from attempt to attempt has no answer:
//! the Grid refuses it with “unknown command”, and the measurement fails.

mod grid;
mod http;
mod playback;
mod recorder;
mod recording;
#[cfg(test)]
mod tests;

pub use grid::{Latency, Nodes, SimulatedGrid};
pub use recorder::Recorder;
pub use recording::Recording;
