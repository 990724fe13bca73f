//! From failing checks to causes.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::absorb::absorb;
use super::consoles::Consoles;
use super::group::{Group, split};
use super::model::{Cause, CauseId, Diagnosis};
use super::symptom::{JudgedCase, Novelty, Symptom, symptoms};
use super::{blame, condition, console, sentence};
use crate::contract::{Register, RequirementId};
use crate::judge::Finding;
use crate::sdk::Profile;
use crate::verdict::{CaseOutcome, Status};

/// Finds the causes of what fails in `outcomes`.
pub fn diagnose(outcomes: &[CaseOutcome], profile: &Profile, register: &Register) -> Diagnosis {
    let seats: Vec<JudgedCase<'_>> = outcomes
        .iter()
        .map(|own| JudgedCase::of(own, profile))
        .collect();
    let consoles = Consoles::of(&seats);
    let mut by_signature: BTreeMap<_, Vec<Symptom>> = BTreeMap::new();
    let mut conditions = BTreeMap::new();
    for (index, seat) in seats.iter().enumerate() {
        for mut symptom in symptoms(index, seat, &consoles, register) {
            let condition = condition::attribute(&mut symptom, &seats);
            let id = condition.as_ref().map(|own| own.id.clone());
            conditions.extend(id.clone().zip(condition));
            by_signature
                .entry((symptom.novelty, id, symptom.signature.clone()))
                .or_default()
                .push(symptom);
        }
    }
    let groups = by_signature
        .into_iter()
        .flat_map(|((novelty, id, _), own)| {
            let condition = id.and_then(|id| conditions.get(&id).cloned());
            split(own, novelty, condition, &seats)
        });
    let mut groups: Vec<Group> = groups.collect();
    absorb(&mut groups);
    let mut diagnosis = Diagnosis::default();
    for mut group in groups {
        group.blame_all_where_none_is_shown(&seats);
        let defect = sentence::id(&group, &seats);
        let id = match group.novelty {
            Novelty::New => CauseId(defect),
            Novelty::Known => CauseId::of_known(&defect),
        };
        diagnosis.add(id, &group, &seats, register);
    }
    diagnosis
}

impl Diagnosis {
    fn add(&mut self, id: CauseId, group: &Group, seats: &[JudgedCase<'_>], register: &Register) {
        let breaks = blame::broken_by(group, seats, register);
        let mut hides = BTreeSet::new();
        let (mut cases, mut checks) = (BTreeSet::new(), BTreeSet::new());
        for symptom in &group.symptoms {
            cases.insert(symptom.case);
            checks.insert((symptom.case, symptom.check));
            let seen = &seats[symptom.case].outcome.seen[symptom.check];
            let blame = self.blame.entry(seen.check.id.clone()).or_default();
            let shown = symptom.shows.iter();
            let (broken, mut hidden): (Vec<_>, Vec<_>) =
                shown.cloned().partition(|id| breaks.contains(id));
            if symptom.shows.is_empty() {
                hidden.clone_from(&seen.check.requirements);
            }
            hides.extend(hidden.iter().cloned());
            blame.breaks.extend(broken);
            blame.hides.extend(hidden);
        }
        hides.retain(|id| !breaks.contains(id));
        let Some(example) = example(group, seats, &breaks) else {
            return;
        };
        let of = |(case, check): &(usize, usize)| &seats[*case].outcome.seen[*check];
        let seen = of(&(example.case, example.check));
        let (expected, actual) = match &seen.finding {
            Some(Finding::Broken(broken)) if example.is_first => {
                (broken.expected.clone(), broken.actual.clone())
            }
            Some(
                Finding::Broken(_)
                | Finding::Holds
                | Finding::NothingToJudge(_)
                | Finding::NotTestable(_)
                | Finding::Seen(_),
            )
            | None => (None, None),
        };
        let status = checks.iter().map(|own| of(own).status).min();
        self.causes.push(Cause {
            id,
            sentence: sentence::sentence(group, example, seats),
            status: status.unwrap_or(Status::Fail),
            breaks,
            hides: hides.into_iter().collect(),
            cases: cases
                .iter()
                .map(|own| seats[*own].outcome.case.id.clone())
                .collect(),
            checks: checks.iter().map(|own| of(own).check.id.clone()).collect(),
            example: seen.check.id.clone(),
            question: seen.check.question,
            expected,
            actual,
            is_evident: group.is_evident(),
            console: console::console(group, &seats[example.case]),
            position: console::position(group, &seats[example.case])
                .map(|own| (Arc::clone(&seats[example.case].outcome.case), own.clone())),
        });
    }
}

/// The symptom in the simplest case: one that shows what is broken, in few steps.
fn example<'g>(
    group: &'g Group,
    seats: &[JudgedCase<'_>],
    breaks: &[RequirementId],
) -> Option<&'g Symptom> {
    group.symptoms.iter().min_by_key(|symptom| {
        let case = &seats[symptom.case].outcome.case;
        let shows = symptom.shows.iter().any(|id| breaks.contains(id));
        let axes = case.axes.unusual();
        let events = case.scenario.expect.recorded.iter();
        let letters: usize = events.map(|event| event.args.to_string().len()).sum();
        (
            !shows,
            !symptom.is_first,
            case.scenario.steps.len(),
            axes,
            letters,
            symptom.case,
            symptom.check,
        )
    })
}
