//! A published tracker of another vendor is judged by a profile and a shim that only maps names.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use sha2::{Digest, Sha256};
use tempfile::TempDir;

use crate::support::{CONFORMS, FAILS, alhena};

const PACKAGE: &str = "mixpanel-browser@2.83.0";
const BUILD: &str = "package/dist/mixpanel.min.js";
const SHA256: &str = "1d22709df8fbce95ea14bdc265de468771faa1375f1ea18e0673ad3faa6dce62";

/// The tracker's build, in a temporary folder.
#[derive(Debug)]
struct Tracker(TempDir);

impl Tracker {
    fn build(&self) -> PathBuf {
        self.0.path().join(BUILD)
    }
}

/// Takes the tracker from its package. Without it the test fails and reports what is missing.
fn tracker() -> Tracker {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let archive = output(folder.path(), "npm", &["pack", PACKAGE, "--loglevel=error"]);
    output(folder.path(), "tar", &["-xzf", archive.trim(), BUILD]);
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

fn output(folder: &Path, program: &str, arguments: &[&str]) -> String {
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

/// Cases of its queue, its order, its duplicates and its unload; an order that is reported again,
/// and a clock that the library writes over; and a check that the profile does not claim.
const SELECTED: [&str; 8] = [
    "queue/held-events-keep-their-order@load=blocking",
    "queue/ready-events-keep-their-order",
    "queue/sdk-twice@load=blocking",
    "queue/holds-a-hundred#delivered",
    "leaving/cart-event-then-navigate",
    "leaving/nothing-is-resent-on-the-next-pages",
    "field/visit@condition=ordinary",
    "field/clock-set-back",
];

#[test]
fn tracker_conforms_in_what_its_profile_claims() {
    let tracker = tracker();
    let run = alhena("run")
        .option("--sdk", tracker.build())
        .option("--profile", "mixpanel")
        .option("--retries", "0")
        .with_report();
    let ended = SELECTED
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
        "field/visit@condition=ordinary#once",
        "field/clock-set-back#delivered",
    ] {
        assert_eq!(report.check(check)["status"], "pass", "{ended}");
    }
}

/// By default each event waits for a lock, in no fixed order, before it is put into the local
/// storage.
#[test]
fn default_batches_fail_the_order_check() {
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
