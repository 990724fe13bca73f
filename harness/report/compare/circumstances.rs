use super::model::{Circumstance, SideKind};
use super::side::Side;
use crate::report::model::ProfileReport;
use crate::sdk::{Likeness, ProfileHash};

/// What else differs between the two runs. Whatever can be compared in spite of it is compared, and
/// this says what to make of it.
pub fn circumstances(old: &Side, new: &Side) -> Vec<Circumstance> {
    let (before, now) = (&old.about, &new.about);
    let mut found = Vec::new();
    let mut say = |what: &str, old: Option<String>, new: Option<String>, consequence: &str| {
        found.push(Circumstance {
            what: what.to_owned(),
            old,
            new,
            consequence: consequence.to_owned(),
        });
    };
    if before.harness != now.harness {
        let consequence = "checks may ask otherwise under the same id; run the old build with this \
            harness to be sure";
        say(
            "harness",
            Some(before.harness.clone()),
            Some(now.harness.clone()),
            consequence,
        );
    }
    if before.profile.name == now.profile.name {
        let hash = |profile: &ProfileReport| ProfileHash::stored(&profile.sha256);
        let (old, new) = (hash(&before.profile), hash(&now.profile));
        let found = match old.compare(&new) {
            Likeness::Same => None,
            Likeness::Different => Some((
                "profile's text",
                "verdicts and wire are compared, but a change may be the profile's",
            )),
            Likeness::Unknown => Some((
                "profile's hash",
                "it was made in another way before: compare the files themselves, for a change \
                 may be the profile's",
            )),
        };
        if let Some((what, consequence)) = found {
            say(what, Some(old.short()), Some(new.short()), consequence);
        }
    } else {
        let consequence = "verdicts and wire are compared, but what is a kind of event, and what \
            is claimed, is for each profile to say";
        say(
            "profile",
            Some(before.profile.name.clone()),
            Some(now.profile.name.clone()),
            consequence,
        );
    }
    for (policy, value) in &now.profile.policies {
        if let Some(other) = before
            .profile
            .policies
            .get(policy)
            .filter(|other| *other != value)
        {
            say(
                &format!("policy {policy}"),
                Some(other.clone()),
                Some(value.clone()),
                "the two builds are judged by different rules",
            );
        }
    }
    if before.snippet.sha256 != now.snippet.sha256 {
        say(
            "snippet",
            Some(short(&before.snippet.sha256)),
            Some(short(&now.snippet.sha256)),
            "a change may be the snippet's",
        );
    }
    if let (Some(a), Some(b)) = (&before.browser, &now.browser)
        && a != b
    {
        say(
            "browser",
            Some(a.clone()),
            Some(b.clone()),
            "a change may be the browser's; times are not compared",
        );
    }
    if let (Some(a), Some(b)) = (&before.platform, &now.platform)
        && a != b
    {
        say(
            "machine",
            Some(a.clone()),
            Some(b.clone()),
            "times are not compared",
        );
    }
    if before.filter != now.filter {
        let consequence = "a check that the new selection leaves out has not vanished; the wire is \
            compared over the cases of both";
        say(
            "selection",
            Some(selection(&before.filter)),
            Some(selection(&now.filter)),
            consequence,
        );
    }
    for (side, whose) in [(before, "old"), (now, "new")] {
        if side.interrupted {
            say(
                "interrupted",
                None,
                None,
                &format!(
                    "the {whose} run was stopped before its end: what it did not come to is missing"
                ),
            );
        }
    }
    if let Some(consequence) = rewritten(old, new) {
        say("scenarios", None, None, &consequence);
    }
    if before.sdk_sha256 == now.sdk_sha256 && before.kind == SideKind::Report {
        say(
            "build",
            None,
            None,
            "both runs are of the same build: whatever differs is not its doing",
        );
    }
    found
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
    let is_another = |check: &&crate::report::model::CheckReport| {
        old.checks.contains_key(&check.id)
            && before
                .checks
                .iter()
                .find(|other| other.id == check.id)
                .is_some_and(|other| {
                    other.line != check.line || other.requirements != check.requirements
                })
    };
    let count = now.checks.iter().filter(is_another).count();
    (count > 0).then(|| {
        format!(
            "{count} checks stand otherwise in their scenario: they may ask another thing \
             under the same id"
        )
    })
}
