//! Whether journeys can come to what a scenario asks.

use super::journey::Workshop;
use super::model::World;
use crate::contract::{CaseCheckName, CheckId, Question};
use crate::plan::Case;
use crate::scenario::{Step, Storage};

/// Why no journey asks what `check` of `case` asks; `None`: journeys are made of its steps.
pub fn out_of_reach(case: &Case, check: &CheckId, workshop: &Workshop<'_>) -> Option<String> {
    let own = case.checks.iter().find(|own| own.id == *check)?;
    let question = match own.question {
        Question::OfRow(name, _) => Some(format!("no journey calls a matrix (`{name}`)")),
        Question::OfCase(name) => (!is_asked(name)).then(|| format!("no journey asks `{name}`")),
    };
    let condition = case
        .axes
        .condition
        .as_ref()
        .filter(|own| !own.is_ordinary());
    let condition = condition.filter(|own| !workshop.conditions().contains(&own.id));
    let condition = condition.map(|own| format!("no journey is under `{}`", own.id));
    let shop = &case.scenario.storefront;
    let shop = if shop.prelude.is_some() {
        Some("the shop runs a script of its own".to_owned())
    } else if shop.storage != Storage::Allowed {
        Some("the shop's storage is blocked".to_owned())
    } else {
        None
    };
    let needs = case.needs().first().map(|need| format!("it needs {need}"));
    let all = question.or(condition).or(shop).or(needs);
    all.or_else(|| step(case, workshop))
}

/// Whether journeys are made of the steps of a case.
pub fn is_within_reach(case: &Case, workshop: &Workshop<'_>) -> bool {
    case.needs().is_empty() && step(case, workshop).is_none()
}

/// Whether journeys make this check.
fn is_asked(name: CaseCheckName) -> bool {
    match name {
        CaseCheckName::Ready
        | CaseCheckName::StepsDone
        | CaseCheckName::Delivered
        | CaseCheckName::Once
        | CaseCheckName::InOrder
        | CaseCheckName::Immediate
        | CaseCheckName::Unchanged
        | CaseCheckName::Shape
        | CaseCheckName::NotRecorded
        | CaseCheckName::NothingElse
        | CaseCheckName::CompanyKey
        | CaseCheckName::FingerprintsPresent
        | CaseCheckName::FingerprintsAgree
        | CaseCheckName::FingerprintsStable
        | CaseCheckName::FingerprintsDistinct
        | CaseCheckName::FingerprintsDiffer
        | CaseCheckName::ThrowsNothing
        | CaseCheckName::NoUncaughtError
        | CaseCheckName::NoDialog => true,
        CaseCheckName::Page
        | CaseCheckName::Console
        | CaseCheckName::ObserveEvents
        | CaseCheckName::ObserveRequests
        | CaseCheckName::ObservePage => false,
    }
}

/// The first step that the model gives no meaning, or whose events no journey calls.
fn step(case: &Case, workshop: &Workshop<'_>) -> Option<String> {
    let scenario = &case.scenario;
    let mut world = World::new(workshop.claims(), scenario.storefront.clone());
    for (line, step) in &scenario.steps {
        let words = scenario.words_at(*line);
        let mut named = step.facts().named();
        if let Some(event) = named.find(|event| !workshop.pool.holds(event)) {
            return Some(format!("no journey calls `{}`", event.label));
        }
        let step = match step {
            Step::Interact(None) => Step::Interact(Some(case.axes.interaction)),
            Step::Send(None) => Step::Send(Some(case.axes.interaction)),
            Step::Visit(_)
            | Step::Prerender(_)
            | Step::Interact(Some(_))
            | Step::Send(Some(_))
            | Step::OpenChat
            | Step::DismissChat
            | Step::Track { .. }
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
            | Step::Matrix(_) => step.clone(),
        };
        if world.step(&step).is_err() {
            return Some(format!("the model has no meaning for `{words}`"));
        }
    }
    None
}
