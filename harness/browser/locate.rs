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

/// What was looked for and not found.
#[derive(Debug, Clone)]
pub struct LookedFor {
    /// `browser`, `driver` or `display server`.
    pub what: &'static str,
    /// The names tried.
    pub names: Vec<String>,
    /// The folders tried.
    pub folders: Vec<PathBuf>,
}

/// This machine lacks a browser, its driver, or both.
#[derive(Debug, Clone)]
pub struct NotFound {
    /// Everything that is missing.
    pub missing: Vec<LookedFor>,
}

impl fmt::Display for NotFound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, missing) in self.missing.iter().enumerate() {
            let LookedFor {
                what,
                names,
                folders,
            } = missing;
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
        Some(given) => given_file("browser", given),
        None => found("browser", engine.browsers(headed), path_folders()).or_else(|looked| {
            let mut applications = engine.applications().iter().map(PathBuf::from);
            applications.find(|path| path.is_file()).ok_or(looked)
        }),
    };
    let driver = match driver {
        Some(given) => given_file("driver", given),
        None => found("driver", engine.drivers(), driver_folders(engine)),
    };
    let display = engine.display().filter(|_| !headed);
    let display = display.map(|name| found("display server", &[name], path_folders()));
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
    let found = found("browser", &full, path_folders()).ok();
    found.or_else(|| applications.find(|path| path.is_file()))
}

fn given_file(what: &'static str, given: &Path) -> Result<PathBuf, LookedFor> {
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
        what,
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
pub(super) fn driver_folders(engine: EngineRef) -> Vec<PathBuf> {
    let mut folders = path_folders();
    if engine.driver_crate().is_some() {
        let home = std::env::home_dir().map(|home| home.join(".cargo"));
        let cargo = std::env::var_os("CARGO_HOME").map(PathBuf::from).or(home);
        let cargo = cargo.map(|cargo| cargo.join("bin"));
        folders.extend(cargo.filter(|cargo| !path_folders().contains(cargo)));
    }
    folders
}

fn found(what: &'static str, names: &[&str], folders: Vec<PathBuf>) -> Result<PathBuf, LookedFor> {
    let in_folders = |name| folders.iter().map(move |folder| folder.join(name));
    let found = names
        .iter()
        .flat_map(in_folders)
        .find(|path| path.is_file());
    found.ok_or_else(|| LookedFor {
        what,
        names: names.iter().map(|name| (*name).to_owned()).collect(),
        folders,
    })
}
