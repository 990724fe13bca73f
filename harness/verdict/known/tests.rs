#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

use rstest::rstest;
use toml::value::Date;

use super::*;
use crate::contract::CheckId;
use crate::input::{Files, Source};
use crate::plan::{Case, Patterns};
use crate::scenario::Suite;
use crate::verdict::{Expected, Status};

const ONCE: &str = "dedup/twice-in-a-row@call=queue#once";
const DELIVERED: &str = "dedup/twice-in-a-row@call=queue#delivered";
const SHA256: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

pub fn list(text: &str) -> KnownFailures {
    KnownFailures::new(Source {
        name: "known.toml".into(),
        text: text.into(),
    })
    .unwrap_or_else(|error| panic!("{error}"))
}

/// One entry with a reason and this text beside it.
fn entry(text: &str) -> String {
    format!("[[known_failure]]\nreason = \"Ticket 7.\"\n{text}\n")
}

pub fn target() -> Target<'static> {
    let today = Date {
        year: 2026,
        month: 6,
        day: 30,
    };
    Target {
        browser: Some(("chrome-headless-shell", "141.0.7390.37")),
        sdk: "dist/gleenWidget.js?v=3",
        sha256: SHA256,
        today,
    }
}

/// The cases of one scenario, and a prerequisite.
fn plan() -> (Suite, Vec<Case>) {
    let suite = Suite::load(&Files::default()).unwrap();
    let cases = suite.plan(&mut Patterns::new(&["dedup/twice-in-a-row".to_owned()]));
    (suite, cases)
}

/// What becomes of the only entry of `text` where these checks have these verdicts, and every other
/// passes.
fn state(text: &str, verdicts: &[(&str, Option<Status>)]) -> EntryState {
    let (suite, cases) = plan();
    let known = list(text);
    let status = |id: &CheckId| {
        verdicts
            .iter()
            .find(|(check, _)| id.0 == *check)
            .map_or(Some(Status::Pass), |(_, status)| *status)
    };
    let checks = cases
        .iter()
        .flat_map(|case| case.checks.iter().map(move |check| (case, check)));
    let checked: Vec<Checked<'_>> = checks
        .map(|(case, check)| Checked {
            case,
            check,
            status: status(&check.id),
        })
        .collect();
    Knowledge {
        known: &known,
        register: &suite.register,
        target: target(),
    }
    .verdicts(&checked)[0]
        .state
}

#[rstest]
#[case::an_unknown_key("check = \"a\"\nbecause = \"x\"", "unknown field `because`", 4)]
#[case::no_check("link = \"x\"", "missing field `check`", 1)]
#[case::an_empty_check("check = \" \"", "`check` of this entry is empty", 3)]
#[case::an_empty_link("check = \"a\"\nlink = \"\"", "`link` of this entry is empty", 4)]
#[case::a_day_that_never_was("check = \"a\"\nexpires = 2026-02-30", "", 4)]
#[case::a_moment(
    "check = \"a\"\nexpires = 2026-02-20T10:00:00Z",
    "which is not a day",
    4
)]
#[case::a_day_as_text("check = \"a\"\nexpires = \"2026-02-20\"", "", 4)]
#[case::a_short_sha256("check = \"a\"\nsdk = \"0123abc\"", "has 7 hex digits", 4)]
#[case::flaky_for_ever("check = \"a\"\nflaky = true", "is flaky and never expires", 1)]
fn what_an_entry_does_not_say_is_an_error_at_its_line(
    #[case] text: &str,
    #[case] message: &str,
    #[case] line: usize,
) {
    let error = KnownFailures::new(Source {
        name: "known.toml".into(),
        text: entry(text),
    })
    .unwrap_err()
    .to_string();
    assert!(
        error.contains(message) && error.contains(&format!("known.toml:{line}")),
        "{error}"
    );
}

#[test]
fn a_reason_is_asked_for() {
    let error = KnownFailures::new(Source {
        name: "known.toml".into(),
        text: "[[known_failure]]\ncheck = \"a\"\nreason = \"\"".into(),
    })
    .unwrap_err();
    assert!(error.to_string().contains("known.toml:3"), "{error}");
}

#[rstest]
#[case::anywhere("", true)]
#[case::the_browser("browser = \"chrome-headless-shell\"", true)]
#[case::its_version("browser = \"chrome-headless-shell 141.*\"", true)]
#[case::another_version("browser = \"chrome-headless-shell 140.*\"", false)]
#[case::another_browser("browser = \"firefox\"", false)]
#[case::the_build("sdk = \"01234567\"", true)]
#[case::in_capitals("sdk = \"0123456789ABCDEF\"", true)]
#[case::another_build("sdk = \"11111111\"", false)]
#[case::the_file("sdk = \"gleen*.js\"", true)]
#[case::another_file("sdk = \"other.js\"", false)]
fn an_entry_says_where_it_is_in_force(#[case] text: &str, #[case] in_force: bool) {
    let known = list(&entry(&format!("check = \"*\"\n{text}")));
    let standing = known.entries[0].standing(&target());
    assert_eq!(standing == Standing::InForce, in_force, "{standing:?}");
    assert_eq!(
        matches!(standing, Standing::Elsewhere(_)),
        !in_force,
        "{standing:?}"
    );
}

