//! What every attempt of a run is made with.

use std::sync::Arc;

use toml::value::Date;

use super::events::RunOptions;
use super::stage::Stage;
use crate::contract::Register;
use crate::evidence::Environment;
use crate::plan::Durations;
use crate::sdk::Installation;
use crate::verdict::known::{Knowledge, KnownFailures, Target};

/// What every attempt of a run is made with and judged by.
#[derive(Debug)]
pub(super) struct Setup {
    pub installation: Installation,
    pub stage: Arc<Stage>,
    pub options: RunOptions,
    pub known: KnownFailures,
    pub today: Date,
    /// Whether the browsers are on this machine, by drivers of our own.
    pub browsers_are_ours: bool,
    /// How long the cases take, where the longest are to begin first.
    pub longest_first: Option<Durations>,
}

impl Setup {
    /// What is known beforehand, in the browser of `environment`.
    pub fn knowledge<'a>(
        &'a self,
        environment: Option<&'a Environment>,
        register: &'a Register,
    ) -> Knowledge<'a> {
        let name_and_version = |of: &'a Environment| (&*of.browser, &*of.browser_version);
        let target = Target {
            browser: environment.map(name_and_version),
            sdk: &self.installation.build.source,
            sha256: &self.installation.build.sha256,
            today: self.today,
        };
        Knowledge {
            known: &self.known,
            register,
            target,
        }
    }
}
