//! Drives journeys until the limits are reached, and makes small what fails.

use std::sync::Arc;
use std::time::Instant;

use super::explored::{Event, Explored, Limits, SearchError};
use super::generate::Generator;
use super::journey::{Workshop, Written};
use super::searching::Searching;
use super::write::Header;
use crate::input::InputError;
use crate::plan::Case;
use crate::run::{Crew, Interrupt, Sessions, Stage};
use crate::sdk::{Installation, sha256};
use crate::verdict::known::KnownFailures;

/// The first journeys of a seed, as cases.
///
/// # Errors
/// If one cannot be made a case: a bug of ours.
pub fn journeys(
    workshop: &Workshop<'_>,
    seed: u64,
    count: usize,
    steps: usize,
) -> Result<Vec<Case>, InputError> {
    let written = written(workshop, seed, count, steps)?.into_iter();
    Ok(written.map(|own| Case::clone(&own.case)).collect())
}

/// Identifies the first journeys of a seed, and what must hold in them: SHA-256 over their files.
///
/// # Errors
/// As [`journeys`].
pub fn identity_of_journeys(
    workshop: &Workshop<'_>,
    seed: u64,
    count: usize,
    steps: usize,
) -> Result<String, InputError> {
    let written = written(workshop, seed, count, steps)?.into_iter();
    let texts: Vec<String> = written.map(|own| own.text).collect();
    Ok(sha256(texts.join("\0").as_bytes()))
}

fn written(
    workshop: &Workshop<'_>,
    seed: u64,
    count: usize,
    steps: usize,
) -> Result<Vec<Written>, InputError> {
    let conditions = workshop.conditions();
    let pool = workshop.pool.clone();
    let mut generator = Generator::new(seed, workshop.claims(), conditions, pool);
    let mut all = Vec::new();
    for number in 1..=count {
        let journey = generator.journey(steps);
        let header = Header::of_journey(seed, number);
        all.extend(workshop.write(&journey, &format!("{seed}-{number}"), &header)?);
    }
    Ok(all)
}

/// Where and on what journeys are driven.
#[derive(Debug)]
pub struct Search<'a> {
    pub stage: Arc<Stage>,
    pub sessions: Arc<Sessions>,
    pub installation: &'a Installation,
    pub workshop: Workshop<'a>,
    /// What fails and is no find.
    pub known: &'a KnownFailures,
    pub workers: usize,
}

impl Search<'_> {
    /// Drives journeys within `limits`.
    ///
    /// # Errors
    /// If no session can be had, or a journey cannot be made a case.
    pub async fn run(
        &self,
        limits: Limits,
        interrupt: &Interrupt,
        listener: &mut (dyn FnMut(Event<'_>) + Send),
    ) -> Result<Explored, SearchError> {
        let begun = Instant::now();
        let (stage, sessions) = (&self.stage, &self.sessions);
        let crew = Crew::start(stage, sessions, self.workers, interrupt);
        let mut crew = crew.await?;
        let mut searching = Searching::new(self, limits, begun);
        searching.go_on(&mut crew, listener).await?;
        crew.end().await;
        let mut explored = searching.end();
        for find in &mut explored.finds {
            find.settle();
            if find.written.is_none() {
                find.written = find.least(&self.workshop)?;
            }
        }
        explored.took = begun.elapsed();
        Ok(explored)
    }
}
