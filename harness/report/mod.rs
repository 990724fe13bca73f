//! The report: one product, and its projections. Pure but for [`write`], which puts it into a folder, whole or not at all.

mod build;
mod failures;
mod fit;
#[cfg(feature = "generated-mutants")]
mod generated;
mod kill_matrix;
mod known;
mod model;
mod repeats;
mod side_by_side;
mod skew;
mod store;
mod text;

pub use build::{Subject, build};
pub use failures::failures;
pub use fit::{Part, fit, fit_text};
#[cfg(feature = "generated-mutants")]
pub use generated::{GeneratedMutantReport, GeneratedReport, GeneratedStatus, GeneratedTotals};
pub use kill_matrix::{CheckProof, KillMatrix, MutantReport, MutantStatus};
pub use known::{known_failures, wrong_known_failures};
pub use model::{
    CheckReport, EnvironmentReport, HarnessReport, HostReport, KnownFailureReport, ProfileReport, Report, RequirementReport, SCHEMA, SdkReport, SnippetReport,
    json_schema,
};
pub use repeats::{FoundReport, OddCheck, Oddity, Steadiness};
pub use skew::{Pairing, PairingReport, Skew};
pub use store::{refuse_foreign, write, write_file, write_skew, write_whole};
pub use text::{denied_hosts, requirements, verdict};
