//! What became of the events a scenario calls: lost, once, duplicated, out of order, late, changed, unexpected.

use serde_json::json;

use super::{Finding, Subject, name_of};
use crate::contract::Event;
use crate::evidence::{Recorded, differences};

/// Two requests of pages that have gone are told apart by arrival only beyond this: they may race, and the largest lateness measured was 47 ms.
const RACE_MS: f64 = 50.0;

/// Finer than browsers give resource timings.
const SAME_MOMENT_MS: f64 = 0.05;

impl Subject<'_> {
    pub(super) fn delivered(&self) -> Finding {
        let (found, lost): (Vec<_>, Vec<_>) = self.expected().partition(|(_, recorded)| !recorded.is_empty());
        if lost.is_empty() {
            return Finding::Holds;
        }
        let names = |list: &[(&Event, Vec<&Recorded<'_>>)]| list.iter().map(|(event, _)| event.label.clone()).collect::<Vec<_>>();
        let message = format!("{} of {} events never reached the backend: {}", lost.len(), self.expected, first_few(&names(&lost)));
        Finding::differs(message, self.called[..self.expected].iter().map(|event| event.label.clone()).collect::<Vec<_>>(), names(&found))
    }

    pub(super) fn once(&self) -> Finding {
        let duplicated = self.expected().filter(|(_, recorded)| recorded.len() > 1).map(|(event, recorded)| {
            let moments = recorded.iter().map(|recorded| self.moment(recorded)).collect::<Vec<_>>().join("; ");
            format!("{} was recorded {} times ({moments})", event.label, recorded.len())
        });
        Finding::none_of(&duplicated.collect::<Vec<_>>())
    }

    pub(super) fn in_order(&self) -> Finding {
        let sent: Vec<(&Event, &Recorded<'_>)> = self.expected().filter_map(|(event, recorded)| Some((event, *recorded.first()?))).collect();
        let overtaken = sent.windows(2).find(|pair| self.is_before(pair[1].1, pair[0].1));
        let Some(pair) = overtaken else { return Finding::Holds };
        let mut by_start = sent.clone();
        by_start.sort_by(|a, b| self.sent_at(a.1).total_cmp(&self.sent_at(b.1)));
        let names = |list: &[(&Event, &Recorded<'_>)]| list.iter().map(|(event, _)| event.label.clone()).collect::<Vec<_>>();
        Finding::differs(format!("{} was sent before {}, which was called first", pair[1].0.label, pair[0].0.label), names(&sent), names(&by_start))
    }

    /// Whether `a` was surely sent before `b`.
    fn is_before(&self, a: &Recorded<'_>, b: &Recorded<'_>) -> bool {
        match (self.evidence.started.get(&a.request.id), self.evidence.started.get(&b.request.id)) {
            (Some(a), Some(b)) => a.0 + SAME_MOMENT_MS < b.0,
            _ => a.request.at.0 + RACE_MS < b.request.at.0,
        }
    }

    fn sent_at(&self, recorded: &Recorded<'_>) -> f64 {
        self.evidence.started.get(&recorded.request.id).unwrap_or(&recorded.request.at).0
    }

    pub(super) fn immediate(&self) -> Finding {
        let Some(left) = self.evidence.left_at else { return Finding::Holds };
        let late = self.expected().filter(|(_, recorded)| recorded.first().is_none_or(|recorded| recorded.request.at >= left));
        let late: Vec<String> = late.map(|(event, _)| format!("{} had not been sent when the page was left ({left})", event.label)).collect();
        Finding::none_of(&late)
    }

    pub(super) fn unchanged(&self) -> Finding {
        for (event, recorded) in self.expected() {
            let Some(recorded) = recorded.first() else { continue };
            if let Some((path, expected, actual)) = differences(&event.args, &recorded.args).into_iter().next() {
                let message = format!("{path} of {} arrived changed", event.label);
                return Finding::differs(message, expected.unwrap_or(json!("absent")), actual.unwrap_or(json!("absent")));
            }
        }
        if self.expected > 0 && self.matched.found[..self.expected].iter().all(Vec::is_empty) {
            return Finding::broken("no event arrived whose fields could be compared");
        }
        Finding::Holds
    }

    pub(super) fn not_recorded(&self) -> Finding {
        let recorded = self.forbidden().filter(|(_, recorded)| !recorded.is_empty());
        let wrong: Vec<String> = recorded.map(|(event, recorded)| format!("{} was recorded ({})", event.label, self.moment(recorded[0]))).collect();
        Finding::none_of(&wrong)
    }

    pub(super) fn nothing_else(&self) -> Finding {
        let unexpected = self.recorded(&self.matched.unexpected);
        let wrong: Vec<String> =
            unexpected.iter().map(|recorded| format!("{} was recorded, and no call explains it ({})", name_of(recorded), self.moment(recorded))).collect();
        Finding::none_of(&wrong)
    }
}

fn first_few(names: &[String]) -> String {
    match names {
        [a, b, c, rest @ ..] if rest.len() > 1 => format!("{a}, {b}, {c} and {} more", rest.len()),
        _ => names.join(", "),
    }
}
