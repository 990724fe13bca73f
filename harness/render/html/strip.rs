//! A journey: its steps on the clock, and beside each other what each was and what came of it.

use maud::{Markup, html};

use super::course::moment;
use super::line::{Html, LETTERS};
use crate::render::document::{StripStep, Text};

/// The steps, in their order. The bars say the same to the eye alone.
pub fn strip(steps: &[StripStep]) -> Markup {
    html! {
        p.part { "The journey, step by step" }
        (bars(steps))
        ol.strip tabindex="0" aria-label="The journey, step by step" {
            @for own in steps { (one(own)) }
        }
    }
}

fn one(own: &StripStep) -> Markup {
    let step = &own.step;
    html! {
        li.wrong-step[step.is_wrong] {
            p.at { (text(&step.at)) }
            code { (text(&step.what)) }
            @if let Some(outcome) = &step.outcome {
                p.wrong[step.is_wrong] { @if step.is_wrong { "✕ " } (text(outcome)) }
            }
            @if !own.happened.is_empty() {
                ol.moments { @for own in &own.happened { (moment(own)) } }
            }
        }
    }
}

/// How long each step took.
fn bars(steps: &[StripStep]) -> Markup {
    let first = steps.first().map_or(0.0, |own| own.step.ms);
    let end = steps.last().map_or(0.0, |own| own.until_ms);
    let scale = 1000.0 / (end - first).max(1.0);
    let x = |own: &StripStep| format!("{:.1}", (own.step.ms - first) * scale);
    let width = |own: &StripStep| {
        let width = (own.until_ms - own.step.ms) * scale - 1.0;
        format!("{:.1}", width.max(2.0))
    };
    html! {
        div.lanes aria-hidden="true" {
            span { "steps" }
            svg viewBox="0 0 1002 10" preserveAspectRatio="none" {
                @for own in steps {
                    rect.wrong[own.step.is_wrong] x=(x(own)) width=(width(own)) height="10" {}
                }
            }
        }
    }
}

fn text(text: &Text) -> Markup {
    text.escaped(&Html(LETTERS))
}
