//! Where the things of a build are, and how a shopper uses them. A profile never does the SDK's
//! work.
//!
//! A user's profile holds only what differs from the bundled `alhena` one, which holds what the
//! vendor documents. `load` reads a profile, `merge` puts it on top of those it adds to, and its
//! [`ProfileHash`] is made of the result.
//!
//! To add a key: a field of the table's type, with a sentence for the schema and a default, so that
//! profiles in use stay valid; its line in `fixtures/profile-template.toml`, and in
//! `fixtures/profiles/alhena.toml` where the vendor documents a value; then `alhena-conformance
//! schema profile > fixtures/profile.schema.json`. What would make a profile useless is refused in
//! `load`.

mod answer;
mod conversation;
mod hash;
mod host;
mod install;
mod load;
mod merge;
mod pointer;
mod policy;
mod wire;

use std::collections::BTreeMap;
use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::contract::Interaction;
use crate::input::InputError;

pub use answer::Answer;
pub use conversation::Conversation;
pub use hash::{Likeness, ProfileHash};
pub use host::HostPattern;
pub use install::{Install, ScriptKind};
pub use pointer::{Pointer, wrapped};
pub use policy::{Attribution, Policies, Side};
pub use wire::{Wire, WireEvent, WireRecord};

/// One profile.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// For reports.
    pub name: String,
    /// The bundled profile that this one adds to; `none`: it stands alone.
    #[serde(default)]
    #[expect(
        dead_code,
        reason = "the tables are merged before a profile is read from them"
    )]
    extends: Option<String>,
    /// What of that one the build does not have.
    #[serde(default)]
    #[expect(dead_code, reason = "as `extends`")]
    without: Vec<Inherited>,
    /// The shop's company key.
    pub company_key: String,
    /// A JavaScript expression that is true once the SDK is ready.
    pub ready: String,
    /// A JavaScript expression for the build's own version. Accepted, and not read yet.
    #[expect(dead_code, reason = "part of the format: profiles in use have it")]
    version: Option<String>,
    /// The vendor's hosts, for builds that speak to them by name: there too the backend answers.
    /// Every other host is denied.
    #[serde(default)]
    pub hosts: Vec<HostPattern>,
    /// Whether the build has the older methods `sendCartEvent` and `sendCheckoutEvent` on its
    /// `direct_object`, which then keep every promise too.
    #[serde(default)]
    pub direct_methods: bool,
    /// A JavaScript expression for the object that has the older methods; absent: there is none.
    pub direct_object: Option<String>,
    /// Globals that the build may add beyond the documented ones, such as its bundler's.
    #[serde(default)]
    pub globals: Vec<String>,
    /// How a shop installs the build.
    #[serde(default)]
    pub install: Install,
    /// Expressions that return the visitor's fingerprints; absent where the build has no getters.
    pub identifiers: Option<Identifiers>,
    /// How long the harness waits.
    #[serde(default)]
    pub waits: Waits,
    /// The chat widget; absent where the build has none.
    pub chat: Option<Conversation>,
    /// The Product FAQ widget; absent where the build has none.
    pub faq: Option<Conversation>,
    /// Where events go, and where their fields lie.
    pub wire: Wire,
    /// Where the decisions are made that the API page leaves open.
    #[serde(default)]
    pub policies: Policies,
    /// How the build's console messages name fields.
    #[serde(default)]
    pub console: ConsoleMessages,
    /// What the backend answers on other paths.
    #[serde(default, rename = "answer")]
    pub answers: Vec<Answer>,
    /// What the build does not claim.
    #[serde(default)]
    pub not_claimed: Vec<NotClaimed>,
    /// Where it came from and what it is; not in the file.
    #[serde(skip)]
    pub origin: Origin,
}

impl Profile {
    /// The JSON Schema of a profile's file. What a profile adds to need not be said again, so
    /// little is required.
    #[must_use]
    pub fn json_schema() -> serde_json::Value {
        let mut schema = schemars::schema_for!(Profile).to_value();
        schema["required"] = serde_json::json!(["name"]);
        for inherited in ["Wire", "WireEvent", "Identifiers"] {
            if let Some(table) = schema["$defs"][inherited].as_object_mut() {
                table.remove("required");
            }
        }
        schema
    }

    /// Whether `host`, a name without its port, is one of the vendor's.
    #[must_use]
    pub fn names_host(&self, host: &str) -> bool {
        self.hosts.iter().any(|pattern| pattern.matches(host))
    }

    /// The JavaScript expression for the object that has the older methods.
    #[must_use]
    pub fn direct_object(&self) -> &str {
        self.direct_object.as_deref().unwrap_or("undefined")
    }

