#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

use std::path::{Path, PathBuf};

use rstest::rstest;
use rustix::io::Errno;
use rustix::process::test_kill_process_group;

use super::*;
use crate::browser::tests::made_up::MadeUp;

fn driver_that(script: String) -> Located {
    Located {
        engine: Box::leak(Box::new(MadeUp {
            driver_arguments: ["-c", script.leak()],
            ..MadeUp::default()
        })),
        browser: None,
        fuller: None,
        driver: PathBuf::from("/bin/sh"),
        display: None,
    }
}

#[cfg(target_os = "linux")] // Elsewhere the system does not say.
#[tokio::test]
async fn nothing_is_left_of_a_driver_and_what_it_started_once_it_is_dropped() {
    let script = "sleep 60 & (exec sleep 60) & echo 40001; exec sleep 60";
    let driver = Driver::start(&driver_that(script.to_owned())).await;
    let driver = driver.unwrap();
    let (group, guard) = (driver.group, driver.guard.id());
    assert_eq!(is_group_gone(group), Some(false));
    drop(driver);
    assert_eq!(is_group_gone(group), Some(true));
    assert!(!Path::new(&format!("/proc/{guard}")).exists());
}

/// No process group has so high a number.
#[rstest]
#[case::nothing_is_left("\n", true)]
#[case::end_of_input("", false)]
fn guard_removes_the_folder_unless_it_hears_that_nothing_is_left(
    #[case] line: &str,
    #[case] stays: bool,
) {
    let folder = tempfile::tempdir().unwrap();
    let mut process = std::process::Command::new("sh");
    let process = process.args(["-c", GUARD, "guard", "999999999"]);
    let process = process.arg(folder.path()).stdin(Stdio::piped());
    let mut guard = process.spawn().unwrap();
    let mut input = guard.stdin.take().unwrap();
    input.write_all(line.as_bytes()).unwrap();
    drop(input);
    assert!(guard.wait().unwrap().success());
    assert_eq!(folder.path().exists(), stays);
}

/// Adds a line to `starts`, and has its port from the second start on.
fn second_start_listens(starts: &Path) -> String {
    let starts = starts.display();
    format!(
        "echo start >> '{starts}'; [ $(wc -l < '{starts}') -gt 1 ] || {{ echo port taken; exit \
         1; }}; echo 40001; exec sleep 60"
    )
}

#[tokio::test]
async fn driver_whose_port_was_taken_is_started_on_another() {
    let folder = tempfile::tempdir().unwrap();
    let starts = folder.path().join("starts");
    let driver = Driver::start(&driver_that(second_start_listens(&starts))).await;
    assert_eq!(driver.unwrap().url, DriverUrl::here(40001));
}

#[tokio::test]
async fn driver_that_ends_for_another_reason_is_started_once() {
    let folder = tempfile::tempdir().unwrap();
    let starts = folder.path().join("starts");
    let script = format!("echo start >> '{}'; echo no memory", starts.display());
    let error = Driver::start(&driver_that(script)).await.unwrap_err();
    assert!(
        error.to_string().ends_with("it printed: no memory"),
        "{error}"
    );
    let starts = std::fs::read_to_string(starts).unwrap();
    assert_eq!(starts.lines().count(), 1);
}

#[tokio::test]
async fn message_of_a_driver_that_ends_has_its_status_and_the_end_of_its_errors() {
    let script = "seq 1000 >&2; echo unknown option >&2; exit 3";
    let error = Driver::start(&driver_that(script.to_owned())).await;
    let said = error.unwrap_err().to_string();
    let first = "/bin/sh did not print the port that it listens on: it ended with exit status: 3";
    assert_eq!(said.lines().next(), Some(first));
    assert!(said.ends_with("\n               unknown option"), "{said}");
    assert_eq!(said.lines().count(), 21, "{said}");
}

#[tokio::test]
async fn message_of_a_driver_that_prints_nothing_says_so() {
    let error = Driver::start(&driver_that("exit 1".to_owned())).await;
    let said = error.unwrap_err().to_string();
    assert!(said.ends_with("\n   it printed nothing"), "{said}");
}

#[tokio::test]
async fn driver_that_writes_many_errors_is_not_blocked() {
    let folder = tempfile::tempdir().unwrap();
    let written = folder.path().join("written");
    let many = "head -c 2000000 /dev/zero >&2";
    let script = format!(
        "{many}; echo 40001; {many}; touch '{}'; exec sleep 60",
        written.display()
    );
    let _driver = Driver::start(&driver_that(script)).await.unwrap();
    let all = async {
        while !written.exists() {
            tokio::time::sleep(ASK_AGAIN).await;
        }
    };
    tokio::time::timeout(START, all).await.unwrap();
}

#[rstest]
#[case::itself(
    "echo 40001; sleep 0.3; exit 4",
    "the driver ended with exit status: 4 "
)]
#[case::its_browser("echo 40001; sleep 1; exec sleep 60", "the browser ended before")]
#[tokio::test]
async fn driver_that_never_answers_is_of_no_use(#[case] script: &str, #[case] why: &str) {
    let driver = Driver::start(&driver_that(script.to_owned())).await;
    let mut driver = driver.unwrap();
    let said = tokio::time::timeout(BROWSER, driver.is_of_no_use());
    let said = said.await.unwrap();
    assert!(said.starts_with(why), "{said}");
}

#[tokio::test]
async fn dropped_driver_leaves_no_process_and_no_folder() {
    let driver = driver_that("echo 40001; exec sleep 60".to_owned());
    let driver = Driver::start(&driver).await.unwrap();
    let folder = driver.folder.as_ref().unwrap().path().to_owned();
    let group = driver.group;
    assert!(folder.exists() && test_kill_process_group(group).is_ok());
    drop(driver);
    assert_eq!(test_kill_process_group(group), Err(Errno::SRCH));
    assert!(!folder.exists());
}
