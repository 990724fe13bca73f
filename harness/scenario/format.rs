//! A scenario file as a person writes it. Every key is optional or required here and nowhere else;
//! unknown ones are errors.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::{Spanned, Value};

use super::axes::Axes;
use super::declared::{Observed, ProfileCheck};
use super::step_file::StepFile;
use super::world::StorefrontOptions;
use crate::contract::{BrowserFeature, CaseCheckName, RequirementId};

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
    pub observes: Vec<Spanned<Observed>>,
    /// What `profile check` reads from it.
    pub profile_check: Option<ProfileCheck>,
    /// What it needs of the browser.
    #[serde(default)]
    pub needs: Vec<BrowserFeature>,
    /// What is unusual about the storefront.
    #[serde(default)]
    pub storefront: StorefrontOptions,
    /// What is done.
    pub steps: Vec<Spanned<StepFile>>,
    /// By what the scenario is multiplied.
    #[serde(default)]
    pub axes: Axes,
    /// Values of `read` steps, by name, that show that the case came about: where one differs, no
    /// check of it says anything.
    #[serde(default)]
    pub given: BTreeMap<Spanned<String>, Value>,
    /// What is expected.
    #[serde(default)]
    pub expect: ExpectFile,
    /// Which checks are made, and which requirements each proves.
    #[serde(default)]
    pub checks: BTreeMap<Spanned<CaseCheckName>, Vec<RequirementId>>,
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
