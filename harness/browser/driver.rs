use std::io::{self, Write as _};
use std::os::unix::process::CommandExt as _;
use std::process::{Child, ChildStdin, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process_group};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::process::{ChildStderr, ChildStdout, Command};

use super::display::Display;
use super::driver_error::{DriverError, Fate};
use super::driver_url::DriverUrl;
use super::engine::EngineRef;
use super::last_words::LastWords;
use super::locate::Located;
use super::processes::{has_children, is_group_gone};

/// A driver prints its port within a second; this covers a machine that swaps.
const START: Duration = Duration::from_secs(20);

/// Between two attempts to reach a driver that prints nothing.
const ASK_AGAIN: Duration = Duration::from_millis(5);

/// On a machine with many sockets the port that a driver is given may be in use; not so many times.
const PORTS: usize = 5;

/// Kills the process group and removes the folder once its standard input ends, which is when our
/// process has ended, for whatever reason; a line says that nothing is left of both. A process that
/// was killed may write until it is gone. It never goes where nobody reaps it, so the wait for that
/// has a limit.
const GUARD: &str = "read -r done && exit; for _ in 1 2 3 4 5 6 7 8 9 10; do \
    kill -s KILL -- \"-$1\" 2>/dev/null || break; sleep 0.01; done; rm -rf -- \"$2\"";

/// Between two looks at a driver that opens a session.
const LOOK: Duration = Duration::from_millis(20);

/// A driver starts its browser within a second of being asked; this covers a machine that swaps.
const BROWSER: Duration = Duration::from_secs(10);

/// A driver that has closed its outputs has ended, and what it wrote is read, within milliseconds.
const LAST_WORDS: Duration = Duration::from_millis(500);

/// Between two looks at what is killed.
const LOOK_AT_THE_END: Duration = Duration::from_millis(2);

/// What was killed is gone within milliseconds; this covers a machine that swaps.
const GONE: Duration = Duration::from_secs(1);

/// A driver that we started and own, with every browser it starts and every file they make.
///
/// Dropping it kills the whole process group. A guard process does the same if we die without
/// dropping.
#[derive(Debug)]
pub struct Driver {
    /// Where it listens.
    pub url: DriverUrl,
    engine: EngineRef,
    group: Pid,
    process: tokio::process::Child,
    /// The display of its browsers, where they have one of their own. It leads the group.
    _display: Option<Display>,
    guard: Child,
    guard_input: Option<ChildStdin>,
    folder: Option<TempDir>,
}

impl Driver {
    /// Starts the driver on a free port, in a process group and a temporary folder of its own.
    pub async fn start(located: &Located) -> Result<Self, DriverError> {
        let (begun, mut ports) = (Instant::now(), PORTS);
        loop {
            match Self::start_once(located).await {
                Err(DriverError::NoPort { fate, .. })
                    if ports > 1 && located.engine.lost_its_port(&fate.printed) =>
                {
                    ports -= 1;
                }
                Err(DriverError::Silent { .. }) if ports > 1 && begun.elapsed() < START => {
                    ports -= 1;
                }
                result => return result,
            }
        }
    }

