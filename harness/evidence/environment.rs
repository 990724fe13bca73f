use std::collections::BTreeMap;

/// The browser and the driver of a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Environment {
    /// The engine's name.
    pub engine: String,
    /// Name.
    pub browser: String,
    /// Version.
    pub browser_version: String,
    /// Name and version.
    pub driver: String,
    /// The browser's command line options.
    pub arguments: Vec<String>,
    /// The settings that it was started with beside these: `name = value`.
    pub preferences: Vec<String>,
    /// How console messages were read.
    pub console: String,
    /// Whether `fetch`, `XMLHttpRequest` and `sendBeacon` of a fresh page are the browser's own.
    pub native_functions: BTreeMap<String, bool>,
    /// The name and the version of the browser in which cases ran that need what this one lacks.
    pub also: Option<String>,
}
