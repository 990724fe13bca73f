use std::sync::Arc;

use super::generate::Pool;
use super::journey::{Journey, Workshop, Written};
use super::judged::{Judge, Shown};
use super::shrink::Shrinker;
use super::write::Header;
use crate::contract::{CheckId, RequirementId};
use crate::input::InputError;
use crate::plan::Case;
use crate::run::Attempt;
use crate::verdict::{Attempts, CaseOutcome, Cause};

/// How often a journey that failed is driven again before it counts as one that does not repeat.
const REPEATS: usize = 4;

/// How often the least journey is driven again in fresh sessions.
const CONFIRMS: usize = 2;

/// A cause that journeys found, and the least journey that shows it.
#[derive(Debug)]
pub struct Find {
    /// The number of the journey that found it, from 1.
    pub number: usize,
    /// How many steps that journey has.
    pub steps_before: usize,
    /// The cause, in the words of the least journey so far.
    pub cause: Cause,
    /// Further journeys that fail for it.
    pub also: usize,
    /// How often journeys were driven to make it small.
    pub drives: usize,
    /// The least journey, as a scenario file.
    pub written: Option<Written>,
    /// What the least journey showed in fresh sessions; `None`: it was not driven there.
    pub confirmed: Option<CaseOutcome>,
    /// In how many drives the journey that found it failed, of how many.
    pub rate: (usize, usize),
    seed: u64,
    original: Option<CaseOutcome>,
    checks: Vec<CheckId>,
    shrinker: Shrinker,
    tried: Option<(Journey, Attempts)>,
    stage: FindStage,
    is_under_way: bool,
}

/// What is done about a find.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum FindStage {
    /// The journey is driven on ordinary pages, where it failed under a condition.
    Ordinary,
    /// The journey is driven again, to see whether it repeats.
    Repeat,
    Shrink,
    Confirm,
    Done,
}

