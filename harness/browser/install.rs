use super::engine::{EngineRef, PackageManager};
use super::locate::{installed_browser, installed_driver, path_folders};

/// How a browser and its driver are installed on this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InstallPlan {
    /// The commands, in order, each as program and arguments.
    pub commands: Vec<Vec<String>>,
}

/// Why this machine has no plan for an engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoPlan {
    /// It is Ubuntu, whose packages of Debian's names are missing, or install a snap.
    OnUbuntu,
    /// It has no package manager that is known here.
    NoManager,
    /// The one that it has holds nothing of the engine.
    NotIn(PackageManager),
    /// The driver is installed from this crate, and it has no cargo.
    NoCargo(&'static str),
}

impl NoPlan {
    /// Why there is none for `engine`, and what a person does about it.
    pub fn help(self, engine: EngineRef) -> String {
        let by_hand = format!(
            "install {}, or name yours with --browser-binary and --driver",
            engine.by_hand()
        );
        match self {
            Self::OnUbuntu => engine.on_ubuntu().to_owned(),
            Self::NoManager => {
                let known = PackageManager::ALL.map(PackageManager::program).join(", ");
                format!("no package manager known to this harness was found ({known}): {by_hand}")
            }
            Self::NotIn(manager) => {
                let (manager, name) = (manager.program(), engine.name());
                format!("{manager} was found, and has no package of {name}: {by_hand}")
            }
            Self::NoCargo(driver) => format!(
                "cargo was not found, by which the driver is installed: install Rust from \
                 https://rustup.rs, or {driver} by hand, and name it with --driver"
            ),
        }
    }
}

impl InstallPlan {
    /// As a person would type it.
    pub fn as_typed(&self) -> String {
        let commands = self.commands.iter().map(|command| command.join(" "));
        commands.collect::<Vec<_>>().join(" && ")
    }
}

/// How `engine` is installed on this machine.
///
/// # Errors
/// Why nothing known here installs it.
pub fn install_plan(engine: EngineRef) -> Result<InstallPlan, NoPlan> {
    if is_ubuntu(&os_release()) {
        return Err(NoPlan::OnUbuntu);
    }
    let has = |program: &str| {
        let mut folders = path_folders().into_iter();
        folders.any(|folder| folder.join(program).is_file())
    };
    let parts = Parts {
        browser: installed_browser(engine, false).is_ok(),
        driver: installed_driver(engine).is_ok(),
    };
    plan(engine, parts, has, rustix::process::geteuid().is_root())
}

/// Which parts of an engine a machine has.
#[derive(Debug, Clone, Copy)]
struct Parts {
    browser: bool,
    driver: bool,
}

fn os_release() -> String {
    std::fs::read_to_string("/etc/os-release").unwrap_or_default()
}

fn is_ubuntu(os_release: &str) -> bool {
    let mut lines = os_release.lines();
    lines.any(|line| matches!(line, "ID=ubuntu" | "ID=\"ubuntu\""))
}

/// The packages, and the driver from its crate where they do not hold it. Where they do, browser
/// and driver are of one version and are installed together; else only what is missing.
fn plan(
    engine: EngineRef,
    parts: Parts,
    has: impl Fn(&str) -> bool,
    is_root: bool,
) -> Result<InstallPlan, NoPlan> {
    let mut commands = Vec::new();
    if engine.driver_crate().is_none() || !parts.browser {
        commands.extend(packages(engine, &has, is_root)?);
    }
    if let Some(name) = engine.driver_crate().filter(|_| !parts.driver) {
        if !has("cargo") {
            return Err(NoPlan::NoCargo(name));
        }
        commands.push(command(["cargo"], &["install", "--locked", name]));
    }
    Ok(InstallPlan { commands })
}

fn packages(
    engine: EngineRef,
    has: impl Fn(&str) -> bool,
    is_root: bool,
) -> Result<Vec<Vec<String>>, NoPlan> {
    let mut managers = PackageManager::ALL.into_iter();
    let manager = managers.find(|manager| has(manager.program()));
    let manager = manager.ok_or(NoPlan::NoManager)?;
    let packages = engine.packages(manager).ok_or(NoPlan::NotIn(manager))?;
    let program = manager.program();
    Ok(match manager {
        PackageManager::Apt => {
            let install = ["install", "--yes", "--no-install-recommends"];
            let apt = |arguments: &[&str]| {
                let sudo = (!is_root).then_some("sudo");
                command(sudo.into_iter().chain([program]), arguments)
            };
            vec![apt(&["update"]), apt(&[&install[..], packages].concat())]
        }
        PackageManager::Brew => vec![command([program, "install", "--cask"], packages)],
    })
}

