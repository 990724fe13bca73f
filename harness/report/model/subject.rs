use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::evidence::Asker;

/// The harness.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HarnessReport {
    /// Its version.
    pub version: String,
}

impl HarnessReport {
    /// This one.
    pub fn of_this_version() -> Self {
        Self {
            version: env!("CARGO_PKG_VERSION").to_owned(),
        }
    }
}

/// The build under test.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SdkReport {
    /// Where it came from, as the user named it.
    pub source: String,
    /// SHA-256 of the script that the storefront sent; of a folder with other files: over the names
    /// and the bytes of all of them.
    pub sha256: String,
    /// Whether a browser fetched it.
    pub fetched: bool,
}

/// The snippet.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SnippetReport {
    /// Where it came from.
    pub source: String,
    /// SHA-256 of its bytes in the pages as served.
    pub sha256: String,
}

/// The profile.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProfileReport {
    /// Its name.
    pub name: String,
    /// The file it was read from.
    pub file: String,
    /// `content:` and the SHA-256 over all that it says, what it adds to and the files it names;
    /// comments aside. Without `content:` it was made in another way, by an earlier version.
    pub sha256: String,
    /// The policies that the build was judged by: `gate`, `dedup` and `attribution`.
    pub policies: BTreeMap<String, String>,
}

/// The browser and the machine.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EnvironmentReport {
    /// The engine's name; absent in reports of versions that knew one engine.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub engine: Option<String>,
    /// The browser's name.
    pub browser: String,
    /// Its exact version.
    pub browser_version: String,
    /// The name and the version of the browser in which cases ran that need what the first lacks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub also: Option<String>,
    /// The driver's name and version.
    pub driver: String,
    /// The browser's command line options.
    pub arguments: Vec<String>,
    /// The settings that it was started with beside these: `name = value`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub preferences: Vec<String>,
    /// How console messages were read; absent in reports of versions that knew one engine.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub console: Option<String>,
    /// Whether `fetch`, `XMLHttpRequest` and `sendBeacon` of a fresh page are the browser's own:
    /// nothing of the harness stands before them.
    pub natives: BTreeMap<String, bool>,
    /// The operating system and the architecture.
    pub platform: String,
}

impl EnvironmentReport {
    /// The browser's name and version.
    pub fn browser_name(&self) -> String {
        format!("{} {}", self.browser, self.browser_version)
    }
}

/// One part of a run that several machines share.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShardReport {
    /// Which part, counted from 1.
    pub index: usize,
    /// Of how many.
    pub of: usize,
    /// SHA-256 over the ids of all checks of the whole run, each with the part that it is in: the
    /// parts of one run share it.
    pub plan_sha256: String,
}

/// One host that was asked for by its public name, over all attempts of the run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HostReport {
    /// Its name, without a port.
    pub host: String,
    /// Who asked for it. What the browser asks for by itself is not the SDK's doing.
    pub asked_by: Asker,
    /// Whether the profile's `hosts` name it, so that the backend answered. Any other was denied.
    pub ours: bool,
    /// How often it was asked for.
    pub requests: usize,
    /// The ids of the cases in which it was; empty where no case is known.
    pub cases: Vec<String>,
    /// The first URL that was asked for; absent where a connection was opened and nothing asked
    /// for.
    pub example: Option<String>,
}

impl HostReport {
    /// Whether a page asked for it, and the profile does not name it.
    pub fn is_denied(&self) -> bool {
        self.asked_by == Asker::Page && !self.ours
    }
}
