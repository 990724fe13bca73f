//! A mistake in a fixture is found before a browser is started, and is shown with its file and
//! line.

mod support;

use std::fs;
use std::path::Path;

use rstest::rstest;
use support::{CONFORMS, Ended, USAGE, alhena, copy_of_the_fixtures, empty_suite};

/// A scenario without a mistake.
const SOUND: &str = r#"title = "An added item is recorded"
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

fn list(fixtures: &Path) -> support::Alhena {
    alhena("list").option("--fixtures", fixtures)
}

/// Expects `text` beside the place of the mistake, as an editor understands it.
fn points_at(ended: &Ended, fixtures: &Path, place: &str, says: &str) {
    ended
        .warns(says)
        .warns(&format!("--> {}/{place}\n", fixtures.display()));
}

#[test]
fn a_scenario_without_a_mistake_is_listed() {
    let fixtures = copy_of_the_fixtures();
    fs::write(fixtures.path().join("scenarios/new.toml"), SOUND)
        .expect("a scenario can be written");
    list(fixtures.path())
        .ends_with(CONFORMS)
        .prints("\n  new#delivered\n");
}

#[rstest]
#[case::an_unknown_key("[expect]", "[expect]\ncolour = 1", 10, "unknown field `colour`")]
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
#[case::a_word_that_is_none_of_the_known("\"chat\"", "\"talk\"", 4, "unknown variant `talk`")]
#[case::false_where_only_true_makes_sense(
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
#[case::two_verbs_in_one_step(
    "{ visit = \"product\" }",
    "{ visit = \"product\", go = \"back\" }",
    3,
    "this step does two things"
)]
#[case::no_verb_at_all("{ visit = \"product\" }", "{}", 3, "this step does nothing")]
#[case::a_name_for_nothing_read(
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
#[case::a_promise_taken_for_an_observation(
    "delivered =",
    "observe-events =",
    13,
    "goes with requirements of the level `observe`"
)]
#[case::a_key_without_a_value("= \"An added item is recorded\"", "=", 1, "expected")]
#[case::text_that_is_not_closed("is recorded\"", "is recorded", 1, "invalid basic string")]
fn a_mistake_in_a_scenario_is_shown_at_its_line(
    #[case] sound: &str,
    #[case] broken: &str,
    #[case] line: usize,
    #[case] says: &str,
) {
    let fixtures = copy_of_the_fixtures();
    assert!(SOUND.contains(sound), "{sound}");
    fs::write(
        fixtures.path().join("scenarios/new.toml"),
        SOUND.replacen(sound, broken, 1),
    )
    .expect("a scenario can be written");
    points_at(
        &list(fixtures.path()).ends_with(USAGE),
        fixtures.path(),
        &format!("scenarios/new.toml:{line}"),
        says,
    );
}

#[test]
fn a_scenario_that_checks_nothing_is_refused() {
    let fixtures = copy_of_the_fixtures();
    let unchecked = SOUND
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
fn every_broken_file_is_shown_not_only_the_first() {
    let fixtures = copy_of_the_fixtures();
    for (file, scenario) in [
        ("one.toml", SOUND.replace("visit", "visits")),
        ("two.toml", SOUND.replace("CART-TYPES", "NONE")),
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
fn a_requirement_that_stands_twice_is_shown_at_its_second_place() {
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
fn an_event_that_is_no_event_is_shown_with_the_step_that_names_it() {
    let fixtures = empty_suite();
    fs::write(
        fixtures.path().join("events/cart/odd.json"),
        "{\n  \"method\": \"sendWishEvent\",\n  \"args\": {}\n}\n",
    )
    .expect("an event can be written");
    fs::write(
        fixtures.path().join("scenarios/new.toml"),
        SOUND.replacen("cart/trail-runner-added", "cart/odd", 1),
    )
    .expect("a scenario can be written");
    let ended = list(fixtures.path()).ends_with(USAGE);
    points_at(
        &ended,
        fixtures.path(),
        "events/cart/odd.json:2",
        "unknown variant `sendWishEvent`",
    );
    points_at(
        &ended,
        fixtures.path(),
        "scenarios/new.toml:5",
        "event `cart/odd` cannot be used",
    );
}

#[test]
fn a_fixtures_folder_without_a_scenario_is_refused() {
    let fixtures = empty_suite();
    list(fixtures.path())
        .ends_with(USAGE)
        .warns("no scenario was found")
        .warns("put TOML files into `scenarios/`");
}

#[test]
fn a_run_refuses_what_list_refuses() {
    let fixtures = copy_of_the_fixtures();
    fs::write(
        fixtures.path().join("scenarios/new.toml"),
        SOUND.replace("visit", "visits"),
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
