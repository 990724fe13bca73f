//! A tracker of somebody else's, as its registry has it, is proved by a profile and a shim that
//! maps names only.

mod support;

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use sha2::{Digest, Sha256};
use support::{CONFORMS, FAILS, alhena};
use tempfile::TempDir;

const PACKAGE: &str = "mixpanel-browser@2.83.0";
const BUILD: &str = "package/dist/mixpanel.min.js";
const SHA256: &str = "1d22709df8fbce95ea14bdc265de468771faa1375f1ea18e0673ad3faa6dce62";

/// The tracker's build, in a folder that goes with the test.
#[derive(Debug)]
struct Tracker(TempDir);

impl Tracker {
    fn build(&self) -> PathBuf {
        self.0.path().join(BUILD)
    }
}

/// Takes the tracker from its package. Without it nothing is proved, so the test fails and says
/// what is missing.
fn tracker() -> Tracker {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let archive = said(folder.path(), "npm", &["pack", PACKAGE, "--loglevel=error"]);
    said(folder.path(), "tar", &["-xzf", archive.trim(), BUILD]);
    let tracker = Tracker(folder);
    let text = std::fs::read(tracker.build()).expect("the package holds the build");
    let sha256 = Sha256::digest(text)
        .iter()
        .fold(String::new(), |mut text, byte| {
            write!(text, "{byte:02x}").expect("a text takes all");
            text
        });
    assert_eq!(
        sha256, SHA256,
        "{BUILD} of {PACKAGE} is another file than the one that this test was written for"
    );
    tracker
}

fn said(folder: &Path, program: &str, arguments: &[&str]) -> String {
    let needs = format!(
        "this test needs {PACKAGE}, and so `{program}` and the npm registry: `{program} {}`",
        arguments.join(" ")
    );
    let output = Command::new(program)
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap_or_else(|error| panic!("{needs}: {error}"));
    assert!(
        output.status.success(),
        "{needs}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Its queue, its order, once each, and the page's end; and one check that the profile does not
/// claim.
const TELLING: [&str; 6] = [
    "queue/held-events-keep-their-order@load=blocking",
    "queue/ready-events-keep-their-order",
    "queue/sdk-twice@load=blocking",
    "queue/holds-a-hundred#delivered",
    "leaving/cart-event-then-navigate",
    "leaving/nothing-is-resent-on-the-next-pages",
];

#[test]
fn a_tracker_that_knows_nothing_of_the_api_conforms_in_what_its_profile_claims() {
    let tracker = tracker();
    let run = alhena("run")
        .option("--sdk", tracker.build())
        .option("--profile", "mixpanel")
        .option("--retries", "0")
        .with_report();
    let ended = TELLING
        .iter()
        .fold(run, |run, pattern| run.option("--filter", *pattern))
        .in_browsers(1)
        .ends_with(CONFORMS);
    let report = ended.report();
    let lost = report.check("queue/holds-a-hundred#delivered");
    assert_eq!(lost["status"], "not_applicable", "{ended}");
    assert!(
        lost["message"]
            .as_str()
            .is_some_and(|reason| reason.contains("64 KiB")),
        "{ended}"
    );
    for check in [
        "queue/ready-events-keep-their-order@call=queue#in-order",
        "leaving/cart-event-then-navigate#delivered",
    ] {
        assert_eq!(report.check(check)["status"], "pass", "{ended}");
    }
}

/// As the library comes: each event waits by turns of chance for a lock before it is put into the
/// local storage.
#[test]
fn its_default_batches_are_found_to_change_the_order() {
    let tracker = tracker();
    let profile = tracker.0.path().join("batches.toml");
    let config = "[install]\nconfig = '''mixpanel.init(\"{{company}}\", { api_host: \"{{api}}\", \
        batch_flush_interval_ms: 50 });'''\n";
    std::fs::write(
        &profile,
        format!("name = \"batches\"\nextends = \"mixpanel\"\n{config}"),
    )
    .expect("the profile can be written");
    let check = "queue/held-events-keep-their-order@load=blocking#in-order";
    let run = alhena("run")
        .option("--sdk", tracker.build())
        .option("--profile", profile)
        .option("--retries", "0")
        .with_report();
    let ended = run
        .option("--filter", check)
        .in_browsers(1)
        .ends_with(FAILS);
    assert_eq!(ended.report().with_status("fail"), [check], "{ended}");
}
