//! The first screen: what to believe of the build, what failed, and what was under test with what.

use maud::{Markup, html};

use super::changes;
use super::parts::{badge, duration, line_cut, short, sign};
use super::shown::Shown;
use crate::contract::Level;
use crate::report::Conclusion;
use crate::report::{EnvironmentReport, Report, RequirementReport};
use crate::text::counted;
use crate::verdict::Status;

/// The verdict on one report.
pub fn verdict(shown: &Shown<'_>) -> Markup {
    let report = shown.report;
    let conclusion = Conclusion::of(report);
    let heading = shown.section("verdict");
    html! {
        section.verdict.(class(conclusion)) aria-labelledby=(heading) {
            h2 #(heading) {
                @if let Some(place) = shown.place { (place) ". " }
                bdi { (short(&report.sdk.source)) } " "
                strong { span aria-hidden="true" { (mark(conclusion)) } " " (conclusion.words()) }
            }
            @if report.interrupted {
                p { "The run was stopped before its end. The verdicts are those so far." }
            }
            @if let Some(since) = changes::headline(shown) { (since) }
            (counts(report))
            div.first { (broken(shown)) (facts(report)) }
        }
    }
}

fn class(conclusion: Conclusion) -> &'static str {
    match conclusion {
        Conclusion::DoesNotConform | Conclusion::OtherThanKnown => "bad",
        Conclusion::Interrupted | Conclusion::NotDecided => "odd",
        Conclusion::ConformsButForKnown | Conclusion::Conforms => "good",
    }
}

fn mark(conclusion: Conclusion) -> &'static str {
    sign(match conclusion {
        Conclusion::DoesNotConform => Status::Fail.word(),
        Conclusion::OtherThanKnown => Status::UnexpectedPass.word(),
        Conclusion::Interrupted | Conclusion::NotDecided => Status::NotTestable.word(),
        Conclusion::ConformsButForKnown | Conclusion::Conforms => Status::Pass.word(),
    })
}

fn counts(report: &Report) -> Markup {
    let count = |status: Status| report.totals.get(&status).copied().unwrap_or(0);
    let all: usize = Status::ALL.into_iter().map(count).sum();
    let shown: Vec<Status> = Status::ALL
        .into_iter()
        .filter(|status| count(*status) > 0)
        .collect();
    let begin = |status: Status| {
        Status::ALL
            .into_iter()
            .filter(|before| *before < status)
            .map(count)
            .sum::<usize>()
    };
    html! {
        div.totals {
            svg.share viewBox={ "0 0 " (all.max(1)) " 10" } preserveAspectRatio="none"
                aria-hidden="true"
            {
                @for status in &shown {
                    rect.(status.word()) x=(begin(*status)) width=(count(*status)) height="10" {}
                }
            }
            ul aria-label={ "Of " (counted(all, "check")) } {
                @for status in &shown {
                    li { strong { (count(*status)) } " " (badge(*status, Level::Must)) }
                }
                li.soft {
                    (counted(all, "check")) ", " (counted(report.cases.len(), "case")) ", "
                    (duration(report.duration_ms))
                }
            }
        }
    }
}

fn broken(shown: &Shown<'_>) -> Markup {
    let mut broken: Vec<&RequirementReport> = shown
        .report
        .requirements
        .iter()
        .filter(|requirement| requirement.is_broken())
        .collect();
    broken.sort_by_key(|requirement| requirement.status);
    let heading = shown.section("what-failed");
    html! {
        @if broken.is_empty() {
            div.lead {
                p { (all_well(shown.report)) }
                @if shown.report.known_failures.iter().any(|entry| entry.state.is_wrong()) {
                    p {
                        "The list of "
                        a href={ "#" (shown.section("known-failures")) } { "known failures" }
                        " is not true of this run."
                    }
                }
            }
        } @else {
            div.broken {
                h3 #(heading) {
                    "What does not hold " span.count { (counted(broken.len(), "requirement")) }
                }
                ul aria-labelledby=(heading) {
                    @for requirement in broken { (one(shown, requirement)) }
                }
            }
        }
    }
}

