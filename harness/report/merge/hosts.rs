//! The hosts that all parts of a run asked for.

use std::collections::{BTreeMap, BTreeSet};

use super::super::model::{HostReport, Report};
use crate::evidence::Asker;

/// The hosts of all parts, each once for whoever asked.
pub fn hosts(reports: &[&Report]) -> Vec<HostReport> {
    let mut merged: BTreeMap<(Asker, String), HostReport> = BTreeMap::new();
    for host in reports.iter().flat_map(|report| &report.hosts) {
        let key = (host.asked_by, host.host.clone());
        let Some(seen) = merged.get_mut(&key) else {
            merged.insert(key, host.clone());
            continue;
        };
        let cases: BTreeSet<&String> = seen.cases.iter().chain(&host.cases).collect();
        seen.cases = cases.into_iter().cloned().collect();
        seen.ours |= host.ours;
        seen.requests += host.requests;
        seen.example = seen.example.take().or_else(|| host.example.clone());
    }
    // A spare connection is the page's doing where a page of any part asked for that host.
    let of_pages = merged.keys().filter(|(asker, _)| *asker == Asker::Page);
    let of_pages: BTreeSet<String> = of_pages.map(|(_, host)| host.clone()).collect();
    merged.retain(|(asker, host), seen| {
        *asker == Asker::Page || seen.example.is_some() || !of_pages.contains(host)
    });
    merged.into_values().collect()
}
