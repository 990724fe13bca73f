//! Proves exploration: no false alarm on sound builds, and how many journeys each mutant survives.

use std::sync::Arc;
use std::time::Instant;

use serde::{Deserialize, Serialize};

use crate::contract::RequirementId;
use crate::explore::{Explored, Limits, Search, SearchError, Workshop, out_of_reach};
use crate::plan::Case;
use crate::run::{Interrupt, Sessions, Stage};
use crate::sdk::{Installation, Mutant, sha256};
use crate::verdict::known::KnownFailures;

/// So many journeys are driven for a mutant that none seems to reach: its scenario may ask more
/// than it takes. What is reached at all so is found by the first ones.
const BEYOND_REACH: usize = 10;

/// How a proof of exploration is made.
#[derive(Debug)]
pub struct JourneyTest<'a> {
    pub stage: Arc<Stage>,
    pub sessions: Arc<Sessions>,
    pub workshop: Workshop<'a>,
    /// What fails and is no find.
    pub known: &'a KnownFailures,
    pub workers: usize,
    /// So many journeys a mutant, at most.
    pub limits: Limits,
}

/// What exploration made of one mutant.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JourneyTrial {
    /// The mutant's id.
    pub mutant: String,
    /// Its build and its snippet: SHA-256.
    pub sha256: String,
    /// The promise that it breaks.
    pub breaks: RequirementId,
    pub fate: JourneyFate,
    /// Seconds.
    pub took: f64,
}

/// Whether journeys found a mutant.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JourneyFate {
    /// They did.
    Found {
        /// The number of the journey, from 1.
        journey: usize,
        /// How many steps the least journey has.
        steps: usize,
        /// How many drives made it small.
        drives: usize,
        /// The first requirements that it breaks.
        breaks: Vec<RequirementId>,
        /// The cause.
        cause: String,
    },
    /// They did not.
    Survived,
    /// No journey can, for this reason.
    OutOfReach(String),
    /// It could not be driven.
    Error(String),
}

/// What exploration made of all mutants.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JourneysReport {
    /// The engine, as `--engine` takes it.
    pub engine: String,
    pub seed: u64,
    /// So many journeys a mutant, at most.
    pub journeys: usize,
    /// Identifies them, and what must hold in them, where none varies another.
    pub journeys_sha256: String,
    /// Journeys varied those that ran code which none before them ran.
    #[serde(default)]
    pub by_coverage: bool,
    pub trials: Vec<JourneyTrial>,
}

impl JourneyTest<'_> {
    /// Explores one mutant of `reference`, whose check is one of `cases`.
    ///
    /// # Errors
    /// If the events of journeys cannot be read.
    pub async fn trial(
        &self,
        mutant: &Mutant,
        reference: &Installation,
        cases: &[Case],
        interrupt: &Interrupt,
    ) -> JourneyTrial {
        let begun = Instant::now();
        let reason = self.reason_against(mutant, cases);
        let most = reason.as_ref().map(|_| BEYOND_REACH);
        let limits = Limits {
            journeys: most.or(self.limits.journeys),
            ..self.limits
        };
        let installation = mutant.installation(reference);
        let explored = self.search(&installation, limits, interrupt).await;
        let fate = match (fate(explored), reason) {
            (JourneyFate::Survived, Some(why)) => JourneyFate::OutOfReach(why),
            (fate, _) => fate,
        };
        JourneyTrial {
            mutant: mutant.id.clone(),
            sha256: identity(&installation),
            breaks: mutant.breaks.clone(),
            fate,
            took: begun.elapsed().as_secs_f64(),
        }
    }

    /// Why no journey can find a mutant.
    fn reason_against(&self, mutant: &Mutant, cases: &[Case]) -> Option<String> {
        let check = &mutant.killed_by;
        let asks = |case: &&Case| case.checks.iter().any(|own| own.id == *check);
        let case = cases.iter().find(asks)?;
        out_of_reach(case, check, &self.workshop)
    }

    async fn search(
        &self,
        installation: &Installation,
        limits: Limits,
        interrupt: &Interrupt,
    ) -> Result<Explored, SearchError> {
        let search = Search {
            stage: Arc::clone(&self.stage),
            sessions: Arc::clone(&self.sessions),
            installation,
            workshop: self.workshop,
            known: self.known,
            workers: self.workers,
        };
        search.run(limits, interrupt, &mut |_| {}).await
    }
}

