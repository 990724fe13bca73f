//! The back end for one HTML file: it loads nothing, says everything without a script, and takes
//! whatever came from the SDK as text.

mod block;
mod cause;
mod course;
#[cfg(test)]
mod first_screen;
mod line;
mod strip;
#[cfg(test)]
mod tests;
mod trace;
mod verdict;
mod visible;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest, Sha256};

use super::document::{Block, Depth, Document, Escape, Part, Section};
use block::blocks;
use line::{Html, LINE, line};

const STYLE: &str = concat!(include_str!("page.css"), include_str!("parts.css"));
const SCRIPT: &str = include_str!("comfort.js");

/// The document as one file.
pub fn html(document: &Document) -> String {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                // Before all that differs from page to page: by it a later run knows what it may
                // replace.
                meta name="generator" content="alhena-conformance";
                meta http-equiv="Content-Security-Policy" content=(policy());
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="referrer" content="no-referrer";
                title { (title(document)) "alhena-conformance" }
                style { (PreEscaped(STYLE)) }
            }
            body {
                a.skip href="#content" { "Skip to the verdict" }
                header.top { p { "alhena-conformance" } h1 { (line(&document.heading)) } }
                nav.contents aria-label="Contents" { (contents(document)) }
                main #content tabindex="-1" { (parts(document)) }
                footer {
                    p { "This file loads nothing, and needs no script." }
                }
                script { (PreEscaped(SCRIPT)) }
            }
        }
    };
    visible::visible(&page.into_string())
}

/// Nothing is loaded from anywhere, and nothing runs but what this program wrote.
fn policy() -> String {
    let hash = |text: &str| BASE64_STANDARD.encode(Sha256::digest(text));
    format!(
        "default-src 'none'; style-src 'sha256-{}'; script-src 'sha256-{}'; img-src data:; \
         base-uri 'none'; form-action 'none'",
        hash(STYLE),
        hash(SCRIPT)
    )
}

/// The sections of the only part, or the parts.
fn contents(document: &Document) -> Markup {
    let [alone] = document.parts.as_slice() else {
        return html! {
            ul {
                @for part in &document.parts {
                    li { a href={ "#" (part.anchor) } { (part.name.escaped(&Html(LINE))) } }
                }
            }
        };
    };
    html! {
        ul {
            @if let Some(verdict) = &alone.verdict {
                li { a href={ "#" (verdict.anchor) } { "Verdict" } }
            }
            @for section in &alone.sections {
                li { a href={ "#" (section.anchor) } { (section.title.escaped(&Short)) } }
            }
        }
    }
}

/// A title without its counts, which the heading itself shows.
struct Short;

impl Escape for Short {
    type Output = Markup;
    fn escape(&self, raw: &str) -> Markup {
        let name = raw.split([':', '(']).next().unwrap_or_default().trim();
        Html(LINE).escape(if name.is_empty() { raw } else { name })
    }
}

fn parts(document: &Document) -> Markup {
    // Only a report has what can be filtered.
    let has_tools = document.product.is_empty();
    if let [alone] = document.parts.as_slice() {
        return part(alone, has_tools);
    }
    html! {
        @for (index, own) in document.parts.iter().enumerate() {
            article.report #(own.anchor) aria-label=(own.name.escaped(&Html(LINE))) {
                (part(own, has_tools && index == 0))
            }
        }
    }
}

fn part(part: &Part, has_tools: bool) -> Markup {
    let level = if part.verdict.is_some() { 3 } else { 2 };
    // What must be fixed stands before the tools; they are of use for a long list only.
    let first_list = match part.verdict {
        Some(_) => part.sections.iter().position(is_inventory),
        None => Some(part.sections.len()),
    };
    let tools_at = first_list.filter(|_| has_tools);
    html! {
        @if let Some(verdict) = &part.verdict { (verdict::verdict(&part.name, verdict)) }
        @for (index, own) in part.sections.iter().enumerate() {
            @if tools_at == Some(index) { (tools()) }
            (section(own, level))
        }
        @if tools_at == Some(part.sections.len()) { (tools()) }
    }
}

fn is_inventory(section: &Section) -> bool {
    let mut blocks = section.blocks.iter();
    blocks.any(|own| matches!(own, Block::Entries { is_inventory, .. } if *is_inventory))
}

fn section(section: &Section, level: u8) -> Markup {
    let heading = section.anchor.below("heading");
    let title = html! { span.title { (section.title.escaped(&Html(LINE))) } };
    let title = line::heading(level, Some(&heading), &title);
    let body = blocks(&section.blocks, level + 1);
    html! {
        section #(section.anchor) aria-labelledby=(heading) {
            @if section.depth == Depth::Summary {
                (title) (body)
            } @else {
                // To look something up.
                details.section { summary { (title) } (body) }
            }
        }
    }
}

/// Of one report the verdict, of all else the heading.
fn title(document: &Document) -> Markup {
    html! {
        @match document.parts.as_slice() {
            [Part { name, verdict: Some(own), .. }] if !name.is_empty() => {
                (name.escaped(&Html(LINE))) " " (own.words.escaped(&Html(LINE)))
            }
            _ => {
                @for span in document.heading.spans() { (span.text.escaped(&Html(LINE))) }
            }
        }
        " – "
    }
}

/// Shown by the script, which they need.
fn tools() -> Markup {
    html! {
        div.tools role="search" aria-label="In this report" hidden {
            label {
                "Show only "
                input type="search" data-tool="filter" placeholder="a requirement, a case, a word"
                    autocomplete="off";
            }
            button type="button" data-tool="open" { "Open all" }
            button type="button" data-tool="close" { "Close all" }
            p role="status" data-tool="found" {}
        }
    }
}
