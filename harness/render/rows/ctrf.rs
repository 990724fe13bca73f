//! The Common Test Report Format, a JSON: ctrf.io.

use serde_json::{Map, Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::model::{Attachment, Row, Rows};
use crate::verdict::Bearing;

/// The version of the format.
const SPEC_VERSION: &str = "1.0.0";

const TOOL: &str = "alhena-conformance";

/// The rows in the Common Test Report Format. A fault of the machine is `failed` as well, since CI
/// tools look at nothing else; `rawStatus` shows the difference.
pub fn ctrf(rows: &Rows) -> String {
    // By its first lines a file of ours is known, so they never change.
    let document = json!({
        "reportFormat": "CTRF",
        "specVersion": SPEC_VERSION,
        "generatedBy": TOOL,
        "results": {
            "tool": { "name": TOOL, "version": rows.version },
            "summary": summary(rows),
            "tests": rows.all().map(|row| test(rows, row)).collect::<Vec<Value>>(),
            "environment": environment(rows),
            "extra": rows.extra,
        },
    });
    let mut text = serde_json::to_string_pretty(&document).expect("texts and numbers are JSON");
    text.push('\n');
    text
}

/// What the format calls a bearing.
fn status(bearing: Bearing) -> &'static str {
    match bearing {
        Bearing::Holds => "passed",
        Bearing::SdkFault | Bearing::MachineFault => "failed",
        Bearing::Undecided | Bearing::Excused => "skipped",
    }
}

fn test(rows: &Rows, row: &Row) -> Value {
    let trace = row
        .bearing
        .is_fault()
        .then(|| format!("{}\n{}", row.details, row.output));
    let attachments: Vec<Value> = row.attachments.iter().map(attachment).collect();
    without_nulls(json!({
        "name": row.id,
        "status": status(row.bearing),
        "duration": row.milliseconds,
        "suite": row.within,
        "message": row.message(),
        "trace": trace,
        "snippet": row.source,
        "filePath": row.location.as_ref().map(|location| &location.file),
        "line": row.location.as_ref().and_then(|location| location.line),
        "rawStatus": row.kind,
        "tags": row.tags,
        "type": "e2e",
        "flaky": row.is_flaky,
        "retries": row.attempts.map(|attempts| attempts.saturating_sub(1)),
        "browser": row.attempts.and(rows.browser.as_ref()),
        "attachments": Some(attachments).filter(|attachments| !attachments.is_empty()),
        "extra": row.values,
    }))
}

fn attachment(attachment: &Attachment) -> Value {
    json!({
        "name": attachment.name,
        "contentType": attachment.media_type,
        "path": attachment.path,
    })
}

/// Times are milliseconds since 1970.
fn summary(rows: &Rows) -> Value {
    let count = |word: &str| rows.all().filter(|row| status(row.bearing) == word).count();
    let mut suites: Vec<&[String]> = rows.all().map(|row| row.within.as_slice()).collect();
    suites.sort_unstable();
    suites.dedup();
    let start = epoch(rows.began.as_deref());
    json!({
        "tests": rows.all().count(),
        "passed": count("passed"),
        "failed": count("failed"),
        "skipped": count("skipped"),
        "pending": 0,
        "other": 0,
        "flaky": rows.all().filter(|row| row.is_flaky).count(),
        "suites": suites.len(),
        "start": start,
        "stop": start + rows.milliseconds,
        "duration": rows.milliseconds,
    })
}

/// Milliseconds since 1970; 0 where nobody knows when it began.
fn epoch(began: Option<&str>) -> u64 {
    let began = began
        .and_then(|began| OffsetDateTime::parse(began, &Rfc3339).ok())
        .unwrap_or(OffsetDateTime::UNIX_EPOCH);
    u64::try_from(began.unix_timestamp_nanos() / 1_000_000).unwrap_or_default()
}

fn environment(rows: &Rows) -> Value {
    let facts: Map<String, Value> = rows
        .facts
        .iter()
        .map(|(name, value)| (name.clone(), value.clone().into()))
        .collect();
    without_nulls(json!({
        "reportName": "Cart & Checkout Event API",
        "appName": rows.subject,
        "osPlatform": rows.system,
        "extra": facts,
    }))
}

/// The format has no `null`: what is not known is left out.
fn without_nulls(mut object: Value) -> Value {
    if let Some(members) = object.as_object_mut() {
        members.retain(|_, value| !value.is_null());
    }
    object
}
