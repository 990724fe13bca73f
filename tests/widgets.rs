//! Steps do with the widgets what a scenario says, in whatever state these are.

use std::fs;

use crate::support::{CONFORMS, alhena, empty_suite};

#[test]
fn chat_that_is_open_stays_open_when_it_is_opened() {
    let suite = empty_suite();
    let scenario = "title = \"An open chat is opened and closed\"\n\
                    steps = [\n  { visit = \"product\" },\n  { interact = \"chat\" },\n  \
                    { open = \"chat\" },\n  { dismiss = \"chat\" },\n]\n\n\
                    [checks]\nsteps-done = [\"GUEST-SHOP-WORKS\"]\n";
    let file = suite.path().join("scenarios/opened.toml");
    fs::write(file, scenario).expect("a scenario can be written");
    alhena("run")
        .option("--fixtures", suite.path())
        .option("--filter", "*")
        .in_a_browser()
        .ends_with(CONFORMS);
}
