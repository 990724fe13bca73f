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
    /// Whether the functions by which a fresh page can send are the browser's own.
    pub natives: BTreeMap<String, bool>,
}
