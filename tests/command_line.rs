//! The command line and its answers. The exit code distinguishes every mistake from a failing SDK.

use rstest::rstest;
use serde_json::Value;

use crate::support::{Alhena, CONFORMS, ENVIRONMENT, NOTHING, USAGE, alhena};

/// A URL where nothing listens.
const UNREACHABLE: &str = "http://127.0.0.1:1/gleenWidget.js";

#[rstest]
#[case::the_program("help", "")]
#[case::run("run", "--help")]
fn help_documents_every_exit_code(#[case] command: &str, #[case] flag: &str) {
    let ended = if flag.is_empty() {
        alhena(command)
    } else {
        alhena(command).arg(flag)
    }
    .ends_with(CONFORMS);
    for line in [
        "0    the SDK conforms",
        "1    the SDK fails",
        "2    wrong usage",
        "3    the environment",
        "4    nothing was selected",
        "70 ",
        "130 ",
    ] {
        ended.prints(line);
    }
}

#[test]
fn run_help_names_every_flag() {
    let ended = alhena("run").arg("--help").ends_with(CONFORMS);
    for flag in [
        "--sdk",
        "--filter",
        "--workers",
        "--webdriver",
        "--headed",
        "--report",
        "--fail-fast",
        "--retries",
        "--known-failures",
        "--update-known-failures",
        "--verify",
        "--shard",
        "--browser-binary",
        "--driver",
        "--fixtures",
    ] {
        ended.prints(flag);
    }
}

#[test]
fn list_prints_requirements_with_their_checks() {
    let ended = alhena("list")
        .option("--filter", "DEDUP-ORDER-ID")
        .ends_with(CONFORMS);
    ended
        .prints("DEDUP-ORDER-ID (must)")
        .prints("\n  dedup/twice-in-a-row@call=queue#once\n")
        .never_prints("QUEUE-ORDER");
}

#[test]
fn json_list_holds_requirements_with_their_checks() {
    let ended = alhena("list").arg("--json").ends_with(CONFORMS);
    let list: Value =
        serde_json::from_str(&ended.stdout()).unwrap_or_else(|error| panic!("{error}\n{ended}"));
    let requirements = list["requirements"]
        .as_array()
        .expect("a list of requirements");
    let order = requirements
        .iter()
        .find(|requirement| requirement["id"] == "DEDUP-ORDER-ID")
        .expect("the requirement is listed");
    assert_eq!(order["level"], "must");
    assert!(
        order["checks"]
            .as_array()
            .expect("its checks")
            .contains(&"dedup/twice-in-a-row@call=queue#once".into()),
        "{order:#}"
    );
}

#[rstest]
#[case::an_unknown_flag(&["run", "--fast"], "--fast")]
#[case::an_unknown_command(&["prove"], "prove")]
#[case::no_worker_at_all(&["run", "--workers", "0"], "--workers")]
#[case::two_drivers(&["run", "--driver", "a", "--webdriver", "http://b"], "--webdriver")]
fn invalid_arguments_are_wrong_usage(#[case] words: &[&str], #[case] named: &str) {
    words[1..]
        .iter()
        .fold(alhena(words[0]), Alhena::arg)
        .ends_with(USAGE)
        .warns(named)
        .warns("--help");
}

#[rstest]
fn unmatched_pattern_is_reported_and_nothing_runs(#[values("run", "list")] command: &str) {
    alhena(command)
        .option("--filter", "no-such-*")
        .ends_with(NOTHING)
        .warns("nothing matches `no-such-*`")
        .warns("alhena-conformance list");
}

#[rstest]
fn unmatched_pattern_beside_a_matched_one_is_reported(#[values("run", "list")] command: &str) {
    let ended = alhena(command)
        .option("--filter", "gate/*")
        .option("--filter", "no-such-*")
        .ends_with(NOTHING);
    ended
        .warns("nothing matches `no-such-*`")
        .never_prints("`gate/*`");
}

#[test]
fn missing_sdk_is_wrong_usage() {
    alhena("run")
        .option("--sdk", "no/such/gleenWidget.js")
        .ends_with(USAGE)
        .warns("--> no/such/gleenWidget.js")
        .warns("the SDK cannot be read");
}

#[test]
fn empty_sdk_is_wrong_usage() {
    alhena("run")
        .sdk("")
        .ends_with(USAGE)
        .warns("the SDK has 0 bytes")
        .warns("gleenWidget.js");
}

#[test]
fn sdk_folder_without_the_loaded_script_is_refused() {
    alhena("run")
        .option("--sdk", concat!(env!("CARGO_MANIFEST_DIR"), "/pages"))
        .ends_with(USAGE)
        .warns("this folder holds no gleenWidget.js");
}

#[test]
fn sdk_url_without_answer_is_an_environment_error() {
    alhena("run")
        .option("--sdk", UNREACHABLE)
        .ends_with(ENVIRONMENT)
        .warns(UNREACHABLE)
        .warns("download the build and give it as a file");
}

#[tokio::test(flavor = "multi_thread")]
async fn sdk_url_answering_404_is_an_environment_error() {
    let server = wiremock::MockServer::start().await;
    let url = format!("{}/gleenWidget.js", server.uri());
    alhena("run")
        .option("--sdk", &url)
        .ends_with(ENVIRONMENT)
        .warns(&url)
        .warns("404");
}

#[test]
fn missing_fixtures_are_wrong_usage() {
    alhena("list")
        .option("--fixtures", "no/such/fixtures")
        .ends_with(USAGE)
        .warns("--> no/such/fixtures")
        .warns("does not exist");
}

#[rstest]
#[case::profile("--profile")]
#[case::baseline("--baseline")]
#[case::known_failures("--known-failures")]
fn gate_flag_without_sdk_is_refused(#[case] flag: &str) {
    let home = tempfile::tempdir().expect("a temporary folder");
    let file = home.path().join("own.toml");
    std::fs::write(&file, "name = \"own\"\n").expect("a file can be written");
    let ended = alhena("run").option(flag, &file).ends_with(USAGE);
    ended
        .warns(&format!(
            "{flag} is about a build of yours, and no build is named"
        ))
        .warns("add --sdk FILE|DIR|URL");
}

#[test]
fn require_sdk_without_sdk_is_refused() {
    alhena("run")
        .arg("--require-sdk")
        .ends_with(USAGE)
        .warns("--sdk");
}
