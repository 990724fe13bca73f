//! The evidence of one attempt, read once: the ledger, the called events with their matching, what
//! a server rejected, and the timeline.
//!
//! Pure. May use `evidence`, `plan` and `sdk`. Nothing else reads requests as events: who asks what
//! became of a call asks a [`Reading`]. To record something more about an event, add a field to
//! [`Called`]; to treat its requests in another way under a policy, change `policy.rs`.

mod attempt;
mod called;
mod difference;
mod field_change;
mod ledger;
mod matching;
mod policy;
mod sent_event;
mod shared_page;
#[cfg(test)]
mod tests;
mod timeline;
mod unknown;

pub use attempt::Reading;
pub use called::{Called, Fault, Role};
pub use difference::{differences, same_json};
pub use field_change::{Edit, FieldChange, type_of};
pub use ledger::Ledger;
pub use policy::Rejection;
pub use sent_event::SentEvent;
pub use shared_page::{Neighbour, divide};
pub use timeline::{Moment, MomentKind, timeline};
pub use unknown::{lookalikes, names_it};
