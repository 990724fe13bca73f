//! The journeys that are a little simpler than one.

use crate::contract::{Event, Interaction};
use crate::explore::generate::Pool;
use crate::explore::journey::Journey;
use crate::explore::model::{Claims, World, order_id};
use crate::scenario::{BackendState, ScriptState, Step, StorefrontOptions};

/// A journey that is a little simpler than another.
#[derive(Debug)]
pub struct Simpler {
    pub journey: Journey,
    /// How many steps in a row were left out for it.
    pub left_out: usize,
}

/// Journeys that are simpler than `journey` and leave out at most so many steps in a row, the most
/// daring first.
pub fn simpler(journey: &Journey, most: usize, claims: &Claims, pool: &Pool) -> Vec<Simpler> {
    let plainer = plainer_storefronts(journey)
        .into_iter()
        .chain(plainer_steps(journey, pool))
        .chain(plainer_events(journey, pool));
    let plainer = plainer.map(|journey| (journey, 0));
    let mut found: Vec<Simpler> = Vec::new();
    for (candidate, left_out) in shorter(journey, most).into_iter().chain(plainer) {
        let candidate = repaired(&candidate, claims);
        let is_known = found.iter().any(|own| own.journey == candidate);
        if candidate != *journey && !candidate.steps.is_empty() && !is_known {
            found.push(Simpler {
                journey: candidate,
                left_out,
            });
        }
    }
    found
}

/// Without half of the steps, a quarter, …, without one; with how many were left out.
fn shorter(journey: &Journey, most: usize) -> Vec<(Journey, usize)> {
    let count = journey.steps.len();
    let mut all = Vec::new();
    let mut size = (count / 2).max(1).min(most.max(1));
    while size > 0 {
        let mut from = count;
        while from > 0 {
            let begin = from.saturating_sub(size);
            let mut steps = journey.steps.clone();
            steps.drain(begin..from);
            let shorter = Journey {
                steps,
                ..journey.clone()
            };
            all.push((shorter, size));
            from = begin;
        }
        size /= 2;
    }
    all
}

fn plainer_storefronts(journey: &Journey) -> Vec<Journey> {
    let usual = StorefrontOptions::default();
    let own = &journey.storefront;
    let mut all = Vec::new();
    if journey.condition.is_some() {
        all.push(Journey {
            condition: None,
            ..journey.clone()
        });
    }
    if *own != usual {
        all.push(Journey {
            storefront: usual.clone(),
            ..journey.clone()
        });
        let load = StorefrontOptions {
            load: usual.load,
            ..own.clone()
        };
        all.push(Journey {
            storefront: load,
            ..journey.clone()
        });
        let rest = StorefrontOptions {
            load: own.load,
            ..usual
        };
        all.push(Journey {
            storefront: rest,
            ..journey.clone()
        });
    }
    all
}

/// One step is replaced by a plainer one.
fn plainer_steps(journey: &Journey, pool: &Pool) -> Vec<Journey> {
    let mut all = Vec::new();
    for (index, step) in journey.steps.iter().enumerate() {
        for plainer in plainer(step, &pool.plain_page) {
            let mut steps = journey.steps.clone();
            steps[index] = plainer;
            all.push(Journey {
                steps,
                ..journey.clone()
            });
        }
    }
    all
}

