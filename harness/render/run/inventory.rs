//! What could not be decided, the hosts that were asked for, and where the time went.

use std::collections::BTreeSet;

use super::View;
use super::cause::shown;
use super::select::{is_undecided, is_undriven};
use crate::evidence::Asker;
use crate::render::document::{Badge, Block, Depth, Entry, Line, Section, Table, Text, Tone};
use crate::report::model::HostReport;
use crate::report::{CaseReport, CheckReport};
use crate::text::{counted, few};

/// More names than these are counted.
const NAMES: usize = 5;

/// As many of the slowest cases are named.
const SLOWEST: usize = 15;

/// The checks of which nothing is known, by the reason.
pub fn undecided(view: &View<'_>) -> Option<Section> {
    let mut by_reason: Vec<(&str, Vec<&CheckReport>)> = Vec::new();
    let all = view.report.checks.iter();
    let mut checks: Vec<&CheckReport> = all.clone().filter(|own| is_undecided(own)).collect();
    let is_undriven_alone = checks.iter().all(|own| is_undriven(own));
    if !checks.is_empty() && is_undriven_alone {
        // With the observations, so that the count is that of the totals.
        checks = all.filter(|own| is_undriven(own)).collect();
    }
    for check in &checks {
        let why = check.message.as_deref().unwrap_or("no reason is known");
        match by_reason.iter_mut().find(|(reason, _)| *reason == why) {
            Some((_, own)) => own.push(check),
            None => by_reason.push((why, vec![check])),
        }
    }
    // A run that was stopped, or whose time was over, drove no less for its failures.
    let causes = shown(view.report);
    let is_explained = |why: &str| {
        let mut failed = causes.iter().flat_map(|cause| &cause.cases);
        failed.any(|case| why.contains(case.as_str()))
    };
    let because = if is_undriven_alone && by_reason.iter().all(|(why, _)| is_explained(why)) {
        " because of this"
    } else {
        ""
    };
    let is_only = by_reason.len() == 1;
    let entries = by_reason.into_iter().map(|(why, own)| {
        let names: Vec<&str> = own.iter().map(|check| check.id.0.as_str()).collect();
        let entry = if is_only {
            Entry::new(why)
        } else {
            Entry::new(why).about(amount(&own))
        };
        // Whoever reads of hundreds that were not run wants no names of them.
        if own.iter().all(|check| is_undriven(check)) {
            return entry;
        }
        entry.detail(few(&names, NAMES))
    });
    let entries: Vec<Entry> = entries.collect();
    let blocks = match entries.len() {
        0 => Vec::new(),
        _ => vec![Block::list(entries)],
    };
    let word = if is_undriven_alone {
        "Not run"
    } else {
        "Not decided"
    };
    let title = format!("{word}{because}: {}", amount(&checks));
    Section::new(view.section("not-decided"), title, Tone::Careful, blocks)
}

/// How many checks in how many cases.
fn amount(checks: &[&CheckReport]) -> String {
    let cases: BTreeSet<&str> = checks.iter().map(|check| check.case.as_str()).collect();
    let cases = counted(cases.len(), "case");
    format!("{} in {cases}", counted(checks.len(), "check"))
}

/// The hosts that were asked for by their public names. Nothing leaves the machine: the backend
/// answers for those that the profile names, and all others are denied.
pub fn hosts(view: &View<'_>) -> Option<Section> {
    let entries: Vec<Entry> = view.report.hosts.iter().map(host).collect();
    let depth = entries.iter().map(|entry| entry.depth).min()?;
    let blocks = vec![Block::list(entries)];
    Some(Section::new(view.section("hosts"), "Hosts", Tone::Careful, blocks)?.at(depth))
}

fn host(host: &HostReport) -> Entry {
    let who = match host.asked_by {
        Asker::Page => "the SDK contacts ",
        Asker::Browser => "the browser itself contacts ",
    };
    let (tone, depth) = if host.is_denied() {
        (Tone::Careful, Depth::Summary)
    } else {
        (Tone::Neutral, Depth::Reference)
    };
    let (requests, cases) = (host.requests, host.cases.len());
    let about = format!(
        "{} in {}",
        counted(requests, "request"),
        counted(cases, "case")
    );
    let about = match &host.example {
        Some(url) => Line::from(about).plain(", such as ").code(url),
        None => Line::from(about).plain(", a connection only"),
    };
    let word = if host.ours { "answered" } else { "denied" };
    let entry = Entry::new(Line::from(who).strong(&host.host)).about(about);
    Entry {
        depth,
        ..entry.badge(Badge::new(tone, word))
    }
}

/// How long the run took, and which cases took longest.
pub fn timing(view: &View<'_>) -> Option<Section> {
    let cases = view.report.cases.iter();
    let mut driven: Vec<&CaseReport> = cases.filter(|case| case.duration_ms > 0.0).collect();
    driven.sort_by(|a, b| b.duration_ms.total_cmp(&a.duration_ms));
    let total: f64 = driven.iter().map(|case| case.duration_ms).sum();
    let median = driven
        .get(driven.len() / 2)
        .map_or(0.0, |case| case.duration_ms);
    let said = format!(
        "{} of {} driven in {}; {} of sessions in all, half of the cases within {}.",
        driven.len(),
        counted(view.report.cases.len(), "case"),
        duration(view.report.duration_ms),
        duration(total),
        duration(median)
    );
    let rows = driven.iter().take(SLOWEST).map(|case| {
        let name = Line::new().code(&case.id).to(view.case_anchor(&case.id));
        vec![name, Line::from(duration(case.duration_ms))]
    });
    let table = Table {
        caption: Text::from("The slowest"),
        head: vec![Line::from("Case"), Line::from("Time")],
        rows: rows.collect(),
    };
    let blocks = vec![Block::paragraph(said), Block::Table(table)];
    Some(
        Section::new(view.section("timing"), "Timing", Tone::Neutral, blocks)?.at(Depth::Reference),
    )
}

/// Milliseconds in the unit a person would use.
fn duration(ms: f64) -> String {
    match ms {
        ms if ms < 999.5 => format!("{ms:.0} ms"),
        ms if ms < 99_950.0 => format!("{:.1} s", ms / 1000.0),
        ms => format!(
            "{:.0} min {:02.0} s",
            (ms / 60_000.0).floor(),
            ms % 60_000.0 / 1000.0
        ),
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(0.4, "0 ms")]
    #[case(950.0, "950 ms")]
    #[case(4_200.0, "4.2 s")]
    #[case(153_400.0, "2 min 33 s")]
    fn duration_is_in_the_unit_a_person_would_use(#[case] ms: f64, #[case] said: &str) {
        assert_eq!(duration(ms), said);
    }
}
