//! `explore` finds failing journeys by itself, makes them small, and writes scenario files.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::support::{
    Alhena, CONFORMS, Ended, FAILS, USAGE, alhena, reference, reference_with, shared,
};
use rstest::rstest;
use serde_json::Value;

/// The seed of what is found by many.
const SEED: u32 = 1;

/// The folder of what is shared.
const FOUND: &str = "found";

/// What `explore` left in its folder.
struct Explored {
    ended: Ended,
    folder: PathBuf,
}

impl Explored {
    /// A build without a memory of orders, explored once for the tests that ask for these workers.
    fn without_dedup(workers: usize) -> Self {
        let home = shared(&format!("explored-by-{workers}"), |home| {
            let begun = alhena("explore").kept_in(home);
            explored(begun, &without_dedup(), SEED, 12, &home.join(FOUND))
                .in_browsers(workers)
                .ends_with(FAILS);
        });
        Self {
            ended: Ended::kept_in(&home),
            folder: home.join(FOUND),
        }
    }

    fn summary(&self) -> Value {
        let text = fs::read(self.folder.join("explored.json"));
        serde_json::from_slice(&text.expect("a summary is written")).expect("it is JSON")
    }

    /// The scenario files.
    fn files(&self) -> Vec<PathBuf> {
        let entries = fs::read_dir(self.folder.join("journeys"));
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

/// A command line that explores a build by so many journeys.
fn explored(begun: Alhena, sdk: &str, seed: u32, journeys: usize, folder: &Path) -> Alhena {
    begun
        .sdk(sdk)
        .option("--profile", "reference")
        .option("--seed", seed.to_string())
        .option("--journeys", journeys.to_string())
        .option("--report", folder)
}

/// Without a memory of orders.
fn without_dedup() -> String {
    reference_with("if (hasOrderId && recall(", "if (false && recall(")
}

#[test]
fn repeated_order_is_found_and_made_small() {
    let explored = Explored::without_dedup(2);
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
    let explored = Explored::without_dedup(2);
    let files = explored.files();
    let file = files.first().expect("a scenario file");
    let name = file
        .file_stem()
        .expect("a name")
        .to_string_lossy()
        .into_owned();
    alhena("run")
        .sdk(&without_dedup())
        .option("--profile", "reference")
        .option("--scenario", file)
        .option("--filter", format!("journeys/{name}*"))
        .in_browsers(1)
        .ends_with(FAILS);
}

#[test]
fn sound_build_is_explored_without_a_finding() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let ended = explored(alhena("explore"), &reference(), SEED, 10, folder.path())
        .in_browsers(2)
        .ends_with(CONFORMS);
    ended.prints("0 causes found");
    let folder = folder.path().to_owned();
    let summary = Explored { ended, folder }.summary();
    assert_eq!(summary["found"], Value::Array(Vec::new()));
}

#[test]
fn journeys_by_coverage_say_how_much_of_the_build_ran() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let ended = explored(alhena("explore"), &reference(), SEED, 40, folder.path())
        .arg("--by-coverage")
        .in_browsers(2)
        .ends_with(CONFORMS);
    ended.prints("% of the code, 0 causes found");
    let folder = folder.path().to_owned();
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
    let found = |workers| Explored::without_dedup(workers).texts();
    assert_eq!(found(1), found(2));
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
    let folder = tempfile::tempdir().expect("a temporary folder");
    explored(alhena("explore"), &sdk, seed, journeys, folder.path())
        .in_browsers(2)
        .ends_with(FAILS)
        .prints("breaks");
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