/// Identifies what is driven of a mutant.
fn identity(installation: &Installation) -> String {
    let Installation { build, snippet, .. } = installation;
    let text = [&*build.script, b"\0", snippet.html.as_bytes()].concat();
    sha256(&text)
}

fn fate(explored: Result<Explored, SearchError>) -> JourneyFate {
    let explored = match explored {
        Ok(explored) => explored,
        Err(error) => return JourneyFate::Error(error.to_string()),
    };
    match explored.finds.first() {
        Some(find) => JourneyFate::Found {
            journey: find.origin.number,
            steps: find.journey().steps.len(),
            drives: find.drives(),
            breaks: find.breaks().to_vec(),
            cause: find.cause.id.0.clone(),
        },
        None if explored.journeys == 0 => {
            let why = explored.lost.first().cloned();
            JourneyFate::Error(why.unwrap_or_else(|| "nothing could be driven".to_owned()))
        }
        None => JourneyFate::Survived,
    }
}

impl JourneysReport {
    /// Whether another report is of the same journeys in the same engine. Those that vary others
    /// may be different ones each time.
    pub fn is_like(&self, other: &Self) -> bool {
        let is_varied = self.by_coverage || other.by_coverage;
        !is_varied && self.engine == other.engine && self.journeys_sha256 == other.journeys_sha256
    }

    /// What these journeys came to with this mutant of `reference`, if it was driven and has not
    /// changed since.
    pub fn of(&self, mutant: &Mutant, reference: &Installation) -> Option<&JourneyTrial> {
        let sha256 = identity(&mutant.installation(reference));
        self.trials.iter().find(|own| {
            let is_decided = !matches!(own.fate, JourneyFate::Error(_));
            own.mutant == mutant.id && own.sha256 == sha256 && is_decided
        })
    }

    /// The trials of mutants that journeys can reach.
    pub fn reached(&self) -> impl Iterator<Item = &JourneyTrial> {
        let is_reached = |own: &&JourneyTrial| match own.fate {
            JourneyFate::Found { .. } | JourneyFate::Survived => true,
            JourneyFate::OutOfReach(_) | JourneyFate::Error(_) => false,
        };
        self.trials.iter().filter(is_reached)
    }

    /// How many mutants were found within so many journeys.
    pub fn found_within(&self, most: usize) -> usize {
        let is_found = |own: &&JourneyTrial| match own.fate {
            JourneyFate::Found { journey, .. } => journey <= most,
            JourneyFate::Survived | JourneyFate::OutOfReach(_) | JourneyFate::Error(_) => false,
        };
        self.trials.iter().filter(is_found).count()
    }

    /// The median of the steps of the least journeys; `None`: nothing was found.
    pub fn median_steps(&self) -> Option<usize> {
        let mut all: Vec<usize> = self.trials.iter().filter_map(JourneyTrial::steps).collect();
        all.sort_unstable();
        all.get(all.len() / 2).copied()
    }

    /// Whether it shows what exploration must be able to do: nine of ten reached mutants are found,
    /// and half of them within twenty journeys.
    pub fn is_proof(&self) -> bool {
        let reached = self.reached().count();
        self.found_within(usize::MAX) * 10 >= reached * 9 && self.found_within(20) * 2 >= reached
    }
}

impl JourneyTrial {
    fn steps(&self) -> Option<usize> {
        match self.fate {
            JourneyFate::Found { steps, .. } => Some(steps),
            JourneyFate::Survived | JourneyFate::OutOfReach(_) | JourneyFate::Error(_) => None,
        }
    }
}
