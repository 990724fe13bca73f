use std::io::{self, IsTerminal};
use std::process::{Command, Stdio};
use std::sync::{Condvar, Mutex, MutexGuard, OnceLock, PoisonError};

/// As many browsers as two cores drive without one of them missing a deadline because of the
/// others.
const BROWSERS: usize = 2;

/// Free browsers. The test harness starts a thread a core; on a machine of sixteen that would be
/// sixteen browsers.
static FREE: Mutex<usize> = Mutex::new(BROWSERS);
static FREED: Condvar = Condvar::new();

/// The right to run some browsers, given back when dropped.
#[derive(Debug)]
pub struct Permits(usize);

/// Makes sure that there is a browser, then waits until `browsers` more may run.
pub fn permits(browsers: usize) -> Permits {
    browser_is_installed();
    let wanted = browsers.min(BROWSERS);
    let mut free = FREED
        .wait_while(free(), |free| *free < wanted)
        .unwrap_or_else(PoisonError::into_inner);
    *free -= wanted;
    Permits(wanted)
}

impl Drop for Permits {
    fn drop(&mut self) {
        *free() += self.0;
        FREED.notify_all();
    }
}

fn free() -> MutexGuard<'static, usize> {
    FREE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Installs a browser and its driver where there is none, as `alhena-conformance install` does: at
/// once with `CI=true`, after asking on a terminal. Once a test process.
///
/// # Panics
/// With what the program said, if there is still none.
pub fn browser_is_installed() {
    static INSTALLED: OnceLock<Result<(), String>> = OnceLock::new();
    if let Err(why) = INSTALLED.get_or_init(|| install(Stdio::piped()).or_else(ask)) {
        panic!("these tests need a browser, and there is none:\n{why}");
    }
}

fn install(stderr: Stdio) -> Result<(), String> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_alhena-conformance"));
    let output = command
        .arg("install")
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

/// A person can be asked only where the question is shown, and then it is not in our hands.
fn ask(why: String) -> Result<(), String> {
    if io::stdin().is_terminal() && io::stderr().is_terminal() {
        install(Stdio::inherit()).map_err(|_| why)
    } else {
        Err(why)
    }
}
