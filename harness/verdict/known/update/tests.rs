#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

use super::*;
use crate::verdict::known::tests::{list, target};
use crate::verdict::known::{Target, entry};

/// The list after an update, where the entries have these states and these checks have these
/// verdicts.
fn update(
    text: &str,
    states: &[(EntryState, &[(&str, Status)])],
    failed: &[(&str, bool)],
) -> Update {
    update_in(None, text, states, failed)
}

/// The same in this browser of another engine than the default one.
fn update_in(
    browser: Option<&str>,
    text: &str,
    states: &[(EntryState, &[(&str, Status)])],
    failed: &[(&str, bool)],
) -> Update {
    let known = list(text);
    let id = |id: &str| CheckId(id.to_owned());
    let verdicts: Vec<EntryVerdict<'_>> = std::iter::zip(&known.entries, states)
        .map(|(entry, (state, checks))| EntryVerdict {
            entry,
            at: known.at(entry),
            state: *state,
            message: None,
            checks: checks
                .iter()
                .map(|(check, status)| (id(check), *status))
                .collect(),
            not_selected: 0,
        })
        .collect();
    let failed: Vec<NewFailure> = failed
        .iter()
        .map(|(check, flaky)| NewFailure {
            check: id(check),
            message: "was sent\n\"twice\"".into(),
            flaky: *flaky,
        })
        .collect();
    updated(
        &known,
        &verdicts,
        &failed,
        Date {
            year: 2026,
            month: 9,
            day: 28,
        },
        browser,
    )
    .unwrap()
}

const TWO: &str = "# What we know.\n\n# The first, since May.\n[[known_failure]]\n\
    check = \"a#once\"\nreason = \"x\" # by the gateway\n\n# The second.\n[[known_failure]]\n\
    reason = 'y'\ncheck = 'b#once'\n# the end\n";

#[test]
fn fitting_list_is_not_changed() {
    let states: [(EntryState, &[_]); 2] =
        [(EntryState::Failing, &[]), (EntryState::NotApplicable, &[])];
    assert_eq!(update(TWO, &states, &[]).text, TWO);
}

#[test]
fn stale_entry_goes_with_its_own_comment() {
    let updated = update(
        TWO,
        &[(EntryState::Stale, &[]), (EntryState::Failing, &[])],
        &[],
    );
    assert_eq!(
        updated.text,
        "# What we know.\n\n# The second.\n[[known_failure]]\nreason = 'y'\ncheck = 'b#once'\n\
         # the end\n"
    );
    assert_eq!(updated.removed, ["4: stale"]);
    let none = update(
        TWO,
        &[(EntryState::Stale, &[]), (EntryState::Unmatched, &[])],
        &[],
    );
    assert_eq!(none.text, "# What we know.\n\n# the end\n");
}

#[test]
fn new_entry_is_added_last_with_reason_and_date() {
    let updated = update("", &[], &[("a#once", false), ("b#once", true)]);
    let reason = "reason = 'found: was sent \"twice\"'\nexpires = 2026-09-28\n";
    let text = format!(
        "[[known_failure]]\ncheck = \"a#once\"\n{reason}\n[[known_failure]]\ncheck = \"b#once\"\n\
         {reason}flaky = true\n"
    );
    assert_eq!(updated.text, text);
    assert_eq!(
        list(&updated.text).entries.len(),
        2,
        "what is written can be read"
    );
    let states: [(EntryState, &[_]); 2] = [(EntryState::Failing, &[]), (EntryState::Failing, &[])];
    let longer = update(TWO, &states, &[("c#once", false)]).text;
    assert!(
        longer.starts_with(TWO.trim_end_matches("# the end\n"))
            && longer.contains("check = \"c#once\""),
        "{longer}"
    );
}

#[test]
fn wide_entry_is_narrowed_and_keeps_its_reason() {
    let checks: &[_] = &[
        ("a#once", Status::KnownFailure),
        ("a#in-order", Status::KnownFailure),
        ("a#shape", Status::UnexpectedPass),
    ];
    let updated = update(
        TWO,
        &[(EntryState::TooWide, checks), (EntryState::Failing, &[])],
        &[],
    );
    let known = list(&updated.text);
    let read: Vec<(&str, &str)> = known
        .entries
        .iter()
        .map(|entry| (entry.check.text(), entry.reason.as_str()))
        .collect();
    assert_eq!(
        read,
        [("a#once", "x"), ("a#in-order", "x"), ("b#once", "y")],
        "{}",
        updated.text
    );
    assert_eq!(
        updated.text.matches("The first").count(),
        1,
        "{}",
        updated.text
    );
}

#[test]
fn expired_entry_is_left() {
    let states: [(EntryState, &[_]); 2] = [
        (EntryState::Expired, &[("a#once", Status::Fail)]),
        (EntryState::Failing, &[]),
    ];
    let updated = update(TWO, &states, &[("a#once", false)]);
    assert_eq!(updated.text, TWO);
    assert_eq!(updated.left.len(), 1);
}

#[test]
fn new_entry_of_another_engine_counts_in_its_browser_alone() {
    let updated = update_in(Some("firefox"), "", &[], &[("a#once", false)]);
    let known = list(&updated.text);
    let standing = |browser| {
        let browser = Some((browser, "153.0"));
        known.entries[0].standing(&Target {
            browser,
            ..target()
        })
    };
    assert_eq!(standing("firefox"), entry::Standing::InForce);
    assert!(matches!(standing("chrome"), entry::Standing::Elsewhere(_)));
    let text = update("", &[], &[("a#once", false)]).text;
    assert!(!text.contains("browser"), "{text}");
}

#[test]
fn entry_of_another_engine_is_kept_beside_the_new_one_of_this() {
    let states: [(EntryState, &[_]); 2] = [
        (EntryState::NotApplicable, &[("a#once", Status::Fail)]),
        (EntryState::NotApplicable, &[("b#once", Status::Pass)]),
    ];
    let updated = update_in(Some("firefox"), TWO, &states, &[("a#once", false)]);
    assert!(
        updated
            .text
            .starts_with(TWO.trim_end_matches("# the end\n")),
        "{}",
        updated.text
    );
    assert_eq!((updated.added.len(), updated.left.len()), (1, 0));
    assert_eq!(list(&updated.text).entries.len(), 3);
}

#[test]
fn entry_that_names_no_browser_is_left_in_another_engine_than_the_default_one() {
    let wide: &[_] = &[
        ("b#once", Status::KnownFailure),
        ("b#in-order", Status::Pass),
    ];
    let states = [
        (EntryState::Stale, [].as_slice()),
        (EntryState::TooWide, wide),
    ];
    let updated = update_in(Some("firefox"), TWO, &states, &[]);
    assert_eq!(updated.text, TWO);
    assert_eq!(updated.left.len(), 2);
    assert!(
        updated.left[0].contains("give it a `browser`"),
        "{updated:?}"
    );
}

#[test]
fn stale_entry_of_this_browser_goes_in_every_engine() {
    let text = "[[known_failure]]\ncheck = \"a#once\"\nreason = \"x\"\nbrowser = \"firefox\"\n";
    let updated = update_in(Some("firefox"), text, &[(EntryState::Stale, &[])], &[]);
    assert_eq!((updated.text.as_str(), updated.removed.len()), ("", 1));
}
