//! What can be typed, what comes back, and that every mistake is told from a failing SDK by its
//! exit code.

mod support;

use rstest::rstest;
use serde_json::Value;
use support::{Alhena, CONFORMS, ENVIRONMENT, NOTHING, USAGE, alhena};

/// Where nothing listens.
const NOBODY: &str = "http://127.0.0.1:1/gleenWidget.js";

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
fn help_names_every_flag_of_a_run() {
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
fn list_shows_each_requirement_with_the_checks_that_cover_it() {
    let ended = alhena("list")
        .option("--filter", "DEDUP-ORDER-ID")
        .ends_with(CONFORMS);
    ended
        .prints("DEDUP-ORDER-ID (must)")
        .prints("\n  dedup/twice-in-a-row@call=queue#once\n")
        .never_says("QUEUE-ORDER");
}

#[test]
fn list_as_json_holds_the_same_for_programs() {
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
#[case::two_drivers(&["run", "--driver", "a", "--webdriver", "b"], "--webdriver")]
fn what_cannot_be_understood_is_wrong_usage(#[case] words: &[&str], #[case] named: &str) {
    words[1..]
        .iter()
        .fold(alhena(words[0]), Alhena::arg)
        .ends_with(USAGE)
        .warns(named)
        .warns("--help");
}

#[rstest]
fn a_pattern_that_matches_nothing_is_named_and_nothing_is_run(
    #[values("run", "list")] command: &str,
) {
    alhena(command)
        .option("--filter", "no-such-*")
        .ends_with(NOTHING)
        .warns("nothing matches `no-such-*`")
        .warns("alhena-conformance list");
}

#[rstest]
fn a_pattern_that_matches_nothing_is_no_less_wrong_beside_one_that_does(
    #[values("run", "list")] command: &str,
) {
    let ended = alhena(command)
        .option("--filter", "gate/*")
        .option("--filter", "no-such-*")
        .ends_with(NOTHING);
    ended
        .warns("nothing matches `no-such-*`")
        .never_says("`gate/*`");
}

#[test]
fn an_sdk_that_does_not_exist_is_wrong_usage() {
    alhena("run")
        .option("--sdk", "no/such/gleenWidget.js")
        .ends_with(USAGE)
        .warns("--> no/such/gleenWidget.js")
        .warns("the SDK cannot be read");
}

#[test]
fn an_empty_sdk_is_wrong_usage() {
    alhena("run")
        .sdk("")
        .ends_with(USAGE)
        .warns("the SDK has 0 bytes")
        .warns("gleenWidget.js");
}

#[test]
fn a_folder_without_the_script_that_pages_load_is_no_sdk() {
    alhena("run")
        .option("--sdk", concat!(env!("CARGO_MANIFEST_DIR"), "/pages"))
        .ends_with(USAGE)
        .warns("this folder holds no gleenWidget.js");
}

#[test]
fn an_sdk_address_that_does_not_answer_is_the_networks_fault() {
    alhena("run")
        .option("--sdk", NOBODY)
        .ends_with(ENVIRONMENT)
        .warns(NOBODY)
        .warns("download the build and give it as a file");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_sdk_address_that_has_no_sdk_is_the_networks_fault() {
    let server = wiremock::MockServer::start().await;
    let url = format!("{}/gleenWidget.js", server.uri());
    alhena("run")
        .option("--sdk", &url)
        .ends_with(ENVIRONMENT)
        .warns(&url)
        .warns("404");
}

#[test]
fn fixtures_that_do_not_exist_are_wrong_usage() {
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
fn a_gate_without_a_build_is_refused_before_it_could_be_green_on_the_reference(#[case] flag: &str) {
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
fn a_run_that_must_have_a_build_is_refused_without_one() {
    alhena("run")
        .arg("--require-sdk")
        .ends_with(USAGE)
        .warns("--sdk");
}
