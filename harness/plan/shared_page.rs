//! Which cases can go on on the page of another, so that its cost is paid once.

use std::sync::Arc;

use super::cases::Case;
use crate::contract::{Event, Interaction};
use crate::scenario::{LeavesBehind, Step};

/// A page is shared by so many cases at most: what goes wrong there is driven again for each.
pub const MOST_ON_A_PAGE: usize = 12;

impl Case {
    /// How many of its first steps lead to a page on which it then only calls events; `None` where
    /// it needs a page of its own.
    ///
    /// A case that observes has a page of its own, as nobody would see that what it saw comes from
    /// its neighbours.
    #[must_use]
    pub fn entry(&self) -> Option<usize> {
        let steps = &self.scenario.steps;
        let kinds = steps.iter().map(|(_, step)| step.facts().leaves_behind);
        let kinds: Vec<LeavesBehind> = kinds.collect();
        let is_entry = |kind: &&LeavesBehind| **kind == LeavesBehind::AnEntry;
        let entry = kinds.iter().take_while(is_entry).count();
        let only_calls = kinds[entry..]
            .iter()
            .all(|kind| *kind == LeavesBehind::Events);
        let mut checks = self.checks.iter();
        let observes = checks.any(|check| check.question.facts().is_observation);
        let is_special = self.scenario.prerequisite
            || observes
            || self.axes.condition.is_some()
            || !self.needs().is_empty();
        (only_calls && entry > 0 && entry < steps.len() && !is_special).then_some(entry)
    }

    /// Whether it can go on on the page of `others`: they come to that page in the same way, and
    /// call nothing that could be taken for what it calls.
    #[must_use]
    pub fn can_follow(&self, others: &[Arc<Self>]) -> bool {
        let Some(entry) = self.entry() else {
            return false;
        };
        others.iter().all(|other| {
            other.entry() == Some(entry)
                && self.axes.load == other.axes.load
                && self.scenario.storefront == other.scenario.storefront
                && self.way_in(entry).eq(other.way_in(entry))
                && !self
                    .events()
                    .any(|own| other.events().any(|its| alike(own, its)))
        })
    }

    /// The steps of its entry, each with the widget that it uses.
    fn way_in(&self, entry: usize) -> impl Iterator<Item = (&Step, Option<Interaction>)> {
        let steps = self.scenario.steps.iter().take(entry);
        steps.map(|(_, step)| {
            let used = step.facts().widget;
            (step, used.map(|used| used.widget(self.axes.interaction)))
        })
    }

    /// Every event that its steps or its expectation name.
    fn events(&self) -> impl Iterator<Item = &Event> {
        let steps = self.scenario.steps.iter();
        let named = steps.flat_map(|(_, step)| step.facts().named());
        let expect = &self.scenario.expect;
        named.chain(&expect.recorded).chain(&expect.not_recorded)
    }
}

/// Whether the record of one event could be taken for that of the other, or keep it from being
/// recorded.
fn alike(one: &Event, other: &Event) -> bool {
    let order = |event: &Event| event.args.get("orderId").cloned();
    one.method == other.method
        && (one.args == other.args || order(one).is_some_and(|id| order(other) == Some(id)))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use super::super::Patterns;
    use super::*;
    use crate::input::Files;
    use crate::scenario::{Exit, Load, Suite};

    fn cases() -> Vec<Arc<Case>> {
        let suite = Suite::load(&Files::default()).unwrap();
        let cases = suite.plan(&mut Patterns::new(&[]));
        cases.into_iter().map(Arc::new).collect()
    }

    /// Two cases that share a page.
    fn neighbours() -> (Arc<Case>, Arc<Case>) {
        let cases = cases();
        let pairs = cases.iter().enumerate().find_map(|(index, one)| {
            let mut later = cases[index + 1..].iter();
            let other = later.find(|other| other.can_follow(&[Arc::clone(one)]))?;
            Some((Arc::clone(one), Arc::clone(other)))
        });
        pairs.unwrap()
    }

    fn changed(case: &Arc<Case>, change: impl FnOnce(&mut Case)) -> Case {
        let mut case = Case::clone(case);
        change(&mut case);
        case
    }

    #[test]
    fn cases_that_differ_in_their_events_share_a_page() {
        let (one, other) = neighbours();
        assert_eq!(one.entry(), other.entry());
        assert!(one.can_follow(&[other]));
    }

    #[test]
    fn case_cannot_follow_itself() {
        let (one, _) = neighbours();
        assert!(!one.can_follow(&[Arc::clone(&one)]));
    }

    #[test]
    fn other_way_of_loading_needs_another_page() {
        let (one, other) = neighbours();
        let other = changed(&other, |case| case.axes.load = Load::InjectedRetry);
        assert!(!other.can_follow(&[one]));
    }

    #[test]
    fn other_widget_needs_another_page() {
        let (one, other) = neighbours();
        let with = |case: &Arc<Case>, interaction| {
            changed(case, |case| {
                let mut scenario = (*case.scenario).clone();
                for (_, step) in &mut scenario.steps {
                    if let Step::Interact(way) = step {
                        *way = None;
                    }
                }
                case.scenario = Arc::new(scenario);
                case.axes.interaction = interaction;
            })
        };
        let chat = Arc::new(with(&one, Interaction::Chat));
        assert!(with(&other, Interaction::Chat).can_follow(&[Arc::clone(&chat)]));
        assert!(!with(&other, Interaction::Faq).can_follow(&[chat]));
    }

    #[test]
    fn call_that_leaves_the_page_shares_none() {
        let (one, _) = neighbours();
        let leaving = changed(&one, |case| {
            let mut scenario = (*case.scenario).clone();
            for (_, step) in &mut scenario.steps {
                if let Step::Track { exit, .. } = step {
                    *exit = Some(Exit::Navigate);
                }
            }
            case.scenario = Arc::new(scenario);
        });
        assert_eq!(leaving.entry(), None);
    }

    #[test]
    fn orders_of_one_id_do_not_share_a_page() {
        let order = |id: &str, value: f64| Event {
            label: String::new(),
            method: crate::contract::Method::SendCheckoutEvent,
            args: serde_json::json!({ "orderId": id, "value": value }),
        };
        assert!(alike(&order("1", 1.0), &order("1", 2.0)));
        assert!(!alike(&order("1", 1.0), &order("2", 1.0)));
    }

    #[test]
    fn case_that_observes_has_a_page_of_its_own() {
        let cases = cases();
        let observes = |case: &&Arc<Case>| {
            let mut checks = case.checks.iter();
            checks.any(|check| check.question.facts().is_observation)
        };
        let mut observing = cases.iter().filter(observes);
        assert!(observing.all(|case| case.entry().is_none()));
    }
}
