//! What one case left behind, on one clock: pure data that can be stored, judged and rendered
//! without a browser.
//!
//! [`Ledger`] is the view of it that tells calls, events and attempts apart.

mod bundle;
mod clock;
mod compare;
mod contact;
mod ledger;
mod record;

pub use bundle::{
    Call, ConsoleMessage, Decision, Dialog, Evidence, Identity, Push, Request, RequestId,
    RowRecord, ScriptFetch, Severity, Spent, StepOutcome, StepRecord,
};
pub use clock::{Clock, Millis};
pub use compare::differences;
pub(crate) use compare::same_json;
pub use contact::{Asker, Contact};
pub use ledger::{KeptOut, Ledger, Match, Recorded};
pub use record::{AttemptRecord, CaseRecord, Ended};
