//! What the API page promises: requirements, event and field tables, and the checks that can prove
//! them.
//!
//! Pure data read from `fixtures/`. Nothing here knows of a browser. May use `input`.
//!
//! A check is a variant of [`CaseCheckName`] or of [`RowCheckName`] with its facts (`facts.rs`);
//! `judge` says how to add one.
//!
//! To add a requirement: an entry in `fixtures/requirements.toml`, with a new id, and a scenario
//! that proves it or `excluded` with the reason. Where it holds only with some policies of a
//! profile, `under` names them; where it is about one method alone, `method` names that. To add a
//! field or a flaw of the validation matrix: an entry in `fixtures/fields.toml`.

mod check;
mod engine_name;
mod event;
mod facts;
mod feature;
mod field;
mod guide;
mod interaction;
mod requirement;
mod visitor;

pub use check::{CaseCheckName, CheckId, Question, RowCheckName};
pub use engine_name::EngineName;
pub use event::{Event, EventFiles, EventReference, Method, order_id};
pub use facts::{AfterImpossibleStep, Breaks, DeniedHosts, Need};
pub use feature::BrowserFeature;
pub use field::{Field, FieldTables, Flaw};
pub use guide::{Guide, Guides};
pub use interaction::Interaction;
pub use requirement::{Level, Register, Requirement, RequirementId};
pub use visitor::Visitor;
