//! Lists: rows, or what can be opened.

use maud::{Markup, html};

use super::block::blocks;
use super::line::{Html, LINE, badge, line};
use crate::render::document::{Entries, Entry};

/// A list. Its entries can be opened where any has more to show than its row.
pub fn entries(list: &Entries, level: u8) -> Markup {
    let has_more = list.is_aligned && list.entries.iter().any(|own| !own.more.is_empty());
    html! {
        @if has_more {
            div.list { @for own in &list.entries { (opened(own, level)) } }
        } @else {
            ul.rows { @for own in &list.entries { (row(own, level)) } }
        }
    }
}

fn opened(entry: &Entry, level: u8) -> Markup {
    html! {
        details.item data-filter id=[entry.anchor.as_ref()] open[entry.is_open] {
            summary {
                @if let Some(own) = &entry.badge { (badge(own)) }
                span.what { (line(&entry.name)) " " span.statement { (line(&entry.about)) } }
                @if let Some(count) = &entry.count {
                    span.count { (count.escaped(&Html(LINE))) }
                }
            }
            (details(entry))
            (blocks(&entry.more, level))
        }
    }
}

fn row(entry: &Entry, level: u8) -> Markup {
    html! {
        li id=[entry.anchor.as_ref()] {
            @if let Some(own) = &entry.badge { (badge(own)) }
            div {
                p {
                    (line(&entry.name))
                    @if !entry.about.is_empty() { " — " (line(&entry.about)) }
                }
                (details(entry))
                (blocks(&entry.more, level))
            }
        }
    }
}

fn details(entry: &Entry) -> Markup {
    html! { @for detail in &entry.details { p.detail { (line(detail)) } } }
}
