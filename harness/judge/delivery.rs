//! What became of the events a scenario calls: lost, once, duplicated, out of order, late, changed,
//! unexpected.

use super::words::{moment, name_of};
use super::{Broken, Defect, Finding};
use crate::contract::Event;
use crate::evidence::Millis;
use crate::reading::{Called, Fault, Reading, Role, SentEvent};

/// Two requests of pages that have gone are ordered by arrival only beyond this: they race, and
/// on a machine with four times more work than cores neighbours overtook each other by more than 50
/// ms.
const RACE_MS: f64 = 500.0;

/// Between a call and its request, both by the page's own clock. An SDK that sends at once needs a
/// few milliseconds, under full load too.
const IMMEDIATE_MS: f64 = 1000.0;

/// For checks that speak of events that came, where none did.
const NOTHING_PROVED: &str = "none of the expected events arrived, so nothing is proved";

/// Finer than browsers give resource timings.
const SAME_MOMENT_MS: f64 = 0.05;

pub(super) fn delivered(reading: &Reading<'_>) -> Finding {
    let is_lost = |called: &&Called<'_>| called.fault() == Some(Fault::Lost);
    let (lost, found): (Vec<_>, Vec<_>) = reading.of_role(Role::Expected).partition(is_lost);
    if lost.is_empty() {
        return Finding::Holds;
    }
    let expected = lost.len() + found.len();
    let names = first_few(&labels(lost.iter().copied()));
    let message = match lost.iter().find_map(|called| called.rejection) {
        None => format!(
            "{} of {expected} events never reached the backend: {names}",
            lost.len()
        ),
        Some(rejection) => format!(
            "{} of {expected} events were sent, and a server would not record them, for {}: \
             {names}",
            lost.len(),
            rejection.reason()
        ),
    };
    Finding::differs(
        message,
        Defect::Event(Fault::Lost),
        labels(reading.of_role(Role::Expected)),
        labels(found),
    )
}

pub(super) fn once(reading: &Reading<'_>) -> Finding {
    if reading.nothing_arrived() {
        return Finding::nothing_to_judge(NOTHING_PROVED);
    }
    // What a scenario calls and leaves open, such as during an outage, must not come twice either.
    let duplicated = with_fault(reading, Fault::Duplicated).map(|called| {
        let moments: Vec<String> = reading
            .recorded(called)
            .map(|recorded| moment(reading, recorded))
            .collect();
        let message = format!(
            "{} was recorded {} times ({})",
            called.event.label,
            moments.len(),
            moments.join("; ")
        );
        (Defect::Event(Fault::Duplicated), message)
    });
    Finding::none_of(duplicated)
}

