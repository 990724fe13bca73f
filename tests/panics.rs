//! A panic of ours in the middle of a run leaves neither a browser nor a file behind.
#![cfg(target_os = "linux")] // Processes are found below /proc.

mod support;

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use alhena_conformance::api::Files;
use alhena_conformance::api::{Installation, Profile};
use alhena_conformance::api::{Patterns, Suite};
use alhena_conformance::api::{RunEvent, RunOptions, Runner, Sessions, Stage};
use alhena_conformance::api::{default_engine, locate};
use support::{Processes, eventually, permits};
use tokio::sync::watch;

/// Set by the listener that panics.
static FOLDER: OnceLock<PathBuf> = OnceLock::new();

/// The temporary folder of the driver that this process has started: its guard was told of it last.
fn folder_of_our_driver() -> PathBuf {
    let children = Processes::children_of(std::process::id());
    let guard = children
        .iter()
        .find(|child| child.line.contains("alhena-conformance-guard"))
        .expect("a guard is started with the driver");
    PathBuf::from(
        guard
            .line
            .split_whitespace()
            .last()
            .expect("it was told the folder"),
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn a_panic_in_the_middle_of_a_run_leaves_nothing_behind() {
    let _permits = permits(1);
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
            retries: 0,
            fail_fast: false,
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
