//! A trace: one frame below another, of which the script shows one at a time.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use maud::{Markup, html};

use super::course::moment;
use super::line::{Html, LETTERS};
use crate::render::document::TraceFrame;

/// More of a document is in the evidence.
const DOM: usize = 20_000;

/// The frames, in their order. The document is text: nothing of it is ever a part of the page.
pub fn trace(frames: &[TraceFrame]) -> Markup {
    html! {
        p.part { "Trace: one more attempt, step by step" }
        div.trace data-trace tabindex="0" role="group" aria-label="Trace, step by step" {
            div.steps hidden {
                button type="button" data-step="-1" { "◀ Back" }
                output {}
                button type="button" data-step="1" { "Next ▶" }
                span.soft { "or the keys ← →, Home, End" }
            }
            @for own in frames { (frame(own)) }
        }
    }
}

fn frame(frame: &TraceFrame) -> Markup {
    let what = frame.what.escaped(&Html(LETTERS));
    html! {
        section.frame data-frame {
            p.name {
                span.at { (frame.at.escaped(&Html(LETTERS))) } " after "
                code { (what) }
            }
            div.seen {
                @if let Some(png) = &frame.picture {
                    img src={ "data:image/png;base64," (BASE64_STANDARD.encode(png)) }
                        alt={ "The page after " (what) } loading="lazy" decoding="async";
                } @else {
                    p.soft data-same { "The page looks as before." }
                }
                div {
                    @if frame.moments.is_empty() {
                        p.soft { "Nothing else happened." }
                    } @else {
                        ol.moments { @for own in &frame.moments { (moment(own)) } }
                    }
                }
            }
            @if let Some(dom) = &frame.dom {
                details.dom {
                    summary { "The document" }
                    pre translate="no" { (dom.escaped(&Html(DOM))) }
                }
            }
        }
    }
}