fn command<'w>(program: impl IntoIterator<Item = &'w str>, rest: &[&'w str]) -> Vec<String> {
    let words = program.into_iter().chain(rest.iter().copied());
    words.map(str::to_owned).collect()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use super::*;
    use crate::browser::{default_engine, engine_named, engines};

    fn typed(manager: &str, is_root: bool) -> String {
        let (none, has) = (parts(&[], default_engine()), |program: &str| {
            program == manager
        });
        let plan = plan(default_engine(), none, has, is_root);
        plan.unwrap().as_typed()
    }

    /// The plan for an engine whose driver is installed from a crate.
    fn with_a_crate(has: &[&str]) -> Result<String, NoPlan> {
        on_a_machine_with(has, "firefox").map(|plan| plan.as_typed())
    }

    /// The plan where these programs are there.
    fn on_a_machine_with(has: &[&str], engine: &str) -> Result<InstallPlan, NoPlan> {
        let engine = engine_named(engine).unwrap();
        let parts = parts(has, engine);
        plan(engine, parts, |program| has.contains(&program), true)
    }

    /// Those of these programs that are of the engine.
    fn parts(has: &[&str], engine: EngineRef) -> Parts {
        let has_any = |names: &[&str]| names.iter().any(|name| has.contains(name));
        Parts {
            browser: has_any(engine.browsers(false)),
            driver: has_any(engine.drivers()),
        }
    }

    /// What a person reads where these programs are there.
    fn help(has: &[&str], engine: &str) -> String {
        let why = on_a_machine_with(has, engine).unwrap_err();
        why.help(engine_named(engine).unwrap())
    }

    #[test]
    fn driver_without_a_package_is_installed_from_its_crate() {
        assert_eq!(
            with_a_crate(&["apt-get", "cargo"]).unwrap(),
            "apt-get update && apt-get install --yes --no-install-recommends firefox-esr && cargo \
             install --locked geckodriver"
        );
    }

    #[test]
    fn only_the_missing_one_of_browser_and_driver_is_installed() {
        assert_eq!(
            with_a_crate(&["apt-get", "cargo", "firefox"]).unwrap(),
            "cargo install --locked geckodriver"
        );
        let browser = with_a_crate(&["apt-get", "geckodriver"]).unwrap();
        assert!(browser.ends_with("firefox-esr"), "{browser}");
    }

    #[test]
    fn apt_installs_browser_and_driver_together() {
        assert_eq!(
            typed("apt-get", false),
            "sudo apt-get update && sudo apt-get install --yes --no-install-recommends chromium \
             chromium-headless-shell chromium-driver"
        );
        assert!(!typed("apt-get", true).contains("sudo"));
    }

    #[test]
    fn ubuntu_is_known_by_its_id() {
        assert!(is_ubuntu("NAME=\"Ubuntu\"\nID=ubuntu\nID_LIKE=debian\n"));
        assert!(!is_ubuntu("ID=debian\n"));
        assert!(!is_ubuntu("ID=linuxmint\nID_LIKE=ubuntu\n"));
    }

    #[test]
    fn brew_installs_applications() {
        assert_eq!(
            typed("brew", false),
            "brew install --cask chromium chromedriver"
        );
    }

    #[test]
    fn machine_without_a_package_manager_has_no_plan() {
        for engine in engines() {
            let why = on_a_machine_with(&["cargo"], engine.id()).unwrap_err();
            assert_eq!(why, NoPlan::NoManager, "{}", engine.name());
        }
        assert_eq!(
            help(&[], "firefox"),
            "no package manager known to this harness was found (apt-get, brew): install Firefox \
             and its geckodriver, or name yours with --browser-binary and --driver"
        );
    }

    #[test]
    fn manager_without_the_engine_is_not_said_to_be_missing() {
        assert_eq!(
            help(&["brew"], "webkit"),
            "brew was found, and has no package of WebKit: install WebKitGTK's MiniBrowser and \
             WebKitWebDriver, and Xvfb, which exist for Linux alone, or name yours with \
             --browser-binary and --driver"
        );
    }

    #[test]
    fn missing_cargo_is_named_where_the_driver_comes_from_a_crate() {
        for has in [
            &["apt-get"][..],
            &["brew"],
            &["apt-get", "firefox"],
            &["firefox"],
        ] {
            assert_eq!(
                help(has, "firefox"),
                "cargo was not found, by which the driver is installed: install Rust from \
                 https://rustup.rs, or geckodriver by hand, and name it with --driver"
            );
        }
    }
}
