//! `self-test --blame` counts what fails beside the promise that a mutant breaks, keeps the
//! evidence, and counts again from that.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::{Alhena, CONFORMS, ENVIRONMENT, Ended, FAILS, USAGE, alhena, empty_suite};

/// The only scenario: an event of a visitor who has chatted.
const SCENARIO: &str = r#"title = "An added item is recorded"
steps = [{ visit = "product" }, { interact = "chat" }, { track = "cart/trail-runner-added" }]

[expect]
recorded = ["cart/trail-runner-added"]

[checks]
delivered = ["CART-RECORDED"]
unchanged = ["CART-VALUE", "CART-CURRENCY"]
"#;

/// One that breaks two promises, and one that breaks none.
const MUTANTS: &str = r#"[[mutant]]
id = "price-as-text"
how = "The price is formatted for display, in the currency's small letters."
breaks = "CART-VALUE"
killed_by = "added#unchanged"
find = '''
      value: event.value,
      currency: event.currency,'''
replace = '''
      value: `${event.value}`,
      currency: event.currency.toLowerCase(),'''

[[mutant]]
id = "nothing-changed"
how = "A space too many."
breaks = "CART-RECORDED"
killed_by = "added#delivered"
find = 'value: event.value,'
replace = 'value: event.value ,'
"#;

const SAMPLE: &str = "[[mutant]]\nid = \"price-as-text\"\nwhy = \"It changes both.\"\n\n\
    [[mutant]]\nid = \"nothing-changed\"\n";

/// Fixtures of one scenario and two mutants, and a folder for the report.
struct Measured {
    fixtures: TempDir,
    report: TempDir,
}

impl Measured {
    fn new() -> Self {
        let (fixtures, report) = (empty_suite(), tempfile::tempdir());
        let report = report.expect("a temporary folder");
        let measured = Self { fixtures, report };
        let mutants = measured.fixture("mutants");
        fs::remove_dir_all(&mutants).expect("the mutants can be removed");
        fs::create_dir(&mutants).expect("a folder can be made");
        // That of the bundled mutants says nothing of these.
        let _ = fs::remove_file(measured.fixture("blame.lock"));
        measured.put("scenarios/added.toml", SCENARIO);
        measured.put("mutants/few.toml", MUTANTS);
        measured.put("blame.toml", SAMPLE);
        measured
    }

    fn fixture(&self, path: &str) -> PathBuf {
        self.fixtures.path().join(path)
    }

    fn put(&self, path: &str, text: &str) {
        fs::write(self.fixture(path), text).expect("a fixture can be written");
    }

    fn command(&self) -> Alhena {
        alhena("self-test")
            .arg("--blame")
            .option("--fixtures", self.fixtures.path())
    }

    fn drive(&self) -> Ended {
        self.command()
            .option("--report", self.report.path())
            .arg("--update")
            .in_browsers(1)
            .ends_with(CONFORMS)
    }

    /// Measured again from what is stored, on a machine without a browser.
    fn again(&self, exit: i32) -> Ended {
        self.command()
            .option("--from", self.report.path())
            .option("--browser-binary", "/there/is/none")
            .ends_with(exit)
    }
}

fn read(file: &Path) -> Value {
    let bytes = fs::read(file).expect("the report is there");
    serde_json::from_slice(&bytes).expect("the report is JSON")
}

#[test]
fn stored_evidence_gives_the_same_figures_without_a_browser() {
    let measured = Measured::new();
    let words = "1 of 2 mutants fail what they break; further ones: median 1, at most 3 for 2";
    measured
        .drive()
        .prints(words)
        .prints("mutant nothing-changed does not fail CART-RECORDED, which it breaks")
        .prints("1 further: mutant price-as-text breaks CART-VALUE and more")
        .prints("beside it: CART-CURRENCY");
    let report = read(&measured.report.path().join("blame.json"));
    let mutants = &report["mutants"];
    assert_eq!(mutants[0]["further"], json!(["CART-CURRENCY"]));
    assert_eq!(
        (&mutants[0]["hit"], &mutants[1]["hit"]),
        (&json!(true), &json!(false))
    );
    let lock = fs::read_to_string(measured.fixture("blame.lock")).expect("the lock was written");
    assert!(
        lock.ends_with("nothing-changed = 0, missed\nprice-as-text = 1\n"),
        "{lock}"
    );
    measured.again(CONFORMS).prints(words);
    // The evidence is that of a run, which other commands read.
    alhena("judge")
        .arg(measured.report.path().join("blame/price-as-text"))
        .option("--fixtures", measured.fixtures.path())
        .ends_with(FAILS);
}

#[test]
fn measurement_goes_on_where_it_was_left() {
    let measured = Measured::new();
    measured.drive();
    measured
        .command()
        .option("--report", measured.report.path())
        .option("--browser-binary", "/there/is/none")
        .ends_with(CONFORMS)
        .warns("price-as-text: 1 further requirement (evidence of an earlier run)");
    // Another build of the same name is driven anew, which needs a browser.
    measured.put("mutants/few.toml", &MUTANTS.replace("${event", "€${event"));
    measured
        .command()
        .option("--report", measured.report.path())
        .option("--browser-binary", "/there/is/none")
        .ends_with(ENVIRONMENT);
}

#[test]
fn figures_worse_than_the_lock_fail() {
    let measured = Measured::new();
    measured.drive();
    measured.put("blame.lock", "price-as-text = 0\nnothing-changed = 0\n");
    measured
        .again(FAILS)
        .prints("worse than blame.lock: the median of the further requirements is 1, and was 0")
        .prints("worse than blame.lock: the requirement that nothing-changed breaks does not");
}

#[test]
fn evidence_of_another_scenario_is_not_measured() {
    let measured = Measured::new();
    measured.drive();
    let other = SCENARIO.replace("{ interact = \"chat\" }", "{ interact = \"faq\" }");
    measured.put("scenarios/added.toml", &other);
    measured
        .again(ENVIRONMENT)
        .prints("2 mutants were not measured: added: the scenario has changed since")
        .prints("price-as-text, nothing-changed");
}

#[test]
fn sample_with_an_unknown_mutant_is_refused_at_its_line() {
    let measured = Measured::new();
    measured.put("blame.toml", "[[mutant]]\nid = \"prize-as-text\"\n");
    measured
        .again(USAGE)
        .warns("there is no mutant `prize-as-text`")
        .warns("blame.toml:1")
        .warns("did you mean price-as-text?");
}
