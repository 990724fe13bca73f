use super::*;
use crate::explore::journey::Workshop;
use crate::explore::model::refusal;
use crate::explore::write::Header;
use crate::input::Files;
use crate::scenario::Suite;
use crate::sdk::Profile;

fn generator(seed: u64, profile: &str) -> Generator {
    let files = Files::default();
    let profile = Profile::load(profile, &files).expect("a bundled profile");
    let pool = Pool::load(&files).expect("the pages and events");
    Generator::new(
        seed,
        Claims::of(&profile, &pool.faq_pages),
        Vec::new(),
        pool,
    )
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
    let pool = Pool::load(&files).expect("the pages and events");
    for name in ["reference", "alhena", "mixpanel"] {
        let profile = Profile::load(name, &files).expect("a bundled profile");
        let workshop = Workshop {
            suite: &suite,
            files: &files,
            profile: &profile,
            pool: &pool,
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

#[test]
fn tables_of_the_api_page_agree_with_the_lists_of_events() {
    let pool = Pool::load(&Files::default()).expect("the pages and events");
    let plain = pool.plain_carts.iter().chain(&pool.plain_orders);
    for event in pool.carts.iter().chain(&pool.orders).chain(plain) {
        assert!(refusal(event).is_none(), "{}", event.label);
        assert!(pool.holds(event), "{}", event.label);
    }
    for event in &pool.refused {
        assert!(refusal(event).is_some(), "{}", event.label);
    }
    for page in pool.faq_pages.iter().chain([&pool.plain_page]) {
        assert!(pool.pages.contains(page), "{page}");
    }
}

#[test]
fn missing_event_is_an_error_at_its_line() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = Files::default()
        .fixture("journeys.toml")
        .map(|own| own.text);
    let text = text.expect("the bundled file");
    std::fs::write(folder.path().join("journeys.toml"), text).expect("it can be written");
    let files = Files::in_folder(folder.path()).expect("a folder of fixtures");
    let error = Pool::load(&files).expect_err("there are no events");
    assert!(error.to_string().contains("journeys.toml:"), "{error}");
}
