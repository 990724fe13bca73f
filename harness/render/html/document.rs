//! The head, the contents, and one section after the other.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest, Sha256};

use super::parts::{Section, short};
use super::shown::Shown;
use super::visible::visible;
use super::{cases, changes, hosts, known, matrix, requirements, timing, verdict};
use crate::report::Conclusion;
use crate::report::compare::Comparison;

const STYLE: &str = concat!(include_str!("page.css"), include_str!("parts.css"));
const SCRIPT: &str = include_str!("comfort.js");

/// The whole file.
pub fn document(reports: &[Shown<'_>]) -> String {
    file(&title(reports), &heading(reports), &body(reports))
}

/// The whole file of a comparison.
pub fn comparison(comparison: &Comparison) -> String {
    file(
        "What changed – alhena-conformance",
        "Comparison of two releases",
        &changes::page(comparison),
    )
}

fn file(title: &str, heading: &str, body: &Markup) -> String {
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
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                a.skip href="#content" { "Skip to the verdict" }
                header.top { p { "alhena-conformance" } h1 { (heading) } }
                (body)
                footer {
                    p {
                        "Made from " code { "report.json" }
                        " and the evidence beside it. This file loads nothing, and needs no script."
                    }
                }
                script { (PreEscaped(SCRIPT)) }
            }
        }
    };
    visible(&page.into_string())
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

fn title(reports: &[Shown<'_>]) -> String {
    match reports {
        [alone] => format!(
            "{} {} – alhena-conformance",
            short(&alone.report.sdk.source),
            Conclusion::of(alone.report).words()
        ),
        several => format!(
            "{} reports side by side – alhena-conformance",
            several.len()
        ),
    }
}

fn heading(reports: &[Shown<'_>]) -> String {
    match reports {
        [_] => "Conformance report".to_owned(),
        several => format!("{} conformance reports, side by side", several.len()),
    }
}

fn body(reports: &[Shown<'_>]) -> Markup {
    if let [alone] = reports {
        let sections = sections(alone)
            .into_iter()
            .chain([matrix::of_one(alone), timing::timing(alone)])
            .collect::<Vec<_>>();
        let verdict = alone.section("verdict");
        return html! {
            nav.contents aria-label="Contents" { (contents(&verdict, "Verdict", &sections)) }
            main #content tabindex="-1" {
                (verdict::verdict(alone)) (tools()) @for section in &sections { (told(section)) }
            }
        };
    }
    let table = matrix::of_several(reports);
    html! {
        nav.contents aria-label="Contents" {
            ul {
                li { a href={ "#" (table.id) } { (table.title) } }
                @for report in reports {
                    li { a href={ "#" (report.section("report")) } { (name(report)) } }
                }
            }
        }
        main #content tabindex="-1" {
            (told_first(&table))
            (tools())
            @for report in reports {
                @let sections = sections(report)
                    .into_iter()
                    .chain([timing::timing(report)])
                    .collect::<Vec<_>>();
                article.report #(report.section("report"))
                    aria-labelledby=(report.section("verdict"))
                {
                    (verdict::verdict(report))
                    @for section in &sections { (told(section)) }
                }
            }
        }
    }
}

/// What every report shows below its verdict. A part that is not there has no section.
fn sections(report: &Shown<'_>) -> Vec<Section> {
    [
        changes::changes(report),
        cases::failed(report),
        Some(requirements::requirements(report)),
        known::known(report),
        cases::known(report),
        hosts::hosts(report),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// How a report is called among several.
pub fn name(report: &Shown<'_>) -> String {
    let name = short(&report.report.sdk.source);
    report
        .place
        .map_or_else(|| name.to_owned(), |place| format!("{place}. {name}"))
}

fn contents(first: &str, called: &str, sections: &[Section]) -> Markup {
    html! {
        ul {
            li { a href={ "#" (first) } { (called) } }
            @for section in sections {
                li {
                    a href={ "#" (section.id) } {
                        (section.title)
                        @if let Some(count) = &section.count { " " span.count { (count) } }
                    }
                }
            }
        }
    }
}

/// A section of the page itself, beside the reports on it.
fn told_first(section: &Section) -> Markup {
    let heading = format!("{}-heading", section.id);
    html! {
        section.verdict #(section.id) aria-labelledby=(heading) {
            h2 #(heading) { (section.title) } (section.body)
        }
    }
}

fn told(section: &Section) -> Markup {
    let heading = format!("{}-heading", section.id);
    html! {
        section #(section.id) aria-labelledby=(heading) {
            h3 #(heading) {
                (section.title) @if let Some(count) = &section.count { " " span.count { (count) } }
            }
            (section.body)
        }
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
