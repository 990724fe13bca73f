//! What happened: the two sides of a difference, the events, and the timeline.

use maud::{Markup, html};

use super::line::{Html, LETTERS, badge, line};
use crate::render::document::{Difference, EventRow, Moment, Side, Text};

/// More lines of a value, and more events, are counted.
const LINES: usize = 200;
const EVENTS: usize = 40;

/// A longer timeline is cut; the evidence holds all of it.
const MOMENTS: usize = 400;

/// What a moment carries is cut; the events show it whole.
const DETAIL: usize = 400;

/// What should have been and what was, beside each other.
pub fn difference(difference: &Difference) -> Markup {
    html! {
        div.pair {
            (side("expected", Some(&difference.expected), ""))
            (side("actual", Some(&difference.actual), ""))
        }
        @if let Some(note) = &difference.note { p.note { (text(note)) } }
    }
}

fn side(name: &str, side: Option<&Side>, otherwise: &str) -> Markup {
    html! {
        div {
            p.label { (name) }
            @if let Some(side) = side {
                pre translate="no" {
                    @for own in side.full.iter().take(LINES) { span.row { (line(own)) } }
                    @if side.full.len() > LINES {
                        i { "… " (side.full.len() - LINES) " more lines in the evidence" }
                    }
                }
            } @else {
                p.soft { (otherwise) }
            }
        }
    }
}

/// The call, the request and the ledger of each event.
pub fn events(events: &[EventRow]) -> Markup {
    html! {
        p.part { "Call, request and ledger" }
        @for event in events.iter().take(EVENTS) { (one_event(event)) }
        @if events.len() > EVENTS { p.soft { (events.len() - EVENTS) " more in the report" } }
    }
}

fn one_event(event: &EventRow) -> Markup {
    html! {
        div.event {
            p.name { strong { (text(&event.name)) } }
            div.trio {
                (side("call", event.call.as_ref(), "none"))
                (side("request", event.request.as_ref(), "none came"))
                div {
                    p.label { "ledger" }
                    p { (badge(&event.ledger)) }
                    @for change in event.changes.iter().take(EVENTS) { p.detail { (line(change)) } }
                }
            }
        }
    }
}

/// All that happened on one clock: a picture of it in lanes, and the list that says the same.
pub fn timeline(moments: &[Moment]) -> Markup {
    html! {
        p.part { "Timeline" }
        (lanes(moments))
        ol.moments {
            @for own in moments.iter().take(MOMENTS) { (moment(own)) }
            @if moments.len() > MOMENTS { li { (moments.len() - MOMENTS) " more in the evidence" } }
        }
    }
}

/// One thing that happened.
pub fn moment(moment: &Moment) -> Markup {
    let outcome = moment.outcome.as_ref().map(text);
    html! {
        li.(moment.kind) {
            span.at { (text(&moment.at)) }
            span.kind { (moment.kind) }
            div {
                code { (text(&moment.what)) }
                @match (outcome, moment.is_wrong) {
                    (Some(outcome), false) => { " → " strong { (outcome) } }
                    (Some(outcome), true) => { " → " strong.wrong { "✕ " (outcome) } }
                    (None, true) => { " " strong.wrong { "✕ not in order" } }
                    (None, false) => {}
                }
                @if let Some(detail) = &moment.detail {
                    code.carried { (detail.escaped(&Html(DETAIL))) }
                }
            }
        }
    }
}

/// The list says it in words; this shows how near to each other things happened.
fn lanes(moments: &[Moment]) -> Markup {
    let mut kinds: Vec<&str> = Vec::new();
    for moment in moments {
        if !kinds.contains(&moment.kind) {
            kinds.push(moment.kind);
        }
    }
    let first = moments.first().map_or(0.0, |moment| moment.ms);
    let span = (moments.last().map_or(0.0, |moment| moment.ms) - first).max(1.0);
    let place = |moment: &Moment| format!("{:.1}", (moment.ms - first) / span * 994.0);
    let at =
        |moment: Option<&Moment>| html! { span { @if let Some(own) = moment { (text(&own.at)) } } };
    html! {
        div.lanes aria-hidden="true" {
            @for kind in kinds {
                span { (kind) }
                svg viewBox="0 0 1000 10" preserveAspectRatio="none" {
                    line x1="0" x2="1000" y1="5" y2="5" {}
                    @for own in moments.iter().filter(|own| own.kind == kind) {
                        rect.wrong[own.is_wrong] x=(place(own)) width="6" height="10" {}
                    }
                }
            }
            span {}
            p { (at(moments.first())) (at(moments.last())) }
        }
    }
}

fn text(text: &Text) -> Markup {
    text.escaped(&Html(LETTERS))
}
