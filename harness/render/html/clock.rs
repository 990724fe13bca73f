//! All that happened in the told attempt, on one clock: a picture of it in lanes, and the list that
//! says the same.

use maud::{Markup, html};

use super::parts::text_cut;
use super::visible::cut;
use crate::evidence::Evidence;
use crate::reading::{Moment, MomentKind, timeline};
use crate::text::counted;

/// A longer list is cut in the middle; the evidence holds all of it.
const SHOWN: usize = 120;

/// What a moment carries is cut; the events show it whole.
const LETTERS: usize = 400;

const LANES: [MomentKind; 5] = [
    MomentKind::Step,
    MomentKind::Call,
    MomentKind::Console,
    MomentKind::Dialog,
    MomentKind::Request,
];

/// The time line of one attempt.
pub fn clock(evidence: &Evidence) -> Markup {
    let moments = timeline(evidence);
    if moments.is_empty() {
        return html! {};
    }
    let hidden = moments.len().saturating_sub(SHOWN);
    html! {
        h5 { "One clock" }
        (lanes(&moments))
        details.moments open[moments.len() <= SHOWN] {
            summary { (counted(moments.len(), "moment")) }
            ol {
                @for (index, moment) in moments.iter().enumerate() {
                    @if hidden > 0 && index == SHOWN / 2 {
                        li.gap { "… " (hidden) " more moments in the evidence" }
                    }
                    @if index < SHOWN / 2 || index >= SHOWN / 2 + hidden { (one(moment)) }
                }
            }
        }
    }
}

fn one(moment: &Moment) -> Markup {
    let detail = moment.detail.as_deref().map(|detail| cut(detail, LETTERS));
    html! {
        li.(moment.kind.word()) {
            span.at { (moment.at) }
            span.kind { (moment.kind.word()) }
            div {
                code { (text_cut(&moment.what)) }
                @if let Some(outcome) = &moment.outcome {
                    " → "
                    @if moment.is_wrong {
                        strong.wrong { span aria-hidden="true" { "✕ " } (text_cut(outcome)) }
                    } @else {
                        strong { (text_cut(outcome)) }
                    }
                } @else if moment.is_wrong {
                    " " strong.wrong { span aria-hidden="true" { "✕ " } "not in order" }
                }
                @if let Some((shown, missing)) = detail {
                    code.detail { (shown) @if missing > 0 { "… and " (missing) " more letters" } }
                }
            }
        }
    }
}

/// The list says it in words; this shows how near to each other things happened.
fn lanes(moments: &[Moment]) -> Markup {
    let first = moments.first().map_or(0.0, |moment| moment.at.0);
    let span = (moments.last().map_or(0.0, |moment| moment.at.0) - first).max(1.0);
    let of = |kind: MomentKind| moments.iter().filter(move |moment| moment.kind == kind);
    html! {
        div.lanes aria-hidden="true" {
            @for kind in LANES.into_iter().filter(|kind| of(*kind).next().is_some()) {
                span { (kind.word()) }
                svg viewBox="0 0 1000 10" preserveAspectRatio="none" {
                    line x1="0" x2="1000" y1="5" y2="5" {}
                    @for moment in of(kind) {
                        rect.wrong[moment.is_wrong]
                            x=(format!("{:.1}", (moment.at.0 - first) / span * 994.0)) width="6"
                            height="10" {}
                    }
                }
            }
            span {}
            p {
                span { (moments.first().map(|moment| moment.at.to_string()).unwrap_or_default()) }
                span { (moments.last().map(|moment| moment.at.to_string()).unwrap_or_default()) }
            }
        }
    }
}
