//! `run --watch` judges each save of the SDK, and first what failed before.
#![cfg(target_os = "linux")] // Processes are found below /proc.

use std::fs;

use rustix::process::Signal;

use crate::support::{
    INTERRUPTED, USAGE, alhena, reference, reference_with, until_nothing_is_left,
};

#[test]
fn each_save_runs_failed_cases_first() {
    let tmp = tempfile::tempdir().expect("a temporary folder");
    let sdk = tmp.path().join("sdk.js");
    let save = |text: &str| fs::write(&sdk, text).expect("the SDK can be saved");
    let reversed = reference_with("handle(queue.shift())", "handle(queue.pop())");
    save(&reversed);
    let run = alhena("run").arg("--watch").option("--sdk", &sdk).option(
        "--filter",
        "queue/held-events-keep-their-order@load=blocking",
    );
    let run = run
        .env("TMPDIR", tmp.path())
        .in_browsers(1)
        .start()
        .until_it_reports("4 cases")
        .until_it_reports("waiting for the next save");
    save(&reference());
    // The failed case alone; it holds, so the prerequisites follow.
    let run = run
        .until_it_reports("1 cases")
        .until_it_reports("3 cases")
        .until_it_reports("waiting for the next save");
    save("while (");
    let run = run
        .until_it_reports("4 cases")
        .until_it_reports("waiting for the next save");
    let ended = run.signal(Signal::INT).ends().with_code(INTERRUPTED);
    ended
        .prints("QUEUE-ORDER")
        .prints("does not conform")
        .prints("conforms")
        .prints("after the save");
    fs::remove_file(sdk).expect("the SDK can be removed");
    until_nothing_is_left(tmp.path());
}

#[test]
fn watching_a_url_is_refused() {
    alhena("run")
        .arg("--watch")
        .option("--sdk", "https://example.com/sdk.js")
        .ends_with(USAGE)
        .warns("a URL is none");
}
