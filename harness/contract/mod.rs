//! What the API page promises: requirements, event and field tables, and the checks that can prove
//! them.
//!
//! Pure data read from `fixtures/`. Nothing here knows of a browser. May use `input`.
//!
//! To add a requirement: an entry in `fixtures/requirements.toml`, with a new id, and a scenario
//! that proves it or `excluded` with the reason. Where it holds only with some policies of a
//! profile, `under` names them. To add a field or a flaw of the validation matrix: an entry in
//! `fixtures/fields.toml`.

mod check;
mod event;
mod feature;
mod field;
mod interaction;
mod requirement;
mod visitor;

pub use check::{CheckId, CheckName};
pub use event::{Event, EventReference, Method};
pub use feature::BrowserFeature;
pub use field::{EventFields, Field, FieldTables, Flaw};
pub use interaction::Interaction;
pub use requirement::{Level, Register, Requirement, RequirementId};
pub use visitor::Visitor;
