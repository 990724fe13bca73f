//! What could not be decided, the hosts that were asked for, and where the time went.

use super::View;
use super::select::is_undecided;
use crate::evidence::Asker;
use crate::render::document::{Badge, Block, Depth, Entry, Line, Section, Table, Text, Tone};
use crate::report::CaseReport;
use crate::report::model::HostReport;
use crate::text::{counted, few};

/// More names than these are counted.
const NAMES: usize = 5;

/// As many of the slowest cases are named.
const SLOWEST: usize = 15;

/// The checks of which nothing is known, by the reason.
pub fn undecided(view: &View<'_>) -> Option<Section> {
    let mut by_reason: Vec<(&str, Vec<&str>)> = Vec::new();
    for check in view.report.checks.iter().filter(|own| is_undecided(own)) {
        let why = check.message.as_deref().unwrap_or("no reason is known");
        match by_reason.iter_mut().find(|(reason, _)| *reason == why) {
            Some((_, checks)) => checks.push(&check.id.0),
            None => by_reason.push((why, vec![&check.id.0])),
        }
    }
    let count: usize = by_reason.iter().map(|(_, checks)| checks.len()).sum();
    let entry = |(why, checks): (&str, Vec<&str>)| {
        let badge = Badge::new(Tone::Careful, "not decided");
        Entry::new(why).badge(badge).detail(few(&checks, NAMES))
    };
    let blocks = match count {
        0 => Vec::new(),
        _ => vec![Block::list(by_reason.into_iter().map(entry).collect())],
    };
    let title = format!("Not decided ({})", counted(count, "check"));
    Section::new(view.section("not-decided"), title, Tone::Careful, blocks)
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
