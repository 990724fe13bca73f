use std::path::Path;

use super::engine::{EngineRef, PackageManager};

/// How a browser and its driver are installed on this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InstallPlan {
    /// The commands, in order, each as program and arguments.
    pub commands: Vec<Vec<String>>,
}

/// What a person does where no plan helps.
const BY_HAND: &str = "no package manager known to this harness was found (apt-get, brew): \
    install Chromium or Chrome and its chromedriver, or name yours with --browser-binary and \
    --driver";

/// As `BY_HAND`, on Ubuntu.
const ON_UBUNTU: &str = "Ubuntu has Chromium only as a snap, which cannot be driven reliably: \
    install Google Chrome from https://www.google.com/chrome and its driver, such as with `npx \
    @puppeteer/browsers install chromedriver@stable`, and name them with --browser-binary and \
    --driver; or use the image of .docker/Dockerfile";

/// Why this machine has no plan, and what a person does about it.
pub fn no_plan_help() -> &'static str {
    if is_ubuntu(&os_release()) {
        ON_UBUNTU
    } else {
        BY_HAND
    }
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
    plan(engine, on_path, rustix::process::geteuid().is_root())
}

fn os_release() -> String {
    std::fs::read_to_string("/etc/os-release").unwrap_or_default()
}

fn is_ubuntu(os_release: &str) -> bool {
    let mut lines = os_release.lines();
    lines.any(|line| matches!(line, "ID=ubuntu" | "ID=\"ubuntu\""))
}

fn plan(engine: EngineRef, has: impl Fn(&str) -> bool, is_root: bool) -> Option<InstallPlan> {
    let commands = if has("apt-get") {
        let packages = engine.packages(PackageManager::Apt)?;
        let install = ["install", "--yes", "--no-install-recommends"];
        let apt = |arguments: &[&str]| {
            let sudo = (!is_root).then_some("sudo");
            command(sudo.into_iter().chain(["apt-get"]), arguments)
        };
        vec![apt(&["update"]), apt(&[&install[..], packages].concat())]
    } else if has("brew") {
        let packages = engine.packages(PackageManager::Brew)?;
        vec![command(["brew", "install", "--cask"], packages)]
    } else {
        return None;
    };
    Some(InstallPlan { commands })
}

fn command<'w>(program: impl IntoIterator<Item = &'w str>, rest: &[&'w str]) -> Vec<String> {
    let words = program.into_iter().chain(rest.iter().copied());
    words.map(str::to_owned).collect()
}

fn on_path(program: &str) -> bool {
    std::env::var_os("PATH").is_some_and(|path| {
        std::env::split_paths(&path).any(|folder| Path::new(&folder).join(program).is_file())
    })
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use super::*;
    use crate::browser::default_engine;

    fn typed(manager: &str, is_root: bool) -> String {
        plan(default_engine(), |program| program == manager, is_root)
            .unwrap()
            .as_typed()
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
