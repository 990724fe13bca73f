use rstest::rstest;

use super::rule::{Rule, Verdict};
use super::{Claims, Expected, NoMeaning, World};
use crate::contract::{CaseCheckName, Event, EventFiles, EventReference, Register};
use crate::input::Files;
use crate::scenario::{
    AnswerState, BackendState, Direction, Exit, Interaction, Screen, ScriptState, Step,
    StorefrontOptions, Tab,
};

fn event(label: &str) -> Event {
    let reference = EventReference::parse(label).expect("a label of a test");
    let files = Files::default();
    let events = reference.resolve(&EventFiles::of(&files));
    let mut events = events.expect("an event file");
    events.remove(0)
}

fn track(label: &str) -> Step {
    leave(label, None)
}

fn leave(label: &str, exit: Option<Exit>) -> Step {
    Step::Track {
        events: vec![event(label)],
        style: None,
        exit,
        during: None,
    }
}

fn visit() -> Step {
    Step::Visit("product".into())
}

fn chat() -> Step {
    Step::Interact(Some(Interaction::Chat))
}

fn expected(steps: &[Step]) -> Expected {
    world(steps).expected()
}

fn world(steps: &[Step]) -> World {
    of_profile("reference", steps).expect("a step with a meaning")
}

fn of_profile(profile: &str, steps: &[Step]) -> Result<World, NoMeaning> {
    let claims = Claims::bundled(profile, &["product".into()]);
    let mut world = World::new(claims, StorefrontOptions::default());
    for step in steps {
        world.step(step)?;
    }
    Ok(world)
}

fn labels(events: &[Event]) -> Vec<&str> {
    events.iter().map(|event| event.label.as_str()).collect()
}

const ORDER: &str = "checkout/order-1";
const CART: &str = "cart/trail-runner-added";

#[test]
fn every_rule_cites_a_requirement_of_its_level() {
    let register = Register::load(&Files::default()).expect("the register");
    for rule in Rule::ALL {
        let id = rule.requirement();
        let requirement = register.get(&id);
        assert!(requirement.is_some(), "{rule:?} cites {id}");
    }
    let mut all = Rule::ALL.to_vec();
    all.sort_unstable();
    all.dedup();
    assert_eq!(all.len(), Rule::ALL.len());
}

#[test]
fn event_before_the_interaction_is_not_recorded() {
    let own = expected(&[visit(), track(CART), chat(), track(ORDER)]);
    assert_eq!(labels(&own.recorded), [ORDER]);
    assert_eq!(labels(&own.not_recorded), [CART]);
}

#[test]
fn repeated_order_is_recorded_once() {
    let reload = Step::Go(Direction::Reload);
    let own = expected(&[visit(), chat(), track(ORDER), reload, track(ORDER)]);
    assert_eq!(labels(&own.recorded), [ORDER]);
}

#[test]
fn equal_cart_events_are_each_recorded() {
    let own = expected(&[visit(), chat(), track(CART), track(CART)]);
    assert_eq!(labels(&own.recorded), [CART, CART]);
}

#[test]
fn event_left_in_the_queue_is_open() {
    let held = Step::Sdk(ScriptState::Held);
    let own = expected(&[visit(), chat(), held, visit(), track(CART), visit()]);
    assert!(own.recorded.is_empty() && own.not_recorded.is_empty());
}

#[test]
fn event_held_until_the_gate_opens_is_recorded() {
    let held = Step::Sdk(ScriptState::Held);
    let open = Step::Sdk(ScriptState::Open);
    let own = expected(&[visit(), chat(), held, visit(), track(CART), open]);
    assert_eq!(labels(&own.recorded), [CART]);
}

#[test]
fn event_called_after_back_is_recorded_once_the_script_comes() {
    let held = Step::Sdk(ScriptState::Held);
    let open = Step::Sdk(ScriptState::Open);
    let cart = Step::Visit("cart".into());
    let back = Step::Go(Direction::Back);
    let ready = Step::UntilReady;
    let own = expected(&[visit(), chat(), cart, ready, held, back, track(CART), open]);
    assert_eq!(labels(&own.recorded), [CART]);
}

