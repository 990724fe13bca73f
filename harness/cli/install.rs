use crate::browser::{Located, install_command, locate};
use anyhow::anyhow;

use super::Failure;
use super::args::InstallArguments;
use super::exit::Exit;
use super::provision::{agreed, install as install_now};

/// Installs what is missing; says so where nothing is.
pub fn install(arguments: &InstallArguments) -> Result<Exit, Failure> {
    let missing = match locate(None, None, false) {
        Ok(found) => {
            say(&found);
            return Ok(Exit::Conforms);
        }
        Err(missing) => missing,
    };
    let Some(plan) = install_command() else {
        return Err(Failure::environment(anyhow!(
            "{missing}\n   = no package manager known to this harness was found (apt-get, brew)"
        )));
    };
    if !agreed(arguments.yes, &plan, &missing) {
        return Err(Failure::environment(anyhow!(
            "{missing}\n   = agree with --yes, or run: {}",
            plan.as_typed()
        )));
    }
    install_now(&plan)?;
    let found = locate(None, None, false);
    let found = found.map_err(|missing| {
        Failure::environment(anyhow!(
            "{missing}\n   = the package manager ended well, and brought neither: `{}`",
            plan.as_typed()
        ))
    })?;
    say(&found);
    Ok(Exit::Conforms)
}

fn say(found: &Located) {
    let browser = found.browser.as_ref().map_or_else(
        || "the driver's own choice".to_owned(),
        |browser| browser.display().to_string(),
    );
    anstream::println!("browser  {browser}\ndriver   {}", found.driver.display());
}
