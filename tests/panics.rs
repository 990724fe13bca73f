//! A panic of the harness in the middle of a run leaves neither a browser nor a file behind.
#![cfg(target_os = "linux")] // Processes are found below /proc.

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use alhena_conformance::api::{
    Files, Installation, Patterns, Profile, RunEvent, RunOptions, Runner, Sessions, Stage, Suite,
    default_engine, locate,
};
use tokio::sync::watch;

use crate::support::{Processes, all_permits, eventually};

/// Set by the listener that panics.
static FOLDER: OnceLock<PathBuf> = OnceLock::new();

/// The temporary folder of the only driver that this process has started: the last argument of its
/// guard.
fn folder_of_our_driver() -> PathBuf {
    let children = Processes::children_of(std::process::id());
    let guards: Vec<&str> = children
        .iter()
        .map(|child| child.line.as_str())
        .filter(|line| line.contains("alhena-conformance-guard"))
        .collect();
    let [guard] = guards.as_slice() else {
        panic!("one guard is started with the driver: {guards:?}")
    };
    PathBuf::from(
        guard
            .split_whitespace()
            .last()
            .expect("the folder is its argument"),
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn panic_during_a_run_leaves_nothing_behind() {
    // All of them: no other test of this process may have a driver now.
    let _permits = all_permits();
    let files = Files::default();
    let suite = Suite::load(&files).expect("the fixtures can be read");
    let cases = suite.plan(&mut Patterns::new(&["gate/*".to_owned()]));
    let profile = Profile::load("reference", &files).expect("the profile can be read");
    let installation = Installation::reference(&files).expect("the reference SDK is there");
    let stage = Arc::new(
        Stage::start(Arc::new(profile))
            .await
            .expect("the servers start"),
    );
    let sessions = Arc::new(Sessions::owned(
        locate(default_engine(), None, None, false).expect("a browser and its driver"),
        false,
    ));
    let runner = Runner::new(
        installation,
        stage,
        sessions,
        RunOptions {
            workers: 1,
            most_workers: 1,
            retries: 0,
            max_failures: None,
            timeout: None,
            shares_pages: false,
            pictures: false,
        },
    );
    let (_goes_on, interrupt) = watch::channel(false);

    let run = tokio::spawn(async move {
        let mut listener = |event: RunEvent<'_>| {
            if matches!(event, RunEvent::Finished(_)) {
                FOLDER.get_or_init(folder_of_our_driver);
                panic!("a bug of ours");
            }
        };
        runner
            .run(cases, &suite.register, interrupt, &mut listener)
            .await
    });
    assert!(run.await.is_err_and(|error| error.is_panic()));

    let folder = FOLDER.get().expect("the run had begun");
    eventually("the driver, its browsers and their files are gone", || {
        let processes = Processes::of(folder).all();
        if processes.is_empty() && !folder.exists() {
            Ok(())
        } else {
            Err(format!("{processes:#?}"))
        }
    });
}