/// What is said where nothing is broken: no more than was seen.
fn all_well(report: &Report) -> &'static str {
    match () {
        () if report
            .requirements
            .iter()
            .all(|requirement| requirement.status.is_none()) =>
        {
            "Nothing was judged."
        }
        () if report.interrupted => "Every requirement that was judged holds so far.",
        () if report.filter.is_empty() => "Every requirement holds.",
        () => "Every requirement holds, of those that were selected.",
    }
}

fn one(shown: &Shown<'_>, requirement: &RequirementReport) -> Markup {
    let wrong: Vec<_> = requirement
        .checks
        .iter()
        .filter_map(|id| shown.check(id))
        .filter(|check| check.fails_the_run())
        .collect();
    let first = wrong.iter().find(|check| shown.has_details(&check.case));
    html! {
        li {
            @if let Some(status) = requirement.status { (badge(status, requirement.level)) }
            div {
                p {
                    a href={ "#" (shown.anchor("requirement", &requirement.id.0)) } {
                        (requirement.id)
                    }
                    " "
                    span.level { (requirement.level) } " — " (requirement.statement)
                }
                p.soft {
                    (wrong.len()) " of " (counted(requirement.checks.len(), "check"))
                    (if wrong.len() == 1 { " does" } else { " do" }) " not hold"
                    @if let Some(check) = first {
                        ", such as "
                        a href={ "#" (shown.anchor("case", &check.case)) } { bdi { (check.case) } }
                    }
                }
            }
        }
    }
}

fn facts(report: &Report) -> Markup {
    let fact = |name: &str, value: Markup| html! { div { dt { (name) } dd { (value) } } };
    let hashed = |name: &str, source: &str, sha256: &str| {
        fact(
            name,
            html! { bdi { (line_cut(source)) } " " code.hash { "sha256 " (sha256) } },
        )
    };
    let nothing = || html! { span.soft { "none was ever had" } };
    html! {
        dl.facts {
            (hashed("SDK", &report.sdk.source, &report.sdk.sha256))
            @if !report.sdk.fetched {
                (fact("Fetched", html! { "no: no browser ever asked for it" }))
            }
            (hashed("Snippet", &report.snippet.source, &report.snippet.sha256))
            (fact("Profile", html! {
                bdi { (line_cut(&report.profile.name)) } " from "
                bdi { (line_cut(&report.profile.file)) } " "
                code.hash { "sha256 " (report.profile.sha256) }
                @for (policy, value) in &report.profile.policies {
                    " " span.chip { (policy) " = " (value) }
                }
            }))
            @match &report.environment {
                None => { (fact("Browser", nothing())) }
                Some(environment) => {
                    (fact("Browser", html! {
                        bdi { (line_cut(&environment.browser)) } " " (environment.browser_version)
                        ", " (environment.platform)
                    }))
                    (fact("Driver", html! { bdi { (environment.driver) } }))
                }
            }
            (fact("Harness", html! { "alhena-conformance " (report.harness.version) }))
            (fact("When", html! {
                time datetime=(report.began) {
                    (report.began.replacen('T', " ", 1).replacen('Z', " UTC", 1))
                }
                ", " (duration(report.duration_ms))
            }))
            (fact("Selected", html! {
                @if report.filter.is_empty() { "everything" }
                @for (index, pattern) in report.filter.iter().enumerate() {
                    @if index > 0 { ", " } code { (pattern) }
                }
            }))
            (fact("Options", html! {
                @if report.command.is_empty() {
                    "none"
                } @else {
                    code { (report.command.join(" ")) }
                }
            }))
            @if let Some(environment) = &report.environment {
                (fact("In a fresh page", natives(environment)))
                (fact("Browser options", html! {
                    details {
                        summary { (counted(environment.arguments.len(), "option")) }
                        code { (environment.arguments.join(" ")) }
                    }
                }))
            }
        }
    }
}

/// Whether what a page sends with is the browser's own, or something stands before it.
fn natives(environment: &EnvironmentReport) -> Markup {
    let (own, other): (Vec<_>, Vec<_>) =
        environment.natives.iter().partition(|(_, is_own)| **is_own);
    let names = |natives: &[(&String, &bool)]| {
        natives
            .iter()
            .map(|(name, _)| name.as_str())
            .collect::<Vec<_>>()
            .join(", ")
    };
    html! {
        @if !own.is_empty() { (names(&own)) ": the browser's own. " }
        @if !other.is_empty() { strong { (names(&other)) ": not the browser's own." } }
    }
}
