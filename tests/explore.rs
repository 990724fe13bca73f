//! `explore` finds failing journeys by itself, makes them small, and writes scenario files.

use std::fs;
use std::path::PathBuf;

use serde_json::Value;
use tempfile::TempDir;

use crate::support::{CONFORMS, Ended, FAILS, alhena, reference, reference_with};

/// A seed whose journeys find all that is broken here.
const SEED: &str = "1";

/// What `explore` left in its folder.
struct Explored {
    ended: Ended,
    folder: TempDir,
}

impl Explored {
    /// Explores a build by so many journeys.
    fn of(sdk: &str, journeys: usize, code: i32) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let ended = alhena("explore")
            .sdk(sdk)
            .option("--profile", "reference")
            .option("--seed", SEED)
            .option("--journeys", journeys.to_string())
            .option("--report", folder.path())
            .in_browsers(2)
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

/// No scenario catches it: a scenario refuses an event, another goes to the next page, none both.
#[test]
fn breakage_that_no_scenario_catches_is_found() {
    let sdk = reference_with(
        "for (const found of problems) console.error(`[Alhena] ${method}: ${found}`);",
        "for (const found of problems) console.error(`[Alhena] ${method}: ${found}`);
    if (problems.length > 0 && hasInteracted()) {
      forget('sessionStorage', INTERACTED);
      memory.set(INTERACTED, 'yes');
    }",
    );
    Explored::of(&sdk, 25, FAILS).ended.prints("breaks");
}
