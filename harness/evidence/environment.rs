use std::collections::BTreeMap;

/// The browser and the driver of a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Environment {
    /// Name.
    pub browser: String,
    /// Version.
    pub browser_version: String,
    /// Name and version.
    pub driver: String,
    /// The browser's command line options.
    pub arguments: Vec<String>,
    /// Whether `fetch`, `XMLHttpRequest` and `sendBeacon` of a fresh page are the browser's own.
    pub native_functions: BTreeMap<String, bool>,
    /// The name and the version of the browser in which cases ran that need what this one lacks.
    pub also: Option<String>,
}