fn plainer(step: &Step, plain_page: &str) -> Vec<Step> {
    match step {
        Step::Visit(page) if page != plain_page => vec![Step::Visit(plain_page.to_owned())],
        Step::Interact(Some(Interaction::Faq)) => vec![Step::Interact(Some(Interaction::Chat))],
        Step::Send(Some(widget)) => vec![Step::Interact(Some(*widget))],
        Step::Backend(state) if *state != BackendState::Well => {
            let plain = [BackendState::Error500, BackendState::Slow];
            let others = plain.into_iter().take_while(|own| own != state);
            others.map(Step::Backend).collect()
        }
        Step::Sdk(ScriptState::Blocked | ScriptState::FailsOnce) => {
            vec![Step::Sdk(ScriptState::Held)]
        }
        Step::Track {
            events,
            style,
            exit,
            during,
        } => {
            let with = |events: &[Event]| Step::Track {
                events: events.to_vec(),
                style: *style,
                exit: *exit,
                during: during.clone(),
            };
            let mut all = Vec::new();
            if events.len() > 1 {
                for index in 0..events.len() {
                    let mut fewer = events.clone();
                    fewer.remove(index);
                    all.push(with(&fewer));
                }
            }
            if style.is_some() || exit.is_some() || during.is_some() {
                all.push(Step::Track {
                    events: events.clone(),
                    style: None,
                    exit: None,
                    during: None,
                });
            }
            all
        }
        Step::Visit(_)
        | Step::Prerender(_)
        | Step::Interact(_)
        | Step::Send(_)
        | Step::OpenChat
        | Step::DismissChat
        | Step::SaveReference
        | Step::PushRaw(_)
        | Step::Click { .. }
        | Step::Go(_)
        | Step::Sdk(_)
        | Step::Backend(_)
        | Step::Answers(_)
        | Step::Network(_)
        | Step::Window(_)
        | Step::Screen(_)
        | Step::Close(_)
        | Step::Visitor(_)
        | Step::NewSession
        | Step::UntilReady
        | Step::UntilRecorded(_)
        | Step::UntilAnswered(_)
        | Step::UntilReplied(_)
        | Step::Stay(_)
        | Step::Read { .. }
        | Step::Identify
        | Step::Matrix(_) => Vec::new(),
    }
}

/// One event is another, plainer one, wherever it is named.
fn plainer_events(journey: &Journey, pool: &Pool) -> Vec<Journey> {
    let mut named: Vec<Event> = Vec::new();
    for event in journey
        .steps
        .iter()
        .flat_map(|step| step.facts().named().collect::<Vec<_>>())
    {
        if !named.contains(event) {
            named.push(event.clone());
        }
    }
    let mut all = Vec::new();
    for event in &named {
        let plain = if order_id(event).is_some() {
            &pool.plain_orders
        } else {
            &pool.plain_carts
        };
        let is_plain = plain.contains(event);
        let free = plain.iter().find(|own| !named.contains(own));
        if let Some(other) = free.filter(|_| !is_plain) {
            let steps = journey.steps.iter().map(|step| renamed(step, event, other));
            all.push(Journey {
                steps: steps.collect(),
                ..journey.clone()
            });
        }
    }
    all
}

fn renamed(step: &Step, event: &Event, other: &Event) -> Step {
    let mut step = step.clone();
    let swap = |own: &mut Event| {
        if own == event {
            *own = other.clone();
        }
    };
    if let Step::Track { events, .. } | Step::UntilRecorded(events) = &mut step {
        events.iter_mut().for_each(swap);
    }
    if let Step::Track {
        during: Some(inner),
        ..
    } = &mut step
    {
        swap(inner);
    }
    step
}

/// The journey without the steps that have no meaning in it any more; what a step counts or waits
/// for follows the rest.
fn repaired(journey: &Journey, claims: &Claims) -> Journey {
    let mut world = World::new(claims.clone(), journey.storefront.clone());
    let mut steps = Vec::new();
    for step in &journey.steps {
        let step = match step {
            Step::UntilAnswered(_) => {
                let requests = world.page().and_then(|page| page.requests);
                Step::UntilAnswered(requests.unwrap_or_default())
            }
            Step::UntilRecorded(events) => {
                let mut events = events.clone();
                events.retain(|event| {
                    let alone = Step::UntilRecorded(vec![event.clone()]);
                    world.clone().step(&alone).is_ok()
                });
                Step::UntilRecorded(events)
            }
            other => other.clone(),
        };
        let mut after = world.clone();
        if after.step(&step).is_ok() {
            world = after;
            steps.push(step);
        }
    }
    Journey {
        steps,
        ..journey.clone()
    }
}
