use serde::{Deserialize, Serialize};

use super::Millis;

/// The page after one step.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Frame {
    /// The index of the step.
    pub step: usize,
    /// When.
    pub at: Millis,
    /// A PNG in base64; absent where the page looked as in the frame before, or could not be
    /// pictured.
    pub picture: Option<String>,
    /// The document as HTML, with its open shadow roots; long ones are cut. Absent where it could
    /// not be read.
    pub dom: Option<String>,
}
