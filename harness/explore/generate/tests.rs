use std::collections::{BTreeMap, BTreeSet};

use rstest::rstest;

use super::*;
use crate::contract::BrowserFeature;
use crate::explore::journey::Workshop;
use crate::explore::model::{Call, Reached, Verdict, refusal};
use crate::explore::search::journeys;
use crate::explore::write::Header;
use crate::input::Files;
use crate::plan::Case;
use crate::scenario::Suite;
use crate::sdk::Profile;

fn generator(seed: u64, profile: &str) -> Generator {
    let files = Files::default();
    let profile = Profile::load(profile, &files).expect("a bundled profile");
    let pool = Pool::load(&files, &profile).expect("the pages and events");
    let claims = Claims::bundled(&profile.name, &pool.faq_pages);
    Generator::new(seed, claims, Vec::new(), pool)
}

#[test]
fn journeys_need_nothing_that_the_browser_never_does() {
    let files = Files::default();
    let suite = Suite::load(&files).expect("the bundled scenarios");
    let profile = Profile::load("reference", &files).expect("a bundled profile");
    let needed = |lacking: &[BrowserFeature]| {
        let pool = Pool::load(&files, &profile).expect("the pages and events");
        let pool = pool.without(lacking.iter().copied());
        let workshop = Workshop {
            suite: &suite,
            files: &files,
            profile: &profile,
            pool: &pool,
        };
        let cases = journeys(&workshop, 7, 300, 8).expect("journeys that are cases");
        let needed = cases.iter().flat_map(Case::needs);
        needed.collect::<BTreeSet<BrowserFeature>>()
    };
    let features = [
        BrowserFeature::NetworkConditions,
        BrowserFeature::ScriptsApart,
    ];
    assert_eq!(needed(&[]), features.into());
    assert_eq!(needed(&features), BTreeSet::new());
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

/// How many steps two journeys begin with alike.
fn common_beginning(one: &Journey, other: &Journey) -> usize {
    let pairs = one.steps.iter().zip(&other.steps);
    pairs.take_while(|(one, other)| one == other).count()
}

#[rstest]
#[case::of_the_fewest_steps(5)]
#[case::of_the_usual_length(20)]
fn variation_begins_as_a_kept_journey_and_has_a_meaning(#[case] steps: usize) {
    let mut generator = generator(5, "reference");
    let kept = generator.journey(steps);
    let claims = generator.claims.clone();
    let mut longest = 0;
    for _ in 0..100 {
        let journey = generator.variation(&kept, steps);
        done(&journey, &claims);
        assert!(journey.steps.len() <= steps + 10 + CLOSING, "{journey:#?}");
        assert_eq!(journey.storefront, kept.storefront);
        longest = longest.max(common_beginning(&journey, &kept));
    }
    assert!(
        longest + 4 >= kept.steps.len(),
        "{longest} steps of {kept:#?}"
    );
}

#[test]
fn half_of_the_journeys_vary_a_kept_one() {
    let mut generator = generator(5, "reference");
    let kept = generator.journey(20);
    for _ in 0..100 {
        generator.journey_after(&[&kept], 20);
    }
    assert!(
        (35..=65).contains(&generator.varied()),
        "{}",
        generator.varied()
    );
}

#[test]
fn nothing_kept_changes_no_journey() {
    let (mut one, mut other) = (generator(7, "reference"), generator(7, "reference"));
    for _ in 0..20 {
        assert_eq!(one.journey_after(&[], 20), other.journey(20));
    }
}

#[test]
fn every_journey_is_a_scenario_file_that_reads_back() {
    let files = Files::default();
    let suite = Suite::load(&files).expect("the bundled scenarios");
    for name in ["reference", "alhena", "mixpanel"] {
        let profile = Profile::load(name, &files).expect("a bundled profile");
        let pool = Pool::load(&files, &profile).expect("the pages and events");
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
    let made = |kind: &&Kind| generator.novelty.has_made(**kind);
    let missing: Vec<&Kind> = Kind::ALL.iter().filter(|kind| !made(kind)).collect();
    assert_eq!(missing, Vec::<&Kind>::new());
}

/// The world once all steps of a journey are done, and the pages that were held back, each with how
/// it was reached.
fn done(journey: &Journey, claims: &Claims) -> (World, BTreeMap<usize, Reached>) {
    let mut world = World::new(claims.clone(), journey.storefront.clone());
    let mut held = BTreeMap::new();
    for step in &journey.steps {
        world.step(step).expect("a step with a meaning");
        if let Some(page) = world.page().filter(|page| page.sdk == Sdk::Held) {
            held.insert(page.number, page.reached);
        }
    }
    (world, held)
}

/// An order is reported, a question is put to the FAQs, and it is reported again.
fn asks_between_reports(journey: &Journey, claims: &Claims) -> bool {
    let mut world = World::new(claims.clone(), journey.storefront.clone());
    let mut before: Option<usize> = None;
    for step in &journey.steps {
        if *step == Step::Interact(Some(Interaction::Faq)) {
            before = Some(world.calls.len());
        }
        world.step(step).expect("a step with a meaning");
        let (first, second) = world.calls.split_at(before.unwrap_or_default());
        let is_again = |own: &&Call| own.verdict() == Verdict::NotRecorded;
        let mut again = second.iter().filter(is_again);
        let was_reported = |own: &Call| {
            let mut same = first.iter().filter(|first| first.event == own.event);
            same.any(|own| own.verdict() == Verdict::Recorded)
        };
        if again.any(was_reported) {
            return true;
        }
    }
    false
}

/// An event is called on a page of the history before its SDK comes.
fn calls_early_after_back(journey: &Journey, claims: &Claims) -> bool {
    let (world, held) = done(journey, claims);
    let mut calls = world.calls.iter();
    calls.any(|own| {
        held.get(&own.page) == Some(&Reached::History) && own.verdict() == Verdict::Recorded
    })
}

/// Two events are in the queue of a page that four pages came before.
fn queues_several_late(journey: &Journey, claims: &Claims) -> bool {
    let (world, held) = done(journey, claims);
    let mut late = held.keys().filter(|page| **page > 4);
    late.any(|page| {
        let calls = world.calls.iter().filter(|own| own.page == *page);
        let recorded = calls.filter(|own| own.verdict() == Verdict::Recorded);
        recorded.count() > 1
    })
}

#[rstest]
#[case::asks_between_reports(asks_between_reports)]
#[case::calls_early_after_back(calls_early_after_back)]
#[case::queues_several_late(queues_several_late)]
fn what_takes_several_steps_is_made_soon(#[case] is_meant: fn(&Journey, &Claims) -> bool) {
    let firsts = (1..=60).map(|seed| {
        let mut generator = generator(seed, "reference");
        let claims = generator.claims.clone();
        let mut journeys = (1..=100).map(|_| generator.journey(20));
        journeys
            .position(|own| is_meant(&own, &claims))
            .map(|index| index + 1)
    });
    let mut firsts: Vec<usize> = firsts.map(|own| own.unwrap_or(usize::MAX)).collect();
    firsts.sort_unstable();
    // By half of the seeds soon, by three of five at all.
    assert!(firsts[29] <= 60 && firsts[35] <= 100, "{firsts:?}");
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
    let files = Files::default();
    let profile = Profile::load("reference", &files).expect("a bundled profile");
    let pool = Pool::load(&files, &profile).expect("the pages and events");
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
    let profile = Profile::load("reference", &Files::default()).expect("a bundled profile");
    let error = Pool::load(&files, &profile).expect_err("there are no events");
    assert!(error.to_string().contains("journeys.toml:"), "{error}");
}

#[test]
fn storefronts_of_promises_that_a_profile_does_not_claim_are_not_made() {
    let snippets = |profile: &str| {
        let mut generator = generator(1, profile);
        let journeys = (0..300).map(|_| generator.journey(8));
        let is_after = |own: &Journey| own.storefront.snippet == SnippetPlace::AfterSdk;
        journeys.filter(is_after).count()
    };
    assert!(snippets("reference") > 0);
    assert_eq!(snippets("mixpanel"), 0);
}

#[test]
fn events_that_a_profile_does_not_claim_are_not_called() {
    let files = Files::default();
    let mut profile = Profile::load("mixpanel", &files).expect("a bundled profile");
    let pool = Pool::load(&files, &profile).expect("the pages and events");
    let mut orders = pool.orders.iter();
    assert!(!orders.any(|order| order.label == "checkout/id-long"));
    let unknown = "checkout/nobody-knows";
    profile.not_claimed[0].events.push(unknown.to_owned());
    let error = Pool::load(&files, &profile).expect_err("there is no such event");
    assert!(error.to_string().contains(unknown), "{error}");
}
