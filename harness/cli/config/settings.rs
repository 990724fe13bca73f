//! Which flags are settings, and of which commands.

use clap::ArgAction;

use crate::cli::args::run_flag;

/// A flag that need not be typed.
#[derive(Debug)]
pub struct Setting {
    /// The flag without `--`, which is also its key in the file.
    pub name: &'static str,
    pub kind: Kind,
    /// The setting without which it means nothing.
    pub needs: Option<&'static str>,
    /// The setting whose value it is made for: where another one is chosen, it is not used.
    pub made_for: Option<&'static str>,
    /// The setting that cannot be used beside it, where only the command itself refuses that.
    pub excludes: Option<&'static str>,
}

/// What a value is, beyond what its flag says: how it is written in TOML, and whether it is
/// relative to the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A path or a URL.
    Build,
    /// The name of a bundled profile or a path.
    Profile,
    /// The URL of a driver, which may hold a password.
    Driver,
    Path,
    Text,
    Number,
    Switch,
}

impl Setting {
    /// Whether `run` takes it more than once.
    pub fn takes_several(&self) -> bool {
        run_flag(self.name).is_some_and(|arg| matches!(arg.get_action(), ArgAction::Append))
    }
}

const fn setting(name: &'static str, kind: Kind) -> Setting {
    Setting {
        name,
        kind,
        needs: None,
        made_for: None,
        excludes: None,
    }
}

/// An executable of the engine.
const fn executable(name: &'static str) -> Setting {
    Setting {
        made_for: Some("engine"),
        ..setting(name, Kind::Path)
    }
}

/// Every setting, in the order of `run --help`.
pub const SETTINGS: &[Setting] = &[
    setting("sdk", Kind::Build),
    setting("require-sdk", Kind::Switch),
    setting("snippet", Kind::Path),
    setting(PROFILE, Kind::Profile),
    setting("fixtures", Kind::Path),
    setting("filter", Kind::Text),
    setting("suite", Kind::Text),
    setting("level", Kind::Text),
    setting("requirement", Kind::Text),
    Setting {
        excludes: Some("known-failures"),
        ..setting("baseline", Kind::Path)
    },
    Setting {
        excludes: Some("baseline"),
        ..setting("known-failures", Kind::Path)
    },
    setting("report", Kind::Path),
    setting("format", Kind::Text),
    setting("mask", Kind::Switch),
    Setting {
        needs: Some("report"),
        ..setting("keep-evidence", Kind::Text)
    },
    setting("retries", Kind::Number),
    setting("fail-fast", Kind::Switch),
    setting("max-failures", Kind::Number),
    setting("timeout", Kind::Text),
    setting("workers", Kind::Number),
    setting("own-pages", Kind::Switch),
    setting("engine", Kind::Text),
    executable("browser-binary"),
    executable("driver"),
    setting("webdriver", Kind::Driver),
    Setting {
        needs: Some("webdriver"),
        ..setting("advertise", Kind::Text)
    },
    setting("headed", Kind::Switch),
    setting("color", Kind::Text),
];

/// The setting that a file beside the configuration stands for.
pub const PROFILE: &str = "profile";

/// Flags of `run` that are no settings: each is about one run, or agrees to something.
#[cfg(test)]
pub const TYPED_ONLY: &[&str] = &[
    "config",
    "dry-run",
    "events",
    "last-failed",
    "open",
    "quiet",
    "scenario",
    "seed",
    "shard",
    "show-config",
    "trace",
    "update-baseline",
    "update-known-failures",
    "verbose",
    "verify",
    "watch",
    "yes",
];

/// The browser of any command that drives one.
const BROWSER: [&str; 6] = [
    "engine",
    "browser-binary",
    "driver",
    "webdriver",
    "advertise",
    "headed",
];

/// The setting of this name.
pub fn named(name: &str) -> Option<&'static Setting> {
    SETTINGS.iter().find(|setting| setting.name == name)
}

/// The settings that a command takes, by the words of its name. Other commands have some of these
/// flags too, and mean something else by them.
pub fn of_command(path: &[&str]) -> Vec<&'static Setting> {
    let names: Vec<&str> = match path {
        ["run"] => return SETTINGS.iter().collect(),
        ["serve"] => vec!["sdk", "snippet", PROFILE, "fixtures"],
        ["profile", "check"] => [&["sdk", PROFILE], BROWSER.as_slice()].concat(),
        ["list"] => vec!["fixtures", "filter", "suite", "level", "requirement"],
        ["explain" | "coverage"] => vec!["fixtures"],
        ["self-test"] => [&["fixtures", "workers"], BROWSER.as_slice()].concat(),
        ["explore"] => [
            &["sdk", "snippet", PROFILE, "fixtures", "workers", "color"],
            BROWSER.as_slice(),
        ]
        .concat(),
        ["bench"] => BROWSER.to_vec(),
        ["judge"] => vec!["known-failures", "color"],
        _ => Vec::new(),
    };
    let is_taken = |setting: &&Setting| names.contains(&setting.name);
    SETTINGS.iter().filter(is_taken).collect()
}
