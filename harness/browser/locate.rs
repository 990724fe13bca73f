use std::collections::HashSet;
use std::fmt;
use std::path::{Path, PathBuf};

use super::engine::EngineRef;

/// A browser and the driver for it.
#[derive(Debug, Clone)]
pub struct Located {
    /// The engine of both.
    pub engine: EngineRef,
    /// The browser's executable; `None`: the driver finds its own.
    pub browser: Option<PathBuf>,
    /// A browser that offers what `browser` does not; `None`: nothing is missing, or none was
    /// found.
    pub fuller: Option<PathBuf>,
    /// The driver's executable.
    pub driver: PathBuf,
    /// The program that makes a display for the browser; `None`: it needs none.
    pub display: Option<PathBuf>,
}

/// What cases are driven with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The browser.
    Browser,
    /// Its driver.
    Driver,
    /// What makes a display, for a browser that needs one.
    Display,
}

impl Part {
    /// In messages.
    pub fn word(self) -> &'static str {
        match self {
            Self::Browser => "browser",
            Self::Driver => "driver",
            Self::Display => "display server",
        }
    }
}

/// What was looked for and not found.
#[derive(Debug, Clone)]
pub struct LookedFor {
    /// What it is.
    pub part: Part,
    /// Whether its path was given, so that it was looked for nowhere else.
    pub is_given: bool,
    /// The names tried.
    pub names: Vec<String>,
    /// The folders tried.
    pub folders: Vec<PathBuf>,
}

/// This machine lacks some of what cases are driven with.
#[derive(Debug, Clone)]
pub struct NotFound {
    /// Everything that is missing.
    pub missing: Vec<LookedFor>,
}

impl fmt::Display for NotFound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, missing) in self.missing.iter().enumerate() {
            let LookedFor {
                part,
                names,
                folders,
                ..
            } = missing;
            let what = part.word();
            let names = names.join(", ");
            let folders = folders.iter().map(|folder| folder.display().to_string());
            let folders = folders.collect::<Vec<_>>().join(", ");
            let line = if index == 0 { "" } else { "\n" };
            write!(
                f,
                "{line}no {what} was found\n   looked for: {names}\n   in:         {folders}"
            )?;
        }
        Ok(())
    }
}

impl std::error::Error for NotFound {}

impl NotFound {
    /// The parts whose path was given, and is wrong.
    pub fn given(&self) -> Vec<Part> {
        let given = self.missing.iter().filter(|missing| missing.is_given);
        given.map(|missing| missing.part).collect()
    }
}

/// Finds a browser of `engine` and its driver: the ones given, else the known names on `PATH`.
///
/// # Errors
/// Everything that is missing, with where it was looked for.
pub fn locate(
    engine: EngineRef,
    browser: Option<&Path>,
    driver: Option<&Path>,
    headed: bool,
) -> Result<Located, NotFound> {
    let is_given = browser.is_some();
    let browser = match browser {
        Some(given) => given_file(Part::Browser, given),
        None => installed_browser(engine, headed),
    };
    let driver = match driver {
        Some(given) => given_file(Part::Driver, given),
        None => installed_driver(engine),
    };
    let display = engine.display().filter(|_| !headed);
    let display = display.map(|name| found(Part::Display, &[name], path_folders()));
    match (browser, driver, display.transpose()) {
        (Ok(browser), Ok(driver), Ok(display)) => Ok(Located {
            engine,
            // Who names a browser wants that one.
            fuller: fuller(engine, &browser, headed).filter(|_| !is_given),
            browser: Some(browser),
            driver,
            display,
        }),
        (browser, driver, display) => {
            let missing = [browser.err(), driver.err(), display.err()];
            Err(NotFound {
                missing: missing.into_iter().flatten().collect(),
            })
        }
    }
}

/// The browser of `engine` that is on `PATH`, or where applications are.
pub(super) fn installed_browser(engine: EngineRef, headed: bool) -> Result<PathBuf, LookedFor> {
    found(Part::Browser, engine.browsers(headed), path_folders()).or_else(|looked| {
        let mut applications = engine.applications().iter().map(PathBuf::from);
        applications.find(|path| path.is_file()).ok_or(looked)
    })
}

/// The driver of `engine` that is on `PATH`, or where cargo puts what it installs.
pub(super) fn installed_driver(engine: EngineRef) -> Result<PathBuf, LookedFor> {
    found(Part::Driver, engine.drivers(), driver_folders(engine))
}

