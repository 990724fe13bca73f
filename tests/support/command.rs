use std::ffi::OsStr;
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tempfile::TempDir;

use super::browser::{Permits, permits_on};
use super::{Engine, Report, Running};

/// Guards against a program that hangs; nothing here takes a tenth of it.
const DEADLINE: Duration = Duration::from_secs(300);

/// Names the file of the settings.
const CONFIG: &str = "ALHENA_CONFORMANCE_CONFIG";

/// `alhena-conformance`, as a person types it. Its standard input is empty.
#[derive(Debug)]
pub struct Alhena {
    command: Command,
    home: Home,
    engine: Engine,
    permits: Option<Permits>,
}

/// The folder of one command line, for its SDK, its profile and its report.
#[derive(Debug)]
pub enum Home {
    /// Removed with the command line.
    Own(TempDir),
    /// Kept for the tests that share its answer.
    Kept(PathBuf),
}

/// What a command line answered.
#[derive(Debug, Serialize, Deserialize)]
pub struct Answer {
    /// As it was typed.
    pub line: String,
    /// The exit code; `None`: a signal ended it.
    pub code: Option<i32>,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
}

/// A command line that has ended. Every assertion that fails shows the command line, the exit code
/// and all that was printed.
#[derive(Debug)]
pub struct Ended {
    answer: Answer,
    home: Home,
}

/// Begins a command line.
pub fn alhena(command: &str) -> Alhena {
    let home = Home::Own(tempfile::tempdir().expect("a temporary folder"));
    let mut line = Command::new(env!("CARGO_BIN_EXE_alhena-conformance"));
    line.arg(command)
        .stdin(Stdio::null())
        .env_remove("CI")
        .env_remove("GITHUB_STEP_SUMMARY")
        .env_remove("GITHUB_OUTPUT");
    // Neither a file above the working directory nor a variable of this shell sets anything.
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("ALHENA_CONFORMANCE_") {
            line.env_remove(name);
        }
    }
    line.env(CONFIG, "none");
    Alhena {
        command: line,
        home,
        engine: Engine::Chromium,
        permits: None,
    }
}

impl Home {
    fn path(&self) -> &Path {
        match self {
            Self::Own(folder) => folder.path(),
            Self::Kept(folder) => folder,
        }
    }
}

impl Alhena {
    /// Keeps its files and its answer in that folder. To be called first.
    pub fn kept_in(self, folder: &Path) -> Self {
        std::fs::create_dir_all(folder).expect("a folder can be made");
        Self {
            home: Home::Kept(folder.to_owned()),
            ..self
        }
    }

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

    /// Runs it in this working directory, whose settings count.
    pub fn at_home_in(mut self, folder: &Path) -> Self {
        self.command.env_remove(CONFIG).current_dir(folder);
        self
    }

    /// Runs it in this working directory.
    pub fn in_folder(mut self, folder: &Path) -> Self {
        self.command.current_dir(folder);
        self
    }

    /// Tests the build whose whole text this is.
    pub fn sdk(self, script: &str) -> Self {
        let path = self.home.path().join("gleenWidget.js");
        std::fs::write(&path, script).expect("the SDK can be written");
        self.option("--sdk", path)
    }

    /// With a profile of this text, which adds to `reference`.
    pub fn profile(self, text: &str) -> Self {
        let path = self.home.path().join("profile.toml");
        std::fs::write(
            &path,
            format!("name = \"own\"\nextends = \"reference\"\n{text}"),
        )
        .expect("the profile can be written");
        self.option("--profile", path)
    }

    /// Keeps the report for the assertions.
    pub fn with_report(self) -> Self {
        let folder = report_folder(&self.home);
        self.option("--report", folder)
    }

    /// Runs it on this engine. The default is named by no flag.
    pub fn on(self, engine: Engine) -> Self {
        let named = match engine {
            Engine::Chromium => self,
            Engine::Firefox | Engine::WebKit => self.option("--engine", engine.id()),
        };
        Self { engine, ..named }
    }

    /// Runs that many browsers at a time, once so many are free.
    pub fn in_browsers(self, browsers: usize) -> Self {
        let free = permits_on(self.engine, browsers);
        Self {
            permits: Some(free),
            ..self.option("--workers", browsers.to_string())
        }
    }

    /// Runs once its one browser is free, for commands that take no `--workers`.
    pub fn in_a_browser(self) -> Self {
        let free = permits_on(self.engine, 1);
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
        Running::new(line, child, self.home, self.permits)
    }

    /// Runs it to its end, whatever that is.
    pub fn ends(self) -> Ended {
        let line = line_of(&self.command);
        let output = assert_cmd::Command::from_std(self.command)
            .timeout(DEADLINE)
            .output()
            .unwrap_or_else(|error| panic!("{line}: {error}"));
        let answer = Answer {
            line,
            code: output.status.code(),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        };
        if let Home::Kept(folder) = &self.home {
            let text = serde_json::to_string(&answer).expect("an answer is JSON");
            std::fs::write(answer_file(folder), text).expect("the answer can be written");
        }
        Ended::new(answer, self.home)
    }

    /// Runs it, and expects this exit code.
    pub fn ends_with(self, code: i32) -> Ended {
        self.ends().with_code(code)
    }
}

/// A text whose words have one space between them.
fn in_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

impl Ended {
    pub(super) fn new(answer: Answer, home: Home) -> Self {
        Self { answer, home }
    }

    /// The one that was kept in that folder.
    pub fn kept_in(folder: &Path) -> Self {
        let text = std::fs::read_to_string(answer_file(folder)).expect("the answer was kept");
        let answer = serde_json::from_str(&text).expect("the answer is JSON");
        Self::new(answer, Home::Kept(folder.to_owned()))
    }

    /// The exit code; `None`: a signal ended it.
    pub fn code(&self) -> Option<i32> {
        self.answer.code
    }

    /// Expects this exit code.
    pub fn with_code(self, code: i32) -> Self {
        assert_eq!(self.code(), Some(code), "the exit code\n{self}");
        self
    }

    /// Expects `text` on standard output, whatever lines it is broken into.
    pub fn prints(&self, text: &str) -> &Self {
        assert!(
            in_one_line(&self.stdout()).contains(&in_one_line(text)),
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
    pub fn never_prints(&self, text: &str) -> &Self {
        assert!(
            !in_one_line(&self.stdout()).contains(&in_one_line(text))
                && !self.stderr().contains(text),
            "printed: {text}\n{self}"
        );
        self
    }

    /// Standard output.
    pub fn stdout(&self) -> String {
        self.answer.stdout.clone()
    }

    /// Standard error.
    pub fn stderr(&self) -> String {
        self.answer.stderr.clone()
    }

    /// The report's folder.
    pub fn report_folder(&self) -> PathBuf {
        report_folder(&self.home)
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
            "$ {}\nexit code: {:?}\n--- stdout\n{}\n--- stderr\n{}",
            self.answer.line, self.answer.code, self.answer.stdout, self.answer.stderr
        )
    }
}

fn report_folder(home: &Home) -> PathBuf {
    home.path().join("report")
}

fn answer_file(folder: &Path) -> PathBuf {
    folder.join("answer.json")
}

fn line_of(command: &Command) -> String {
    let words = command
        .get_args()
        .map(|word| word.to_string_lossy().into_owned())
        .collect::<Vec<_>>()
        .join(" ");
    format!("alhena-conformance {words}")
}
