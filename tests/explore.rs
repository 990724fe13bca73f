//! `explore` finds failing journeys by itself, makes them small, and writes scenario files.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use rstest::rstest;
use serde_json::Value;
use tempfile::TempDir;

use crate::support::{CONFORMS, Ended, FAILS, USAGE, alhena, reference, reference_with};

/// The seed of what is found by many.
const SEED: u32 = 1;

/// What `explore` left in its folder.
struct Explored {
    ended: Ended,
    folder: TempDir,
}

impl Explored {
    /// Explores a build by so many journeys.
    fn of(sdk: &str, journeys: usize, code: i32) -> Self {
        Self::by(2, SEED, sdk, journeys, code)
    }

    fn by(workers: usize, seed: u32, sdk: &str, journeys: usize, code: i32) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let ended = alhena("explore")
            .sdk(sdk)
            .option("--profile", "reference")
            .option("--seed", seed.to_string())
            .option("--journeys", journeys.to_string())
            .option("--report", folder.path())
            .in_browsers(workers)
            .ends_with(code);
        Self { ended, folder }
    }

    fn summary(&self) -> Value {
        let text = fs::read(self.folder.path().join("explored.json"));
        serde_json::from_slice(&text.expect("a summary is written")).expect("it is JSON")
    }

    /// The scenario files.
    fn files(&self) -> Vec<PathBuf> {
        let entries = fs::read_dir(self.folder.path().join("journeys"));
        let entries = entries.expect("scenario files are written").flatten();
        entries.map(|entry| entry.path()).collect()
    }

    /// The text of each file.
    fn texts(&self) -> BTreeMap<PathBuf, String> {
        let texts = self.files().into_iter().map(|path| {
            let text = fs::read_to_string(&path).expect("a scenario file");
            (path.file_name().map(PathBuf::from).expect("a name"), text)
        });
        texts.collect()
    }
}

/// Without a memory of orders.
fn without_dedup() -> String {
    reference_with("if (hasOrderId && recall(", "if (false && recall(")
}

#[test]
fn repeated_order_is_found_and_made_small() {
    let explored = Explored::of(&without_dedup(), 25, FAILS);
    let summary = explored.summary();
    let found = summary["found"].as_array().expect("a list");
    let of_orders = found.iter().find(|own| {
        own["breaks"][0]
            .as_str()
            .is_some_and(|id| id.starts_with("DEDUP-"))
    });
    let own = of_orders.unwrap_or_else(|| panic!("{summary:#}\n{}", explored.ended));
    assert!(own["steps"].as_u64() <= Some(6), "{own:#}");
}

#[test]
fn written_journey_fails_again_as_a_scenario() {
    let sdk = without_dedup();
    let explored = Explored::of(&sdk, 25, FAILS);
    let files = explored.files();
    let file = files.first().expect("a scenario file");
    let name = file
        .file_stem()
        .expect("a name")
        .to_string_lossy()
        .into_owned();
    alhena("run")
        .sdk(&sdk)
        .option("--profile", "reference")
        .option("--scenario", file)
        .option("--filter", format!("journeys/{name}*"))
        .in_browsers(1)
        .ends_with(FAILS);
}

#[test]
fn sound_build_is_explored_without_a_finding() {
    let explored = Explored::of(&reference(), 10, CONFORMS);
    assert_eq!(explored.summary()["found"], Value::Array(Vec::new()));
    explored.ended.prints("0 causes found");
}

#[test]
fn journeys_by_coverage_say_how_much_of_the_build_ran() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let ended = alhena("explore")
        .sdk(&reference())
        .option("--profile", "reference")
        .option("--seed", SEED.to_string())
        .option("--journeys", "40")
        .option("--report", folder.path())
        .arg("--by-coverage")
        .in_browsers(2)
        .ends_with(CONFORMS);
    ended.prints("% of the code, 0 causes found");
    let explored = Explored { ended, folder };
    let coverage = &explored.summary()["coverage"];
    let (journeys, share) = (coverage["journeys"].as_u64(), coverage["share"].as_f64());
    assert!(journeys > Some(1) && journeys < Some(40), "{coverage}");
    assert!(coverage["varied"].as_u64() > Some(0), "{coverage}");
    assert!(share > Some(0.5) && share < Some(1.0), "{coverage}");
}

