use super::*;
use crate::explore::generate::Generator;
use crate::input::Files;
use crate::scenario::{Direction, Step};
use crate::sdk::Profile;

fn generator(seed: u64) -> Generator {
    let files = Files::default();
    let profile = Profile::load("reference", &files).expect("a bundled profile");
    let pool = Pool::load(&files, &profile).expect("the pages and events");
    let claims = Claims::bundled("reference", &pool.faq_pages);
    Generator::new(seed, claims, Vec::new(), pool)
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

/// A journey that fails, and what it is made of.
fn failing() -> (Journey, Pool) {
    let mut generator = generator(5);
    let pool = generator.pool().clone();
    let mut journeys = (0..200).map(|_| generator.journey(20));
    let journey = journeys
        .find(fails)
        .expect("one of many reloads after an order");
    (journey, pool)
}

#[test]
fn shrinking_ends_with_what_is_needed_alone() {
    let (journey, pool) = failing();
    let (least, _) = shrunk(journey, 1, &pool);
    // A visit, an order, a reload.
    assert_eq!(least.steps.len(), 3, "{least:#?}");
}

/// The least journey and the count, where so many candidates are driven at the same time and the
/// last of them is answered first.
fn shrunk(journey: Journey, at_once: usize, pool: &Pool) -> (Journey, usize) {
    let claims = Claims::bundled("reference", &pool.faq_pages);
    let mut shrinker = Shrinker::new(journey, claims, pool);
    let mut driven = Vec::new();
    while !shrinker.is_done() {
        while driven.len() < at_once {
            let Some(next) = shrinker.propose() else {
                break;
            };
            driven.push(next);
        }
        let next = driven.pop().expect("what is not done proposes something");
        let is_failing = fails(&next);
        shrinker.take(next, is_failing, pool);
    }
    (shrinker.least().clone(), shrinker.counted())
}

#[test]
fn result_does_not_depend_on_how_many_are_driven_at_once() {
    let mut generator = generator(9);
    let pool = generator.pool().clone();
    let journeys = (0..200).map(|_| generator.journey(20));
    for journey in journeys.filter(fails).take(5) {
        let alone = shrunk(journey.clone(), 1, &pool);
        for at_once in [2, 3, 8] {
            assert_eq!(shrunk(journey.clone(), at_once, &pool), alone);
        }
    }
}

#[test]
fn proposals_have_a_meaning_and_are_no_longer_than_the_journey() {
    let mut generator = generator(6);
    let pool = generator.pool().clone();
    let claims = Claims::bundled("reference", &pool.faq_pages);
    for _ in 0..20 {
        let journey = generator.journey(15);
        for simpler in simpler::simpler(&journey, journey.steps.len(), &claims, &pool) {
            let simpler = simpler.journey;
            assert!(simpler.steps.len() <= journey.steps.len());
            assert!(simpler.expected(&claims).is_ok(), "{simpler:#?}");
        }
    }
}

/// A shrinker whose first proposal fails by chance and is confirmed not to, and that proposal.
fn led_astray() -> (Shrinker, Journey, Pool) {
    let (journey, pool) = failing();
    let claims = Claims::bundled("reference", &pool.faq_pages);
    let mut shrinker = Shrinker::new(journey.clone(), claims, &pool);
    let lucky = shrinker.propose().expect("something is simpler");
    shrinker.take(lucky.clone(), true, &pool);
    assert_eq!(shrinker.least(), &lucky);
    assert_eq!(shrinker.confirm(false, &pool), After::Confirm);
    assert_eq!(shrinker.least(), &journey);
    (shrinker, lucky, pool)
}

#[test]
fn what_failed_by_chance_is_left_again_and_not_proposed_twice() {
    let (mut shrinker, lucky, pool) = led_astray();
    assert_eq!(shrinker.confirm(true, &pool), After::Shrink);
    while let Some(next) = shrinker.propose() {
        assert_ne!(next, lucky);
        let is_failing = fails(&next);
        shrinker.take(next, is_failing, &pool);
    }
    assert_eq!(shrinker.least().steps.len(), 3);
    assert_eq!(shrinker.after_shrinking(), After::Confirm);
    assert_eq!(shrinker.confirm(true, &pool), After::Done);
}

#[test]
fn journey_that_never_repeats_stays_as_it_was_found() {
    let (mut shrinker, _, pool) = led_astray();
    let first = shrinker.least().clone();
    assert!(shrinker.is_first());
    assert_eq!(shrinker.confirm(false, &pool), After::Done);
    assert_eq!(shrinker.least(), &first);
}

#[test]
fn search_goes_back_to_the_proven_journey_at_most() {
    let (mut shrinker, _, pool) = led_astray();
    let proven = shrinker.least().clone();
    assert_eq!(shrinker.confirm(true, &pool), After::Shrink);
    while let Some(next) = shrinker.propose() {
        let is_failing = fails(&next);
        shrinker.take(next, is_failing, &pool);
    }
    let mut drives = 0;
    while shrinker.confirm(false, &pool) == After::Confirm {
        drives += 1;
    }
    assert!(drives > 0, "there were others between them");
    assert!(shrinker.is_proven());
    assert_eq!(shrinker.least(), &proven);
}

#[test]
fn stopped_search_ends_with_the_proven_journey() {
    let (mut shrinker, _, pool) = led_astray();
    let proven = shrinker.least().clone();
    assert_eq!(shrinker.confirm(true, &pool), After::Shrink);
    let again = shrinker.propose().expect("something is simpler");
    shrinker.take(again, true, &pool);
    shrinker.return_to_proven();
    assert_eq!(shrinker.least(), &proven);
}

#[test]
fn what_was_answered_before_is_counted_when_the_search_goes_on() {
    let (journey, pool) = failing();
    let claims = Claims::bundled("reference", &pool.faq_pages);
    let mut shrinker = Shrinker::new(journey, claims, &pool);
    // All at once: the first fails by chance, all others of the round hold.
    let round: Vec<Journey> = std::iter::from_fn(|| shrinker.propose()).collect();
    for (index, next) in round.into_iter().enumerate().rev() {
        shrinker.take(next, index == 0, &pool);
    }
    assert_eq!(shrinker.confirm(false, &pool), After::Confirm);
    let after = shrinker.confirm(true, &pool);
    assert_ne!(after, After::Confirm);
    assert_eq!(after == After::Shrink, shrinker.propose().is_some());
}
