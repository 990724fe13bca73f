//! What to believe of the build, what does not hold, and what was under test with what.

use super::View;
use super::requirements::badge;
use super::select::wrong_entries;
use crate::contract::Level;
use crate::render::compare;
use crate::render::document::{
    Badge, Block, Depth, Entry, Fact, Line, Section, Style, Text, Tone, Verdict,
};
use crate::report::{CheckReport, Conclusion, Report, RequirementReport};
use crate::text::counted;
use crate::verdict::Status;

/// The verdict on one report.
pub fn verdict(view: &View<'_>) -> Verdict {
    let report = view.report;
    let conclusion = Conclusion::of(report);
    let words = match conclusion {
        Conclusion::Interrupted => format!("{}: the verdicts are those so far", conclusion.words()),
        other => other.words().to_owned(),
    };
    let count = |status: Status| report.totals.get(&status).copied().unwrap_or(0);
    let totals = Status::ALL
        .into_iter()
        .filter(|status| count(*status) > 0 || *status == Status::Pass);
    let totals = totals.map(|status| {
        let badge = Badge::new(Tone::of(status, Level::Must), status.word());
        (count(status), badge)
    });
    let mut notes = Vec::new();
    if let Some(comparison) = &view.stored.comparison {
        let since = Line::from(format!("since {}: ", comparison.old.source));
        let words = compare::verdict(comparison);
        let since = since.with(Style::Badge(compare::tone(comparison)), words);
        notes.push(since.to(Some(view.section("changes"))));
    }
    if report.is_of_the_bundled_reference() {
        notes.push(Line::from(
            "This is the bundled reference SDK, not a build of yours: name one with \
             --sdk FILE|DIR|URL",
        ));
    }
    Verdict {
        anchor: view.section("verdict"),
        name: Text::from(view.name()),
        subject: Text::from(&report.sdk.source),
        tone: tone(conclusion),
        words: Text::from(words),
        totals: totals.collect(),
        took: Some(Text::from(format!("{:.1} s", report.duration_ms / 1000.0))),
        notes,
        facts: facts(report),
        overview: overview(view),
    }
}

/// How to take a conclusion.
pub fn tone(conclusion: Conclusion) -> Tone {
    match conclusion {
        Conclusion::DoesNotConform | Conclusion::OtherThanKnown => Tone::Bad,
        Conclusion::Interrupted | Conclusion::NotDecided => Tone::Careful,
        Conclusion::ConformsButForKnown | Conclusion::Conforms => Tone::Good,
    }
}

/// The browser in a few words.
pub fn browser(report: &Report) -> String {
    report.environment.as_ref().map_or_else(
        || "no browser".to_owned(),
        |own| format!("{} {}", own.browser, own.browser_version),
    )
}

fn facts(report: &Report) -> Vec<Fact> {
    let hashed = |source: &str, sha256: &str| {
        let line = Line::new().plain(source).plain(" · sha256 ");
        line.with(Style::Hash, sha256)
    };
    let mut facts = vec![
        Fact::new("SDK", hashed(&report.sdk.source, &report.sdk.sha256)),
        Fact::new(
            "snippet",
            hashed(&report.snippet.source, &report.snippet.sha256),
        ),
        Fact::new(
            "profile",
            hashed(&report.profile.name, &report.profile.sha256),
        ),
        Fact::new("browser", browser(report)),
        Fact::new(
            "harness",
            format!("alhena-conformance {}", report.harness.version),
        ),
        Fact::new("began", &report.began),
    ];
    if !report.sdk.fetched {
        facts.push(Fact::new(
            "fetched",
            "no: no browser ever asked for the SDK",
        ));
    }
    if !report.filter.is_empty() {
        facts.push(Fact::new(
            "selected",
            Line::new().code(report.filter.join(", ")),
        ));
    }
    facts
}

fn overview(view: &View<'_>) -> Vec<Block> {
    let broken = view
        .report
        .requirements
        .iter()
        .filter(|own| own.is_broken());
    let mut broken: Vec<&RequirementReport> = broken.collect();
    if broken.is_empty() {
        let mut blocks = vec![Block::Paragraph(Line::from(all_well(view.report)))];
        if wrong_entries(view.report).next().is_some() {
            blocks.push(Block::Paragraph(
                Line::from("The list of known failures is not true of this run: ")
                    .plain("what is not so")
                    .to(Some(view.section("wrong-known-failures"))),
            ));
        }
        return blocks;
    }
    broken.sort_by_key(|requirement| requirement.status);
    let count = counted(broken.len(), "requirement");
    vec![
        Block::Heading(Line::from("What does not hold ").soft(count)),
        Block::list(
            broken
                .into_iter()
                .map(|own| broken_one(view, own))
                .collect(),
        ),
    ]
}

fn broken_one(view: &View<'_>, requirement: &RequirementReport) -> Entry {
    let checks = requirement.checks.iter().filter_map(|id| view.check(id));
    let wrong: Vec<&CheckReport> = checks.filter(|check| check.fails_the_run()).collect();
    let mut said = Line::from(format!(
        "{} of {} fail",
        wrong.len(),
        counted(requirement.checks.len(), "check")
    ));
    let shown = wrong
        .iter()
        .find_map(|check| Some((&check.case, view.case_anchor(&check.case)?)));
    if let Some((case, anchor)) = shown {
        said = said.plain(", such as ").code(case).to(Some(anchor));
    }
    let anchor = view.anchor("requirement", &requirement.id.0);
    Entry::new(Line::new().strong(&requirement.id).to(Some(anchor)))
        .badge(badge(requirement))
        .about(Line::from(format!(
            "({}) {}",
            requirement.level, requirement.statement
        )))
        .detail(said)
}

/// What is said where nothing is broken: no more than was seen.
fn all_well(report: &Report) -> &'static str {
    match () {
        () if report.requirements.iter().all(|own| own.status.is_none()) => "Nothing was judged.",
        () if report.interrupted => "Every requirement that was judged holds so far.",
        () if report.filter.is_empty() => "Every requirement holds.",
        () => "Every requirement holds, of those that were selected.",
    }
}

/// What else a reader needs who wants to repeat the run.
pub fn circumstances(view: &View<'_>) -> Section {
    let report = view.report;
    let mut facts = vec![
        Fact::new("Options", Line::new().code(report.command.join(" "))),
        Fact::new("Profile", Line::new().code(&report.profile.file)),
    ];
    let policies = report.profile.policies.iter();
    facts.extend(policies.map(|(policy, value)| Fact::new(policy, value)));
    if let Some(environment) = &report.environment {
        let names = |is_own: bool| {
            let natives = environment
                .natives
                .iter()
                .filter(|(_, own)| **own == is_own);
            let names = natives.map(|(name, _)| name.as_str()).collect::<Vec<_>>();
            names.join(", ")
        };
        let (own, other) = (names(true), names(false));
        facts.extend([
            Fact::new("Driver", &environment.driver),
            Fact::new("Platform", &environment.platform),
            Fact::new("The browser's own", own),
        ]);
        if !other.is_empty() {
            facts.push(Fact::new(
                "Not the browser's own",
                Line::new().strong(other),
            ));
        }
        let arguments = Line::new().code(environment.arguments.join(" "));
        facts.push(Fact::new("Browser options", arguments));
    }
    Section {
        anchor: view.section("circumstances"),
        title: Text::from("How it was run"),
        count: None,
        tone: Tone::Neutral,
        depth: Depth::Reference,
        blocks: vec![Block::Facts(facts)],
    }
}
