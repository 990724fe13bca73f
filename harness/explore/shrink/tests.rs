use super::*;
use crate::explore::generate::Generator;
use crate::input::Files;
use crate::scenario::{Direction, Step};
use crate::sdk::Profile;

fn generator(seed: u64) -> Generator {
    let files = Files::default();
    let profile = Profile::load("reference", &files).expect("a bundled profile");
    let pool = Pool::load(&files).expect("the pages and events");
    Generator::new(
        seed,
        Claims::of(&profile, &pool.faq_pages),
        Vec::new(),
        pool,
    )
}

/// A build that fails wherever an order is called and the page is loaded again afterwards.
fn fails(journey: &Journey) -> bool {
    let is_order = |step: &Step| {
        let mut called = step.facts().called();
        called.any(|event| crate::explore::model::order_id(event).is_some())
    };
    let mut steps = journey.steps.iter().skip_while(|step| !is_order(step));
    steps.any(|step| *step == Step::Go(Direction::Reload))
}

#[test]
fn shrinking_ends_with_what_is_needed_alone() {
    let mut generator = generator(5);
    let pool = generator.pool().clone();
    let mut journeys = (0..200).map(|_| generator.journey(20));
    let journey = journeys
        .find(fails)
        .expect("one of many reloads after an order");
    let profile = Profile::load("reference", &Files::default()).expect("a bundled profile");
    let mut shrinker = Shrinker::new(journey, Claims::of(&profile, &pool.faq_pages), &pool);
    while let Some(next) = shrinker.propose() {
        if fails(&next) {
            shrinker.fails(next, &pool);
        }
    }
    // A visit, an order, a reload.
    assert_eq!(shrinker.least().steps.len(), 3, "{:#?}", shrinker.least());
}

#[test]
fn proposals_have_a_meaning_and_are_no_longer_than_the_journey() {
    let mut generator = generator(6);
    let profile = Profile::load("reference", &Files::default()).expect("a bundled profile");
    let pool = generator.pool().clone();
    let claims = Claims::of(&profile, &pool.faq_pages);
    for _ in 0..20 {
        let journey = generator.journey(15);
        for simpler in simpler::simpler(&journey, &claims, &pool) {
            assert!(simpler.steps.len() <= journey.steps.len());
            assert!(simpler.expected(&claims).is_ok(), "{simpler:#?}");
        }
    }
}