#[test]
fn widget_has_no_meaning_while_the_script_is_held_back() {
    let held = Step::Sdk(ScriptState::Held);
    let ready = [visit(), Step::UntilReady, held];
    assert!(world(&ready).step(&chat()).is_err());
    assert!(world(&ready[..2]).step(&chat()).is_ok());
}

#[test]
fn history_step_has_no_meaning_after_a_failed_script() {
    let fails = Step::Sdk(ScriptState::FailsOnce);
    let cart = Step::Visit("cart".into());
    let faq = Step::Visit("faq".into());
    let back = Step::Go(Direction::Back);
    let failed = [visit(), Step::UntilReady, fails, cart];
    let came_again = [&failed[..], &[faq]].concat();
    assert!(world(&failed).step(&back).is_err());
    assert!(world(&came_again).step(&back).is_ok());
}

#[test]
fn order_is_recorded_once_it_is_reported_after_its_delivery_failed() {
    let steps = [
        visit(),
        chat(),
        Step::Backend(BackendState::Error500),
        track(ORDER),
        Step::UntilAnswered(1),
        Step::Backend(BackendState::Well),
        track(ORDER),
    ];
    assert_eq!(labels(&expected(&steps).recorded), [ORDER]);
    let without_the_wait = [&steps[..4], &steps[5..]].concat();
    assert!(expected(&without_the_wait).recorded.is_empty());
}

#[test]
fn interaction_in_another_window_leaves_it_open() {
    let second = Step::Window(Tab::Second);
    let own = expected(&[visit(), chat(), second, visit(), track(CART)]);
    assert!(own.recorded.is_empty() && own.not_recorded.is_empty());
}

#[test]
fn refused_data_is_never_recorded() {
    let refused = "cart/invalid/currency-null";
    let own = expected(&[visit(), chat(), track(refused), track(CART)]);
    assert_eq!(labels(&own.not_recorded), [refused]);
    assert_eq!(labels(&own.recorded), [CART]);
}

#[test]
fn event_called_as_the_page_is_left_is_recorded_where_the_sdk_was_ready() {
    let own = expected(&[visit(), chat(), leave(CART, Some(Exit::Navigate))]);
    assert_eq!(labels(&own.recorded), [CART]);
}

#[rstest]
#[case::late(AnswerState::Late, true)]
#[case::streamed(AnswerState::Streamed, true)]
#[case::failing(AnswerState::Failing, false)]
fn question_without_its_answer_opens_the_gate_unless_it_fails(
    #[case] answers: AnswerState,
    #[case] opens: bool,
) {
    let before = [visit(), Step::Answers(answers)];
    let ask = Step::Send(Some(Interaction::Chat));
    let mut asked = world(&before);
    assert_eq!(asked.step(&ask).is_ok(), opens);
    if opens {
        let own = expected(&[&before[..], &[ask, track(CART)]].concat());
        assert_eq!(labels(&own.recorded), [CART]);
        assert!(own.checks[&CaseCheckName::Delivered].contains(&Rule::AnswerPending.requirement()));
    }
}

#[test]
fn event_after_a_failed_answer_is_recorded_where_the_visitor_was_answered_before() {
    let fails = Step::Answers(AnswerState::Failing);
    let ask = Step::Send(Some(Interaction::Chat));
    let own = expected(&[visit(), chat(), fails, ask, track(CART)]);
    assert_eq!(labels(&own.recorded), [CART]);
}

#[test]
fn widget_that_waits_for_its_answer_has_no_meaning_beside_a_question_without_one() {
    let ask = Step::Send(Some(Interaction::Chat));
    assert!(world(&[visit(), ask.clone()]).step(&chat()).is_err());
    assert!(world(&[visit(), ask, visit()]).step(&chat()).is_ok());
}

