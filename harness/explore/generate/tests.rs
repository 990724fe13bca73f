use super::*;
use crate::explore::journey::Workshop;
use crate::explore::write::Header;
use crate::scenario::Suite;
use crate::sdk::Profile;

fn generator(seed: u64, profile: &str) -> Generator {
    let files = Files::default();
    let profile = Profile::load(profile, &files).expect("a bundled profile");
    Generator::new(seed, Claims::of(&profile), Vec::new(), &files).expect("the events")
}

#[test]
fn same_seed_makes_the_same_journeys() {
    let journeys = |seed| {
        let mut generator = generator(seed, "reference");
        (0..20).map(|_| generator.journey(20)).collect::<Vec<_>>()
    };
    assert_eq!(journeys(7), journeys(7));
    assert_ne!(journeys(7), journeys(8));
}

#[test]
fn every_journey_is_a_scenario_file_that_reads_back() {
    let files = Files::default();
    let suite = Suite::load(&files).expect("the bundled scenarios");
    for name in ["reference", "alhena", "mixpanel"] {
        let profile = Profile::load(name, &files).expect("a bundled profile");
        let workshop = Workshop {
            suite: &suite,
            files: &files,
            profile: &profile,
        };
        let mut generator = generator(3, name);
        for index in 0..30 {
            let journey = generator.journey(20);
            let written = workshop
                .write(&journey, &index.to_string(), &Header::default())
                .expect("a file that can be read");
            let written = written.expect("steps with a meaning");
            let steps = written
                .case
                .scenario
                .steps
                .iter()
                .map(|(_, step)| step.clone());
            assert_eq!(steps.collect::<Vec<_>>(), journey.steps, "{}", written.text);
        }
    }
}

#[test]
fn every_kind_of_step_is_made() {
    let mut generator = generator(1, "reference");
    for _ in 0..300 {
        generator.journey(20);
    }
    let made = |kind: &&Kind| generator.pairs.keys().any(|(_, second)| second == *kind);
    let missing: Vec<&Kind> = Kind::ALL.iter().filter(|kind| !made(kind)).collect();
    assert_eq!(missing, Vec::<&Kind>::new());
}

#[test]
fn journeys_keep_to_their_length() {
    let mut generator = generator(2, "reference");
    for _ in 0..50 {
        let steps = generator.journey(20).steps.len();
        assert!((10..=22).contains(&steps), "{steps}");
    }
}
