//! The first lines: what to believe, and what was judged with what.

use maud::{Markup, html};

use super::block::facts;
use super::line::{Html, LINE, badge, class, line, sign};
use crate::render::document::{Text, Verdict};
use crate::text::counted;

/// The verdict.
pub fn verdict(name: &Text, verdict: &Verdict) -> Markup {
    html! {
        section.verdict.(class(verdict.tone)) aria-labelledby=(verdict.anchor) {
            h2 #(verdict.anchor) {
                @if !name.is_empty() { (name.escaped(&Html(LINE))) " " }
                strong {
                    span aria-hidden="true" { (sign(verdict.tone)) } " "
                    (verdict.words.escaped(&Html(LINE)))
                }
            }
            @if !verdict.reason.is_empty() {
                p.lead { (verdict.reason.escaped(&Html(LINE))) }
            }
            @for note in &verdict.notes { p { (line(note)) } }
            @if !verdict.totals.is_empty() { (totals(verdict)) }
            @if !verdict.facts.is_empty() {
                @if verdict.brief.is_empty() {
                    (facts(&verdict.facts))
                } @else {
                    details.fold {
                        summary { "What was judged, and with what" }
                        (facts(&verdict.facts))
                    }
                }
            }
        }
    }
}

fn totals(verdict: &Verdict) -> Markup {
    let all: usize = verdict.totals.iter().map(|(count, _)| count).sum();
    let begin = |index: usize| -> usize {
        let before = &verdict.totals[..index];
        before.iter().map(|(count, _)| count).sum()
    };
    html! {
        div.totals {
            svg.share viewBox={ "0 0 " (all.max(1)) " 10" } preserveAspectRatio="none"
                aria-hidden="true"
            {
                @for (index, (count, own)) in verdict.totals.iter().enumerate() {
                    rect.(class(own.tone)) x=(begin(index)) width=(count) height="10" {}
                }
            }
            ul aria-label="Checks" {
                @for (count, own) in &verdict.totals {
                    li { strong { (count) } " " (badge(own)) }
                }
                li.soft { (counted(all, "check")) " in " (verdict.took.escaped(&Html(LINE))) }
            }
        }
    }
}
