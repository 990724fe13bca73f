//! What to believe of the build, what does not hold, and what was under test with what.

use super::View;
use super::requirements::badge;
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
    let count = |status: Status| report.totals.get(&status).copied().unwrap_or(0);
    let totals = Status::ALL
        .into_iter()
        .filter(|own| count(*own) > 0 || *own == Status::Pass);
    let badge = |status: Status| Badge::new(Tone::of(status, Level::Must), status.word());
    let mut notes = Vec::new();
    if report.interrupted {
        notes.push(Line::from(
            "the verdicts are those until the run was stopped",
        ));
    }
    if let Some(ready) = report.ready.as_ref().filter(|ready| ready.is_slow()) {
        let words = ready.words();
        notes.push(Line::from(format!("slow: the SDK is ready {words}")));
    }
    if let Some(comparison) = &view.stored.comparison {
        let since = Line::from(format!("since {}: ", comparison.old.source));
        let style = Style::Badge(compare::tone(comparison));
        let since = since.with(style, compare::verdict(comparison));
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
        subject: Text::from(&report.sdk.source),
        totals: totals
            .map(|status| (count(status), badge(status)))
            .collect(),
        took: Text::from(format!("{:.1} s", report.duration_ms / 1000.0)),
        notes,
        facts: facts(report),
        overview: overview(view),
        ..Verdict::new(tone(conclusion), conclusion.words())
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
    let hashed = |name: &str, source: &str, sha256: &str| {
        let line = Line::from(source).plain(" · sha256 ");
        Fact::new(name, line.with(Style::Hash, sha256))
    };
    let mut facts = vec![
        hashed("SDK", &report.sdk.source, &report.sdk.sha256),
        hashed("snippet", &report.snippet.source, &report.snippet.sha256),
        hashed("profile", &report.profile.name, &report.profile.sha256),
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
    facts.extend(
        report
            .ready
            .as_ref()
            .map(|own| Fact::new("ready", own.words())),
    );
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
    broken.sort_by_key(|requirement| requirement.status);
    if broken.is_empty() {
        return Vec::new();
    }
    let title = format!(
        "What does not hold ({})",
        counted(broken.len(), "requirement")
    );
    let entries = broken.into_iter().map(|requirement| {
        let checks = requirement
            .checks
            .iter()
            .filter_map(|id| view.report.check(id));
        let wrong: Vec<&CheckReport> = checks.filter(|check| check.fails_the_run()).collect();
        let all = counted(requirement.checks.len(), "check");
        let mut said = Line::from(format!("{} of {all} fail", wrong.len()));
        let mut cases = wrong.iter().map(|check| &check.case);
        let shown = cases.find_map(|case| Some((case, view.case_anchor(case)?)));
        if let Some((case, anchor)) = shown {
            said = said.plain(", such as ").code(case).to(Some(anchor));
        }
        let anchor = view.anchor("requirement", &requirement.id.0);
        Entry::new(Line::new().strong(&requirement.id).to(Some(anchor)))
            .badge(badge(requirement))
            .about(format!("({}) {}", requirement.level, requirement.statement))
            .detail(said)
    });
    vec![
        Block::Heading(Line::from(title)),
        Block::list(entries.collect()),
    ]
}

/// What else a reader needs who wants to repeat the run.
pub fn circumstances(view: &View<'_>) -> Option<Section> {
    let report = view.report;
    let code = |text: String| Line::new().code(text);
    let mut facts = vec![
        Fact::new("options", code(report.command.join(" "))),
        Fact::new("profile", code(report.profile.file.clone())),
    ];
    let policies = report.profile.policies.iter();
    facts.extend(policies.map(|(policy, value)| Fact::new(policy, value)));
    if let Some(own) = &report.environment {
        facts.push(Fact::new("driver", &own.driver));
        facts.push(Fact::new("platform", &own.platform));
        facts.push(Fact::new("browser options", code(own.arguments.join(" "))));
        facts.extend(own.natives.iter().map(|(name, is_own)| {
            let whose = if *is_own {
                "the browser's own"
            } else {
                "not the browser's own"
            };
            Fact::new(name, whose)
        }));
    }
    let (anchor, blocks) = (view.section("circumstances"), vec![Block::Facts(facts)]);
    Some(Section::new(anchor, "How it was run", Tone::Neutral, blocks)?.at(Depth::Reference))
}
