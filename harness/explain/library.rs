use std::collections::{BTreeMap, BTreeSet};

use super::guide::{Guide, Guides};
use super::text::Page;
use crate::contract::{CheckId, CheckName, Event, Level, Requirement, RequirementId};
use crate::plan::{Case, CaseCheck};
use crate::report::typed;
use crate::scenario::{Scenario, Suite};
use crate::sdk::{Mutant, Proofs};

/// More names than these are counted only.
const SHOWN: usize = 12;

/// Longer data of events is cut; the event's file holds it whole.
const SHOWN_LETTERS: usize = 160;

/// The pages of the source tree that describe what an explanation speaks of.
const READ_ON: [(&str, &str); 3] = [
    ("fixtures/scenarios/README.md", "scenarios, steps, axes"),
    ("fixtures/mutants/README.md", "mutants"),
    ("harness/verdict/README.md", "verdicts, known failures"),
];

/// All that is known of what the harness asks.
#[derive(Debug)]
pub struct Library<'a> {
    /// The promises, and the scenarios.
    pub suite: &'a Suite,
    /// The whole plan.
    pub cases: &'a [Case],
    /// The mutants of the reference SDK.
    pub mutants: &'a [Mutant],
    /// Which of them a check catches that none of them names.
    pub proofs: &'a Proofs,
    /// What each check asks.
    pub guides: &'a Guides,
}

impl Library<'_> {
    /// What the id of a requirement, a check, a case or a scenario stands for; `None`: there is
    /// none of that id.
    #[must_use]
    pub fn explain(&self, id: &str) -> Option<String> {
        if let Some(requirement) = self.suite.register.get(&RequirementId(id.to_owned())) {
            return Some(self.requirement(requirement));
        }
        if let Some((case, check)) = self.checks().find(|(_, check)| check.id.0 == id) {
            return Some(self.check(case, check));
        }
        let cases: Vec<&Case> = self
            .cases
            .iter()
            .filter(|case| case.id == id || case.scenario.id == id)
            .collect();
        cases
            .first()
            .map(|first| self.scenario(id, &first.scenario, &cases))
    }

    /// Every id that can be explained.
    #[must_use]
    pub fn ids(&self) -> BTreeSet<&str> {
        let requirements = self
            .suite
            .register
            .iter()
            .map(|requirement| requirement.id.0.as_str());
        let cases = self
            .cases
            .iter()
            .flat_map(|case| [case.id.as_str(), case.scenario.id.as_str()]);
        let checks = self.checks().map(|(_, check)| check.id.0.as_str());
        requirements.chain(cases).chain(checks).collect()
    }

    fn requirement(&self, requirement: &Requirement) -> String {
        let mut page = Page::new(&requirement.id.0, "a requirement");
        promise(&mut page, requirement);
        let checks: Vec<(&Case, &CaseCheck)> = self
            .checks()
            .filter(|(_, check)| check.requirements.contains(&requirement.id))
            .collect();
        page.heading(&format!("Proved by {}", counted(checks.len(), "check")));
        for (case, check) in checks.iter().take(SHOWN) {
            page.item(&check.id.0, &case.scenario.title);
        }
        more(
            &mut page,
            checks.len(),
            &typed(&["list", "--filter", &requirement.id.0].map(str::to_owned)),
        );
        mutants(
            &mut page,
            &self
                .mutants
                .iter()
                .filter(|mutant| mutant.breaks == requirement.id)
                .collect::<Vec<_>>(),
        );
        let names: BTreeSet<CheckName> = checks.iter().map(|(_, check)| check.name).collect();
        for name in names {
            if let Some(guide) = self.guides.of_check(name) {
                page.heading(&format!("The check {name}"));
                say_all(&mut page, guide);
            }
        }
        again(&mut page, &requirement.id.0);
        page.finish()
    }

    fn check(&self, case: &Case, check: &CaseCheck) -> String {
        let mut page = Page::new(
            &check.id.0,
            &format!("a check of the scenario “{}”", case.scenario.title),
        );
        for id in &check.requirements {
            if let Some(requirement) = self.suite.register.get(id) {
                page.heading(&format!("It proves {id}"));
                promise(&mut page, requirement);
            }
        }
        if let Some(guide) = self.guides.of_check(check.name) {
            page.heading("What it asks");
            page.say(&guide.asks);
        }
        let row = check
            .row
            .zip(case.scenario.matrix.as_ref())
            .and_then(|(row, matrix)| Some((matrix.method, matrix.rows.get(row)?)));
        if let Some((method, row)) = row {
            page.say(&format!(
                "Here of {method}, where in otherwise valid data: {}",
                row.spoil
            ));
        }
        sources(&mut page, &case.scenario, Some(check.line));
        let proving = self.proofs.proving(&check.id, self.mutants);
        mutants(
            &mut page,
            &self
                .mutants
                .iter()
                .filter(|mutant| proving.contains(&mutant.id))
                .collect::<Vec<_>>(),
        );
        if let Some(guide) = self.guides.of_check(check.name) {
            page.heading("What a failure usually means");
            page.say(&guide.means);
            page.heading("How to mend it");
            page.say(&guide.fix);
        }
        again(&mut page, &check.id.0);
        page.finish()
    }

    fn scenario(&self, id: &str, scenario: &Scenario, cases: &[&Case]) -> String {
        let mut page = Page::new(
            id,
            if scenario.prerequisite {
                "a scenario, without which nothing else can be tested"
            } else {
                "a scenario"
            },
        );
        page.say(&scenario.title);
        sources(&mut page, scenario, None);
        let checks: Vec<&CaseCheck> = cases.iter().flat_map(|case| &case.checks).collect();
        page.heading(&format!(
            "{} in {}",
            counted(checks.len(), "check"),
            counted(cases.len(), "case")
        ));
        for check in checks.iter().take(SHOWN) {
            page.item(&check.id.0, &self.statements(check));
        }
        more(
            &mut page,
            checks.len(),
            &typed(&["list", "--filter", id].map(str::to_owned)),
        );
        let ids: BTreeSet<&CheckId> = checks.iter().map(|check| &check.id).collect();
        let proved: BTreeSet<String> = ids
            .iter()
            .flat_map(|check| self.proofs.proving(check, self.mutants))
            .collect();
        mutants(
            &mut page,
            &self
                .mutants
                .iter()
                .filter(|mutant| proved.contains(&mutant.id))
                .collect::<Vec<_>>(),
        );
        page.heading("What its checks ask");
        let names: BTreeSet<CheckName> = checks.iter().map(|check| check.name).collect();
        for name in names {
            if let Some(guide) = self.guides.of_check(name) {
                page.item(&name.to_string(), &guide.asks);
            }
        }
        page.line("");
        page.line(
            "The explanation of one check says what its failure usually means, and how to mend it.",
        );
        again(&mut page, id);
        page.finish()
    }

    fn statements(&self, check: &CaseCheck) -> String {
        let of = |id: &RequirementId| {
            self.suite.register.get(id).map(|requirement| {
                format!("{id} ({}): {}", requirement.level, requirement.statement)
            })
        };
        check
            .requirements
            .iter()
            .filter_map(of)
            .collect::<Vec<_>>()
            .join(" ")
    }

    fn checks(&self) -> impl Iterator<Item = (&Case, &CaseCheck)> {
        self.cases
            .iter()
            .flat_map(|case| case.checks.iter().map(move |check| (case, check)))
    }
}

