//! The words for a cause.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::console::complaint;
use super::field_sentence::field_sentence;
use super::group::Group;
use super::symptom::{JudgedCase, Signature, Symptom};
use crate::contract::RowCheckName;
use crate::evidence::{StepOutcome, signature};
use crate::judge::{Defect, Finding};
use crate::reading::Fault;
use crate::verdict::Seen;

/// More words than these are not listed.
const MOST_WORDS: usize = 4;

/// The stable name of a defect.
pub fn id(group: &Group, seats: &[JudgedCase<'_>]) -> String {
    let mut id = match &group.signature {
        Signature::Machine(why) => format!("machine: {why}"),
        Signature::Hung => "hung".to_owned(),
        Signature::Exception(threw) => format!("exception: {threw}"),
        Signature::Console(said) => format!("console: {said}"),
        Signature::Field(field, edit) => format!("field: {field} {}", edit.words()),
        Signature::Silent => match silent_about(group, seats).as_slice() {
            [words] => format!("defect: silent about {words}"),
            _ => "defect: silent".to_owned(),
        },
        Signature::Defect(defect) => format!("defect: {}", defect.name()),
        Signature::Row(name) => format!("row: {name}"),
        Signature::Nothing(why) => format!("nothing to judge: {why}"),
    };
    if let Some(condition) = &group.condition {
        let _ = write!(id, ", {}", condition.on);
    }
    if let Some(rule) = &group.rule {
        if let Some(method) = rule.method {
            let _ = write!(id, ", {method}");
        }
        for feature in &rule.features {
            let _ = write!(id, ", {}", feature.words);
        }
    }
    id
}

/// What is wrong, in one sentence.
pub fn sentence(group: &Group, example: &Symptom, seats: &[JudgedCase<'_>]) -> String {
    let what = what(group, example, seats);
    match &group.condition {
        Some(condition) => format!("{}, and not on an ordinary one: {what}", condition.on),
        None => what,
    }
}

fn what(group: &Group, example: &Symptom, seats: &[JudgedCase<'_>]) -> String {
    let seat = &seats[example.case];
    let seen = &seat.outcome.seen[example.check];
    let found = match &seen.finding {
        Some(Finding::Broken(broken)) => broken.message.clone(),
        Some(Finding::NothingToJudge(why) | Finding::NotTestable(why)) => why.clone(),
        Some(Finding::Holds | Finding::Seen(_)) | None => seen.note.clone().unwrap_or_default(),
    };
    match &group.signature {
        Signature::Machine(why) => why.clone(),
        Signature::Hung => format!("a script of the page loops for ever{}", last_step(seat)),
        Signature::Exception(_) => exception(group, seat),
        Signature::Console(_) => match complaint(group, seat) {
            Some(said) => format!(
                "{}: the console says {said}",
                what_failed(group, example, seats)
            ),
            None => found,
        },
        Signature::Field(field, edit) => field_sentence(group, (field, *edit), seats),
        Signature::Defect(Defect::Event(fault)) if group.condition.is_none() => {
            let rejection = || {
                let mut called = seat.reading.as_ref()?.called.iter();
                called.find_map(|called| called.rejection)
            };
            if let (Fault::Lost, Some(rejection)) = (fault, rejection()) {
                let (subject, reason) = (subject(group, seat), rejection.reason());
                return format!("{subject} is sent, and a server would not record it: {reason}");
            }
            let (subject, others) = (subject(group, seat), others(group));
            match fault {
                Fault::Lost => lost(group, seat),
                Fault::Duplicated => format!("{subject} is recorded more than once{others}"),
                Fault::Forbidden if is_about_all(group) => {
                    format!("{subject} that must not be recorded is recorded")
                }
                Fault::Forbidden => format!("{subject} is recorded, and must not be{others}"),
            }
        }
        Signature::Row(name) => {
            let done = match name {
                RowCheckName::NotSent => "is sent, and must be refused".to_owned(),
                RowCheckName::ConsoleNamesField => {
                    "is refused, and no console message names it".to_owned()
                }
                RowCheckName::ThrowsNothing => format!("throws into the page{}", thrown(seen)),
                RowCheckName::ObserveRow => "is open".to_owned(),
            };
            format!("{} {done}", flawed_call(group))
        }
        Signature::Silent => {
            let words = silent_about(group, seats);
            let shown = words.iter().take(MOST_WORDS).cloned();
            let more = if words.len() > MOST_WORDS {
                ", …"
            } else {
                ""
            };
            let shown: Vec<String> = shown.collect();
            format!("no console message contains {}{more}", shown.join(", nor "))
        }
        Signature::Defect(Defect::NotReady) => match missing(seat) {
            Some(missing) => format!("the SDK does not become ready: {missing}"),
            None => found,
        },
        Signature::Defect(_) | Signature::Nothing(_) => found,
    }
}

/// What no console message of the cases contains that should.
fn silent_about(group: &Group, seats: &[JudgedCase<'_>]) -> Vec<String> {
    let defects = defects(group, seats);
    let words = defects.iter().filter_map(Defect::silent_about);
    words.map(str::to_owned).collect()
}

/// What a wait for something else than an event did not see.
fn missing<'e>(seat: &JudgedCase<'e>) -> Option<&'e str> {
    let mut steps = seat.evidence()?.steps.iter();
    steps.find_map(|step| match &step.outcome {
        StepOutcome::GaveUp(missing) => Some(missing.as_str()),
        StepOutcome::Done | StepOutcome::Impossible(_) => None,
    })
}

/// Whether whatever can be wrong in this way is wrong.
fn is_about_all(group: &Group) -> bool {
    let rule = group.rule.as_ref();
    rule.is_some_and(|rule| rule.is_exact && rule.features.is_empty())
}

/// What is wrong in the same way beside the events that a rule is about.
fn others(group: &Group) -> String {
    match group.rule.as_ref().map_or(0, |rule| rule.others) {
        0 => String::new(),
        1 => ", and so is 1 other".to_owned(),
        more => format!(", and so are {more} others"),
    }
}

/// The events that a rule is about: “every sendCartEvent called before the SDK is ready”.
fn subject(group: &Group, seat: &JudgedCase<'_>) -> String {
    let Some(rule) = group.rule.as_ref() else {
        return "an event".to_owned();
    };
    if rule.features.is_empty() && !rule.is_exact {
        // No circumstance is known: the example must do.
        return match wrong_label(group, seat) {
            Some(label) => format!("{label} (“{}”)", seat.outcome.case.scenario.title),
            None => "an event".to_owned(),
        };
    }
    let what = match (rule.is_exact, rule.method) {
        (true, None) => "every event".to_owned(),
        (true, Some(method)) => format!("every {method}"),
        (false, None) => "nearly every event".to_owned(),
        (false, Some(method)) => format!("nearly every {method}"),
    };
    let words: Vec<&str> = rule.features.iter().map(|own| own.words.as_str()).collect();
    format!("{what} {}", words.join(" and "))
        .trim_end()
        .to_owned()
}

/// The first event of a case that is wrong in the way of this group.
fn wrong_label(group: &Group, seat: &JudgedCase<'_>) -> Option<String> {
    let Signature::Defect(Defect::Event(fault)) = &group.signature else {
        return None;
    };
    let called = &seat.reading.as_ref()?.called;
    let wrong = called
        .iter()
        .find(|called| called.fault() == Some(*fault))?;
    Some(wrong.event.label.clone())
}

fn flawed_call(group: &Group) -> String {
    let rule = group.rule.as_ref();
    let method = rule.and_then(|rule| rule.method);
    let what = method.map_or("a call".to_owned(), |method| format!("a {method}"));
    let words = rule.map(|rule| rule.features.iter().map(|own| own.words.as_str()));
    let words: Vec<&str> = words.into_iter().flatten().collect();
    match words.as_slice() {
        [] => format!("{what} with a flaw"),
        [one] if one.starts_with("in ") => format!("{what} with any flaw {one}"),
        words => format!(
            "{what} {}",
            words.iter().rev().copied().collect::<Vec<_>>().join(" ")
        ),
    }
}

/// What a call threw, after a colon.
fn thrown(seen: &Seen) -> String {
    let Some(Finding::Broken(broken)) = &seen.finding else {
        return String::new();
    };
    let thrown = broken.defects.iter().find_map(Defect::thrown);
    thrown.map_or_else(String::new, |text| format!(": {text}"))
}

/// Which events are lost, and what carries them where something does.
fn lost(group: &Group, seat: &JudgedCase<'_>) -> String {
    let (subject, others) = (subject(group, seat), others(group));
    let carried = group.went_to.as_ref();
    let carried = carried.map(|request| format!("; {request} carries it"));
    format!("{subject} is lost{others}{}", carried.unwrap_or_default())
}

/// What fails, where the console says why.
fn what_failed(group: &Group, example: &Symptom, seats: &[JudgedCase<'_>]) -> String {
    let all = defects(group, seats);
    if all.contains(&Defect::NotReady) {
        "the SDK does not become ready".to_owned()
    } else if group.rule.is_some() {
        lost(group, &seats[example.case])
    } else if all.contains(&Defect::Event(Fault::Lost)) {
        "events are not recorded".to_owned()
    } else {
        "a step cannot be done".to_owned()
    }
}

/// What the checks of a group found.
fn defects(group: &Group, seats: &[JudgedCase<'_>]) -> BTreeSet<Defect> {
    let mut all = BTreeSet::new();
    for own in &group.symptoms {
        if let Some(Finding::Broken(broken)) = &seats[own.case].outcome.seen[own.check].finding {
            all.extend(broken.defects.iter().cloned());
        }
    }
    all
}

fn exception(group: &Group, seat: &JudgedCase<'_>) -> String {
    let threw = complaint(group, seat).unwrap_or_default();
    let ready = seat.outcome.seen.iter().any(|seen| match &seen.finding {
        Some(Finding::Broken(broken)) => broken.defects.contains(&Defect::NotReady),
        Some(
            Finding::Holds
            | Finding::NothingToJudge(_)
            | Finding::NotTestable(_)
            | Finding::Seen(_),
        )
        | None => false,
    });
    if ready {
        return format!("the SDK's script threw while loading: {threw}");
    }
    let thrown_by_a_call = seat.evidence().into_iter().flat_map(|own| &own.calls);
    let mut thrown = thrown_by_a_call.filter_map(|call| call.threw.as_deref());
    if thrown.any(|own| signature(own) == signature(&threw)) {
        format!("a call throws into the page: {threw}")
    } else {
        format!("nobody caught: {threw}")
    }
}

/// The step after which nothing more was done.
fn last_step(seat: &JudgedCase<'_>) -> String {
    let done = seat.evidence().map_or(0, |own| own.steps.len());
    let steps = &seat.outcome.case.scenario.steps;
    let next = steps
        .get(done)
        .map(|(line, _)| seat.outcome.case.scenario.words_at(*line));
    next.map(|words| format!(", from the step {words} on"))
        .unwrap_or_default()
}
