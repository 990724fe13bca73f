//! What one case left behind, on one clock: pure data that can be stored, judged and rendered
//! without a browser.

mod bundle;
mod clock;
mod code;
mod console;
mod contact;
mod environment;
mod frame;
mod hosts;
mod record;
mod signature;
mod spot;

pub use bundle::{
    Call, Decision, Dialog, Evidence, Identity, Push, Request, RequestId, RowRecord, ScriptFetch,
    Severity, Spent, StepOutcome, StepRecord,
};
pub use clock::{Ahead, Clock, Millis, epoch_ms};
pub use code::{Code, ScriptCode};
pub use console::{ConsoleMessage, Position, without_hosts};
pub use contact::{Asker, Contact};
pub use environment::Environment;
pub use frame::Frame;
pub use hosts::{HostSeen, Hosts};
pub use record::{AttemptRecord, AttemptResult, CaseRecord, Ended};
pub use signature::signature;
pub use spot::{ExcerptLine, Spot};
