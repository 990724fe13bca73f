//! What was seen of a build.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::config::ConfigFound;
use super::sources::Sources;
use super::traffic::Traffic;

/// Every text of the backend's answers begins with it; the name of its field follows.
pub const MARK: &str = "probe-answer";

/// All that was seen.
#[derive(Debug)]
pub struct Observed {
    pub sources: Sources,
    pub config: Option<ConfigFound>,
    /// The globals that it adds beyond the documented ones.
    pub globals: Vec<String>,
    /// Expressions that are true once it is ready.
    pub ready: Vec<String>,
    /// An expression for its version.
    pub version: Option<String>,
    pub identities: Vec<Identity>,
    pub chat: Talk,
    pub faq: Talk,
    pub traffic: Traffic,
    /// Words for fields in console messages, where they are not their names.
    pub words: BTreeMap<String, String>,
}

/// An expression that returns something like a fingerprint.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Identity {
    pub expression: String,
    pub value: String,
}

impl Identity {
    /// Whether it is that of the Product FAQs, by its name.
    pub fn is_faq(&self) -> bool {
        self.expression.to_lowercase().contains("faq")
    }
}

/// How far a shopper came with a widget. Selectors are those of a profile.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Talk {
    pub clicks: Vec<String>,
    pub input: Option<String>,
    pub send: Option<String>,
    /// What closes it again.
    pub dismiss: Option<String>,
    /// The HTTP method and the path of the question; absent: none came.
    pub asked: Option<(String, String)>,
    /// Where the answer was shown, and the name of the field of the response that was shown there.
    pub answer: Option<(String, String)>,
}

impl Talk {
    /// Whether it is enough for a profile.
    pub fn is_whole(&self) -> bool {
        self.asked.is_some() && self.answer.is_some()
    }
}
