//! An error in a fixture is reported with its file and line before a browser is started.

use std::fs;
use std::path::Path;

use rstest::rstest;

use crate::support::{Alhena, CONFORMS, Ended, USAGE, alhena, copy_of_the_fixtures, empty_suite};

/// A valid scenario.
const VALID: &str = r#"title = "An added item is recorded"
steps = [
  { visit = "product" },
  { interact = "chat" },
  { track = "cart/trail-runner-added" },
  { read = "document.title", as = "title" },
]

[expect]
recorded = ["cart/trail-runner-added"]

[checks]
delivered = ["CART-TYPES"]
"#;

fn list(fixtures: &Path) -> Alhena {
    alhena("list").option("--fixtures", fixtures)
}

/// Expects the message with the location of the error, as an editor understands it.
fn points_at(ended: &Ended, fixtures: &Path, location: &str, message: &str) {
    ended
        .warns(message)
        .warns(&format!("--> {}/{location}\n", fixtures.display()));
}

#[test]
fn valid_scenario_is_listed() {
    let fixtures = copy_of_the_fixtures();
    fs::write(fixtures.path().join("scenarios/new.toml"), VALID)
        .expect("a scenario can be written");
    list(fixtures.path())
        .ends_with(CONFORMS)
        .prints("\n  new#delivered\n");
}

#[rstest]
#[case::an_unknown_key("[expect]", "[expect]\ncolour = 1", 10, "unknown field `colour`")]
#[case::an_observed_value_that_is_not_read(
    "[expect]",
    "observes = [\"stored-names\"]\n[expect]",
    9,
    "no `read` step reads `local`, which is observed here"
)]
#[case::a_given_value_that_is_not_read(
    "[expect]",
    "[given]\nlocal = true\n[expect]",
    10,
    "no `read` step reads `local`, which [given] compares"
)]
#[case::an_unknown_step("interact =", "interakt =", 4, "unknown field `interakt`")]
#[case::a_value_of_the_wrong_type(
    "title = \"An added item is recorded\"",
    "title = 7",
    1,
    "expected a string"
)]
#[case::a_number_for_an_event(
    "track = \"cart/trail-runner-added\"",
    "track = 7",
    5,
    "expected an event"
)]
#[case::an_unknown_variant("\"chat\"", "\"talk\"", 4, "unknown variant `talk`")]
#[case::false_in_place_of_true(
    "interact = \"chat\"",
    "until_ready = false",
    4,
    "only `true` makes sense here"
)]
#[case::an_unknown_check("delivered =", "delivred =", 13, "unknown variant `delivred`")]
#[case::an_unknown_requirement("CART-TYPES", "CART-TYPOS", 13, "`CART-TYPOS` is not a requirement")]
#[case::a_missing_event_file(
    "recorded = [\"cart/trail",
    "recorded = [\"cart/train",
    10,
    "cart/train-runner-added"
)]
#[case::a_series_without_a_number(
    "track = \"cart/trail-runner-added\"",
    "track = \"cart/numbered*many\"",
    5,
    "`many` is not a whole number"
)]
#[case::a_series_of_nothing(
    "track = \"cart/trail-runner-added\"",
    "track = \"cart/numbered*0\"",
    5,
    "`0` is not a whole number from 1 to 10000"
)]
#[case::two_verbs_in_one_step(
    "{ visit = \"product\" }",
    "{ visit = \"product\", go = \"back\" }",
    3,
    "this step does two things"
)]
#[case::no_verb_at_all("{ visit = \"product\" }", "{}", 3, "this step does nothing")]
#[case::a_name_without_a_read(
    "{ interact = \"chat\" }",
    "{ interact = \"chat\", as = \"x\" }",
    4,
    "`as` does not go with this step"
)]
#[case::a_value_without_a_name(", as = \"title\"", "", 6, "a `read` step needs a name")]
#[case::a_check_that_compares_with_nothing(
    "delivered =",
    "console =",
    13,
    "can prove nothing here: `expect.console` is empty"
)]
#[case::a_check_of_a_value_that_is_not_read(
    "[checks]",
    "page.name = \"x\"\n\n[checks]\npage = [\"CART-TYPES\"]",
    15,
    "names a value that no `read` step reads"
)]
#[case::a_check_without_a_requirement("[\"CART-TYPES\"]", "[]", 13, "it names no requirement")]
#[case::a_must_as_an_observation(
    "delivered =",
    "observe-events =",
    13,
    "goes with requirements of the level `observe`"
)]
#[case::a_key_without_a_value("= \"An added item is recorded\"", "=", 1, "expected")]
#[case::an_unclosed_text("is recorded\"", "is recorded", 1, "invalid basic string")]
fn scenario_error_is_reported_at_its_line(
    #[case] original: &str,
    #[case] replacement: &str,
    #[case] line: usize,
    #[case] message: &str,
) {
    let fixtures = copy_of_the_fixtures();
    assert!(VALID.contains(original), "{original}");
    fs::write(
        fixtures.path().join("scenarios/new.toml"),
        VALID.replacen(original, replacement, 1),
    )
    .expect("a scenario can be written");
    points_at(
        &list(fixtures.path()).ends_with(USAGE),
        fixtures.path(),
        &format!("scenarios/new.toml:{line}"),
        message,
    );
}

