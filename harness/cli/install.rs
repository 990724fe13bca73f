use super::Failure;
use super::args::InstallArguments;
use super::exit::Exit;
use super::provision::{agreed, brought_less, install as install_now, not_found};
use crate::browser::{EngineRef, Located, install_plan, locate};

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
    let plan = install_plan(engine).map_err(|why| not_found(&missing, &why.help(engine)))?;
    if !agreed(yes, &plan, &missing) {
        let help = format!("agree with --yes, or run: {}", plan.as_typed());
        return Err(not_found(&missing, &help));
    }
    install_now(&plan)?;
    let found = locate(engine, None, None, false);
    let found = found.map_err(|missing| brought_less(&missing, &plan))?;
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
