use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use crate::contract::Method;
use crate::verdict::Status;

/// The version of the file's shape.
pub const SCHEMA: &str = "alhena-conformance/baseline/1";

/// The file as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BaselineFile {
    pub schema: Spanned<String>,
    pub harness: String,
    pub sdk_sha256: String,
    pub snippet_sha256: String,
    pub profile: String,
    pub profile_sha256: String,
    pub filter: Vec<String>,
    /// Every verdict but `pass`, by check.
    #[serde(default)]
    pub verdicts: BTreeMap<String, Spanned<Status>>,
    /// Values as JSON, by check; an empty text: it could not be seen.
    #[serde(default)]
    pub observations: BTreeMap<String, Spanned<String>>,
    /// The checks that pass, by what stands before `#` in their ids.
    #[serde(default)]
    pub holds: BTreeMap<String, Spanned<Vec<String>>>,
    pub wire: Option<WireFile>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WireFile {
    pub hosts: Vec<String>,
    pub preflights: Vec<String>,
    pub other_requests: Vec<String>,
    pub globals: Option<Vec<String>>,
    pub storage: Option<StorageFile>,
    #[serde(default)]
    pub events: BTreeMap<Method, EventFile>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StorageFile {
    pub local: Vec<String>,
    pub session: Vec<String>,
    pub cookies: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EventFile {
    pub requests: Vec<String>,
    pub content_types: Vec<String>,
    pub requests_a_call: Option<f64>,
    pub bytes: Option<usize>,
    /// `number | null, sometimes`, by pointer.
    #[serde(default)]
    pub fields: BTreeMap<String, Spanned<String>>,
}
