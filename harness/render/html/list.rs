//! Lists: rows, or what can be opened.

use maud::{Markup, html};

use super::block::blocks;
use super::line::{Html, LINE, badge, line};
use crate::render::document::Entry;

/// A list. The entries of an inventory can be opened.
pub fn entries(list: &[Entry], is_inventory: bool, level: u8) -> Markup {
    html! {
        @if is_inventory {
            div.list { @for own in list { (opened(own, level)) } }
        } @else {
            ul.rows { @for own in list { (row(own)) } }
        }
    }
}

fn opened(entry: &Entry, level: u8) -> Markup {
    html! {
        details.item data-filter id=[entry.anchor.as_ref()] open[entry.is_open] {
            summary {
                @if let Some(own) = &entry.badge { (badge(own)) }
                span.what { (line(&entry.name)) " " span.statement { (line(&entry.about)) } }
                span.count { (entry.count.escaped(&Html(LINE))) }
            }
            (blocks(&entry.more, level))
        }
    }
}

fn row(entry: &Entry) -> Markup {
    html! {
        li {
            @if let Some(own) = &entry.badge { (badge(own)) }
            div {
                p {
                    (line(&entry.name))
                    @if !entry.about.is_empty() { " — " (line(&entry.about)) }
                }
                @for detail in &entry.details { p.detail { (line(detail)) } }
            }
        }
    }
}
