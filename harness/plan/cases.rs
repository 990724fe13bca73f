use std::collections::BTreeSet;
use std::sync::Arc;

use super::pattern::Patterns;
use crate::contract::{
    BrowserFeature, CheckId, Interaction, Question, RequirementId, RowCheckName,
};
use crate::scenario::{
    AxisValues, Combination, Condition, Disturbs, PlannedCheck, RowJudgement, Scenario, Suite,
    WidgetUse,
};

/// One scenario on one value of each of its axes: what a session drives and the judge judges.
#[derive(Debug, Clone)]
pub struct Case {
    /// `scenario` or `scenario@axis=value,…`.
    pub id: String,
    /// What is done and expected.
    pub scenario: Arc<Scenario>,
    /// Its value of each axis.
    pub axes: AxisValues,
    /// The checks that are selected, in the order of the scenario.
    pub checks: Vec<CaseCheck>,
    /// Selected checks that are not made, each with the reason: the build does not claim them, or
    /// the engine cannot show or keep them.
    pub not_applicable: Vec<(CaseCheck, String)>,
}

/// One check of one case.
#[derive(Debug, Clone)]
pub struct CaseCheck {
    /// Its stable name.
    pub id: CheckId,
    /// What it asks, and of what.
    pub question: Question,
    /// What it proves.
    pub requirements: Vec<RequirementId>,
    /// The line of the scenario that asks for it.
    pub line: usize,
}

impl Case {
    /// What its steps change around the SDK.
    pub fn disturbances(&self) -> impl Iterator<Item = Disturbs> {
        let steps = self.scenario.steps.iter();
        steps.map(|(_, step)| step.facts().disturbs)
    }

    /// Whether its steps change how the backend answers, so that events may need longer than
    /// elsewhere.
    #[must_use]
    pub fn disturbs_backend(&self) -> bool {
        self.disturbances().any(|own| own == Disturbs::Backend)
    }

    /// What it needs of the browser, by its scenario and its condition.
    #[must_use]
    pub fn needs(&self) -> BTreeSet<BrowserFeature> {
        let of_condition = self.axes.condition.iter();
        let of_locale = self.axes.condition.iter();
        let of_locale = of_locale.filter(|condition| condition.locale.is_some());
        let of_locale = of_locale.map(|_| BrowserFeature::Locale);
        let of_condition = of_condition.flat_map(|condition| &condition.needs);
        let steps = self.scenario.steps.iter();
        let of_steps = steps.filter_map(|(_, step)| step.facts().needs);
        let all = self.scenario.needs.iter().chain(of_condition);
        all.copied().chain(of_steps).chain(of_locale).collect()
    }

    /// The uses of widgets in its steps, each with the widget.
    pub fn widgets(&self) -> impl Iterator<Item = (Interaction, WidgetUse)> {
        let uses = self.scenario.steps.iter();
        uses.filter_map(|(_, step)| step.facts().widget)
            .map(|used| (used.widget(self.axes.interaction), used))
    }

    /// Whether one of its steps asks where the chat stands in the page.
    #[must_use]
    pub fn asks_for_chat_place(&self) -> bool {
        let mut steps = self.scenario.steps.iter();
        steps.any(|(_, step)| step.asks_for_chat_place())
    }
}

impl Suite {
    /// All cases with a selected check, prerequisites first, then by id.
    ///
    /// Prerequisites are always planned: without them no other verdict means anything.
    pub fn plan(&self, patterns: &mut Patterns) -> Vec<Case> {
        self.cases(patterns, true)
    }

    /// As `plan`, with prerequisites only where they are selected too.
    pub fn selected(&self, patterns: &mut Patterns) -> Vec<Case> {
        self.cases(patterns, false)
    }

    fn cases(&self, patterns: &mut Patterns, with_prerequisites: bool) -> Vec<Case> {
        let mut cases: Vec<Case> = self.scenarios.iter().flat_map(cases_of).collect();
        for case in &mut cases {
            let keep = with_prerequisites && case.scenario.prerequisite;
            let (scenario, id) = (Arc::clone(&case.scenario), case.id.clone());
            case.checks.retain(|check| {
                let level = Some(self.register.level_of(&check.requirements));
                let names = [id.as_str(), &scenario.id];
                patterns.select(&check.id, &names, &check.requirements, level) || keep
            });
        }
        cases.retain(|case| !case.checks.is_empty());
        cases.sort_by_key(|case| (!case.scenario.prerequisite, case.id.clone()));
        cases
    }
}

/// One scenario on each combination of the values of its axes.
pub fn cases_of(scenario: &Arc<Scenario>) -> Vec<Case> {
    let default = AxisValues {
        load: scenario.storefront.load,
        ..AxisValues::default()
    };
    let case = |Combination { values, label }: Combination| {
        let id = match label.as_str() {
            "" => scenario.id.clone(),
            label => format!("{}@{label}", scenario.id),
        };
        Case {
            checks: planned_checks(scenario, &id, values.condition.as_deref()),
            id,
            scenario: Arc::clone(scenario),
            axes: values,
            not_applicable: Vec::new(),
        }
    };
    let combinations = scenario.axes.combinations(default, &scenario.conditions);
    combinations.into_iter().map(case).collect()
}

