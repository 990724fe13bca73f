//! Which promises fail for a build that breaks one: each mutant of a sample is run as `run` runs a
//! build, and what is stored of it is judged again later without a browser.

use std::collections::BTreeSet;
use std::sync::Arc;

use toml::value::Date;

use crate::contract::{Guides, Register, RequirementId};
use crate::plan::Case;
use crate::report::{self, Keep, Rejudged, Report, RequirementReport, Stored, Subject};
use crate::run::{Crew, Interrupt, RunEvent, RunOptions, Runner, SessionError, Sessions, Stage};
use crate::sdk::{Installation, Likeness, Mutant, Profile, ProfileHash, Proofs};
use crate::verdict::known::{Knowledge, KnownFailures, Target};
use crate::verdict::{Bearing, missing_prerequisite};

/// What each mutant of the sample is judged by.
#[derive(Debug, Clone, Copy)]
pub struct BlameTest<'a> {
    pub register: &'a Register,
    pub guides: &'a Guides,
    pub profile: &'a Profile,
    /// The name of the engine in which they are driven.
    pub engine: &'a str,
    /// The whole plan, without what the profile does not claim and what says nothing in the
    /// engine.
    pub cases: &'a [Case],
    pub mutants: &'a [Mutant],
    pub proofs: &'a Proofs,
    /// In UTC.
    pub today: Date,
}

/// What mutants are driven with.
#[derive(Debug)]
pub struct Equipment {
    pub stage: Arc<Stage>,
    pub sessions: Arc<Sessions>,
    /// Sessions at a time.
    pub workers: usize,
    pub interrupt: Interrupt,
    crew: Crew,
}

impl Equipment {
    /// Starts the workers, which keep their sessions from mutant to mutant.
    ///
    /// # Errors
    /// If no browser session can be had.
    pub async fn start(
        stage: Arc<Stage>,
        sessions: Arc<Sessions>,
        workers: usize,
        interrupt: Interrupt,
    ) -> Result<Self, SessionError> {
        let crew = Crew::start(&stage, &sessions, workers, &interrupt).await?;
        Ok(Self {
            stage,
            sessions,
            workers,
            interrupt,
            crew,
        })
    }

    /// Ends the workers and their sessions.
    pub async fn end(self) {
        self.crew.end().await;
    }
}

impl BlameTest<'_> {
    /// Runs the whole plan on `installation`, and returns the report with the evidence of every
    /// case. `command` are the options of `run` that do the same.
    ///
    /// # Errors
    /// If the machine let it not be run to its end: why.
    pub async fn drive(
        &self,
        installation: &Installation,
        command: Vec<String>,
        equipment: &mut Equipment,
    ) -> Result<Stored, String> {
        let options = RunOptions {
            workers: equipment.workers,
            most_workers: equipment.workers,
            // Most of what fails is meant to: to repeat it would cost more than it shows.
            retries: 0,
            max_failures: None,
            timeout: None,
            shares_pages: true,
            pictures: false,
        };
        let (stage, sessions) = (
            Arc::clone(&equipment.stage),
            Arc::clone(&equipment.sessions),
        );
        let runner = Runner::new(installation.clone(), stage, sessions, options);
        let (cases, interrupt) = (self.cases.to_vec(), equipment.interrupt.clone());
        let (crew, mut nobody) = (&mut equipment.crew, |_: RunEvent<'_>| {});
        let round = runner.round(crew, cases, self.register, interrupt, &mut nobody);
        let mut result = round.await;
        if result.is_interrupted() {
            return Err("it was stopped before its end".to_owned());
        }
        if let Some(why) = result.no_session {
            return Err(why);
        }
        for outcome in &mut result.outcomes {
            // Nobody looks at several hundred pictures a mutant.
            outcome.screenshot = None;
        }
        let base = Report::without_verdicts(&result, installation, command, &[], None);
        let report = report::build(&self.subject(), base, &result.outcomes);
        Ok(Stored::new(report, &mut result.outcomes, Keep::All))
    }

    /// What is stored of `installation`, judged by the checks of today.
    ///
    /// # Errors
    /// If it is of another engine, build or profile, or does not hold what today's plan asks for:
    /// why.
    pub fn rejudge(&self, stored: &Stored, installation: &Installation) -> Result<Report, String> {
        let then = &stored.report;
        let engine = then.environment.as_ref();
        let engine = engine.and_then(|own| own.engine.as_deref());
        if engine.is_some_and(|own| own != self.engine) {
            return Err("the evidence is of another engine".to_owned());
        }
        let (build, snippet) = (&installation.build, &installation.snippet);
        if (&then.sdk.sha256, &then.snippet.sha256) != (&build.sha256, &snippet.sha256) {
            return Err("the evidence is of another build".to_owned());
        }
        let hash = ProfileHash::stored(&then.profile.sha256);
        if self.profile.origin.hash.compare(&hash) != Likeness::Same {
            return Err("the evidence was collected with another profile".to_owned());
        }
        let known = KnownFailures::none("");
        let browser = then.environment.as_ref();
        let knowledge = Knowledge {
            known: &known,
            register: self.register,
            target: Target {
                browser: browser.map(|own| (own.browser.as_str(), own.browser_version.as_str())),
                sdk: &then.sdk.source,
                sha256: &then.sdk.sha256,
                today: self.today,
            },
        };
        let cases = self.cases.to_vec();
        let rejudged = report::rejudge(stored, cases, self.profile, &knowledge);
        if let Some(why) = self.gap(&rejudged) {
            return Err(why);
        }
        let base = Report {
            bug: rejudged.bug,
            ..then.clone()
        };
        Ok(report::build(&self.subject(), base, &rejudged.outcomes))
    }

    /// Why the stored evidence is not that of a whole run of today's plan; `None`: it is.
    fn gap(&self, rejudged: &Rejudged) -> Option<String> {
        let (case, why) = rejudged.unjudged.first_key_value()?;
        let outcomes = rejudged.outcomes.iter();
        let judged = outcomes.filter(|own| !rejudged.unjudged.contains_key(&own.case.id));
        // A whole run drives nothing more where a prerequisite does not hold.
        let is_whole = missing_prerequisite(judged, self.register).is_some();
        (!is_whole).then(|| format!("{case}: {why}"))
    }

    fn subject(&self) -> Subject<'_> {
        Subject {
            register: self.register,
            guides: self.guides,
            spots: None,
            profile: self.profile,
            mutants: self.mutants,
            proofs: self.proofs,
            known: Vec::new(),
        }
    }
}