#[test]
fn engine_that_counts_no_code_is_refused() {
    alhena("explore")
        .sdk(&reference())
        .option("--profile", "reference")
        .option("--engine", "firefox")
        .arg("--by-coverage")
        .ends_with(USAGE)
        .warns("--by-coverage needs an engine that says which code runs; Firefox does not")
        .warns("use --engine chromium");
}

#[test]
fn finds_do_not_depend_on_the_number_of_workers() {
    let found = |workers| Explored::by(workers, SEED, &without_dedup(), 12, FAILS).texts();
    assert_eq!(found(1), found(3));
}

/// An event that is refused forgets the interaction on the pages after it: a scenario refuses an
/// event, another goes to the next page, none both.
const REFUSED_EVENT_FORGETS: (&str, &str) = (
    "for (const found of problems) console.error(`[Alhena] ${method}: ${found}`);",
    "for (const found of problems) console.error(`[Alhena] ${method}: ${found}`);
    if (problems.length > 0 && hasInteracted()) {
      forget('sessionStorage', INTERACTED);
      memory.set(INTERACTED, 'yes');
    }",
);

/// A question to the FAQs forgets the orders: no scenario puts one between two reports of an order.
const QUESTION_FORGETS_ORDERS: (&str, &str) = (
    "faqAnswer.textContent = answer;",
    "faqAnswer.textContent = answer;
    try {
      const orders = Object.keys(localStorage).filter((key) => key.startsWith('alhena.order.'));
      orders.forEach((key) => localStorage.removeItem(key));
    } catch {}",
);

/// The chat, opened without a message, forgets a question to the FAQs: no scenario does one after
/// the other.
const OPENED_CHAT_FORGETS_QUESTION: (&str, &str) = (
    "    if (!panel.hidden) return;
    panel.hidden = false;",
    "    if (!panel.hidden) return;
    if (chat.messages.length === 0) forget('sessionStorage', INTERACTED);
    panel.hidden = false;",
);

/// None is caught by a scenario.
#[rstest]
#[case::refused_event_forgets(REFUSED_EVENT_FORGETS, 1, 3)]
#[case::question_forgets_orders(QUESTION_FORGETS_ORDERS, 4, 5)]
#[case::opened_chat_forgets_question(OPENED_CHAT_FORGETS_QUESTION, 5, 12)]
fn breakage_that_no_scenario_catches_is_found(
    #[case] (original, replacement): (&str, &str),
    #[case] seed: u32,
    #[case] journeys: usize,
) {
    let sdk = reference_with(original, replacement);
    let explored = Explored::by(2, seed, &sdk, journeys, FAILS);
    explored.ended.prints("breaks");
}

/// What `self-test --journeys` says of a mutant that many journeys find.
fn explored_mutant(report: &Path) -> Ended {
    alhena("self-test")
        .arg("--journeys")
        .option("--filter", "cart-value-as-text")
        .option("--report", report)
        .in_browsers(2)
        .ends_with(CONFORMS)
}

#[test]
fn explored_mutant_is_not_driven_again() {
    let report = tempfile::tempdir().expect("a temporary folder");
    let first = explored_mutant(report.path());
    first
        .prints("1 of 1 mutants found within 150 journeys, 1 within 20")
        .warns("cart-value-as-text: found by journey");
    let again = explored_mutant(report.path());
    assert!(!again.stderr().contains("found by journey"), "{again}");
    again.prints("1 of 1 mutants found within 150 journeys, 1 within 20");
}