#[test]
fn scenario_without_checks_is_refused() {
    let fixtures = copy_of_the_fixtures();
    let unchecked = VALID
        .split("[checks]")
        .next()
        .expect("the part before its checks");
    fs::write(fixtures.path().join("scenarios/new.toml"), unchecked)
        .expect("a scenario can be written");
    points_at(
        &list(fixtures.path()).ends_with(USAGE),
        fixtures.path(),
        "scenarios/new.toml",
        "this scenario checks nothing",
    );
}

#[test]
fn every_invalid_file_is_reported() {
    let fixtures = copy_of_the_fixtures();
    for (file, scenario) in [
        ("one.toml", VALID.replace("visit", "visits")),
        ("two.toml", VALID.replace("CART-TYPES", "NONE")),
    ] {
        fs::write(fixtures.path().join("scenarios").join(file), scenario)
            .expect("a scenario can be written");
    }
    let ended = list(fixtures.path()).ends_with(USAGE);
    ended.warns("2 errors found");
    points_at(
        &ended,
        fixtures.path(),
        "scenarios/one.toml:3",
        "unknown field `visits`",
    );
    points_at(
        &ended,
        fixtures.path(),
        "scenarios/two.toml:13",
        "`NONE` is not a requirement",
    );
}

#[test]
fn duplicate_requirement_is_reported_at_its_second_line() {
    let fixtures = copy_of_the_fixtures();
    let file = fixtures.path().join("requirements.toml");
    let register = fs::read_to_string(&file).expect("the register is there");
    let first = register
        .split("[[requirement]]")
        .nth(1)
        .expect("it holds a requirement");
    let (line, id) = (
        register.lines().count() + 1,
        first.split('"').nth(1).expect("which has an id"),
    );
    fs::write(&file, format!("{register}[[requirement]]{first}"))
        .expect("the register can be written");
    points_at(
        &list(fixtures.path()).ends_with(USAGE),
        fixtures.path(),
        &format!("requirements.toml:{line}"),
        &format!("requirement `{id}` stands twice"),
    );
}

#[test]
fn invalid_event_is_reported_with_the_step_naming_it() {
    let fixtures = empty_suite();
    fs::write(
        fixtures.path().join("events/cart/invalid.json"),
        "{\n  \"method\": \"sendWishEvent\",\n  \"args\": {}\n}\n",
    )
    .expect("an event can be written");
    fs::write(
        fixtures.path().join("scenarios/new.toml"),
        VALID.replacen("cart/trail-runner-added", "cart/invalid", 1),
    )
    .expect("a scenario can be written");
    let ended = list(fixtures.path()).ends_with(USAGE);
    points_at(
        &ended,
        fixtures.path(),
        "events/cart/invalid.json:2",
        "unknown variant `sendWishEvent`",
    );
    points_at(
        &ended,
        fixtures.path(),
        "scenarios/new.toml:5",
        "event `cart/invalid` cannot be used",
    );
}

#[test]
fn fixtures_without_scenarios_are_refused() {
    let fixtures = empty_suite();
    list(fixtures.path())
        .ends_with(USAGE)
        .warns("no scenario was found")
        .warns("put TOML files into `scenarios/`");
}

#[test]
fn run_refuses_what_list_refuses() {
    let fixtures = copy_of_the_fixtures();
    fs::write(
        fixtures.path().join("scenarios/new.toml"),
        VALID.replace("visit", "visits"),
    )
    .expect("a scenario can be written");
    let ended = alhena("run")
        .option("--fixtures", fixtures.path())
        .ends_with(USAGE);
    points_at(
        &ended,
        fixtures.path(),
        "scenarios/new.toml:3",
        "unknown field `visits`",
    );
}