/// A browser that offers everything, where `browser` does not.
fn fuller(engine: EngineRef, browser: &Path, headed: bool) -> Option<PathBuf> {
    let offers_everything = |path: &Path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        engine.missing_features(&name).is_empty()
    };
    if offers_everything(browser) {
        return None;
    }
    let names = engine.browsers(headed).iter().copied();
    let full: Vec<&str> = names
        .filter(|name| offers_everything(Path::new(name)))
        .collect();
    let applications = engine.applications().iter().map(PathBuf::from);
    let mut applications = applications.filter(|path| offers_everything(path));
    let found = found(Part::Browser, &full, path_folders()).ok();
    found.or_else(|| applications.find(|path| path.is_file()))
}

fn given_file(part: Part, given: &Path) -> Result<PathBuf, LookedFor> {
    // The driver has a working directory of its own.
    let path = std::path::absolute(given).ok();
    if let Some(path) = path.filter(|path| path.is_file()) {
        return Ok(path);
    }
    let folder = given
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let folders = vec![folder.unwrap_or(Path::new(".")).to_owned()];
    let name = given.file_name().unwrap_or(given.as_os_str());
    let names = vec![name.to_string_lossy().into_owned()];
    Err(LookedFor {
        part,
        is_given: true,
        names,
        folders,
    })
}

/// The folders of `PATH`, each once.
pub(super) fn path_folders() -> Vec<PathBuf> {
    let folders = std::env::var_os("PATH").map(|path| std::env::split_paths(&path).collect());
    let mut folders: Vec<PathBuf> = folders.unwrap_or_default();
    // A shell that was started by another one has some of them twice.
    let mut seen = HashSet::new();
    folders.retain(|folder| seen.insert(folder.clone()));
    folders
}

/// Where a driver of `engine` may be: on `PATH`, and where cargo puts what it installs.
fn driver_folders(engine: EngineRef) -> Vec<PathBuf> {
    let mut folders = path_folders();
    if engine.driver_crate().is_some() {
        let home = std::env::home_dir().map(|home| home.join(".cargo"));
        let cargo = std::env::var_os("CARGO_HOME").map(PathBuf::from).or(home);
        let cargo = cargo.map(|cargo| cargo.join("bin"));
        folders.extend(cargo.filter(|cargo| !path_folders().contains(cargo)));
    }
    folders
}

fn found(part: Part, names: &[&str], folders: Vec<PathBuf>) -> Result<PathBuf, LookedFor> {
    let in_folders = |name| folders.iter().map(move |folder| folder.join(name));
    let found = names
        .iter()
        .flat_map(in_folders)
        .find(|path| path.is_file());
    found.ok_or_else(|| LookedFor {
        part,
        is_given: false,
        names: names.iter().map(|name| (*name).to_owned()).collect(),
        folders,
    })
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use super::*;
    use crate::browser::engine_named;
    use crate::browser::tests::made_up::MadeUp;

    #[test]
    fn browser_beside_path_is_installed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("browser");
        let name: &'static str = path.display().to_string().leak();
        let engine: EngineRef = Box::leak(Box::new(MadeUp {
            applications: vec![name].leak(),
            ..MadeUp::default()
        }));
        assert!(installed_browser(engine, false).is_err());
        std::fs::write(&path, "").unwrap();
        assert_eq!(installed_browser(engine, false).unwrap(), path);
    }

    #[test]
    fn part_whose_path_was_given_differs_from_one_that_is_not_there() {
        let folder = tempfile::tempdir().unwrap();
        let here = folder.path().join("MiniBrowser");
        std::fs::write(&here, "").unwrap();
        let nowhere = folder.path().join("nowhere");
        let webkit = engine_named("webkit").unwrap();
        let given = |browser, driver| {
            let located = locate(webkit, Some(browser), Some(driver), true);
            located.map_err(|missing| missing.given())
        };
        assert!(given(&here, &here).is_ok());
        assert_eq!(given(&here, &nowhere).unwrap_err(), [Part::Driver]);
        let both = given(&nowhere, &nowhere).unwrap_err();
        assert_eq!(both, [Part::Browser, Part::Driver]);
        let not_given = NotFound {
            missing: vec![found(Part::Display, &["Xvfb"], Vec::new()).unwrap_err()],
        };
        assert_eq!(not_given.given(), []);
        assert!(
            not_given
                .to_string()
                .starts_with("no display server was found")
        );
    }
}
