use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Where the decisions are made that the API page leaves open.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Policies {
    /// Who keeps events of visitors out who have not interacted.
    pub gate: Side,
    /// Who drops an order that comes again. With `none`, an order may be recorded as often as it
    /// was reported.
    pub dedup: Side,
    /// For how long an interaction counts.
    pub attribution: Attribution,
}

/// Who decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    /// The SDK: no request may be made.
    Client,
    /// The server: requests may be made, and the ledger decides as a server would.
    Server,
    /// Nobody: the build does not claim it.
    None,
}

/// For how long an interaction counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(try_from = "String")]
#[schemars(with = "String")]
pub enum Attribution {
    /// As long as the visitor's session, as the API page says.
    Session,
    /// For so many hours.
    Hours(u32),
}

impl Default for Policies {
    /// As the API page reads.
    fn default() -> Self {
        Self {
            gate: Side::Client,
            dedup: Side::Client,
            attribution: Attribution::Session,
        }
    }
}

impl TryFrom<String> for Attribution {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        if text == "session" {
            return Ok(Self::Session);
        }
        let hours = text
            .strip_suffix('h')
            .and_then(|hours| hours.parse().ok())
            .filter(|hours| *hours > 0);
        hours.map(Self::Hours).ok_or_else(|| {
            format!("`{text}` is neither \"session\" nor a number of hours such as \"24h\"")
        })
    }
}

impl Policies {
    /// Each policy with its value, as the profile and the requirements write them.
    pub fn words(&self) -> BTreeMap<&'static str, &'static str> {
        let attribution = match self.attribution {
            Attribution::Session => "session",
            Attribution::Hours(_) => "hours",
        };
        BTreeMap::from([
            ("gate", self.gate.word()),
            ("dedup", self.dedup.word()),
            ("attribution", attribution),
        ])
    }
}

impl Side {
    fn word(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::Server => "server",
            Self::None => "none",
        }
    }
}
