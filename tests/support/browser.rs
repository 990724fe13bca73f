use std::fs::File;
use std::io::{self, IsTerminal};
use std::num::NonZero;
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::sync::mpsc::channel;

use super::Engine;
use super::locks::{folder, locked};

/// How many browsers each core drives. A test that drives one waits half of its time: for events
/// that a broken build loses, and for processes that start and end.
const BROWSERS_A_CORE: usize = 2;

/// As many browsers as this machine drives without one of them missing a deadline because of the
/// others.
fn all_browsers() -> usize {
    let cores = std::thread::available_parallelism();
    BROWSERS_A_CORE * cores.map_or(1, NonZero::get)
}

/// The right to run some browsers, given back when dropped, or when the process ends: a locked file
/// for each browser.
#[derive(Debug)]
pub struct Permits {
    _locks: Vec<File>,
}

/// Waits until no other test has a browser, and until the answer is dropped none gets one.
pub fn all_permits() -> Permits {
    all_permits_on(Engine::Chromium)
}

/// As `all_permits`, for browsers of this engine.
pub fn all_permits_on(engine: Engine) -> Permits {
    permits_on(engine, all_browsers())
}

/// Makes sure that there is a browser, then waits until `browsers` more may run. A test must not
/// ask for more while it holds some.
pub fn permits(browsers: usize) -> Permits {
    permits_on(Engine::Chromium, browsers)
}

/// As `permits`, of this engine.
pub fn permits_on(engine: Engine, browsers: usize) -> Permits {
    browser_is_installed(engine);
    let folder = folder("browser-permits");
    // One test at a time collects permits. Two that hold one each and need two would wait for ever.
    let _queue = locked(&folder.join("queue"));
    let (grant, granted) = channel();
    let all = all_browsers();
    for permit in 0..all {
        let (grant, file) = (grant.clone(), folder.join(permit.to_string()));
        // Once there are enough, nobody receives: the lock is released as soon as it is granted.
        std::thread::spawn(move || drop(grant.send(locked(&file))));
    }
    drop(grant);
    let needed = browsers.min(all);
    let locks: Vec<File> = granted.iter().take(needed).collect();
    assert_eq!(locks.len(), needed, "a permit can be locked");
    Permits { _locks: locks }
}

/// Installs a browser and its driver where there is none, as `alhena-conformance install` does: at
/// once with `CI=true`, after asking on a terminal. Once in each test process.
///
/// # Panics
/// With the program's message, if there is still none.
fn browser_is_installed(engine: Engine) {
    static CHROMIUM: OnceLock<Result<(), String>> = OnceLock::new();
    static FIREFOX: OnceLock<Result<(), String>> = OnceLock::new();
    static WEBKIT: OnceLock<Result<(), String>> = OnceLock::new();
    let installed = match engine {
        Engine::Chromium => &CHROMIUM,
        Engine::Firefox => &FIREFOX,
        Engine::WebKit => &WEBKIT,
    };
    let installed = installed.get_or_init(|| {
        // A package manager refuses to run twice at a time.
        let _alone = locked(&folder("browser-permits").join("installation"));
        install(engine, Stdio::piped()).or_else(|why| ask(engine, why))
    });
    if let Err(why) = installed {
        panic!("these tests need a browser, and there is none:\n{why}");
    }
}

fn install(engine: Engine, stderr: Stdio) -> Result<(), String> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_alhena-conformance"));
    let output = command
        .args(["install", "--engine", engine.id()])
        .stdin(Stdio::inherit())
        .stderr(stderr)
        .output();
    let output =
        output.map_err(|error| format!("cannot run alhena-conformance install: {error}"))?;
    if output.status.success() {
        Ok(())
    } else {
        Err(String::from_utf8_lossy(&output.stderr).into_owned())
    }
}

/// Asks the person at the terminal, if there is one to see the question.
fn ask(engine: Engine, why: String) -> Result<(), String> {
    if io::stdin().is_terminal() && io::stderr().is_terminal() {
        install(engine, Stdio::inherit()).map_err(|_| why)
    } else {
        Err(why)
    }
}
