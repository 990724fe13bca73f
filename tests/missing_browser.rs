//! On a machine without a browser the program reports the names and folders searched and the
//! command that installs one, and installs nothing without consent.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use rstest::rstest;
use tempfile::TempDir;

use crate::support::{ENVIRONMENT, alhena};

/// A folder that is the whole `PATH`. Its package manager installs nothing and records its calls.
struct Machine {
    path: TempDir,
}

impl Machine {
    fn new() -> Self {
        Self {
            path: tempfile::tempdir().expect("a temporary folder"),
        }
    }

    fn with_a_package_manager(code: i32) -> Self {
        let machine = Self::new();
        for name in ["apt-get", "sudo"] {
            machine.add(name, code);
        }
        machine
    }

    /// Adds a program that records its calls and ends with `code`.
    fn add(&self, name: &str, code: i32) {
        // It fails at the ninth call, so that an endless loop of calls ends.
        let script = format!(
            "#!/bin/sh\necho \"$0 $*\" >> '{0}'\nlines=0; while read -r line; do lines=$((lines + \
             1)); done < '{0}'\n[ $lines -lt 9 ] || exit 9\nexit {code}\n",
            self.calls_file().display()
        );
        let program = self.path.path().join(name);
        fs::write(&program, &script).expect("a program can be written");
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755))
            .expect("a program can be made executable");
    }

    fn calls_file(&self) -> PathBuf {
        self.path.path().join("calls")
    }

    /// The package manager's command lines so far.
    fn calls(&self) -> Vec<String> {
        fs::read_to_string(self.calls_file())
            .unwrap_or_default()
            .lines()
            .map(str::to_owned)
            .collect()
    }
}

#[rstest]
fn missing_browser_is_reported_with_the_searched_folders(
    #[values("run", "install")] command: &str,
) {
    let machine = Machine::with_a_package_manager(0);
    let ended = alhena(command)
        .env("PATH", machine.path.path())
        .ends_with(ENVIRONMENT);
    ended
        .warns("no browser was found")
        .warns("looked for: ../lib/chromium/chromium-headless-shell,")
        .warns("no driver was found")
        .warns("chromedriver");
    ended.warns(&format!("in:         {}", machine.path.path().display()));
    ended.warns("apt-get install").warns("--yes");
    assert_eq!(machine.calls(), Vec::<String>::new(), "without consent");
}

#[rstest]
fn missing_parts_of_another_engine_are_reported_with_its_command(
    #[values("run", "install")] command: &str,
) {
    let machine = Machine::with_a_package_manager(0);
    machine.add("cargo", 0);
    let ended = alhena(command)
        .option("--engine", "firefox")
        .env("PATH", machine.path.path())
        .env("CARGO_HOME", machine.path.path())
        .ends_with(ENVIRONMENT);
    ended
        .warns("looked for: firefox-esr, firefox")
        .warns("looked for: geckodriver")
        .warns("apt-get install --yes --no-install-recommends firefox-esr")
        .warns("cargo install --locked geckodriver");
    assert_eq!(machine.calls(), Vec::<String>::new(), "without consent");
}

#[test]
fn missing_display_is_reported_with_its_command() {
    let machine = Machine::with_a_package_manager(0);
    machine.add("MiniBrowser", 0);
    machine.add("WebKitWebDriver", 0);
    alhena("run")
        .option("--engine", "webkit")
        .env("PATH", machine.path.path())
        .ends_with(ENVIRONMENT)
        .warns("no display server was found")
        .warns("looked for: Xvfb")
        .warns("apt-get install --yes --no-install-recommends webkit2gtk-driver xvfb");
    assert_eq!(machine.calls(), Vec::<String>::new(), "without consent");
}

#[test]
fn missing_display_is_not_a_wrong_path() {
    let machine = Machine::with_a_package_manager(0);
    for part in ["MiniBrowser", "WebKitWebDriver"] {
        machine.add(part, 0);
    }
    alhena("run")
        .option("--engine", "webkit")
        .option("--browser-binary", machine.path.path().join("MiniBrowser"))
        .option("--driver", machine.path.path().join("WebKitWebDriver"))
        .env("PATH", machine.path.path())
        .ends_with(ENVIRONMENT)
        .warns("no display server was found")
        .warns("apt-get install --yes --no-install-recommends webkit2gtk-driver xvfb");
    assert_eq!(machine.calls(), Vec::<String>::new(), "without consent");
}

