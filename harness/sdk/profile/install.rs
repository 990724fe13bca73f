use schemars::JsonSchema;
use serde::Deserialize;

/// How a shop installs the build.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Install {
    /// The path below the API's base URL at which the build's files are served.
    pub path: String,
    /// The scripts that a page loads from there, in this order; at least one. A build that is one
    /// file stands for the last of them.
    pub scripts: Vec<String>,
    /// Classic scripts or modules.
    pub kind: ScriptKind,
    /// The script that stands before them and configures the SDK; `{{company}}` is the company key,
    /// `{{api}}` the API's base URL.
    pub config: String,
    /// Files beside the profile that the page loads before and after the build's scripts: the
    /// shop's own glue, such as a shim for call names.
    pub before: Vec<String>,
    /// See `before`.
    pub after: Vec<String>,
    /// The file beside the profile that holds the queue snippet; absent: the one of the API page.
    pub snippet: Option<String>,
}

/// How a browser runs a script.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ScriptKind {
    /// As ever.
    #[default]
    Classic,
    /// With `type="module"`.
    Module,
}

impl Default for Install {
    fn default() -> Self {
        Self {
            path: "/sdk/".into(),
            scripts: Vec::new(),
            kind: ScriptKind::Classic,
            config: String::new(),
            before: Vec::new(),
            after: Vec::new(),
            snippet: None,
        }
    }
}
