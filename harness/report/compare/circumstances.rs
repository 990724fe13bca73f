use std::collections::HashMap;

use super::model::{Circumstance, SideKind};
use super::side::Side;
use crate::contract::CheckId;
use crate::report::model::{CheckReport, ProfileReport};
use crate::sdk::{Likeness, ProfileHash};

/// What else differs between the two runs. Whatever can be compared in spite of it is compared, and
/// this says what to make of it.
pub fn circumstances(old: &Side, new: &Side) -> Vec<Circumstance> {
    let (before, now) = (&old.about, &new.about);
    let mut found = Found::default();
    found.differ(
        "harness",
        (&before.harness, &now.harness),
        "checks may ask otherwise under the same id; run the old build with this harness to be \
         sure",
    );
    profile(&before.profile, &now.profile, &mut found);
    found.differ(
        "snippet",
        (&short(&before.snippet.sha256), &short(&now.snippet.sha256)),
        "a change may be the snippet's",
    );
    if let (Some(before), Some(now)) = (&before.browser, &now.browser) {
        let consequence = "a change may be the browser's; times are not compared";
        found.differ("browser", (before, now), consequence);
    }
    let engines = before.engines_with(now);
    if let Some(engines) = engines {
        let consequence = "this says what differs between engines, and not between releases";
        found.differ("engine", engines, consequence);
    }
    if let (Some(before), Some(now)) = (&before.platform, &now.platform) {
        found.differ("machine", (before, now), "times are not compared");
    }
    if before.filter != now.filter {
        found.say(
            "selection",
            Some((selection(&before.filter), selection(&now.filter))),
            "a check that the new selection leaves out has not vanished; the wire is compared over \
             the cases of both",
        );
    }
    for (side, whose) in [(before, "old"), (now, "new")] {
        if side.interrupted {
            let consequence = format!(
                "the {whose} run was stopped before its end: what it did not come to is missing"
            );
            found.say("interrupted", None, &consequence);
        }
    }
    if let Some(consequence) = rewritten(old, new) {
        found.say("scenarios", None, &consequence);
    }
    let is_same_build = before.sdk_sha256 == now.sdk_sha256 && before.kind == SideKind::Report;
    if is_same_build && engines.is_none() {
        let consequence = "both runs are of the same build: whatever differs is not its doing";
        found.say("build", None, consequence);
    }
    found.0
}

/// What was found so far.
#[derive(Default)]
struct Found(Vec<Circumstance>);

impl Found {
    fn say(&mut self, what: &str, sides: Option<(String, String)>, consequence: &str) {
        let (old, new) = sides.unzip();
        self.0.push(Circumstance {
            what: what.to_owned(),
            old,
            new,
            consequence: consequence.to_owned(),
        });
    }

    /// Says it where the two sides differ.
    fn differ(&mut self, what: &str, (old, new): (&str, &str), consequence: &str) {
        if old != new {
            self.say(what, Some((old.to_owned(), new.to_owned())), consequence);
        }
    }
}

fn profile(before: &ProfileReport, now: &ProfileReport, found: &mut Found) {
    if before.name == now.name {
        let old = ProfileHash::stored(&before.sha256);
        let new = ProfileHash::stored(&now.sha256);
        let sides = Some((old.short(), new.short()));
        match old.compare(&new) {
            Likeness::Same => {}
            Likeness::Different => found.say(
                "profile's text",
                sides,
                "verdicts and wire are compared, but a change may be the profile's",
            ),
            Likeness::Unknown => found.say(
                "profile's hash",
                sides,
                "it was made in another way before: compare the files themselves, for a change may \
                 be the profile's",
            ),
        }
    } else {
        found.differ(
            "profile",
            (&before.name, &now.name),
            "verdicts and wire are compared, but what is a kind of event, and what is claimed, is \
             for each profile to say",
        );
    }
    for (policy, value) in &now.policies {
        if let Some(other) = before.policies.get(policy) {
            let consequence = "the two builds are judged by different rules";
            found.differ(&format!("policy {policy}"), (other, value), consequence);
        }
    }
}

fn selection(filter: &[String]) -> String {
    if filter.is_empty() {
        "everything".to_owned()
    } else {
        filter.join(", ")
    }
}

fn short(sha256: &str) -> String {
    sha256.chars().take(12).collect()
}

/// Whether the scenarios themselves were rewritten, as far as the reports show it.
fn rewritten(old: &Side, new: &Side) -> Option<String> {
    let (before, now) = (old.report.as_ref()?, new.report.as_ref()?);
    let before = before.checks.iter().map(|check| (&check.id, check));
    let before: HashMap<&CheckId, &CheckReport> = before.collect();
    let is_another = |check: &&CheckReport| {
        before.get(&check.id).is_some_and(|other| {
            other.line != check.line || other.requirements != check.requirements
        })
    };
    let count = now.checks.iter().filter(is_another).count();
    let consequence = || {
        format!(
            "{count} checks stand otherwise in their scenario: they may ask another thing under \
             the same id"
        )
    };
    (count > 0).then(consequence)
}
