//! The report: one product, and its projections. Pure: a folder for [`files`] is the business of
//! `output`.

mod again;
mod baseline;
mod build;
mod changes;
mod ci;
mod command;
pub mod compare;
mod conclusion;
mod ctrf;
mod events;
mod failures;
mod fit;
mod format;
#[cfg(feature = "generated-mutants")]
mod generated;
mod github;
mod html;
mod junit;
mod kill_matrix;
mod known;
mod markdown;
mod mask;
mod merge;
mod model;
mod repeats;
#[cfg(test)]
mod sample;
mod side_by_side;
mod skew;
mod store;
mod stored;
mod text;
mod time_line;
mod together;
mod wire;

pub use again::{Again, again, cases_beside};
pub use baseline::{baseline, read_baseline};
pub use build::{Circumstances, Subject, build};
pub use changes::{Change, changes, listed};
pub use command::typed;
pub use conclusion::Conclusion;
pub use failures::failures;
pub use fit::{Part, fit, fit_text};
pub use format::Format;
#[cfg(feature = "generated-mutants")]
pub use generated::{GeneratedMutantReport, GeneratedReport, GeneratedStatus, GeneratedTotals};
pub use html::html;
pub use kill_matrix::{CheckProof, KillMatrix, MutantReport, MutantStatus};
pub use known::{known_failures, wrong_known_failures};
pub use mask::{Fingerprints, Mask};
pub use merge::{MergeError, RunPart, merge};
pub use model::{
    Bytes, Carried, CaseReport, CaseWire, CheckReport, EnvironmentReport, EventReport, EventWire,
    FieldChange, FieldWire, HarnessReport, HostReport, JsonKind, KnownFailureReport, ProfileReport,
    Repeated, Report, RequirementReport, SCHEMA, SdkReport, SeenShape, ShapeReport, ShardReport,
    SnippetReport, StorageWire, WireReport, json_schema,
};
pub use repeats::{FoundReport, OddCheck, Oddity, Steadiness};
pub use skew::{PairingReport, Skew};
pub use store::{ReportFiles, files, json_file, skew_files};
pub use stored::{Keep, Stored};
pub use text::{denied_hosts, requirements, verdict};
pub use time_line::{Moment, MomentKind, time_line};
pub use together::load_all;
pub use wire::{Total, total};