#[test]
fn question_of_the_faqs_is_asked_without_its_answer_once_a_page() {
    let ask = || Step::Send(Some(Interaction::Faq));
    let asked = world(&[visit(), Step::Interact(Some(Interaction::Faq))]);
    assert!(asked.clone().step(&ask()).is_err());
    assert!(world(&[visit(), ask(), visit()]).step(&ask()).is_ok());
}

#[test]
fn event_on_a_hidden_page_is_recorded_and_nothing_is_used_there() {
    let (hidden, shown) = (Step::Screen(Screen::Hidden), Step::Screen(Screen::Usual));
    let own = expected(&[visit(), chat(), hidden.clone(), track(CART), shown.clone()]);
    assert_eq!(labels(&own.recorded), [CART]);
    assert!(!own.checks.contains_key(&CaseCheckName::Immediate));
    let mut hidden = world(&[visit(), chat(), hidden]);
    assert!(hidden.clone().step(&chat()).is_err());
    assert!(hidden.step(&shown).is_ok());
}

#[test]
fn chat_is_closed_once_it_is_open() {
    assert!(world(&[visit()]).step(&Step::DismissChat).is_err());
    let own = expected(&[visit(), chat(), Step::DismissChat, track(CART)]);
    assert_eq!(labels(&own.recorded), [CART]);
}

#[test]
fn what_a_profile_does_not_claim_is_open() {
    let order = [visit(), track(ORDER)];
    let refused = [visit(), track("cart/invalid/currency-null")];
    let malformed = [visit(), Step::PushRaw("null".into())];
    let slow = [visit(), Step::Backend(BackendState::Slow), track(CART)];
    let own = |steps: &[Step]| of_profile("mixpanel", steps).map(World::expected);
    assert_eq!(labels(&own(&order).expect("an order").recorded), [ORDER]);
    assert!(own(&refused).is_err() && own(&malformed).is_err());
    // BACKEND-NO-DUPLICATES is not claimed.
    assert!(own(&slow).expect("a slow backend").recorded.is_empty());
    assert_eq!(labels(&expected(&slow).not_recorded), [CART]); // Nobody interacted.
}

#[test]
fn script_has_no_other_meaning_while_a_chat_may_load_a_part_of_it() {
    let blocked = Step::Sdk(ScriptState::Blocked);
    let opened = [visit(), Step::OpenChat];
    let used = [&opened[..], &[chat()]].concat();
    assert!(world(&opened).step(&blocked).is_err());
    assert!(world(&used).step(&blocked).is_ok());
}

#[test]
fn event_called_during_another_is_recorded_like_it() {
    let during = || Step::Track {
        events: vec![event(CART)],
        style: None,
        exit: None,
        during: Some(event(ORDER)),
    };
    let own = expected(&[visit(), chat(), during()]);
    assert_eq!(labels(&own.recorded), [CART, ORDER]);
    assert!(!own.checks.contains_key(&CaseCheckName::InOrder));
    // An SDK need not read what it does not send, and nobody sees when it reads what waits for it.
    assert!(world(&[visit(), Step::UntilReady]).step(&during()).is_err());
    assert!(world(&[visit(), chat(), visit()]).step(&during()).is_err());
}

#[test]
fn calls_are_redirected_as_long_as_a_connection_is_left() {
    let redirects = || Step::Backend(BackendState::Redirects);
    let calls = |count| vec![track(CART); count];
    let of = |steps: &[&[Step]]| of_profile("reference", &steps.concat());
    let ready = [visit(), chat()];
    assert!(of(&[&ready, &calls(6), &[redirects()]]).is_err());
    assert!(of(&[&ready, &[redirects()], &calls(6)]).is_err());
    assert!(of(&[&ready, &calls(3), &[redirects()], &calls(2)]).is_ok());
    let seen = [Step::UntilRecorded(vec![event(CART)])];
    assert!(of(&[&ready, &calls(6), &seen, &[redirects()], &calls(5)]).is_ok());
}

#[test]
fn silence_of_one_rule_is_silence() {
    assert!(Verdict::Open > Verdict::NotRecorded && Verdict::NotRecorded > Verdict::Recorded);
}
