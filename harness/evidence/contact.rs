use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Millis;

/// A request to a host by its public name, as the harness's proxy saw it. Requests to the harness's
/// own names are not among them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contact {
    /// When, on the clock of its case; of what belongs to no case, since the run began.
    pub at: Millis,
    /// Who asked.
    pub asker: Asker,
    /// The host, without its port.
    pub host: String,
    /// The HTTP method; `CONNECT` where a connection was opened and nothing asked for.
    pub method: String,
    /// The whole URL; absent where nothing was asked for.
    pub url: Option<String>,
    /// Whether the profile's `hosts` name it, so that the backend answered. Any other was denied.
    pub ours: bool,
}

/// Who asks for a host.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Asker {
    /// A page: its request names the page's origin.
    Page,
    /// Nobody that is known: such requests are the browser's own.
    Browser,
}