    /// How a visitor uses a widget; `None` where the build does not have it.
    #[must_use]
    pub fn conversation(&self, widget: Interaction) -> Option<&Conversation> {
        match widget {
            Interaction::Chat => self.chat.as_ref(),
            Interaction::Faq => self.faq.as_ref(),
        }
    }

    /// The selector, in the page itself, of what holds the chat or opens it; `None` where the
    /// profile names no element of it.
    #[must_use]
    pub fn chat_place(&self) -> Option<&str> {
        let chat = self.chat.as_ref()?;
        let used = chat.clicks.first().or(chat.input.as_ref());
        let selector = chat.root.as_ref().or(used)?;
        selector.parts().first().map(String::as_str)
    }

    /// Whether it says which requests ask a widget.
    #[must_use]
    pub fn knows_questions_to(&self, widget: Interaction) -> bool {
        let mut answers = self.answers.iter();
        answers.any(|answer| answer.interaction == Some(widget))
    }

    /// Which widget a request asks; `path` without its query.
    #[must_use]
    pub fn asked_by(&self, http: &str, path: &str) -> Option<Interaction> {
        let mut answers = self.answers.iter();
        answers.find_map(|answer| answer.asks(http, path))
    }

    /// Whether something is to be had at `path`, by whatever HTTP method: an event's address, a
    /// canned answer, a script of the build.
    #[must_use]
    pub fn answers_at(&self, path: &str) -> bool {
        let is_canned =
            |answer: &Answer| answer.is_for(answer.http.as_deref().unwrap_or_default(), path);
        self.wire.takes_at(path)
            || self.answers.iter().any(is_canned)
            || path.starts_with(&self.install.path)
    }
}

/// A table that a profile inherits whole, or goes without.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Inherited {
    /// `[chat]`
    Chat,
    /// `[faq]`
    Faq,
    /// `[identifiers]`
    Identifiers,
}

impl Inherited {
    const ALL: [Self; 3] = [Self::Chat, Self::Faq, Self::Identifiers];

    fn table(self) -> &'static str {
        match self {
            Self::Chat => "chat",
            Self::Faq => "faq",
            Self::Identifiers => "identifiers",
        }
    }
}

/// Where a profile came from.
#[derive(Debug, Clone, Default)]
pub struct Origin {
    /// The file's name.
    pub file: String,
    /// Its identity.
    pub hash: ProfileHash,
    /// The texts of the files beside it that it names, by name.
    pub beside: BTreeMap<String, String>,
    text: String,
}

impl Origin {
    /// An error about the profile, at the line that holds `part`.
    pub fn error_at(&self, part: &str, found: String) -> InputError {
        let error = InputError::new(&self.file, found);
        match self.text.lines().position(|line| line.contains(part)) {
            Some(line) => error.at_line(line + 1),
            None => error,
        }
    }
}

/// Expressions evaluated on the page.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Identifiers {
    /// The chat's.
    pub user_fingerprint: String,
    /// The Product FAQs'.
    pub user_faq_fingerprint: String,
}

/// How long the harness waits, in milliseconds. Deadlines, not sleeps: a wait ends with what it
/// waits for.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[expect(clippy::struct_field_names, reason = "the file names the unit, too")]
pub struct Waits {
    /// For readiness, and for a widget's parts to appear.
    pub ready_ms: u64,
    /// For an expected event to be recorded.
    pub recorded_ms: u64,
    /// The settle time after a case has left its page, in which late requests still count.
    pub settle_ms: u64,
}

impl Default for Waits {
    fn default() -> Self {
        Self {
            ready_ms: 5000,
            recorded_ms: 3000,
            settle_ms: 300,
        }
    }
}

impl Waits {
    /// See `ready_ms`.
    pub fn ready(&self) -> Duration {
        Duration::from_millis(self.ready_ms)
    }

    /// See `recorded_ms`.
    pub fn recorded(&self) -> Duration {
        Duration::from_millis(self.recorded_ms)
    }

    /// See `settle_ms`.
    pub fn settle(&self) -> Duration {
        Duration::from_millis(self.settle_ms)
    }
}

/// How the build's console messages name fields.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ConsoleMessages {
    /// The words for a field, where they are not its own name.
    pub names: BTreeMap<String, Vec<String>>,
}

impl ConsoleMessages {
    /// The words of which one must stand in a message about `field`.
    pub fn names_of<'a>(&'a self, field: &'a str) -> Vec<&'a str> {
        self.names.get(field).map_or_else(
            || vec![field],
            |names| names.iter().map(String::as_str).collect(),
        )
    }
}

/// Checks that do not apply to the build.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NotClaimed {
    /// Check ids, scenario ids or requirement ids; `*` and `?` as in a shell.
    pub checks: Vec<String>,
    /// Events that the journeys of `explore` leave out: `checkout/id-long`.
    #[serde(default)]
    pub events: Vec<String>,
    /// Why, for every report.
    pub reason: String,
}
