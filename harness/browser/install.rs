use std::path::Path;

/// How a browser and its driver are installed on this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InstallPlan {
    /// The commands, in order, each as program and arguments.
    pub commands: Vec<Vec<String>>,
}

impl InstallPlan {
    /// As a person would type it.
    #[must_use]
    pub fn as_typed(&self) -> String {
        self.commands
            .iter()
            .map(|command| command.join(" "))
            .collect::<Vec<_>>()
            .join(" && ")
    }
}

/// The commands for the package manager of this machine; `None` where no known one is found.
#[must_use]
pub fn install_command() -> Option<InstallPlan> {
    let is_root = rustix::process::geteuid().is_root();
    plan(on_path, is_root)
}

fn plan(has: impl Fn(&str) -> bool, is_root: bool) -> Option<InstallPlan> {
    let words = |line: &str| line.split(' ').map(str::to_owned).collect::<Vec<_>>();
    if has("apt-get") {
        let sudo = if is_root { "" } else { "sudo " };
        return Some(InstallPlan {
            commands: vec![
                words(&format!("{sudo}apt-get update")),
                words(&format!(
                    "{sudo}apt-get install --yes --no-install-recommends chromium \
                     chromium-headless-shell chromium-driver"
                )),
            ],
        });
    }
    has("brew").then(|| InstallPlan {
        commands: vec![words("brew install --cask chromium chromedriver")],
    })
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

    #[test]
    fn debian_installs_the_browser_and_its_driver_in_one_go() {
        let typed = plan(|program| program == "apt-get", false)
            .unwrap()
            .as_typed();
        assert!(
            typed.starts_with("sudo apt-get update && sudo apt-get install"),
            "{typed}"
        );
        assert!(typed.contains("chromium-driver"), "{typed}");
        assert!(
            !plan(|program| program == "apt-get", true)
                .unwrap()
                .as_typed()
                .contains("sudo")
        );
    }

    #[test]
    fn a_machine_without_a_known_package_manager_has_no_plan() {
        assert_eq!(plan(|_| false, false), None);
    }
}
