//! The conditions of pages are neutral: they are really there, and the shop works under them, with
//! an SDK and without one.

use std::fs;
use std::path::Path;

use rstest::rstest;
use serde_json::json;
use toml::Table;

use crate::support::{CONFORMS, alhena, bundled, empty_suite, reference};

/// An SDK that does nothing.
const NOTHING: &str = "void 0;";

#[rstest]
#[case::without_an_sdk(NOTHING.to_owned())]
#[case::with_the_reference_sdk(reference())]
fn every_condition_is_there_and_the_shop_works_under_it(#[case] sdk: String) {
    let suite = empty_suite();
    let scenarios = suite.path().join("scenarios");
    for entry in fs::read_dir(bundled().join("conditions"))
        .expect("there are conditions")
        .flatten()
        .filter(|entry| entry.path().extension().is_some_and(|own| own == "toml"))
    {
        let path = entry.path();
        let id = path.file_stem().unwrap_or_default().to_string_lossy();
        let scenario = scenario(&id, &path);
        fs::write(scenarios.join(format!("{id}.toml")), scenario).expect("it can be written");
    }
    alhena("run")
        .option("--profile", "reference")
        .sdk(&sdk)
        .option("--fixtures", suite.path())
        .option("--filter", "*")
        .in_a_browser()
        .ends_with(CONFORMS);
}

/// Reads what the condition promises, and puts a product into the cart.
fn scenario(id: &str, condition: &Path) -> String {
    let text = fs::read_to_string(condition).expect("the condition can be read");
    let table: Table = text.parse().expect("the condition is TOML");
    let neutral = table.get("neutral").and_then(|own| own.as_table());
    let neutral = neutral.unwrap_or_else(|| panic!("{id} says nothing that is neutral"));
    let numbered = || neutral.iter().enumerate();
    let reads = numbered().map(|(index, (expression, _))| {
        format!(
            "  {{ read = {}, as = \"neutral-{index}\" }},\n",
            json!(expression)
        )
    });
    let expected = numbered().map(|(index, (_, value))| format!("neutral-{index} = {value}\n"));
    let (reads, expected): (String, String) = (reads.collect(), expected.collect());
    format!(
        "title = \"{id} is neutral\"\n\
         steps = [\n  {{ visit = \"product\" }},\n{reads}  {{ click = \"add-to-cart\" }},\n  \
         {{ read = \"document.querySelector('[data-role=notice]').textContent\", as = \
         \"notice\" }},\n]\n\n[axes]\ncondition = [\"{id}\"]\n\n[expect.page]\n{expected}notice = \
         \"Added to your cart.\"\n\n[checks]\npage = [\"GUEST-SHOP-WORKS\"]\nno-uncaught-error = \
         [\"GUEST-NO-ERROR\"]\n"
    )
}