fn promise(page: &mut Page, requirement: &Requirement) {
    page.say(&requirement.statement);
    page.say(&format!("source: {}", requirement.source));
    page.say(&format!("level: {}", meaning(requirement.level)));
    for (policy, values) in &requirement.under {
        page.say(&format!(
            "only where the profile says {policy} = {}",
            values.join(" or ")
        ));
    }
    if let Some(why) = &requirement.excluded {
        page.say(&format!("no check covers it: {why}"));
    }
}

fn mutants(page: &mut Page, mutants: &[&Mutant]) {
    if mutants.is_empty() {
        return;
    }
    page.heading("How such a bug happens: breakages of the reference SDK that are caught here");
    for mutant in mutants.iter().take(SHOWN) {
        page.item(&mutant.id, &mutant.how);
        page.aside(&mutant.at);
    }
    if mutants.len() > SHOWN {
        page.aside(&format!(
            "… and {} more below fixtures/mutants/",
            mutants.len() - SHOWN
        ));
    }
}

fn meaning(level: Level) -> &'static str {
    match level {
        Level::Must => "must. The API page says so, and a run fails where it is broken.",
        Level::Should => {
            "should. A promise of the API page implies it, and a run fails where it is broken."
        }
        Level::Observe => {
            "observe. The API page is silent: what happens is recorded and compared, and \
             never fails a run."
        }
    }
}

fn say_all(page: &mut Page, guide: &Guide) {
    page.say(&guide.asks);
    page.item("a failure usually means", &guide.means);
    page.item("how to mend it", &guide.fix);
}

/// The scenario as it is written, and the events it speaks of.
fn sources(page: &mut Page, scenario: &Scenario, marked: Option<usize>) {
    page.heading(&marked.map_or_else(
        || scenario.file.clone(),
        |line| format!("{}:{line}", scenario.file),
    ));
    page.source(&scenario.text, marked);
    let events = events_of(scenario);
    if !events.is_empty() {
        page.heading("The events");
    }
    for (name, (event, count)) in events {
        let title = if count > 1 {
            format!("{name}, {count} of a series")
        } else {
            name
        };
        let data = event.args.to_string();
        let data = if data.chars().count() > SHOWN_LETTERS {
            format!("{}…", data.chars().take(SHOWN_LETTERS).collect::<String>())
        } else {
            data
        };
        page.item_as_is(&title, &format!("{}({data})", event.method));
    }
}

/// Every event that a scenario calls or expects, by the name of its file, with how many of a series
/// there are.
fn events_of(scenario: &Scenario) -> BTreeMap<String, (&Event, usize)> {
    let steps = scenario.steps.iter();
    let steps = steps.flat_map(|(_, step)| step.facts().named());
    let mut labels = BTreeSet::new();
    let mut events: BTreeMap<String, (&Event, usize)> = BTreeMap::new();
    for event in steps
        .chain(&scenario.expect.recorded)
        .chain(&scenario.expect.not_recorded)
        .filter(|event| labels.insert(&event.label))
    {
        let name = event.label.split('#').next().unwrap_or_default().to_owned();
        events.entry(name).or_insert((event, 0)).1 += 1;
    }
    events
}

fn more(page: &mut Page, count: usize, how: &str) {
    if count > SHOWN {
        page.aside(&format!("… and {} more: {how}", count - SHOWN));
    }
}

fn again(page: &mut Page, id: &str) {
    page.heading("To run it");
    page.line(&typed(&["run", "--filter", id].map(str::to_owned)));
    page.heading("To read on, in the source tree");
    for (file, about) in READ_ON {
        page.line(&format!("{file}: {about}"));
    }
}

fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}
