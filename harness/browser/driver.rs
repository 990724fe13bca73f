use std::io;
use std::os::unix::process::CommandExt as _;
use std::process::{Child, ChildStdin, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process_group};
use tempfile::TempDir;
use thiserror::Error;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::process::{ChildStdout, Command};

use super::display::Display;
use super::engine::EngineRef;
use super::locate::Located;

/// A driver prints its port within a second; this covers a machine that swaps.
const START: Duration = Duration::from_secs(20);

/// Between two attempts to reach a driver that prints nothing.
const ASK_AGAIN: Duration = Duration::from_millis(5);

/// On a machine with many sockets the port that a driver is given may be in use; not so many times.
const PORTS: usize = 5;

/// Kills the process group and removes the folder once its standard input ends, which is when our
/// process has ended, for whatever reason. A process that was killed may write until it is gone. It
/// never goes where nobody reaps it, so the wait for that has a limit.
const GUARD: &str = "cat >/dev/null; for _ in 1 2 3 4 5 6 7 8 9 10; do \
    kill -s KILL -- \"-$1\" 2>/dev/null || break; sleep 0.01; done; rm -rf -- \"$2\"";

/// A driver that was killed is gone within milliseconds; this covers a machine that swaps.
const GONE: Duration = Duration::from_secs(1);

/// A driver that we started and own, with every browser it starts and every file they make.
///
/// Dropping it kills the whole process group. A guard process does the same if we die without
/// dropping.
#[derive(Debug)]
pub struct Driver {
    /// Where it listens.
    pub url: String,
    group: Pid,
    process: tokio::process::Child,
    /// The display of its browsers, where they have one of their own. It leads the group.
    _display: Option<Display>,
    guard: Child,
    guard_input: Option<ChildStdin>,
    folder: Option<TempDir>,
}

/// The driver does not run. A fault of the machine.
#[derive(Debug, Error)]
pub enum DriverError {
    /// It cannot be started.
    #[error("cannot start {program}: {error}")]
    Start {
        /// The driver's path.
        program: String,
        /// Why not.
        error: io::Error,
    },
    /// It ended before it printed its port, or did not print it in time.
    #[error("{program} did not print the port that it listens on\n   it printed: {printed}")]
    NoPort {
        /// The driver's path.
        program: String,
        /// All it printed.
        printed: String,
    },
    /// It ended, or did not come to listen in time.
    #[error("{program} did not listen at the port {port} that it was given")]
    Silent {
        /// The driver's path.
        program: String,
        /// The port.
        port: u16,
    },
}

impl Driver {
    /// Starts the driver on a free port, in a process group and a temporary folder of its own.
    pub async fn start(located: &Located) -> Result<Self, DriverError> {
        let (begun, mut ports) = (Instant::now(), PORTS);
        loop {
            match Self::start_once(located).await {
                Err(DriverError::NoPort { printed, .. })
                    if ports > 1 && located.engine.lost_its_port(&printed) =>
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
            .stderr(Stdio::null())
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
            url: String::new(),
            group,
            process,
            _display: display,
            guard,
            guard_input,
            folder: Some(folder),
        };
        let output = driver.process.stdout.take();
        let port = match given {
            Some(port) if driver.listens_at(port).await => port,
            Some(port) => {
                return Err(DriverError::Silent {
                    program: name,
                    port,
                });
            }
            None => match printed_port(engine, output).await {
                Ok(port) => port,
                Err(printed) => {
                    return Err(DriverError::NoPort {
                        program: name,
                        printed,
                    });
                }
            },
        };
        driver.url = format!("http://127.0.0.1:{port}/");
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

/// The port that a driver of `engine` prints; all that it printed, where that is none.
async fn printed_port(engine: EngineRef, output: Option<ChildStdout>) -> Result<u16, String> {
    let mut printed = String::new();
    let port = tokio::time::timeout(START, async {
        let mut lines = BufReader::new(output?).lines();
        while let Ok(Some(line)) = lines.next_line().await {
            if let Some(port) = engine.driver_port(&line) {
                // Read on, so that the driver never blocks on a full pipe.
                tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
                return Some(port);
            }
            printed.push_str(&line);
            printed.push('\n');
        }
        None
    });
    let port = port.await.unwrap_or_default();
    port.ok_or_else(|| printed.trim().to_owned())
}

impl Drop for Driver {
    fn drop(&mut self) {
        // An error means that it has ended already.
        let _ = kill_process_group(self.group, Signal::KILL);
        let _ = self.process.start_kill();
        let begun = Instant::now();
        while self.is_running() && begun.elapsed() < GONE {
            std::thread::sleep(Duration::from_millis(1));
        }
        drop(self.folder.take());
        drop(self.guard_input.take());
        let _ = self.guard.wait();
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use std::path::{Path, PathBuf};

    use rustix::io::Errno;
    use rustix::process::test_kill_process_group;

    use super::*;
    use crate::browser::tests::made_up::MadeUp;

    fn driver_that(script: String) -> Located {
        Located {
            engine: Box::leak(Box::new(MadeUp {
                shares_driver: true,
                driver_arguments: ["-c", script.leak()],
            })),
            browser: None,
            fuller: None,
            driver: PathBuf::from("/bin/sh"),
            display: None,
        }
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
        assert_eq!(driver.unwrap().url, "http://127.0.0.1:40001/");
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
}
