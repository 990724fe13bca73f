//! What changed since another release: a line on the first screen, and a list of each kind.

use maud::{Markup, html};

use super::parts::{Section, line_cut, short, text_cut};
use super::shown::Shown;
use crate::render::compare::outline::{Detail, Item, Section as List, Tone};
use crate::render::compare::sections::{circumstances, sections, semver, side, verdict};
use crate::report::compare::Comparison;

/// The line on the first screen, with the way to the rest.
pub fn headline(shown: &Shown<'_>) -> Option<Markup> {
    let comparison = shown.stored.comparison.as_ref()?;
    let tone = if comparison.has_regressed() {
        Tone::Bad
    } else {
        Tone::Good
    };
    Some(html! {
        p.since {
            "Since " bdi { (line_cut(&comparison.old.source)) } ": "
            a href={ "#" (shown.section("changes")) } { (toned(tone, &verdict(comparison))) }
        }
    })
}

/// The section of a report that was compared with another; absent where it was not.
pub fn changes(shown: &Shown<'_>) -> Option<Section> {
    let comparison = shown.stored.comparison.as_ref()?;
    let body =
        html! { (sides(comparison)) (lists(comparison, &|place| shown.section(&fragment(place)))) };
    Some(Section {
        id: shown.section("changes"),
        title: format!("What changed since {}", short(&comparison.old.source)),
        count: None,
        body,
    })
}

/// A page of its own.
pub fn page(comparison: &Comparison) -> Markup {
    let (class, mark, tone) = if comparison.has_regressed() {
        ("bad", "✕ ", Tone::Bad)
    } else {
        ("good", "✓ ", Tone::Good)
    };
    html! {
        nav.contents aria-label="Contents" {
            ul {
                li { a href="#verdict" { "Verdict" } }
                @for (place, list) in sections(comparison).iter().enumerate() {
                    li { a href={ "#" (fragment(place)) } { (heading(list)) } }
                }
            }
        }
        main #content tabindex="-1" {
            section.verdict.(class) aria-labelledby="verdict" {
                h2 #verdict {
                    strong {
                        span aria-hidden="true" { (mark) } (toned(tone, &verdict(comparison)))
                    }
                }
                (sides(comparison))
            }
            section aria-labelledby="changes" {
                h3 #changes { "What changed" } (lists(comparison, &fragment))
            }
        }
    }
}

fn sides(comparison: &Comparison) -> Markup {
    html! {
        p.lead { (semver(comparison)) }
        ul.sides {
            @for (name, of) in [("old", &comparison.old), ("new", &comparison.new)] {
                li { span.label { (name) } " " bdi { (text_cut(&side(of))) } }
            }
            @for item in circumstances(comparison) { (entry(&item)) }
        }
    }
}

fn lists(comparison: &Comparison, id: &dyn Fn(usize) -> String) -> Markup {
    let lists = sections(comparison);
    html! {
        @if lists.is_empty() { p { "Nothing else." } }
        @for (place, list) in lists.iter().enumerate() {
            details.changes #(id(place)) open[list.tone == Tone::Bad || list.items.is_empty()] {
                summary { h4 { (toned(list.tone, &heading(list))) } }
                @if let Some(note) = &list.note { p.soft { (text_cut(note)) } }
                @if !list.items.is_empty() { ul { @for item in &list.items { (entry(item)) } } }
            }
        }
    }
}

/// What a link to one of the lists leads to.
fn fragment(place: usize) -> String {
    format!("change-{}", place + 1)
}

fn heading(list: &List) -> String {
    let mut letters = list.heading().chars().collect::<Vec<_>>();
    letters[..1]
        .iter_mut()
        .for_each(|first| *first = first.to_ascii_uppercase());
    letters.into_iter().collect()
}

fn entry(item: &Item) -> Markup {
    html! {
        li {
            (toned(item.tone, &item.mark)) " " code { bdi { (text_cut(&item.subject)) } }
            @if !item.details.is_empty() { ul { @for Detail { label, text } in &item.details {
                li { @if !label.is_empty() { span.label { (label) } " " } bdi { (text_cut(text)) } }
            } } }
        }
    }
}

/// Never by colour alone: the words say it too.
fn toned(tone: Tone, words: &str) -> Markup {
    let class = match tone {
        Tone::Bad => "worse",
        Tone::Careful => "careful",
        Tone::Good => "better",
        Tone::Neutral => "neutral",
    };
    html! { b.(class) { (text_cut(words)) } }
}
