use std::ffi::OsStr;
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use tempfile::TempDir;

use super::browser::{Permits, permits};
use super::{Report, Running};

/// Guards against a program that hangs for ever; nothing here takes a tenth of it.
const DEADLINE: Duration = Duration::from_secs(300);

/// `alhena-conformance`, as a person types it. Nobody sits at its standard input.
#[derive(Debug)]
pub struct Alhena {
    command: Command,
    folder: TempDir,
    permits: Option<Permits>,
}

/// What it answered. Every assertion that fails shows the command line, the exit code and all that
/// was printed.
#[derive(Debug)]
pub struct Ended {
    line: String,
    output: Output,
    folder: TempDir,
}

/// Begins a command line.
pub fn alhena(command: &str) -> Alhena {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut line = Command::new(env!("CARGO_BIN_EXE_alhena-conformance"));
    line.arg(command)
        .stdin(Stdio::null())
        .env_remove("CI")
        .env_remove("GITHUB_STEP_SUMMARY");
    Alhena {
        command: line,
        folder,
        permits: None,
    }
}

impl Alhena {
    /// Adds a flag or a value.
    pub fn arg(mut self, arg: impl AsRef<OsStr>) -> Self {
        self.command.arg(arg);
        self
    }

    /// Adds a flag with its value.
    pub fn option(self, flag: &str, value: impl AsRef<OsStr>) -> Self {
        self.arg(flag).arg(value)
    }

    /// Sets a variable of its environment.
    pub fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// Runs it in this working directory.
    pub fn in_folder(mut self, folder: &Path) -> Self {
        self.command.current_dir(folder);
        self
    }

    /// Tests the build whose whole text this is.
    pub fn sdk(self, script: &str) -> Self {
        let path = self.folder.path().join("gleenWidget.js");
        std::fs::write(&path, script).expect("the SDK can be written");
        self.option("--sdk", path)
    }

    /// With a profile of this text, which adds to `reference`.
    pub fn profile(self, text: &str) -> Self {
        let path = self.folder.path().join("profile.toml");
        std::fs::write(
            &path,
            format!("name = \"own\"\nextends = \"reference\"\n{text}"),
        )
        .expect("the profile can be written");
        self.option("--profile", path)
    }

    /// Keeps the report for the assertions.
    pub fn with_report(self) -> Self {
        let folder = report_folder(&self.folder);
        self.option("--report", folder)
    }

    /// Runs that many browsers at a time, once so many are free.
    pub fn in_browsers(self, browsers: usize) -> Self {
        let free = permits(browsers);
        Self {
            permits: Some(free),
            ..self.option("--workers", browsers.to_string())
        }
    }

    /// Runs while its one browser is allowed, for commands that take no `--workers`.
    pub fn in_a_browser(self) -> Self {
        let free = permits(1);
        Self {
            permits: Some(free),
            ..self
        }
    }

    /// Starts it, and leaves it running.
    pub fn start(mut self) -> Running {
        let line = line_of(&self.command);
        let child = self
            .command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("{line}: {error}"));
        Running::new(line, child, self.folder, self.permits)
    }

    /// Runs it to its end, whatever that is.
    pub fn ends(self) -> Ended {
        let line = line_of(&self.command);
        let output = assert_cmd::Command::from_std(self.command)
            .timeout(DEADLINE)
            .output()
            .unwrap_or_else(|error| panic!("{line}: {error}"));
        Ended {
            line,
            output,
            folder: self.folder,
        }
    }

    /// Runs it, and expects this exit code.
    pub fn ends_with(self, code: i32) -> Ended {
        self.ends().with_code(code)
    }
}

impl Ended {
    pub(super) fn new(line: String, output: Output, folder: TempDir) -> Self {
        Self {
            line,
            output,
            folder,
        }
    }

    /// The exit code; `None`: a signal ended it.
    pub fn code(&self) -> Option<i32> {
        self.output.status.code()
    }

    /// Expects this exit code.
    pub fn with_code(self, code: i32) -> Self {
        assert_eq!(self.code(), Some(code), "the exit code\n{self}");
        self
    }

    /// Expects `text` on standard output.
    pub fn prints(&self, text: &str) -> &Self {
        assert!(
            self.stdout().contains(text),
            "not on standard output: {text}\n{self}"
        );
        self
    }

    /// Expects `text` on standard error.
    pub fn warns(&self, text: &str) -> &Self {
        assert!(
            self.stderr().contains(text),
            "not on standard error: {text}\n{self}"
        );
        self
    }

    /// Expects `text` nowhere.
    pub fn never_says(&self, text: &str) -> &Self {
        assert!(
            !self.stdout().contains(text) && !self.stderr().contains(text),
            "said: {text}\n{self}"
        );
        self
    }

    /// Standard output.
    pub fn stdout(&self) -> String {
        String::from_utf8_lossy(&self.output.stdout).into_owned()
    }

    /// Standard error.
    pub fn stderr(&self) -> String {
        String::from_utf8_lossy(&self.output.stderr).into_owned()
    }

    /// The report's folder.
    pub fn report_folder(&self) -> PathBuf {
        report_folder(&self.folder)
    }

    /// The report, which fits its schema.
    pub fn report(&self) -> Report {
        Report::read(&self.report_folder()).unwrap_or_else(|error| panic!("{error}\n{self}"))
    }
}

impl fmt::Display for Ended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "$ {}\n{}\n--- stdout\n{}\n--- stderr\n{}",
            self.line,
            self.output.status,
            self.stdout(),
            self.stderr()
        )
    }
}

fn report_folder(folder: &TempDir) -> PathBuf {
    Path::new(folder.path()).join("report")
}

fn line_of(command: &Command) -> String {
    let words = command
        .get_args()
        .map(|word| word.to_string_lossy().into_owned())
        .collect::<Vec<_>>()
        .join(" ");
    format!("alhena-conformance {words}")
}
