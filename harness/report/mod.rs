//! What is stored of a run, and compared: the model of `report.json`, building, reading, merging,
//! masking, comparing, baselines.
//!
//! Pure. May use `verdict`. How a report looks is the business of `render`.

mod baseline;
pub mod bench;
mod build;
pub mod build_matrix;
mod changes;
mod command;
pub mod compare;
mod conclusion;
mod events;
mod files;
mod fit;
mod mask;
mod merge;
pub mod model;
mod rejudge;
#[cfg(test)]
pub mod sample;
pub mod stored;
mod together;
pub mod wire;

pub use baseline::{baseline, read_baseline, refuse_other_engine};
pub use build::{Subject, build, environment};
pub use build_matrix::BuildMatrix;
pub use changes::{Change, changes};
pub use command::typed;
pub use conclusion::Conclusion;
pub use events::events;
#[cfg(test)]
pub use events::tests::contradictions;
pub use files::{ReportFiles, json_file};
pub use fit::{Part, fit};
pub use mask::{Fingerprints, Mask};
pub use merge::{RunPart, merge};
pub use model::{
    CaseReport, CauseReport, CheckReport, ConditionReport, EnvironmentReport, EventReport,
    FieldChange, HarnessReport, KnownFailureReport, Report, RequirementReport, SdkReport,
    ShardReport, json_schema, median,
};
pub use rejudge::{Rejudged, cases_beside, rejudge};
pub use stored::{Keep, Stored};
pub use together::load_all;
