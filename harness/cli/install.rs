use anyhow::anyhow;

use super::Failure;
use super::args::InstallArguments;
use super::exit::Exit;
use super::provision::{agreed, install as install_now};
use crate::browser::{Located, default_engine, install_plan, locate, no_plan_help};

/// Installs what is missing, and prints where browser and driver are.
pub fn install(arguments: &InstallArguments) -> Result<Exit, Failure> {
    let engine = default_engine();
    let missing = match locate(engine, None, None, false) {
        Ok(found) => {
            print(&found);
            return Ok(Exit::Conforms);
        }
        Err(missing) => missing,
    };
    let Some(plan) = install_plan(engine) else {
        return Err(Failure::environment(anyhow!(
            "{missing}\n   = {}",
            no_plan_help()
        )));
    };
    if !agreed(arguments.yes, &plan, &missing) {
        return Err(Failure::environment(anyhow!(
            "{missing}\n   = agree with --yes, or run: {}",
            plan.as_typed()
        )));
    }
    install_now(&plan)?;
    let found = locate(engine, None, None, false);
    let found = found.map_err(|missing| {
        Failure::environment(anyhow!(
            "{missing}\n   = the package manager succeeded, but installed neither: `{}`",
            plan.as_typed()
        ))
    })?;
    print(&found);
    Ok(Exit::Conforms)
}

fn print(found: &Located) {
    let browser = found.browser.as_ref().map_or_else(
        || "the driver's own choice".to_owned(),
        |browser| browser.display().to_string(),
    );
    anstream::println!("browser  {browser}\ndriver   {}", found.driver.display());
}
