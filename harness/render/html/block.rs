//! The blocks of a section, each with what is in it.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use maud::{Markup, html};

use super::cause::cause;
use super::course::{difference, events, timeline};
use super::line::{Html, LETTERS, LINE, badge, heading, line};
use super::strip::strip;
use super::trace::trace;
use crate::render::document::{
    Block, Case, Entry, Escape, Fact, Mark, Problem, SourceLine, Table, Text,
};
use crate::text::counted;

/// Blocks one below another, with headings of this level.
pub fn blocks(blocks: &[Block], level: u8) -> Markup {
    html! { @for own in blocks { (block(own, level)) } }
}

fn block(block: &Block, level: u8) -> Markup {
    match block {
        Block::Paragraph(text) => html! { p { (line(text)) } },
        Block::Note(text) => html! { p.note { (line(text)) } },
        Block::Aside(text) => html! { p.soft { (line(text)) } },
        Block::Facts(own) => facts(own),
        Block::Entries { list, is_inventory } => entries(list, *is_inventory, level),
        Block::Cause(own) => cause(own, level),
        Block::Problem(own) => problem(own, level),
        Block::Case(own) => case(own, level),
        Block::Difference(own) => difference(own),
        Block::Source(lines) => source(lines),
        Block::Events(own) => events(own),
        Block::Timeline(moments) => timeline(moments),
        Block::Strip(steps) => strip(steps),
        Block::Trace(frames) => trace(frames),
        Block::Picture(png, title) => picture(png, title),
        Block::Command(what, own) => html! { p.part { (what) } (command(own)) },
        Block::Table(own) => table(own),
        Block::Fold(title, body) => {
            html! { details.fold { summary { (line(title)) } (blocks(body, level)) } }
        }
    }
}

/// Names with their values.
pub fn facts(facts: &[Fact]) -> Markup {
    html! {
        dl.facts {
            @for Fact { name, value } in facts {
                div { dt { (name.escaped(&Html(LETTERS))) } dd { (line(value)) } }
            }
        }
    }
}

fn case(case: &Case, level: u8) -> Markup {
    let title = html! { strong { (case.id.escaped(&Html(LETTERS))) } };
    html! {
        details.case data-filter #(case.anchor) {
            summary {
                @if let Some(first) = case.problems.first() {
                    (badge(&first.badge))
                    div.what {
                        (heading(level, None, &title))
                        span.statement { (line(&first.message)) }
                    }
                }
                span.count { (counted(case.problems.len(), "check")) }
            }
            p.lead { (case.title.escaped(&Html(LETTERS))) }
            @for own in &case.problems { (problem(own, level + 1)) }
            (blocks(&case.body, level + 1))
        }
    }
}

fn problem(problem: &Problem, level: u8) -> Markup {
    html! {
        div.problem id=[problem.anchor.as_ref()] {
            p.message { (badge(&problem.badge)) " " (line(&problem.message)) }
            @for promise in &problem.promises { p.promise { (line(promise)) } }
            @if let Some(location) = &problem.location {
                p.location { code { (location.escaped(&Html(LETTERS))) } }
            }
            (blocks(&problem.body, level))
        }
    }
}

/// Something to paste into a shell.
pub fn command(command: &Text) -> Markup {
    html! { pre.command translate="no" { code { (command.escaped(&Options)) } } }
}

/// A command of which an option is not broken between its dashes.
struct Options;

impl Escape for Options {
    type Output = Markup;
    fn escape(&self, raw: &str) -> Markup {
        let mut parts = raw.split(" --");
        let program = parts.next().unwrap_or_default();
        html! {
            (program)
            @for own in parts { " " span.option { "--" (own) } }
        }
    }
}

fn mark(mark: Mark) -> &'static str {
    match mark {
        Mark::Alone | Mark::Around => "plain",
        Mark::Asked => "asked",
        Mark::Removed => "removed",
        Mark::Added => "added",
        Mark::Caret => "caret",
    }
}

fn source(lines: &[SourceLine]) -> Markup {
    html! {
        pre.source.scroll tabindex="0" translate="no" {
            @for line in lines {
                span.row.(mark(line.mark)) {
                    span.number aria-hidden="true" { (line.number.escaped(&Html(LETTERS))) } " "
                    (line.text.escaped(&Html(LETTERS)))
                }
            }
        }
    }
}

fn picture(png: &[u8], title: &Text) -> Markup {
    let size = size(png);
    let title = title.escaped(&Html(LETTERS));
    html! {
        details.picture {
            summary { "Picture of the page" }
            img src={ "data:image/png;base64," (BASE64_STANDARD.encode(png)) }
                alt=(title) loading="lazy" decoding="async"
                width=[size.map(|(width, _)| width)] height=[size.map(|(_, height)| height)];
        }
    }
}

/// Width and height of a PNG, so that the page does not jump when it is shown.
fn size(png: &[u8]) -> Option<(u32, u32)> {
    let number = |at: usize| png.get(at..at + 4)?.try_into().ok().map(u32::from_be_bytes);
    png.starts_with(b"\x89PNG\r\n\x1a\n").then_some(())?;
    Some((number(16)?, number(20)?))
}

fn table(table: &Table) -> Markup {
    html! {
        div.scroll tabindex="0" {
            table {
                caption { (table.caption.escaped(&Html(LETTERS))) }
                thead { tr { @for cell in &table.head { th scope="col" { (line(cell)) } } } }
                tbody {
                    @for row in &table.rows {
                        tr {
                            @for (index, cell) in row.iter().enumerate() {
                                @if index == 0 { th scope="row" { (line(cell)) } }
                                @else { td { (line(cell)) } }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// A list. The entries of an inventory can be opened.
fn entries(list: &[Entry], is_inventory: bool, level: u8) -> Markup {
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
        details.item data-filter id=[entry.anchor.as_ref()] {
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
