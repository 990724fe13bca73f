//! What a scenario declares about itself, so that no code knows a scenario by its id.

use serde::Deserialize;

/// Values that a report keeps as observations of the build, to compare them between releases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Observed {
    /// The names under which the build stores things.
    StoredNames,
    /// The globals that the build adds to its documented ones.
    Globals,
}

impl Observed {
    /// The names of the `read` steps that read it, each a list of texts.
    pub fn reads(self) -> &'static [&'static str] {
        match self {
            Self::StoredNames => &["local", "session", "cookies"],
            Self::Globals => &["others"],
        }
    }
}

/// What `profile check` reads from a scenario.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProfileCheck {
    /// Whether the build is installed and becomes ready.
    Load,
    /// Whether a visitor can use a widget, and what the build then sends. It calls events of both
    /// methods.
    Use,
}