pub(super) fn in_order(reading: &Reading<'_>) -> Finding {
    let sent: Vec<(&Event, &SentEvent<'_>)> = reading
        .of_role(Role::Expected)
        .filter_map(|called| Some((called.event, reading.first_recorded(called)?)))
        .collect();
    if sent.len() < 2 {
        return Finding::nothing_to_judge(
            "fewer than two of the events arrived, so nothing is proved about their order",
        );
    }
    // Every pair, not only neighbours: of requests that may have raced, those far apart did not.
    let overtaken = |(index, (event, first)): (usize, &(&Event, &SentEvent<'_>))| {
        let (later, _) = sent[index..]
            .iter()
            .find(|(_, later)| is_before(reading, later, first))?;
        Some(format!(
            "{} was sent before {}, which was called first",
            later.label, event.label
        ))
    };
    let Some(message) = sent.iter().enumerate().find_map(overtaken) else {
        return Finding::Holds;
    };
    let mut by_start = sent.clone();
    by_start.sort_by(|(_, a), (_, b)| reading.sent_at(a).0.total_cmp(&reading.sent_at(b).0));
    let names = |list: &[(&Event, &SentEvent<'_>)]| {
        list.iter()
            .map(|(event, _)| event.label.clone())
            .collect::<Vec<_>>()
    };
    Finding::differs(message, Defect::Order, names(&sent), names(&by_start))
}

/// Whether `a` was surely sent before `b`.
fn is_before(reading: &Reading<'_>, a: &SentEvent<'_>, b: &SentEvent<'_>) -> bool {
    if a.request.id == b.request.id {
        return a.index < b.index;
    }
    let started = &reading.evidence.started;
    match (started.get(&a.request.id), started.get(&b.request.id)) {
        (Some(a), Some(b)) => a.0 + SAME_MOMENT_MS < b.0,
        _ => a.request.at.0 + RACE_MS < b.request.at.0,
    }
}

pub(super) fn immediate(reading: &Reading<'_>) -> Finding {
    if reading.nothing_arrived() {
        return Finding::nothing_to_judge(NOTHING_PROVED);
    }
    let Some(left) = reading.evidence.left_at else {
        return Finding::Holds;
    };
    let delayed = |label: &str, sent: &SentEvent<'_>, called_at: Millis| {
        let started = reading.evidence.started.get(&sent.request.id)?.0;
        // What waits in the queue of a page that is not ready is due once it is.
        let (since, what) = match reading.ready_after(called_at) {
            Some(ready) => (ready, "the SDK was ready"),
            None => (called_at, "it was called"),
        };
        let delay = started - since.0;
        (delay > IMMEDIATE_MS).then(|| format!("{label} was sent {delay:.0} ms after {what}"))
    };
    // What was lost was not sent late: that is for `delivered` to say.
    let late = reading.calls_of_recorded().into_iter();
    let late = late.filter_map(|(called, sent, called_at)| {
        let label = &called.event.label;
        if sent.request.at >= left {
            let message = "had not been sent when the page was left";
            return Some(format!("{label} {message} ({left})"));
        }
        delayed(label, sent, called_at?)
    });
    Finding::none_of(late.map(|message| (Defect::Late, message)))
}

pub(super) fn unchanged(reading: &Reading<'_>) -> Finding {
    if reading.nothing_arrived() {
        return Finding::nothing_to_judge("no event arrived whose fields could be compared");
    }
    let changed = |called: &Called<'_>| {
        let (path, expected, actual) = reading.changes(called).into_iter().next()?;
        let label = &called.event.label;
        let message = match actual {
            Some(_) => format!("{path} of {label} arrived changed"),
            None => format!("{path} of {label} is missing"),
        };
        Some((message, expected, actual))
    };
    let Some((message, expected, actual)) = reading.of_role(Role::Expected).find_map(changed)
    else {
        return Finding::Holds;
    };
    let mut defects: Vec<Defect> = Vec::new();
    let called = reading.of_role(Role::Expected);
    for change in called.flat_map(|called| reading.field_changes(called)) {
        let defect = Defect::Field(change);
        if !defects.contains(&defect) {
            defects.push(defect);
        }
    }
    Finding::Broken(Broken {
        message,
        expected,
        actual,
        defects,
    })
}

pub(super) fn not_recorded(reading: &Reading<'_>) -> Finding {
    if reading.nothing_arrived() {
        return Finding::nothing_to_judge(NOTHING_PROVED);
    }
    let recorded = with_fault(reading, Fault::Forbidden).filter_map(|called| {
        let first = reading.first_recorded(called)?;
        let message = format!(
            "{} was recorded ({})",
            called.event.label,
            moment(reading, first)
        );
        Some((Defect::Event(Fault::Forbidden), message))
    });
    Finding::none_of(recorded)
}

pub(super) fn nothing_else(reading: &Reading<'_>) -> Finding {
    if reading.nothing_arrived() {
        return Finding::nothing_to_judge(NOTHING_PROVED);
    }
    let unexplained = reading.unexplained().map(|recorded| {
        let message = format!(
            "{} was recorded, and no call explains it ({})",
            name_of(recorded),
            moment(reading, recorded)
        );
        (Defect::Unexplained(recorded.method), message)
    });
    let bypasses = reading.bypasses.iter().map(|bypass| {
        let request = format!("{} {}", bypass.request.method, bypass.request.endpoint());
        let message = format!("{bypass} ({})", bypass.request.at);
        (Defect::Bypass(request), message)
    });
    Finding::none_of(unexplained.chain(bypasses))
}

fn with_fault<'r, 'a>(
    reading: &'r Reading<'a>,
    fault: Fault,
) -> impl Iterator<Item = &'r Called<'a>> {
    let is_it = move |called: &&Called<'_>| called.fault() == Some(fault);
    reading.called.iter().filter(is_it)
}

fn labels<'r, 'a: 'r>(called: impl IntoIterator<Item = &'r Called<'a>>) -> Vec<String> {
    called
        .into_iter()
        .map(|called| called.event.label.clone())
        .collect()
}

fn first_few(names: &[String]) -> String {
    match names {
        [a, b, c, rest @ ..] if rest.len() > 1 => format!("{a}, {b}, {c} and {} more", rest.len()),
        _ => names.join(", "),
    }
}
