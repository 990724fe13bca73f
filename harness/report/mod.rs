//! The report: one product, and its projections. Pure but for [`write`], which puts it into a folder, whole or not at all.

mod build;
mod failures;
mod kill_matrix;
mod model;
mod side_by_side;
mod store;
mod text;

pub use build::{Subject, build};
pub use failures::failures;
pub use kill_matrix::{CheckProof, KillMatrix, MutantReport, MutantStatus};
pub use model::{CheckReport, EnvironmentReport, HarnessReport, Report, RequirementReport, SCHEMA, SdkReport, SnippetReport, json_schema};
pub use store::{refuse_foreign, write, write_file};
pub use text::{requirements, verdict};
