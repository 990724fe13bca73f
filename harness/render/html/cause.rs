//! A cause in one card: what a person needs to fix it.

use maud::{Markup, html};

use super::block::{blocks, command};
use super::line::{Html, Prose, badge, heading, line};
use crate::render::document::{Cause, Escape, Text};

/// The cause, with a heading of this level.
pub fn cause(cause: &Cause, level: u8) -> Markup {
    let title = html! { (badge(&cause.badge)) " " (text(&cause.sentence)) };
    html! {
        div.cause {
            (heading(level, Some(&cause.anchor), &title))
            @if cause.location.is_empty() {
                (console(cause))
                (blocks(&cause.shown, level + 1))
            } @else {
                p.location { code { (text(&cause.location)) } }
                (blocks(&cause.shown, level + 1))
                (console(cause))
            }
            dl.facts {
                (said("breaks", !cause.breaks.is_empty(), &html! {
                    (line(&cause.breaks))
                    @if !cause.promise.is_empty() { p.soft { (text(&cause.promise)) } }
                }))
                (said("seen in", true, &line(&cause.seen)))
                (said("usually", !cause.means.is_empty(), &text(&cause.means)))
                (said("not judged", !cause.hides.is_empty(), &line(&cause.hides)))
                (said("run next", true, &command(&cause.again)))
            }
        }
    }
}

/// What the console says beyond the sentence.
fn console(cause: &Cause) -> Markup {
    let sentence = cause.sentence.escaped(&Raw);
    let is_repeated = |own: &Text| sentence.contains(&own.escaped(&Raw));
    html! {
        @if !cause.console.iter().all(is_repeated) {
            p.label { "console" }
            pre.console translate="no" {
                @for own in &cause.console {
                    span.row { (own.escaped(&Html(usize::MAX))) }
                }
            }
        }
    }
}

/// The text itself, to compare it and never to show it.
struct Raw;

impl Escape for Raw {
    type Output = String;
    fn escape(&self, raw: &str) -> String {
        raw.to_owned()
    }
}

fn said(name: &str, is_known: bool, what: &Markup) -> Markup {
    html! { @if is_known { div { dt { (name) } dd { (what) } } } }
}

fn text(text: &Text) -> Markup {
    text.escaped(&Prose)
}