#[rstest]
#[case::the_day_before("2026-06-29", false)]
#[case::the_day_itself("2026-06-30", true)]
fn an_entry_lasts_until_the_end_of_its_day(#[case] day: &str, #[case] in_force: bool) {
    let known = list(&entry(&format!("check = \"*\"\nexpires = {day}")));
    assert_eq!(
        known.entries[0].standing(&target()) == Standing::InForce,
        in_force
    );
}

#[rstest]
#[case::failing(ONCE, Some(Status::KnownFailure), EntryState::Failing)]
#[case::passing(ONCE, Some(Status::UnexpectedPass), EntryState::Stale)]
#[case::not_run(ONCE, None, EntryState::NotSelected)]
#[case::not_judged(ONCE, Some(Status::Error), EntryState::Undecided)]
#[case::of_more_checks(
    "dedup/twice-in-a-row@call=queue",
    Some(Status::KnownFailure),
    EntryState::TooWide
)]
#[case::of_nothing("dedup/never", Some(Status::Pass), EntryState::Unmatched)]
#[case::of_a_prerequisite("install/becomes-ready*", Some(Status::Pass), EntryState::Unmatched)]
fn an_entry_must_be_so(
    #[case] check: &str,
    #[case] status: Option<Status>,
    #[case] expected: EntryState,
) {
    assert_eq!(
        state(&entry(&format!("check = \"{check}\"")), &[(ONCE, status)]),
        expected
    );
}

#[test]
fn entry_of_unselected_checks_is_never_stale() {
    let text = entry("check = \"dedup/twice-in-a-row@call=queue\"");
    assert_eq!(state(&text, &[(DELIVERED, None)]), EntryState::TooWide);
}

#[test]
fn entry_of_another_browser_is_neither_stale_nor_wrong() {
    let text = entry(&format!("check = \"{ONCE}\"\nbrowser = \"firefox\""));
    let state = state(&text, &[(ONCE, Some(Status::Pass))]);
    assert_eq!(
        (state, state.is_wrong()),
        (EntryState::NotApplicable, false)
    );
}

#[test]
fn a_flaky_one_may_hold() {
    let text = entry(&format!(
        "check = \"{ONCE}\"\nflaky = true\nexpires = 2027-01-01"
    ));
    assert_eq!(state(&text, &[]), EntryState::Held);
    assert_eq!(
        state(&text, &[(ONCE, Some(Status::KnownFailure))]),
        EntryState::Failing
    );
}

#[test]
fn entry_decides_what_is_expected_of_a_check() {
    let (suite, cases) = plan();
    let expected = |text: &str| {
        let known = list(text);
        let (case, check) = cases
            .iter()
            .flat_map(|case| case.checks.iter().map(move |check| (case, check)))
            .find(|(_, check)| check.id.0 == ONCE)
            .unwrap();
        Knowledge {
            known: &known,
            register: &suite.register,
            target: target(),
        }
        .expected(case, check)
    };
    let known = entry("check = \"DEDUP-*\"");
    let flaky = entry(&format!(
        "check = \"{ONCE}\"\nflaky = true\nexpires = 2027-01-01"
    ));
    assert_eq!(expected(""), (Expected::Holds, None));
    assert_eq!(
        expected(&known),
        (Expected::Breaks, Some("known.toml:1".into()))
    );
    assert_eq!(expected(&format!("{known}{flaky}")).0, Expected::Either);
    assert_eq!(
        expected(&entry("check = \"*\"\nexpires = 2020-01-01")).0,
        Expected::Holds
    );
    assert_eq!(
        expected(&entry("check = \"*\"\nbrowser = \"firefox\"")).0,
        Expected::Holds
    );
}

#[test]
fn undecided_check_is_never_a_known_failure() {
    for status in [Status::Error, Status::NotTestable, Status::NotRun] {
        assert_eq!(
            (
                status.against(Expected::Breaks),
                status.against(Expected::Either)
            ),
            (status, status)
        );
    }
    assert_eq!(
        Status::Flaky.against(Expected::Breaks),
        Status::Flaky,
        "it was said to fail always"
    );
    assert_eq!(
        Status::Flaky.against(Expected::Either),
        Status::KnownFailure
    );
    assert_eq!(
        Status::Pass.against(Expected::Breaks),
        Status::UnexpectedPass
    );
}
