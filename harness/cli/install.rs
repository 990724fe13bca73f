use anyhow::anyhow;

use super::Failure;
use super::args::InstallArguments;
use super::exit::Exit;
use super::provision::{agreed, install as install_now};
use crate::browser::{EngineRef, Located, install_plan, locate, no_plan_help};

/// Installs what is missing, and prints where each browser and driver are.
pub fn install(arguments: &InstallArguments) -> Result<Exit, Failure> {
    for engine in &arguments.engine.engines {
        install_engine(*engine, arguments.yes)?;
    }
    Ok(Exit::Conforms)
}

fn install_engine(engine: EngineRef, yes: bool) -> Result<(), Failure> {
    let missing = match locate(engine, None, None, false) {
        Ok(found) => {
            print(&found);
            return Ok(());
        }
        Err(missing) => missing,
    };
    let Some(plan) = install_plan(engine) else {
        return Err(Failure::environment(anyhow!(
            "{missing}\n   = {}",
            no_plan_help(engine)
        )));
    };
    if !agreed(yes, &plan, &missing) {
        return Err(Failure::environment(anyhow!(
            "{missing}\n   = agree with --yes, or run: {}",
            plan.as_typed()
        )));
    }
    install_now(&plan)?;
    let found = locate(engine, None, None, false);
    let found = found.map_err(|missing| {
        Failure::environment(anyhow!(
            "{missing}\n   = the installation succeeded, but brought less than that: `{}`",
            plan.as_typed()
        ))
    })?;
    print(&found);
    Ok(())
}

fn print(found: &Located) {
    let browser = found.browser.as_ref().map_or_else(
        || "the driver's own choice".to_owned(),
        |browser| browser.display().to_string(),
    );
    anstream::println!("browser  {browser}\ndriver   {}", found.driver.display());
}