    async fn start_once(located: &Located) -> Result<Self, DriverError> {
        let (engine, name) = (located.engine, located.driver.display().to_string());
        let failed = |error| DriverError::Start {
            program: name.clone(),
            error,
        };
        let folder = tempfile::Builder::new()
            .prefix("alhena-conformance-")
            .tempdir()
            .map_err(failed)?;
        let display = match &located.display {
            Some(program) => {
                let started = Display::start(program, folder.path()).await;
                Some(started.map_err(|error| DriverError::Start {
                    program: program.display().to_string(),
                    error,
                })?)
            }
            None => None,
        };
        let leader = display.as_ref().and_then(Display::id);
        let given = if engine.is_given_a_port() {
            Some(free_port().await.map_err(failed)?)
        } else {
            None
        };
        let process = Command::new(&located.driver)
            .args(engine.driver_arguments())
            .args(given.map(|port| format!("--port={port}")))
            .env("TMPDIR", folder.path())
            .envs(display.as_ref().map(|display| ("DISPLAY", &display.name)))
            .envs(engine.driver_environment(folder.path()))
            // Browsers write downloads into their working directory.
            .current_dir(folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(leader.map_or(0, u32::cast_signed))
            .kill_on_drop(true)
            .spawn()
            .map_err(failed)?;
        let group = leader
            .or_else(|| process.id())
            .and_then(|id| Pid::from_raw(id.cast_signed()))
            .ok_or_else(|| failed(io::Error::other("it ended at once")))?;
        let mut guard = std::process::Command::new("sh")
            .args(["-c", GUARD, "alhena-conformance-guard"])
            .arg(group.as_raw_nonzero().to_string())
            .arg(folder.path())
            // A group of its own, so that a Ctrl-C at our terminal does not end the guard before it
            // has done its work.
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(failed)?;
        let guard_input = guard.stdin.take();
        let mut driver = Self {
            url: DriverUrl::here(0),
            engine,
            group,
            process,
            _display: display,
            guard,
            guard_input,
            folder: Some(folder),
        };
        let words = LastWords::default();
        let errors = driver.process.stderr.take();
        let errors = tokio::spawn(listen(errors, words.clone()));
        let output = driver.process.stdout.take();
        let port = match given {
            Some(port) => driver.listens_at(port).await.then_some(port),
            None => printed_port(engine, output, &words).await,
        };
        let Some(port) = port else {
            let ended = tokio::time::timeout(LAST_WORDS, driver.process.wait()).await;
            // A browser that it has started may hold its outputs open.
            let _ = tokio::time::timeout(LAST_WORDS, errors).await;
            let fate = Fate {
                ended: ended.ok().and_then(Result::ok),
                printed: words.text(),
                needed: engine.driver_needed(),
            };
            return Err(match given {
                Some(port) => DriverError::Silent {
                    program: name,
                    port,
                    fate,
                },
                None => DriverError::NoPort {
                    program: name,
                    fate,
                },
            });
        };
        driver.url = DriverUrl::here(port);
        Ok(driver)
    }

    /// Whether it comes to listen at the port that it was given.
    async fn listens_at(&mut self, port: u16) -> bool {
        let begun = Instant::now();
        while self.is_running() && begun.elapsed() < START {
            if TcpStream::connect(("127.0.0.1", port)).await.is_ok() {
                return true;
            }
            tokio::time::sleep(ASK_AGAIN).await;
        }
        false
    }

    /// Ends once no session can be had of it any more that it was asked for, and says why: it has
    /// ended, or its browser has and it never answers.
    pub async fn is_of_no_use(&mut self) -> String {
        let (mut alone, mut has_started) = (Instant::now(), false);
        loop {
            tokio::time::sleep(LOOK).await;
            if let Ok(Some(status)) = self.process.try_wait() {
                return format!("the driver ended with {status} before it opened a session");
            }
            let patience = if has_started { GONE } else { BROWSER };
            let process = self
                .process
                .id()
                .filter(|_| self.engine.may_lose_its_browser());
            if process.and_then(has_children) != Some(false) {
                has_started |= process.is_some();
                alone = Instant::now();
            } else if alone.elapsed() > patience {
                return "the browser ended before the driver had reached it".to_owned();
            }
        }
    }

    /// Whether it still runs.
    pub fn is_running(&mut self) -> bool {
        matches!(self.process.try_wait(), Ok(None))
    }

    /// Its process group, for measuring its memory.
    pub fn group(&self) -> i32 {
        self.group.as_raw_nonzero().get()
    }
}

/// A port that nobody listens at.
async fn free_port() -> io::Result<u16> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    Ok(listener.local_addr()?.port())
}

/// Keeps the end of what a driver writes. Reads on for as long as anybody writes there, so that
/// nobody blocks on a full pipe.
async fn listen(errors: Option<ChildStderr>, words: LastWords) {
    let Some(mut errors) = errors else { return };
    let mut part = [0; 4096];
    while let Ok(length @ 1..) = errors.read(&mut part).await {
        words.hear(&part[..length]);
    }
}

/// The port that a driver of `engine` prints; what else it prints goes into `words`.
async fn printed_port(
    engine: EngineRef,
    output: Option<ChildStdout>,
    words: &LastWords,
) -> Option<u16> {
    let port = tokio::time::timeout(START, async {
        let mut lines = BufReader::new(output?).lines();
        while let Ok(Some(line)) = lines.next_line().await {
            if let Some(port) = engine.driver_port(&line) {
                // Read on, so that the driver never blocks on a full pipe.
                tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
                return Some(port);
            }
            words.hear(line.as_bytes());
            words.hear(b"\n");
        }
        None
    });
    port.await.unwrap_or_default()
}

impl Drop for Driver {
    fn drop(&mut self) {
        let begun = Instant::now();
        let is_gone = loop {
            // An error means that it has ended already.
            let _ = kill_process_group(self.group, Signal::KILL);
            let _ = self.process.start_kill();
            let is_gone = is_group_gone(self.group);
            if begun.elapsed() > GONE || is_gone != Some(false) && !self.is_running() {
                break is_gone == Some(true);
            }
            std::thread::sleep(LOOK_AT_THE_END);
        };
        let folder = self.folder.take();
        let is_removed = folder.is_none_or(|folder| folder.close().is_ok());
        let is_all = is_gone && is_removed;
        if let Some(mut guard) = self.guard_input.take().filter(|_| is_all) {
            // It may have been killed, and then there is nobody to read this.
            let _ = guard.write_all(b"\n");
        }
        let _ = self.guard.wait();
    }
}

#[cfg(test)]
mod tests;
