//! Drives cases on browser sessions and collects their evidence.
//!
//! May use every room up to `verdict`. Knows no browser and no driver by name: what differs between
//! engines is behind `browser`.
//!
//! - [`Stage`] is the two servers; [`Sessions`] opens browser sessions. `asking.rs` asks a Grid for
//!   them until it has room.
//! - [`drive`] does one case on one session: `drive.rs` is its frame, `steps.rs` what each step
//!   does, `ending.rs` how the page is left, `widget.rs` how widgets are used, `calls.rs` how
//!   events are called, `timing.rs` what a page knows of its requests. All of them work on what
//!   `attempting.rs` holds. `shared_page.rs` drives several cases on one page, and `made.rs` is
//!   what a job of either kind leaves.
//! - [`Proxied`] is a session with its proxy; `preflight.rs` tries what a browser reaches whose
//!   driver is not ours, and what time it is there.
//! - [`Crew`] is the workers, each of which keeps a session from case to case.
//! - [`Runner`] gives cases to the workers, runs again what failed or what was lost, and reports to
//!   a listener. It never prints. `batch.rs` keeps the workers busy, `order.rs` says in which order
//!   cases begin, `batch/prerequisites.rs` what waits for a prerequisite, `batch/deciding.rs` what
//!   becomes of a case after an attempt, `open_case.rs` keeps what the attempts at it come to,
//!   `late.rs` what is tried again at the end, `wait_times.rs` what waits take with this build,
//!   `deadlines.rs` how long failing cases are waited for, `never.rs` what never comes,
//!   `readiness.rs` when a page will not become ready any more.
//! - `code.rs` notes which code of the build runs, for those who are steered by it.
//! - `trace.rs` drives a failed case once more, with the page after each step.
//! - [`spot`] finds a position that a page reported in the user's own files, and reads them.
//!
//! To add a step, see `scenario`.

mod asking;
mod attempting;
mod batch;
mod calls;
mod code;
mod crew;
mod deadlines;
mod drive;
mod ending;
mod events;
mod excerpt;
mod job;
mod late;
mod made;
mod manner;
mod measure;
mod measure_steps;
mod never;
mod open_case;
mod order;
mod preflight;
mod progress;
mod proxied;
mod queue;
mod readiness;
mod runner;
mod sessions;
mod setup;
mod shared_page;
mod slot;
mod spot;
mod stage;
mod steps;
#[cfg(test)]
mod tests;
mod timing;
mod trace;
mod wait_times;
mod widget;
mod windows;
mod worker;

pub use crew::Crew;
pub use deadlines::DeadlineMode;
pub use drive::drive;
pub use events::{AttemptEnd, Interrupt, RunEvent, RunOptions};
pub use job::{Attempt, Job};
pub use measure::{Measured, Sample, can_be_measured, measure};
pub use measure_steps::{StepCost, measure_steps};
pub use proxied::Proxied;
pub use runner::{Runner, now, untried};
pub use sessions::{NotThere, SessionError, Sessions};
pub use spot::spot;
pub use stage::{CaseStage, Stage, StageError};
pub use wait_times::WaitTimes;
