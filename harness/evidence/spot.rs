use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A position in a file that the user knows, with the lines around it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Spot {
    /// The file, as the user named the build or as its source map names the source; else what it
    /// is, in words: `the snippet`, `the shop's page /product`.
    pub file: String,
    /// The line; the first is 1.
    pub line: usize,
    /// The column in UTF-16 code units; the first is 1.
    pub column: usize,
    /// How many letters stand before that column in its line of the excerpt.
    pub caret: usize,
    /// The line and those around it; empty where the text of the file is not known. Long lines are
    /// cut around the column, with `…` where something is missing.
    pub excerpt: Vec<ExcerptLine>,
}

/// One line of an excerpt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExcerptLine {
    /// Its number in the file; the first is 1.
    pub number: usize,
    /// Its text.
    pub text: String,
}

impl Spot {
    /// `file:line:column`
    pub fn location(&self) -> String {
        format!("{}:{}:{}", self.file, self.line, self.column)
    }
}
