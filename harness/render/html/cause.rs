//! A cause in one card: what a person needs to fix it.

use maud::{Markup, html};

use super::block::{blocks, command};
use super::line::{Html, LETTERS, badge, heading, line};
use crate::render::document::{Cause, Text};

/// The cause, with a heading of this level.
pub fn cause(cause: &Cause, level: u8) -> Markup {
    let title = html! { (badge(&cause.badge)) " " (text(&cause.sentence)) };
    html! {
        div.cause data-filter {
            (heading(level, Some(&cause.anchor), &title))
            @if !cause.location.is_empty() {
                p.location { code { (text(&cause.location)) } }
            }
            @if !cause.console.is_empty() {
                p.label { "console" }
                pre.console translate="no" {
                    @for own in &cause.console {
                        span.row { (own.escaped(&Html(usize::MAX))) }
                    }
                }
            }
            (blocks(&cause.shown, level + 1))
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

fn said(name: &str, is_known: bool, what: &Markup) -> Markup {
    html! { @if is_known { div { dt { (name) } dd { (what) } } } }
}

fn text(text: &Text) -> Markup {
    text.escaped(&Html(LETTERS))
}
