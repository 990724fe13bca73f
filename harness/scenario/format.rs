//! A scenario file as a person writes it. Every key is optional or required here and nowhere else;
//! unknown ones are errors.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{self, SeqAccess};
use serde::{Deserialize, Deserializer};
use toml::{Spanned, Value};

use super::declared::{Observed, ProfileCheck};
use super::step::{
    BackendState, CallStyle, Direction, Exit, Interaction, Load, ScriptState, StorefrontOptions,
    Tab,
};
use crate::contract::{CaseCheckName, Method, RequirementId, Visitor};

/// The whole file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScenarioFile {
    /// What the scenario shows, as a sentence.
    pub title: String,
    /// Nothing else can be tested where this scenario fails.
    #[serde(default)]
    pub prerequisite: bool,
    /// Which values of its `read` steps a report keeps as observations of the build.
    #[serde(default)]
    pub observes: Vec<Observed>,
    /// What `profile check` reads from it.
    pub profile_check: Option<ProfileCheck>,
    /// What is unusual about the storefront.
    #[serde(default)]
    pub storefront: StorefrontOptions,
    /// What is done.
    pub steps: Vec<Spanned<StepFile>>,
    /// By what the scenario is multiplied.
    #[serde(default)]
    pub axes: AxesFile,
    /// What is expected.
    #[serde(default)]
    pub expect: ExpectFile,
    /// Which checks are made, and which requirements each proves.
    #[serde(default)]
    pub checks: BTreeMap<Spanned<CaseCheckName>, Vec<RequirementId>>,
}

/// The axes of a scenario; an absent one has its default value and does not show in ids.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AxesFile {
    pub load: Vec<Load>,
    pub interaction: Vec<Interaction>,
    pub call: Vec<CallStyle>,
}

/// What the checks of a scenario compare with.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ExpectFile {
    /// Events that must be recorded, in the order of their calls.
    pub recorded: Vec<Spanned<String>>,
    /// Events that are called and must not be recorded.
    pub not_recorded: Vec<Spanned<String>>,
    /// Values of `read` steps, by name.
    pub page: BTreeMap<String, Value>,
    /// Texts that console messages must contain.
    pub console: Vec<String>,
}

/// One step: exactly one verb, and the few words that go with some verbs.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct StepFile {
    pub visit: Option<String>,
    pub interact: Option<InteractWord>,
    pub open: Option<OpenWord>,
    pub track: Option<OneOrMany>,
    pub save_reference: Option<True>,
    pub push_raw: Option<String>,
    pub click: Option<String>,
    pub go: Option<Direction>,
    pub sdk: Option<ScriptState>,
    pub backend: Option<BackendState>,
    pub window: Option<Tab>,
    pub close: Option<Tab>,
    pub visitor: Option<Visitor>,
    pub new_session: Option<True>,
    pub until_ready: Option<True>,
    pub until_recorded: Option<OneOrMany>,
    pub until_answered: Option<usize>,
    pub stay_ms: Option<u64>,
    pub read: Option<String>,
    pub identify: Option<True>,
    pub matrix: Option<Method>,

    /// With `track`: how.
    pub by: Option<CallStyle>,
    /// With `track`: leave the page in the same task.
    pub then: Option<Exit>,
    /// With `track`: one more event, called from inside the data of the first while the SDK reads
    /// it.
    pub during: Option<String>,
    /// With `click`: in the cart line of this product.
    pub line: Option<String>,
    /// With `click`: the page it loads, which is waited for.
    pub to: Option<String>,
    /// With `read`: the name of the value.
    #[serde(rename = "as")]
    pub name: Option<String>,
}

/// `interact = "chat" | "faq" | "any"`.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum InteractWord {
    Chat,
    Faq,
    /// In the way of the case's interaction axis.
    Any,
}

/// `open = "chat"`.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OpenWord {
    Chat,
}

/// `true`, the only value that makes sense after a verb that takes no object.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(try_from = "bool")]
pub struct True;

impl TryFrom<bool> for True {
    type Error = &'static str;

    fn try_from(value: bool) -> Result<Self, Self::Error> {
        if value {
            Ok(Self)
        } else {
            Err("only `true` makes sense here: leave the step out instead")
        }
    }
}

/// One event reference, or a list of them.
#[derive(Debug)]
pub struct OneOrMany(pub Vec<String>);

impl<'de> Deserialize<'de> for OneOrMany {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OneOrManyVisitor;

        impl<'de> de::Visitor<'de> for OneOrManyVisitor {
            type Value = OneOrMany;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an event, such as \"cart/trail-runner-added\", or a list of events")
            }

            fn visit_str<E: de::Error>(self, one: &str) -> Result<Self::Value, E> {
                Ok(OneOrMany(vec![one.to_owned()]))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
                let mut many = Vec::new();
                while let Some(one) = list.next_element()? {
                    many.push(one);
                }
                Ok(OneOrMany(many))
            }
        }

        deserializer.deserialize_any(OneOrManyVisitor)
    }
}
