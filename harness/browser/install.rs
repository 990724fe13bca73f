use super::engine::{EngineRef, PackageManager};
use super::locate::{driver_folders, path_folders};

/// How a browser and its driver are installed on this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InstallPlan {
    /// The commands, in order, each as program and arguments.
    pub commands: Vec<Vec<String>>,
}

/// Why this machine has no plan for `engine`, and what a person does about it.
pub fn no_plan_help(engine: EngineRef) -> String {
    if is_ubuntu(&os_release()) {
        return engine.on_ubuntu().to_owned();
    }
    let also = engine.driver_crate().map_or("", |_| ", cargo");
    format!(
        "no package manager known to this harness was found (apt-get, brew{also}): install {}, or \
         name yours with --browser-binary and --driver",
        engine.by_hand()
    )
}

impl InstallPlan {
    /// As a person would type it.
    pub fn as_typed(&self) -> String {
        let commands = self.commands.iter().map(|command| command.join(" "));
        commands.collect::<Vec<_>>().join(" && ")
    }
}

/// How `engine` is installed by the package manager of this machine; `None` where no known one has
/// it.
pub fn install_plan(engine: EngineRef) -> Option<InstallPlan> {
    // Its packages of Debian's names are missing, or install a snap.
    if is_ubuntu(&os_release()) {
        return None;
    }
    let has = |program: &str| {
        let folders = if engine.drivers().contains(&program) {
            driver_folders(engine)
        } else {
            path_folders()
        };
        folders.iter().any(|folder| folder.join(program).is_file())
    };
    plan(engine, has, rustix::process::geteuid().is_root())
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
fn plan(engine: EngineRef, has: impl Fn(&str) -> bool, is_root: bool) -> Option<InstallPlan> {
    let has_any = |names: &[&str]| names.iter().any(|name| has(name));
    let mut commands = Vec::new();
    if engine.driver_crate().is_none() || !has_any(engine.browsers(false)) {
        commands.extend(packages(engine, &has, is_root)?);
    }
    if let Some(name) = engine.driver_crate().filter(|_| !has_any(engine.drivers())) {
        if !has("cargo") {
            return None;
        }
        commands.push(command(["cargo"], &["install", "--locked", name]));
    }
    Some(InstallPlan { commands })
}

fn packages(
    engine: EngineRef,
    has: impl Fn(&str) -> bool,
    is_root: bool,
) -> Option<Vec<Vec<String>>> {
    if has("apt-get") {
        let packages = engine.packages(PackageManager::Apt)?;
        let install = ["install", "--yes", "--no-install-recommends"];
        let apt = |arguments: &[&str]| {
            let sudo = (!is_root).then_some("sudo");
            command(sudo.into_iter().chain(["apt-get"]), arguments)
        };
        Some(vec![
            apt(&["update"]),
            apt(&[&install[..], packages].concat()),
        ])
    } else if has("brew") {
        let packages = engine.packages(PackageManager::Brew)?;
        Some(vec![command(["brew", "install", "--cask"], packages)])
    } else {
        None
    }
}

fn command<'w>(program: impl IntoIterator<Item = &'w str>, rest: &[&'w str]) -> Vec<String> {
    let words = program.into_iter().chain(rest.iter().copied());
    words.map(str::to_owned).collect()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use super::*;
    use crate::browser::{default_engine, engine_named};

    fn typed(manager: &str, is_root: bool) -> String {
        plan(default_engine(), |program| program == manager, is_root)
            .unwrap()
            .as_typed()
    }

    /// The plan for an engine whose driver is installed from a crate.
    fn with_a_crate(has: &[&str]) -> Option<String> {
        let engine = engine_named("firefox").unwrap();
        let plan = plan(engine, |program| has.contains(&program), true);
        plan.map(|plan| plan.as_typed())
    }

    #[test]
    fn driver_without_a_package_is_installed_from_its_crate() {
        assert_eq!(
            with_a_crate(&["apt-get", "cargo"]).unwrap(),
            "apt-get update && apt-get install --yes --no-install-recommends firefox-esr && cargo \
             install --locked geckodriver"
        );
        assert_eq!(with_a_crate(&["apt-get"]), None);
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
        assert_eq!(plan(default_engine(), |_| false, false), None);
    }
}
