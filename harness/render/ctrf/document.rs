//! The shape of the format, as far as it is used here.

use serde::Serialize;
use serde_json::{Map, Value};

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Document {
    pub report_format: &'static str,
    pub spec_version: &'static str,
    pub generated_by: &'static str,
    pub results: Results,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Results {
    pub tool: Tool,
    pub summary: Summary,
    pub tests: Vec<Test>,
    pub environment: Environment,
    pub extra: Map<String, Value>,
}

#[derive(Debug, Serialize)]
pub struct Tool {
    pub name: &'static str,
    pub version: String,
}

/// Times are milliseconds since 1970.
#[derive(Debug, Serialize)]
pub struct Summary {
    pub tests: usize,
    pub passed: usize,
    pub failed: usize,
    pub skipped: usize,
    pub pending: usize,
    pub other: usize,
    pub flaky: usize,
    pub suites: usize,
    pub start: u64,
    pub stop: u64,
    pub duration: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum TestStatus {
    Passed,
    Failed,
    Skipped,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Test {
    pub name: String,
    pub status: TestStatus,
    pub duration: u64,
    pub suite: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trace: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub snippet: Option<String>,
    pub file_path: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    pub raw_status: &'static str,
    pub tags: Vec<String>,
    #[serde(rename = "type")]
    pub kind: &'static str,
    pub flaky: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retries: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub browser: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<Attachment>,
    pub extra: Map<String, Value>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Attachment {
    pub name: &'static str,
    pub content_type: &'static str,
    pub path: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Environment {
    pub report_name: &'static str,
    pub app_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub os_platform: Option<String>,
    pub extra: Map<String, Value>,
}
