//! Groups failures by their cause: the one defect that explains them.
//!
//! A pure function of findings and evidence. May use `judge` and what it rests on.
//!
//! 1. `symptom.rs`: each failing check becomes symptoms, one for each [`Defect`] that it found.
//!    Where the SDK's script threw, or the console said something at the loss, that is the defect.
//! 2. `rule.rs`: lost, duplicated or forbidden events, and flawed calls that were sent, are split
//!    by the circumstances that they share and that others do not have (`circumstance.rs`,
//!    `population.rs`): “called before the SDK is ready”.
//! 3. `blame.rs`: a cause breaks those of its requirements that rest on no other of them; of the
//!    others nothing is known.
//! 4. `sentence.rs`, `field_sentence.rs`, `console.rs`: what a person reads.
//!
//! To name a cause better, give its defect more words in `sentence.rs`; to tell two causes apart,
//! give [`Defect`] a variant, or `circumstance.rs` a feature.
//!
//! [`Defect`]: crate::judge::Defect

mod blame;
mod circumstance;
mod console;
mod field_sentence;
mod message;
mod population;
mod rule;
mod sentence;
mod symptom;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use self::sentence::name_of;

use self::rule::{Rule, rules};
use self::symptom::{Seat, Sign, Symptom, symptoms};
use super::{CaseOutcome, Status};
use crate::contract::{CheckId, Question, Register, RequirementId};
use crate::evidence::Position;
use crate::judge::Finding;
use crate::plan::Case;
use crate::sdk::Profile;

/// The stable name of a cause: the same defect has it in every run.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(transparent)]
pub struct CauseId(pub String);

impl fmt::Display for CauseId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The one defect that explains a group of failures.
#[derive(Debug, Clone)]
pub struct Cause {
    /// Its stable name.
    pub id: CauseId,
    /// What is wrong, in one sentence.
    pub sentence: String,
    /// The worst status of its checks.
    pub status: Status,
    /// The requirements that it breaks.
    pub breaks: Vec<RequirementId>,
    /// The requirements of which nothing is known because of it.
    pub hides: Vec<RequirementId>,
    /// The cases in which it was seen, in the order of the plan.
    pub cases: Vec<String>,
    /// The checks that fail for it, in the order of the plan.
    pub checks: Vec<CheckId>,
    /// The check that shows it, in the simplest of its cases.
    pub example: CheckId,
    /// What that check asks.
    pub question: Question,
    /// What would have been right in the example.
    pub expected: Option<Value>,
    /// What was there in the example.
    pub actual: Option<Value>,
    /// What the console said in the example when it happened.
    pub console: Vec<String>,
    /// The example's case, and where in a script it was thrown or said.
    pub position: Option<(Arc<Case>, Position)>,
}

/// What one failing check says of requirements.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Blame {
    /// Those that it shows to be broken.
    pub breaks: BTreeSet<RequirementId>,
    /// Those of which it shows nothing, because its cause breaks another.
    pub hides: BTreeSet<RequirementId>,
}

/// The causes of what fails, and what each failing check says of requirements.
#[derive(Debug, Default)]
pub struct Diagnosis {
    /// The most important first.
    pub causes: Vec<Cause>,
    /// By the failing check.
    pub blame: BTreeMap<CheckId, Blame>,
}

/// Finds the causes of what fails in `outcomes`.
pub fn diagnose(outcomes: &[CaseOutcome], profile: &Profile, register: &Register) -> Diagnosis {
    let seats: Vec<Seat<'_>> = outcomes.iter().map(|own| Seat::of(own, profile)).collect();
    let innocent = symptom::innocent(&seats);
    let mut by_sign: BTreeMap<Sign, Vec<Symptom>> = BTreeMap::new();
    for (index, seat) in seats.iter().enumerate() {
        for symptom in symptoms(index, seat, &innocent, register) {
            by_sign
                .entry(symptom.sign.clone())
                .or_default()
                .push(symptom);
        }
    }
    let groups = by_sign.into_values().flat_map(|own| split(own, &seats));
    let mut diagnosis = Diagnosis::default();
    for mut group in groups {
        group.let_silence_show(&seats);
        diagnosis.add(&group, &seats, register);
    }
    let causes = &mut diagnosis.causes;
    causes.sort_by_key(|cause| (cause.status, std::cmp::Reverse(cause.checks.len())));
    diagnosis
}

/// Symptoms of one cause.
struct Group {
    sign: Sign,
    /// What they share, where they were split by that.
    rule: Option<Rule>,
    symptoms: Vec<Symptom>,
}

impl Group {
    /// Where nothing shows what is broken, everything that could not be judged is.
    fn let_silence_show(&mut self, seats: &[Seat<'_>]) {
        if self.symptoms.iter().any(|own| !own.shows.is_empty()) {
            return;
        }
        for own in &mut self.symptoms {
            let seen = &seats[own.case].outcome.seen[own.check];
            own.shows.clone_from(&seen.check.requirements);
        }
    }
}

/// Splits symptoms of one sign by the circumstances that they share, where there may be several.
fn split(symptoms: Vec<Symptom>, seats: &[Seat<'_>]) -> Vec<Group> {
    let Some(sign) = symptoms.first().map(|first| first.sign.clone()) else {
        return Vec::new();
    };
    let all = population::of(&sign, seats);
    if all.is_empty() {
        let rule = None;
        return vec![Group {
            sign,
            rule,
            symptoms,
        }];
    }
    let mut left = symptoms;
    let mut groups = Vec::new();
    for rule in rules(&all) {
        let of_rule: BTreeSet<(usize, Option<usize>)> = rule
            .explains
            .iter()
            .map(|index| (all[*index].case, all[*index].row))
            .collect();
        let (own, rest) = left.into_iter().partition(|symptom: &Symptom| {
            let row = seats[symptom.case].row_of(symptom.check);
            of_rule.contains(&(symptom.case, row)) || of_rule.contains(&(symptom.case, None))
        });
        left = rest;
        groups.push(Group {
            sign: sign.clone(),
            rule: Some(rule),
            symptoms: own,
        });
    }
    if let Some(last) = groups.last_mut() {
        last.symptoms.append(&mut left);
    }
    groups.retain(|group| !group.symptoms.is_empty());
    groups
}

impl Diagnosis {
    fn add(&mut self, group: &Group, seats: &[Seat<'_>], register: &Register) {
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
            id: CauseId(sentence::id(group)),
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
            console: console::console(group, &seats[example.case]),
            position: console::position(group, &seats[example.case])
                .map(|own| (Arc::clone(&seats[example.case].outcome.case), own.clone())),
        });
    }
}

/// The symptom in the simplest case: one that shows what is broken, in few steps.
fn example<'g>(
    group: &'g Group,
    seats: &[Seat<'_>],
    breaks: &[RequirementId],
) -> Option<&'g Symptom> {
    group.symptoms.iter().min_by_key(|symptom| {
        let case = &seats[symptom.case].outcome.case;
        let shows = symptom.shows.iter().any(|id| breaks.contains(id));
        let axes = case.id.matches('=').count();
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