#[test]
fn nothing_is_installed_beside_a_browser_that_was_given() {
    let machine = Machine::with_a_package_manager(0);
    machine.add("chromium", 0);
    alhena("run")
        .option("--browser-binary", machine.path.path().join("chromium"))
        .arg("--yes")
        .env("PATH", machine.path.path())
        .ends_with(ENVIRONMENT)
        .warns("no driver was found")
        .warns("may not fit the browser given: name the other with --driver");
    assert_eq!(machine.calls(), Vec::<String>::new());
}

#[rstest]
fn package_manager_that_was_found_is_not_said_to_be_missing(
    #[values("run", "install")] command: &str,
) {
    let machine = Machine::new();
    machine.add("brew", 0);
    alhena(command)
        .option("--engine", "webkit")
        .env("PATH", machine.path.path())
        .ends_with(ENVIRONMENT)
        .warns("brew was found, and has no package of WebKit");
}

#[rstest]
fn missing_cargo_is_named(#[values("run", "install")] command: &str) {
    let machine = Machine::with_a_package_manager(0);
    alhena(command)
        .option("--engine", "firefox")
        .env("PATH", machine.path.path())
        .env("CARGO_HOME", machine.path.path())
        .ends_with(ENVIRONMENT)
        .warns("cargo was not found, by which the driver is installed");
}

#[test]
fn driver_that_no_package_holds_is_installed_by_cargo() {
    let machine = Machine::with_a_package_manager(0);
    machine.add("cargo", 0);
    machine.add("firefox", 0);
    alhena("install")
        .option("--engine", "firefox")
        .arg("--yes")
        .env("PATH", machine.path.path())
        .env("CARGO_HOME", machine.path.path())
        .ends_with(ENVIRONMENT)
        .warns("no driver was found");
    let calls = machine.calls();
    assert!(
        calls.len() == 1 && calls[0].ends_with("/cargo install --locked geckodriver"),
        "{calls:?}"
    );
}

#[rstest]
fn missing_package_manager_is_reported(#[values("run", "install")] command: &str) {
    let machine = Machine::new();
    alhena(command)
        .env("PATH", machine.path.path())
        .ends_with(ENVIRONMENT)
        .warns("no browser was found")
        .warns("apt-get, brew");
}

#[rstest]
#[case::ci_is_true("CI", "true", 2)]
#[case::ci_is_something_else("CI", "1", 0)]
fn only_ci_true_agrees_to_installation(
    #[case] name: &str,
    #[case] value: &str,
    #[case] calls: usize,
) {
    let machine = Machine::with_a_package_manager(0);
    alhena("run")
        .env("PATH", machine.path.path())
        .env(name, value)
        .ends_with(ENVIRONMENT);
    assert_eq!(
        machine.calls().len(),
        calls,
        "update and install, or nothing: {:?}",
        machine.calls()
    );
}

#[rstest]
fn package_manager_without_browser_is_called_once(#[values("run", "install")] command: &str) {
    let machine = Machine::with_a_package_manager(0);
    alhena(command)
        .arg("--yes")
        .env("PATH", machine.path.path())
        .ends_with(ENVIRONMENT)
        .warns("no browser was found")
        .warns("the installation succeeded, but brought less than that");
    assert_eq!(
        machine
            .calls()
            .iter()
            .filter(|call| call.contains("install"))
            .count(),
        1,
        "{:?}",
        machine.calls()
    );
}

#[rstest]
fn failing_package_manager_is_named_with_its_command(#[values("run", "install")] command: &str) {
    let machine = Machine::with_a_package_manager(100);
    alhena(command)
        .arg("--yes")
        .env("PATH", machine.path.path())
        .ends_with(ENVIRONMENT)
        .warns("apt-get update")
        .warns("100");
}

#[rstest]
#[case::browser("--browser-binary", "no browser was found")]
#[case::driver("--driver", "no driver was found")]
fn wrong_path_is_named(#[case] flag: &str, #[case] message: &str) {
    let ended = alhena("run")
        .option(flag, "/no/such/program")
        .ends_with(ENVIRONMENT);
    ended
        .warns(message)
        .warns("looked for: program")
        .warns("in:         /no/such")
        .warns(&format!("check the path given with {flag}"));
}
