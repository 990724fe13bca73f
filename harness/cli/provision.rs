//! Makes sure that there is a browser: finds one, or installs one where that was agreed to.

use std::io::{IsTerminal, Write};
use std::process::Command;

use crate::browser::{
    EngineRef, InstallPlan, Located, NotFound, default_engine, install_plan, locate,
};
use crate::run::Sessions;
use anyhow::{Context, anyhow};

use super::Failure;
use super::args::BrowserArguments;

/// Where sessions come from, by what was typed.
pub fn sessions(arguments: &BrowserArguments) -> Result<Sessions, Failure> {
    let engine = default_engine();
    match &arguments.webdriver {
        Some(url) => Ok(Sessions::running(
            engine,
            url,
            arguments.browser_binary.clone(),
            arguments.headed,
        )),
        None => Ok(Sessions::owned(
            browser(engine, arguments)?,
            arguments.headed,
        )),
    }
}

fn browser(engine: EngineRef, arguments: &BrowserArguments) -> Result<Located, Failure> {
    let look = || {
        locate(
            engine,
            arguments.browser_binary.as_deref(),
            arguments.driver.as_deref(),
            arguments.headed,
        )
    };
    let missing = match look() {
        Ok(found) => return Ok(found),
        Err(missing) => missing,
    };
    // Installing something else does not fix a wrong path.
    let given = arguments.browser_binary.is_some() || arguments.driver.is_some();
    let Some(plan) = install_plan(engine).filter(|_| !given) else {
        return Err(not_found(engine, &missing, given));
    };
    if !agreed(arguments.yes, &plan, &missing) {
        return Err(Failure::environment(anyhow!(
            "{missing}\n   = install them with: alhena-conformance install --yes\n     \
             which runs:        {}",
            plan.as_typed()
        )));
    }
    install(&plan)?;
    look().map_err(|missing| not_found(engine, &missing, false))
}

fn not_found(engine: EngineRef, missing: &NotFound, given: bool) -> Failure {
    let help = if given {
        "check the paths given with --browser-binary and --driver".to_owned()
    } else {
        format!(
            "no package manager known to this harness was found (apt-get, brew): install {} and \
             its driver, or name yours with --browser-binary and --driver",
            engine.name()
        )
    };
    Failure::environment(anyhow!("{missing}\n   = {help}"))
}

/// Whether installing was agreed to: by flag, by `CI=true`, or by the person who sits here.
pub fn agreed(yes: bool, plan: &InstallPlan, missing: &NotFound) -> bool {
    if yes || std::env::var("CI").is_ok_and(|ci| ci == "true") {
        return true;
    }
    if !std::io::stdin().is_terminal() || !std::io::stderr().is_terminal() {
        return false;
    }
    anstream::eprint!(
        "{missing}\n\nInstall them now with `{}`? [y/N] ",
        plan.as_typed()
    );
    let _ = std::io::stderr().flush();
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer).is_ok()
        && matches!(answer.trim().to_lowercase().as_str(), "y" | "yes")
}

/// Runs the package manager; what it prints goes to standard error.
pub fn install(plan: &InstallPlan) -> Result<(), Failure> {
    for command in &plan.commands {
        anstream::eprintln!("$ {}", command.join(" "));
        let (program, rest) = command
            .split_first()
            .ok_or_else(|| Failure::environment(anyhow!("the install plan is empty")))?;
        let status = Command::new(program)
            .args(rest)
            .env("DEBIAN_FRONTEND", "noninteractive")
            .stdout(std::io::stderr())
            .status()
            .with_context(|| format!("cannot run {program}"))
            .map_err(Failure::environment)?;
        if !status.success() {
            return Err(Failure::environment(anyhow!(
                "`{}` ended with {status}",
                command.join(" ")
            )));
        }
    }
    Ok(())
}