/// The checks of one case of `scenario`: its own, then those of its matrix. Under a condition they
/// prove that the build works under it.
fn planned_checks(
    scenario: &Scenario,
    case: &str,
    condition: Option<&Condition>,
) -> Vec<CaseCheck> {
    let of_condition = condition.and_then(|own| own.requirement.as_ref());
    let requirements = |own: &PlannedCheck| match of_condition {
        Some(of_condition) => vec![of_condition.clone()],
        None => own.requirements.clone(),
    };
    let own = scenario.checks.iter().map(|check| CaseCheck {
        id: CheckId::new(case, None, check.name),
        question: Question::OfCase(check.name),
        requirements: requirements(check),
        line: check.line,
    });
    let mut checks: Vec<CaseCheck> = own.collect();
    let Some(matrix) = &scenario.matrix else {
        return checks;
    };
    let mut steps = scenario.steps.iter();
    let calls_it = steps.find(|(_, step)| step.facts().matrix.is_some());
    let line = calls_it.map_or(1, |(line, _)| *line);
    for (index, row) in matrix.rows.iter().enumerate() {
        let throws_nothing = (RowCheckName::ThrowsNothing, &matrix.throws_nothing);
        let asked = match &row.judgement {
            RowJudgement::Refused(requirement) => vec![
                (RowCheckName::NotSent, requirement),
                (RowCheckName::ConsoleNamesField, &matrix.console),
                throws_nothing,
            ],
            RowJudgement::Open(requirement) => {
                vec![(RowCheckName::ObserveRow, requirement), throws_nothing]
            }
        };
        checks.extend(asked.into_iter().map(|(name, requirement)| CaseCheck {
            id: CheckId::new(case, Some(&row.id), name),
            question: Question::OfRow(name, index),
            requirements: vec![requirement.clone()],
            line,
        }));
    }
    checks
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use super::*;
    use crate::contract::CaseCheckName;
    use crate::input::Files;
    use crate::scenario::Load;

    fn suite() -> Suite {
        Suite::load(&Files::default()).unwrap()
    }

    #[test]
    fn axes_multiply_a_scenario_and_show_in_its_ids() {
        let mut scenarios = suite().scenarios.into_iter();
        let plain = scenarios.find(|scenario| scenario.matrix.is_none());
        let mut scenario = Scenario::clone(&plain.unwrap());
        scenario.id = "area/scenario".into();
        scenario.axes.load = vec![Load::Async, Load::InjectedRetry];
        scenario.axes.interaction = vec![Interaction::Faq];
        scenario.axes.call = Vec::new();
        let ids: Vec<String> = cases_of(&Arc::new(scenario))
            .into_iter()
            .map(|case| case.id)
            .collect();
        assert_eq!(
            ids,
            [
                "area/scenario@load=async,interaction=faq",
                "area/scenario@load=injected-retry,interaction=faq"
            ]
        );
    }

    #[test]
    fn prerequisites_come_first_and_are_planned_whatever_is_selected() {
        let suite = suite();
        let cases = suite.plan(&mut Patterns::new(&["QUEUE-ORDER".to_owned()]));
        let prerequisites = cases
            .iter()
            .take_while(|case| case.scenario.prerequisite)
            .count();
        assert_eq!(
            prerequisites,
            suite
                .scenarios
                .iter()
                .filter(|scenario| scenario.prerequisite)
                .count()
        );
        assert!(
            cases[prerequisites..]
                .iter()
                .flat_map(|case| &case.checks)
                .all(|check| check
                    .requirements
                    .contains(&RequirementId("QUEUE-ORDER".into())))
        );
    }

    #[test]
    fn every_check_is_planned_somewhere() {
        let cases = suite().plan(&mut Patterns::new(&[]));
        let planned = cases.iter().flat_map(|case| &case.checks);
        let planned: BTreeSet<String> = planned.map(|check| check.question.to_string()).collect();
        let of_cases = CaseCheckName::ALL.map(|name| name.to_string());
        let of_rows = RowCheckName::ALL.map(|name| name.to_string());
        let all: BTreeSet<String> = of_cases.into_iter().chain(of_rows).collect();
        assert_eq!(planned, all);
    }

    #[test]
    fn no_two_checks_share_an_id() {
        let cases = suite().plan(&mut Patterns::new(&[]));
        let mut seen = BTreeSet::new();
        let twice: Vec<_> = cases
            .iter()
            .flat_map(|case| &case.checks)
            .filter(|check| !seen.insert(&check.id))
            .map(|check| &check.id)
            .collect();
        assert_eq!(twice, Vec::<&CheckId>::new());
    }
}
