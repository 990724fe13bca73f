//! What to believe of the build, what does not hold, and what was under test with what.

use super::View;
use super::cause::shown as shown_causes;
use super::select::{is_failed, is_known, is_undecided};
use crate::contract::Level;
use crate::render::compare;
use crate::render::document::{
    Badge, Block, Depth, Fact, Line, Section, Style, Text, Tone, Verdict,
};
use crate::report::model::seconds;
use crate::report::{CheckReport, Conclusion, Report};
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
        reason: Text::from(format!("{}{}", reason(report), slowness(report))),
        brief: brief(report),
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
        |own| {
            let also = own.also.as_ref();
            let also = also.map_or_else(String::new, |also| format!(" and {also}"));
            own.browser_name() + &also
        },
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

/// What was judged with what, in one line.
fn brief(report: &Report) -> Line {
    let hash = |line: Line, name: &str, sha256: &str| {
        line.soft(name).with(Style::Hash, sha256).soft(" · ")
    };
    let line = hash(Line::new(), "SDK ", &report.sdk.sha256);
    let line = line.soft(format!("profile {} · ", report.profile.name));
    let mut line = line.soft(format!("{} · ", browser(report)));
    if !report.filter.is_empty() {
        line = line.soft(format!("selected {} · ", report.filter.join(", ")));
    }
    if !report.sdk.fetched {
        line = line.soft("no browser ever asked for the SDK · ");
    }
    line.soft(format!("began {}", report.began))
}

/// That the SDK is slow, where it is.
fn slowness(report: &Report) -> String {
    let slow = report.ready.as_ref().filter(|ready| ready.is_slow());
    slow.map(|own| format!("; slow: ready after {}", seconds(own.median_ms)))
        .unwrap_or_default()
}

/// The conclusion's reason, in numbers.
fn reason(report: &Report) -> String {
    let all = counted(report.checks.len(), "check");
    let count =
        |is: &dyn Fn(&CheckReport) -> bool| report.checks.iter().filter(|check| is(check)).count();
    let causes = match shown_causes(report).len() {
        0 => String::new(),
        causes => format!("{}, ", counted(causes, "cause")),
    };
    let failed = count(&|check| is_failed(report, check));
    if failed > 0 {
        let fail = if failed == 1 { "fails" } else { "fail" };
        return format!("{causes}{failed} of {all} {fail}");
    }
    let undecided = count(&is_undecided);
    let known = count(&is_known);
    match (report.wrong_entries().count(), undecided, known) {
        (0, 0, 0) => {
            let passed = count(&|check| check.status == Status::Pass);
            format!("{passed} of {all} pass")
        }
        (0, 0, known) => format!("{known} of {all} fail as is known"),
        (0, undecided, _) => format!("{causes}{undecided} of {all} not decided"),
        (1, ..) => "1 known failure is not so".to_owned(),
        (wrong, ..) => format!("{wrong} known failures are not so"),
    }
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
        if let Some(also) = &own.also {
            facts.push(Fact::new("second browser", also));
        }
        if let Some(engine) = &own.engine {
            facts.push(Fact::new("engine", engine));
        }
        facts.push(Fact::new("driver", &own.driver));
        facts.push(Fact::new("platform", &own.platform));
        facts.push(Fact::new("browser options", code(own.arguments.join(" "))));
        if !own.preferences.is_empty() {
            let all = code(own.preferences.join(" · "));
            facts.push(Fact::new("browser preferences", all));
        }
        if let Some(console) = &own.console {
            facts.push(Fact::new("console read by", console));
        }
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