impl Find {
    /// What `journey` found, as its drive `original` shows.
    pub fn new(
        (seed, number): (u64, usize),
        journey: Journey,
        original: CaseOutcome,
        cause: Cause,
        workshop: &Workshop<'_>,
        pool: &Pool,
    ) -> Self {
        Self {
            number,
            steps_before: journey.steps.len(),
            checks: cause.checks.clone(),
            cause,
            also: 0,
            drives: 0,
            written: None,
            confirmed: None,
            rate: (1, 1),
            seed,
            original: Some(original),
            tried: None,
            stage: if journey.condition.is_some() {
                FindStage::Ordinary
            } else {
                FindStage::Repeat
            },
            shrinker: Shrinker::new(journey, workshop.claims(), pool),
            is_under_way: false,
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

    /// Whether a cause that a condition has to do with is this one, as far as its checks show.
    pub fn is_like(&self, cause: &Cause) -> bool {
        self.cause.question == cause.question
    }

    /// The requirements that it breaks.
    pub fn breaks(&self) -> &[RequirementId] {
        &self.cause.breaks
    }

    /// What is to be driven next, in a fresh session or not; `None`: nothing now.
    ///
    /// # Errors
    /// If a scenario file cannot be read again: a bug of ours.
    pub fn next(
        &mut self,
        workshop: &Workshop<'_>,
    ) -> Result<Option<(Arc<Case>, bool)>, InputError> {
        if self.is_under_way || self.is_done() {
            return Ok(None);
        }
        let tried = self
            .tried
            .take()
            .map(|(journey, attempts)| (Some(journey), attempts));
        let (journey, attempts) = tried.unwrap_or_default();
        let journey = journey.or_else(|| match self.stage {
            FindStage::Ordinary => Some(Journey {
                condition: None,
                ..self.shrinker.least().clone()
            }),
            FindStage::Repeat | FindStage::Confirm => Some(self.shrinker.least().clone()),
            FindStage::Shrink => self.shrinker.propose(),
            FindStage::Done => None,
        });
        let Some(journey) = journey else {
            self.stage = FindStage::Confirm;
            return self.next(workshop);
        };
        let written = match self.stage {
            FindStage::Confirm => {
                let written = self.least(workshop)?;
                self.written.clone_from(&written);
                written
            }
            FindStage::Ordinary | FindStage::Repeat | FindStage::Shrink | FindStage::Done => {
                let name = format!("{}-{}-{}", self.seed, self.number, self.drives);
                let header = Header::of_journey(self.seed, self.number);
                workshop.write(&journey, &name, &header)?
            }
        };
        let Some(written) = written else {
            // The build claims none of what is left of it.
            return if self.stage == FindStage::Shrink {
                self.next(workshop)
            } else {
                self.stage = FindStage::Done;
                Ok(None)
            };
        };
        self.drives += 1;
        self.is_under_way = true;
        self.tried = Some((journey, attempts));
        let is_fresh = self.stage != FindStage::Shrink;
        Ok(Some((written.case, is_fresh)))
    }

    /// The least journey as a file that a person can commit.
    ///
    /// # Errors
    /// As [`Self::next`].
    pub fn least(&self, workshop: &Workshop<'_>) -> Result<Option<Written>, InputError> {
        let breaks = self.breaks().first();
        let requirement = breaks.map_or("journey", |id| id.0.as_str());
        let name = format!(
            "{}-{}-{}",
            requirement.to_lowercase(),
            self.seed,
            self.number
        );
        let breaks: Vec<&str> = self.breaks().iter().map(|id| id.0.as_str()).collect();
        let statement = |id: &RequirementId| {
            let requirement = workshop.suite.register.get(id)?;
            Some(requirement.statement.trim_end_matches('.').to_owned())
        };
        let header = Header {
            title: self
                .breaks()
                .first()
                .and_then(statement)
                .unwrap_or_default(),
            comments: vec![
                format!(
                    "Found by `explore --seed {}`, journey {}.",
                    self.seed, self.number
                ),
                format!("It breaks {}. Cause: {}", breaks.join(", "), self.cause.id),
            ],
        };
        workshop.write(self.journey(), &name, &header)
    }

    /// Takes in what came of a drive.
    pub fn take(&mut self, attempt: Attempt, judge: &Judge<'_>, pool: &Pool) {
        self.is_under_way = false;
        let Some((journey, mut attempts)) = self.tried.take() else {
            return;
        };
        let retries = if self.stage == FindStage::Confirm {
            CONFIRMS
        } else {
            0
        };
        let Some(shown) = judge.take(&mut attempts, attempt, retries) else {
            self.tried = Some((journey, attempts));
            return;
        };
        match (self.stage, shown) {
            (FindStage::Done, _) | (FindStage::Shrink, Shown::Lost(_)) => {}
            (FindStage::Confirm, Shown::Outcome(outcome)) => {
                self.confirmed = Some(*outcome);
                self.stage = FindStage::Done;
            }
            (FindStage::Confirm, Shown::Lost(_)) => self.stage = FindStage::Done,
            (FindStage::Ordinary, shown) => {
                if let Shown::Outcome(outcome) = shown {
                    self.look_at_the_ordinary(journey, *outcome, judge, pool);
                }
                self.stage = FindStage::Repeat;
            }
            // The machine failed: it counts as a drive that shows nothing.
            (FindStage::Repeat, Shown::Lost(_)) => self.note_repeat(false),
            (FindStage::Repeat, Shown::Outcome(outcome)) => {
                let is_same = self.is_same(*outcome, judge);
                self.note_repeat(is_same);
            }
            (FindStage::Shrink, Shown::Outcome(outcome)) => {
                if self.is_same(*outcome, judge) {
                    self.shrinker.fails(journey, pool);
                }
            }
        }
    }

    /// Where the same check fails on ordinary pages, too, no condition has to do with it.
    fn look_at_the_ordinary(
        &mut self,
        journey: Journey,
        outcome: CaseOutcome,
        judge: &Judge<'_>,
        pool: &Pool,
    ) {
        let (outcome, causes) = judge.causes(outcome);
        let is_same = |cause: &Cause| cause.question == self.cause.question;
        if let Some(cause) = causes.into_iter().find(is_same) {
            self.checks.clone_from(&cause.checks);
            self.cause = cause;
            self.original = Some(outcome);
            self.shrinker.fails(journey, pool);
        }
    }

    fn note_repeat(&mut self, failed: bool) {
        let (before, of) = self.rate;
        self.rate = (before + usize::from(failed), of + 1);
        if failed {
            self.stage = FindStage::Shrink;
        } else if self.rate.1 > REPEATS {
            // It stays as it was found.
            self.stage = FindStage::Confirm;
        }
    }

    /// Whether a drive fails for the same cause; its words are those of the least journey then.
    fn is_same(&mut self, outcome: CaseOutcome, judge: &Judge<'_>) -> bool {
        if !judge.fails(&outcome) {
            return false;
        }
        let Some(original) = self.original.take() else {
            return false;
        };
        let (original, outcome, common) = judge.common_cause(original, &self.checks, outcome);
        self.original = Some(original);
        let Some(common) = common else { return false };
        let (_, causes) = judge.causes(outcome);
        let own = |cause: &Cause| {
            cause
                .checks
                .iter()
                .any(|check| common.checks.contains(check))
        };
        if let Some(cause) = causes.into_iter().find(own) {
            self.cause = cause;
        }
        true
    }

    /// Whether an outcome of another journey fails for this cause; those checks of it that do.
    pub fn explains(
        &mut self,
        outcome: CaseOutcome,
        judge: &Judge<'_>,
    ) -> (CaseOutcome, Vec<CheckId>) {
        let Some(original) = self.original.take() else {
            return (outcome, Vec::new());
        };
        let (original, outcome, common) = judge.common_cause(original, &self.checks, outcome);
        self.original = Some(original);
        let checks = common.map(|cause| cause.checks).unwrap_or_default();
        (outcome, checks)
    }
}