/// The requirements of a `must` or `should` that `report` says the build breaks.
pub fn blamed(report: &Report) -> BTreeSet<RequirementId> {
    let is_blamed = |own: &&RequirementReport| own.bearing() == Some(Bearing::SdkFault);
    let requirements = report.requirements.iter().filter(is_blamed);
    requirements.map(|own| own.id.clone()).collect()
}

/// Why `report` says nothing certain about its build; `None`: it does.
pub fn fault(report: &Report) -> Option<String> {
    if report.bug {
        return Some("the harness itself failed on a case".to_owned());
    }
    let mut checks = report.checks.iter();
    let failed = checks.find(|check| check.bearing() == Bearing::MachineFault)?;
    let why = failed.message.as_deref().unwrap_or("no reason is known");
    Some(format!("{}: {why}", failed.id))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use super::*;
    use crate::contract::Level;
    use crate::input::Files;
    use crate::report::sample::sample;
    use crate::scenario::Suite;
    use crate::verdict::Status;

    #[test]
    fn evidence_of_another_engine_is_refused() {
        let files = Files::default();
        let suite = Suite::load(&files).unwrap();
        let test = BlameTest {
            register: &suite.register,
            guides: &suite.guides,
            profile: &Profile::load("reference", &files).unwrap(),
            engine: "Firefox",
            cases: &[],
            mutants: &[],
            proofs: &Proofs::default(),
            today: Date {
                year: 2026,
                month: 1,
                day: 1,
            },
        };
        let reference = Installation::reference(&files).unwrap();
        let refused = |test: BlameTest<'_>| test.rejudge(&sample(), &reference).unwrap_err();
        assert_eq!(refused(test), "the evidence is of another engine");
        let same = BlameTest {
            engine: "Chromium",
            ..test
        };
        assert_eq!(refused(same), "the evidence is of another build");
    }

    fn names(report: &Report) -> Vec<String> {
        blamed(report).into_iter().map(|id| id.0).collect()
    }

    #[test]
    fn only_requirements_that_the_build_breaks_are_blamed() {
        // One passed, one failed, one came and went, one could not be tested, one was observed.
        assert_eq!(names(&sample().report), ["CART-VALUE", "EXIT-CLOSE"]);
    }

    #[test]
    fn failed_observation_is_not_blamed() {
        let mut report = sample().report;
        for own in &mut report.requirements {
            (own.level, own.status) = (Level::Observe, Some(Status::Fail));
        }
        assert_eq!(names(&report), Vec::<String>::new());
    }

    #[test]
    fn machine_fault_says_nothing_of_the_build() {
        let mut report = sample().report;
        assert_eq!(fault(&report), None);
        report.checks[0].status = Status::Error;
        report.checks[0].message = Some("the browser was lost".into());
        assert_eq!(
            fault(&report).as_deref(),
            Some("queue/order#in-order: the browser was lost")
        );
    }
}
