//! One check that went wrong: what is wrong, which promise that breaks, where the scenario asks for
//! it, and what differs.

use maud::{Markup, html};

use super::difference::difference;
use super::parts::{labelled, text_cut};
use super::shown::Shown;
use crate::report::CheckReport;
use crate::text::counted;

/// A check by itself; what it shares with the others of its case is told once, beside them.
pub fn check(shown: &Shown<'_>, check: &CheckReport) -> Markup {
    html! {
        div.check #(shown.anchor("check", &check.id.0)) {
            h5 {
                (labelled(check.status.word(), &check.verdict())) " "
                span.message {
                    (text_cut(check.message.as_deref().unwrap_or("no reason is known")))
                }
            }
            ul.promises {
                @for id in &check.requirements {
                    li {
                        a href={ "#" (shown.anchor("requirement", &id.0)) } { (id) }
                        @if let Some(requirement) = shown.requirement(id) {
                            " " span.level { (requirement.level) } " — " (requirement.statement)
                        }
                    }
                }
            }
            (place(check))
            (difference(check.expected.as_ref(), check.actual.as_ref()))
            p.soft {
                "check " code { (check.id) }
                @if let (Some(attempts), Some(broken)) = (check.attempts, check.broken_attempts) {
                    " · broken in " (broken) " of " (counted(attempts, "attempt"))
                }
                @if let Some(known) = &check.known { " · known at " code { (known) } }
            }
        }
    }
}

fn place(check: &CheckReport) -> Markup {
    let line = check.at.rsplit_once(':').map_or("", |(_, line)| line);
    html! {
        figure.source {
            figcaption { code { (check.at) } }
            pre translate="no" {
                span.line aria-hidden="true" { (line) } " " (text_cut(&check.line))
            }
        }
    }
}
