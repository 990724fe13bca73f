//! What became of the events a scenario calls: lost, once, duplicated, out of order, late, changed,
//! unexpected.

use serde_json::json;

use super::{Finding, Subject, name_of};
use crate::contract::Event;
use crate::evidence::Decision;
use crate::reading::{Recorded, differences};

/// Two requests of pages that have gone are told apart by arrival only beyond this: they race, and
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

impl<'a> Subject<'a> {
    pub(super) fn delivered(&self) -> Finding {
        let (found, lost): (Vec<_>, Vec<_>) = self
            .expected()
            .partition(|(_, recorded)| !recorded.is_empty());
        if lost.is_empty() {
            return Finding::Holds;
        }
        let names = |list: &[(&Event, Vec<&Recorded<'_>>)]| {
            list.iter()
                .map(|(event, _)| event.label.clone())
                .collect::<Vec<_>>()
        };
        let message = match lost.iter().find_map(|(event, _)| self.kept_out(event)) {
            None => format!(
                "{} of {} events never reached the backend: {}",
                lost.len(),
                self.expected,
                first_few(&names(&lost))
            ),
            Some(why) => {
                format!(
                    "{} of {} events were sent, and a server would not record them, for {why}: {}",
                    lost.len(),
                    self.expected,
                    first_few(&names(&lost))
                )
            }
        };
        Finding::differs(
            message,
            self.called[..self.expected]
                .iter()
                .map(|event| event.label.clone())
                .collect::<Vec<_>>(),
            names(&found),
        )
    }

    pub(super) fn once(&self) -> Finding {
        if self.nothing_arrived() {
            return Finding::nothing_to_judge(NOTHING_PROVED);
        }
        // What a scenario calls and leaves open, such as during an outage, must not come twice
        // either.
        let duplicated = self
            .expected()
            .chain(self.left_open())
            .filter(|(_, recorded)| recorded.len() > 1)
            .map(|(event, recorded)| {
                let moments = recorded
                    .iter()
                    .map(|recorded| self.moment(recorded))
                    .collect::<Vec<_>>()
                    .join("; ");
                format!(
                    "{} was recorded {} times ({moments})",
                    event.label,
                    recorded.len()
                )
            });
        Finding::none_of(&duplicated.collect::<Vec<_>>())
    }

    pub(super) fn in_order(&self) -> Finding {
        let sent: Vec<(&Event, &Recorded<'_>)> = self
            .expected()
            .filter_map(|(event, recorded)| Some((event, *recorded.first()?)))
            .collect();
        if sent.len() < 2 {
            return Finding::nothing_to_judge(
                "fewer than two of the events arrived, so nothing is proved about their order",
            );
        }
        // Every pair, not only neighbours: of requests that may have raced, those far apart did
        // not.
        let overtaken = |(place, first): (usize, &(&'a Event, &Recorded<'_>))| {
            let later = sent[place..]
                .iter()
                .find(|later| self.is_before(later.1, first.1))?;
            Some((first.0, later.0))
        };
        let Some((first, later)) = sent.iter().enumerate().find_map(overtaken) else {
            return Finding::Holds;
        };
        let mut by_start = sent.clone();
        by_start.sort_by(|a, b| self.sent_at(a.1).total_cmp(&self.sent_at(b.1)));
        let names = |list: &[(&Event, &Recorded<'_>)]| {
            list.iter()
                .map(|(event, _)| event.label.clone())
                .collect::<Vec<_>>()
        };
        Finding::differs(
            format!(
                "{} was sent before {}, which was called first",
                later.label, first.label
            ),
            names(&sent),
            names(&by_start),
        )
    }

    /// Whether `a` was surely sent before `b`.
    fn is_before(&self, a: &Recorded<'_>, b: &Recorded<'_>) -> bool {
        if a.request.id == b.request.id {
            return a.place < b.place;
        }
        match (
            self.evidence.started.get(&a.request.id),
            self.evidence.started.get(&b.request.id),
        ) {
            (Some(a), Some(b)) => a.0 + SAME_MOMENT_MS < b.0,
            _ => a.request.at.0 + RACE_MS < b.request.at.0,
        }
    }

    fn sent_at(&self, recorded: &Recorded<'_>) -> f64 {
        self.evidence
            .started
            .get(&recorded.request.id)
            .unwrap_or(&recorded.request.at)
            .0
    }

    pub(super) fn immediate(&self) -> Finding {
        let Some(left) = self.evidence.left_at else {
            return Finding::Holds;
        };
        let late = self
            .expected()
            .filter_map(|(event, recorded)| match recorded.first() {
                Some(recorded) if recorded.request.at < left => {
                    let called = self
                        .evidence
                        .calls
                        .iter()
                        .find(|call| call.event == *event)?
                        .at
                        .0;
                    let delay = self.evidence.started.get(&recorded.request.id)?.0 - called;
                    (delay > IMMEDIATE_MS).then(|| {
                        format!("{} was sent {delay:.0} ms after it was called", event.label)
                    })
                }
                _ => Some(format!(
                    "{} had not been sent when the page was left ({left})",
                    event.label
                )),
            });
        Finding::none_of(&late.collect::<Vec<_>>())
    }

    pub(super) fn unchanged(&self) -> Finding {
        for (event, recorded) in self.expected() {
            let Some(recorded) = recorded.first() else {
                continue;
            };
            if let Some((path, expected, actual)) =
                differences(&event.args, &recorded.args).into_iter().next()
            {
                let message = format!("{path} of {} arrived changed", event.label);
                return Finding::differs(
                    message,
                    expected.unwrap_or(json!("absent")),
                    actual.unwrap_or(json!("absent")),
                );
            }
        }
        if self.nothing_arrived() {
            Finding::nothing_to_judge("no event arrived whose fields could be compared")
        } else {
            Finding::Holds
        }
    }

    pub(super) fn not_recorded(&self) -> Finding {
        if self.nothing_arrived() {
            return Finding::nothing_to_judge(NOTHING_PROVED);
        }
        let recorded = self
            .forbidden()
            .filter(|(_, recorded)| !recorded.is_empty());
        let wrong: Vec<String> = recorded
            .map(|(event, recorded)| {
                format!(
                    "{} was recorded ({})",
                    event.label,
                    self.moment(recorded[0])
                )
            })
            .collect();
        Finding::none_of(&wrong)
    }

    pub(super) fn nothing_else(&self) -> Finding {
        if self.nothing_arrived() {
            return Finding::nothing_to_judge(NOTHING_PROVED);
        }
        let unexpected = self.recorded(&self.matched.unexpected);
        let unexplained = |recorded: &&Recorded<'_>| {
            format!(
                "{} was recorded, and no call explains it ({})",
                name_of(recorded),
                self.moment(recorded)
            )
        };
        let wrong: Vec<String> = unexpected
            .iter()
            .map(unexplained)
            .chain(self.smuggled())
            .collect();
        Finding::none_of(&wrong)
    }

    /// Requests outside the event endpoints that carry a called event all the same.
    fn smuggled(&self) -> impl Iterator<Item = String> {
        let name = |event: &&'a Event| {
            event
                .args
                .get("productId")
                .or_else(|| event.args.get("orderId"))?
                .as_str()
        };
        let names: Vec<&str> = self
            .called
            .iter()
            .filter_map(name)
            .filter(|name| name.len() > 2)
            .collect();
        let unknown = self
            .evidence
            .requests
            .iter()
            .filter(|request| request.decision == Decision::Unknown);
        unknown.filter_map(move |request| {
            let name = names
                .iter()
                .find(|name| request.body.contains(*name) || request.path.contains(*name))?;
            Some(format!(
                "{} {} carried {name} past the event endpoints ({})",
                request.method, request.path, request.at
            ))
        })
    }

    /// Why a server with the profile's policies does not record an event that was sent.
    fn kept_out(&self, event: &Event) -> Option<&'static str> {
        let is_it = |sent: &Recorded<'_>| {
            sent.method == event.method && differences(&event.args, &sent.args).is_empty()
        };
        self.ledger
            .kept_out
            .iter()
            .find(|(sent, _)| is_it(sent))
            .map(|(_, why)| why.why())
    }

    /// The scenario expects events and none came: what is said of those that come proves nothing.
    fn nothing_arrived(&self) -> bool {
        self.expected > 0 && self.expected().all(|(_, recorded)| recorded.is_empty())
    }
}

fn first_few(names: &[String]) -> String {
    match names {
        [a, b, c, rest @ ..] if rest.len() > 1 => format!("{a}, {b}, {c} and {} more", rest.len()),
        _ => names.join(", "),
    }
}
