//! `self-test --journeys`: how many journeys each mutant of the reference SDK survives.

use std::sync::Arc;

use super::args::{SelfTestArguments, screen};
use super::exit::Exit;
use super::explore::refuse_without_coverage;
use super::in_engine::{known_in, pool_in};
use super::interrupt::interruptions;
use super::loading::Loaded;
use super::self_test::{RECORDED_MS, claimed, select};
use super::workers::workers;
use super::{Failure, chosen, folder, notes, provision};
use crate::explore::{Limits, Workshop, identity_of_journeys};
use crate::output::ReportFolder;
use crate::prove::{JourneyFate, JourneyTest, JourneysReport};
use crate::render::{self, Detail};
use crate::report::json_file;
use crate::sdk::{Installation, Mutant, Profile};
use crate::text::counted;

/// The report's name in its folder.
const FILE: &str = "journeys.json";

/// So many journeys a mutant, at most, and about so many steps each.
const JOURNEYS: usize = 150;
const STEPS: usize = 20;

/// The journeys of this proof.
const SEED: u64 = 1;

/// Explores each mutant, and prints how many journeys it survives.
pub async fn journeys(arguments: &SelfTestArguments) -> Result<Exit, Failure> {
    let folder = claimed(arguments)?;
    refuse_without_coverage(arguments.by_coverage, &arguments.browser)?;
    let loaded = Loaded::of(&arguments.fixtures)?;
    // None of them is driven: they say why no journey finds a mutant.
    let cases = loaded.plan();
    let reference = Installation::reference(&loaded.files)?;
    let engine = arguments.browser.engine.first();
    let known = known_in(engine, &loaded.files)?;
    let all = loaded.mutants()?;
    let all: Vec<Mutant> = all.iter().map(|own| own.in_engine(engine.id())).collect();
    let mut mutants = select(&all, &arguments.filter)?;
    mutants.retain(|mutant| mutant.shows_in(engine.id()));
    let mut profile = Profile::load(chosen::OF_REFERENCE, &loaded.files)?;
    profile.waits.recorded_ms = RECORDED_MS;
    let profile = Arc::new(profile);
    let (sessions, stage) = provision::equipment(&arguments.browser, &profile).await?;
    let pool = pool_in(engine, &profile, &loaded.files)?;
    let interrupt = interruptions()?;
    let test = JourneyTest {
        workers: workers(arguments.workers, &sessions),
        stage,
        sessions,
        workshop: Workshop {
            suite: &loaded.suite,
            files: &loaded.files,
            profile: &profile,
            pool: &pool,
        },
        known: &known,
        limits: Limits {
            seed: SEED,
            steps: STEPS,
            journeys: Some(JOURNEYS),
            time: None,
            by_coverage: arguments.by_coverage,
            first_only: true,
        },
    };
    let identity = identity_of_journeys(&test.workshop, SEED, JOURNEYS, STEPS);
    let mut report = JourneysReport {
        engine: engine.id().to_owned(),
        seed: SEED,
        journeys: JOURNEYS,
        journeys_sha256: identity.map_err(Failure::bug)?,
        by_coverage: arguments.by_coverage,
        trials: Vec::new(),
    };
    let before = folder.as_ref().and_then(|own| earlier(own, &report));
    let earlier = |mutant| before.as_ref()?.of(mutant, &reference).cloned();
    report.trials = all.iter().filter_map(earlier).collect();
    for (index, mutant) in mutants.iter().enumerate() {
        if report.trials.iter().any(|own| own.mutant == mutant.id) {
            continue;
        }
        let trial = test.trial(mutant, &reference, &cases, &interrupt).await;
        if *interrupt.borrow() {
            break;
        }
        let fate = words(&trial.fate);
        let (number, of) = (index + 1, mutants.len());
        anstream::eprintln!("{number:>3}/{of} {}: {fate}", trial.mutant);
        report.trials.push(trial);
        // At once: a measurement of hours that is stopped goes on where it was.
        if let Some(folder) = &folder {
            folder.add(FILE, json_file(&report).map_err(Failure::bug)?)?;
        }
    }
    if let Some(folder) = &folder {
        folder::add(folder, FILE, &report)?;
    }
    let document = render::journeys(&report);
    anstream::print!(
        "{}",
        render::terminal::body(&document, screen(Detail::Summary))
    );
    Ok(match (*interrupt.borrow(), report.is_proof()) {
        (true, _) => Exit::Interrupted,
        (false, true) => Exit::Conforms,
        (false, false) => Exit::Fails,
    })
}

/// What an earlier measurement by the same journeys, in the same engine, left in the folder.
fn earlier(folder: &ReportFolder, now: &JourneysReport) -> Option<JourneysReport> {
    let path = folder.path_of(FILE);
    let file = std::fs::read(&path).ok()?;
    let before = serde_json::from_slice(&file).ok();
    let before = before.filter(|own: &JourneysReport| own.is_like(now));
    if before.is_none() {
        let path = path.display();
        notes::note(format_args!(
            "{path} is of other journeys, or of another engine: every mutant is driven"
        ));
    }
    before
}

fn words(fate: &JourneyFate) -> String {
    match fate {
        JourneyFate::Found { journey, steps, .. } => {
            format!("found by journey {journey}, {}", counted(*steps, "step"))
        }
        JourneyFate::Survived => "survived".to_owned(),
        JourneyFate::OutOfReach(why) => format!("out of reach: {why}"),
        JourneyFate::Error(why) => format!("error: {why}"),
    }
}
