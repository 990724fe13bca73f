//! The hosts that were asked for by their public names. Nothing leaves the machine: the backend
//! answers for those that the profile names, and all others are denied.

use super::View;
use super::select::is_denied;
use crate::evidence::Asker;
use crate::render::document::{Badge, Block, Depth, Entry, Line, Section, Text, Tone};
use crate::report::model::HostReport;
use crate::text::counted;

/// Every host; absent where none was asked for.
pub fn hosts(view: &View<'_>) -> Option<Section> {
    let hosts = &view.report.hosts;
    let entries: Vec<Entry> = hosts.iter().map(entry).collect();
    let denied = hosts.iter().filter(|host| is_denied(host)).count();
    let depth = entries.iter().map(|entry| entry.depth).min()?;
    Some(Section {
        anchor: view.section("hosts"),
        title: Text::from("Hosts"),
        count: Some(Text::from(format!("{denied} unknown to the profile"))),
        tone: Tone::Careful,
        depth,
        blocks: vec![Block::list(entries)],
    })
}

fn entry(host: &HostReport) -> Entry {
    let who = match host.asked_by {
        Asker::Page => "the SDK contacts ",
        Asker::Browser => "the browser itself contacts ",
    };
    let (badge, depth) = match (is_denied(host), host.ours) {
        (true, _) => (Badge::new(Tone::Careful, "denied"), Depth::Summary),
        (false, true) => (Badge::new(Tone::Neutral, "answered"), Depth::Reference),
        (false, false) => (Badge::new(Tone::Neutral, "denied"), Depth::Reference),
    };
    let about = Line::from(format!(
        "{} in {}",
        counted(host.requests, "request"),
        counted(host.cases.len(), "case")
    ));
    let about = match &host.example {
        Some(url) => about.plain(", such as ").code(url),
        None => about.plain(", a connection only"),
    };
    let mut entry = Entry::new(Line::from(who).strong(&host.host));
    entry.depth = depth;
    entry.badge(badge).about(about)
}
