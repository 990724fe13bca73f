//! What journeys found: one failing journey for each cause, and what is done about it.
//!
//! - `stage.rs` is what is done about a find.
//! - `take.rs` takes in what each drive shows.
//! - `original.rs` decides what is the same cause.
//! - `file.rs` writes it as a scenario file.

mod file;
mod original;
mod stage;
mod take;

use std::sync::Arc;

use super::journey::{Journey, Workshop, Written};
use super::shrink::Shrinker;
use super::write::Header;
use crate::contract::RequirementId;
use crate::input::InputError;
use crate::plan::Case;
use crate::verdict::{Attempts, CaseOutcome, Cause};
use original::Original;
use stage::{Drive, FindStage};

/// Which journey found something.
#[derive(Debug, Clone, Copy)]
pub struct Origin {
    /// Of which search.
    pub seed: u64,
    /// Its number there, from 1.
    pub number: usize,
    /// Journeys varied others by what ran of the build.
    pub by_coverage: bool,
}

/// A cause that journeys found, and the least journey that shows it.
#[derive(Debug)]
pub struct Find {
    /// The journey that found it.
    pub origin: Origin,
    /// How many steps that journey has.
    pub steps_before: usize,
    /// The cause, in the words of the least journey so far.
    pub cause: Cause,
    /// Further journeys that fail for it.
    pub also: usize,
    /// The least journey, as a scenario file.
    pub written: Option<Written>,
    /// What the least journey showed in fresh sessions; `None`: it was not driven there.
    pub confirmed: Option<CaseOutcome>,
    /// In how many drives the journey that found it failed, of how many.
    pub rate: (usize, usize),
    original: Original,
    shrinker: Shrinker,
    /// The causes of the candidates that fail.
    causes: Vec<(Journey, Cause)>,
    under_way: Vec<Drive>,
    /// Drives that were put, and those of them that were not made to shrink it.
    put: usize,
    others: usize,
    stage: FindStage,
    proof: Option<Proof>,
}

/// The file of the journey that the search went back to, and what it showed in fresh sessions.
#[derive(Debug)]
struct Proof {
    written: Option<Written>,
    confirmed: Option<CaseOutcome>,
}

impl Find {
    /// What `journey` found, as its drive `original` shows.
    pub fn new(
        origin: Origin,
        journey: Journey,
        original: CaseOutcome,
        cause: Cause,
        workshop: &Workshop<'_>,
    ) -> Self {
        Self {
            origin,
            steps_before: journey.steps.len(),
            original: Original::new(original, &cause),
            cause,
            also: 0,
            written: None,
            confirmed: None,
            rate: (1, 1),
            causes: Vec::new(),
            proof: None,
            under_way: Vec::new(),
            put: 0,
            others: 0,
            stage: if journey.condition.is_some() {
                FindStage::Ordinary
            } else {
                FindStage::Repeat
            },
            shrinker: Shrinker::new(journey, workshop.claims(), workshop.pool),
        }
    }

    /// The least journey so far.
    pub fn journey(&self) -> &Journey {
        self.shrinker.least()
    }

    /// Whether nothing is left to do about it.
    pub fn is_done(&self) -> bool {
        self.stage == FindStage::Done
    }

    /// Whether it is known what is the same cause: before that, no other journey can be compared.
    pub fn is_comparable(&self) -> bool {
        self.stage != FindStage::Ordinary
    }

    /// How many drives decided about it. What was driven beside them, because a session was free,
    /// does not count.
    pub fn drives(&self) -> usize {
        self.others + self.shrinker.counted()
    }

    /// Whether a cause that a condition has to do with is this one, as far as its checks show.
    pub fn is_like(&self, cause: &Cause) -> bool {
        self.original.is_like(cause)
    }

    /// The requirements that it breaks.
    pub fn breaks(&self) -> &[RequirementId] {
        &self.cause.breaks
    }

    /// What is to be driven next, in a fresh session or not, where simpler journeys are driven so
    /// many at once; `None`: nothing now.
    ///
    /// # Errors
    /// If a scenario file cannot be read again: a bug of ours.
    pub fn next(
        &mut self,
        workshop: &Workshop<'_>,
        at_once: usize,
    ) -> Result<Option<(Arc<Case>, bool)>, InputError> {
        while let Some(journey) = self.journey_to_drive(at_once) {
            let written = match self.stage {
                FindStage::Confirm => {
                    let written = self.least(workshop)?;
                    self.written.clone_from(&written);
                    written
                }
                FindStage::Ordinary | FindStage::Repeat | FindStage::Shrink | FindStage::Done => {
                    let Origin { seed, number, .. } = self.origin;
                    let name = format!("{seed}-{number}-{}", self.put);
                    let header = Header::of_journey(seed, number);
                    workshop.write(&journey, &name, &header)?
                }
            };
            let Some(written) = written else {
                // The build claims none of what is left of it.
                if self.stage == FindStage::Shrink {
                    self.shrinker.take(journey, false, workshop.pool);
                } else {
                    self.stage = FindStage::Done;
                }
                continue;
            };
            self.put += 1;
            self.others += usize::from(self.stage != FindStage::Shrink);
            self.under_way.push(Drive {
                stage: self.stage,
                journey,
                case: Arc::clone(&written.case),
                attempts: Attempts::default(),
            });
            return Ok(Some((written.case, self.stage.is_fresh())));
        }
        Ok(None)
    }

    fn journey_to_drive(&mut self, at_once: usize) -> Option<Journey> {
        if self.stage == FindStage::Shrink {
            self.go_to(self.shrinker.after_shrinking());
        }
        let of_stage = self.under_way.iter().filter(|own| own.stage == self.stage);
        let room = match self.stage {
            FindStage::Shrink => at_once.max(1),
            FindStage::Ordinary | FindStage::Repeat | FindStage::Confirm => 1,
            FindStage::Done => 0,
        };
        if of_stage.count() >= room {
            return None;
        }
        match self.stage {
            FindStage::Ordinary => Some(Journey {
                condition: None,
                ..self.shrinker.least().clone()
            }),
            FindStage::Repeat | FindStage::Confirm => Some(self.shrinker.least().clone()),
            FindStage::Shrink => self.shrinker.propose(),
            FindStage::Done => None,
        }
    }

    /// The cases under way that decide about nothing any more.
    pub fn of_no_use(&self) -> Vec<String> {
        let drives = self.under_way.iter();
        let drives = drives.filter(|own| own.stage == FindStage::Shrink);
        let drives = drives.filter(|own| !self.shrinker.needs(&own.journey));
        drives.map(|own| own.case.id.clone()).collect()
    }

    /// The case of this id is not driven after all.
    pub fn forget(&mut self, id: &str) {
        let drives = std::mem::take(&mut self.under_way);
        let is_it = |own: &Drive| own.case.id == id;
        let (forgotten, drives) = drives.into_iter().partition(is_it);
        self.under_way = drives;
        let forgotten: Vec<Drive> = forgotten;
        for drive in forgotten {
            self.shrinker.forget(&drive.journey);
        }
    }
}
