use std::sync::Arc;

use super::generate::Pool;
use super::model::{Claims, Expected, NoMeaning, World};
use super::write::{self, Header};
use crate::input::{Files, InputError, Source};
use crate::plan::{Case, cases_of, exclude_unclaimed};
use crate::scenario::{Step, StorefrontOptions, Suite};
use crate::sdk::Profile;

/// The folder, in the ids of scenarios, that journeys are in.
const AREA: &str = "journeys";

/// Whether the scenario of this id is a journey.
pub fn is_journey(scenario: &str) -> bool {
    let below = scenario.strip_prefix(AREA);
    below.is_some_and(|below| below.starts_with('/'))
}

/// A generated sequence of steps, in a storefront.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Journey {
    /// What is unusual about the storefront.
    pub storefront: StorefrontOptions,
    /// The condition of its pages, by its id; `None`: nothing is asked about that.
    pub condition: Option<String>,
    /// What is done.
    pub steps: Vec<Step>,
}

/// How a journey is made a case.
#[derive(Debug, Clone, Copy)]
pub struct Workshop<'a> {
    /// The requirements, the tables and the conditions.
    pub suite: &'a Suite,
    /// The event files.
    pub files: &'a Files,
    /// What the build claims.
    pub profile: &'a Profile,
    /// What journeys are made of.
    pub pool: &'a Pool,
}

/// A journey as a case: a scenario file, read.
#[derive(Debug, Clone)]
pub struct Written {
    /// The file's name, in the folder of journeys, without its extension.
    pub name: String,
    /// The file.
    pub text: String,
    /// What is driven and judged.
    pub case: Arc<Case>,
}

impl Journey {
    /// What the contract says of it.
    ///
    /// # Errors
    /// If a step has no meaning where it stands.
    pub fn expected(&self, claims: &Claims) -> Result<Expected, NoMeaning> {
        let mut world = World::new(claims.clone(), self.storefront.clone());
        for step in &self.steps {
            world.step(step)?;
        }
        Ok(world.expected())
    }
}

impl Workshop<'_> {
    /// What the model knows of the profile.
    pub fn claims(&self) -> Claims {
        Claims::of(self.profile, &self.suite.register, &self.pool.faq_pages)
    }

    /// The ids of the conditions under which journeys go.
    pub fn conditions(&self) -> Vec<String> {
        self.suite.conditions.for_journeys(&self.pool.without)
    }

    /// The scenario file `name` of a journey, and its case; `None` where a step has no meaning.
    ///
    /// # Errors
    /// If the file cannot be read again: a bug of ours.
    pub fn write(
        &self,
        journey: &Journey,
        name: &str,
        header: &Header,
    ) -> Result<Option<Written>, InputError> {
        let Ok(expected) = journey.expected(&self.claims()) else {
            return Ok(None);
        };
        let text = write::file(journey, &expected, header);
        let source = Source {
            name: format!("{AREA}/{name}.toml"),
            text: text.clone(),
        };
        let scenario = self
            .suite
            .read(&format!("{AREA}/{name}"), source, self.files)?;
        let mut cases = cases_of(&Arc::new(scenario));
        exclude_unclaimed(&mut cases, &self.suite.register, self.profile);
        let written = cases.into_iter().next().map(|case| Written {
            name: name.to_owned(),
            text,
            case: Arc::new(case),
        });
        Ok(written.filter(|own| !own.case.checks.is_empty()))
    }
}
