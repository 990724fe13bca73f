//! Makes sure that there is a browser: finds one, or installs one where that was agreed to.

use std::io::{IsTerminal, Write};
use std::net::{IpAddr, Ipv4Addr, ToSocketAddrs, UdpSocket};
use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;

use anyhow::{Context, anyhow};
use url::Url;

use super::Failure;
use super::args::BrowserArguments;
use crate::browser::{
    EngineRef, InstallPlan, Located, NotFound, default_engine, install_plan, locate, no_plan_help,
};
use crate::run::{Sessions, Stage};
use crate::sdk::Profile;

/// The browsers and the servers that cases are driven with. The driver and its browsers end when
/// this is dropped: before the program ends, so that nothing is left behind.
pub async fn equipment(
    arguments: &BrowserArguments,
    profile: &Arc<Profile>,
) -> Result<(Arc<Sessions>, Arc<Stage>), Failure> {
    let sessions = Arc::new(sessions(arguments)?);
    let mut stage = Stage::start(Arc::clone(profile)).await?;
    if let Some(address) = advertised(arguments) {
        stage = stage.advertised_at(address);
    }
    Ok((sessions, Arc::new(stage)))
}

/// By which address browsers on other machines reach this one; `None`: they are on this machine.
fn advertised(arguments: &BrowserArguments) -> Option<IpAddr> {
    arguments.advertise.or_else(|| {
        let url = Url::parse(arguments.webdriver.as_ref()?).ok()?;
        let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).ok()?;
        // Nothing is sent: the system says from which address it would be.
        let port = url.port_or_known_default()?;
        socket.connect((url.host_str()?, port)).ok()?;
        let address = socket.local_addr().ok()?.ip();
        (!address.is_loopback() && !is_of_this_machine(&url)).then_some(address)
    })
}

/// Whether `url` names an address of this machine.
fn is_of_this_machine(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let addresses = (host, 0).to_socket_addrs().into_iter().flatten();
    // Only an own address can be bound.
    addresses
        .into_iter()
        .any(|own| UdpSocket::bind(own).is_ok())
}

/// The browsers.
pub fn sessions(arguments: &BrowserArguments) -> Result<Sessions, Failure> {
    let [engine] = arguments.engine.engines[..] else {
        let error = anyhow!("this command drives one engine\n   = name one with --engine");
        return Err(Failure::usage(error));
    };
    let headed = arguments.headed;
    Ok(match &arguments.webdriver {
        Some(url) => {
            let binary = arguments.browser_binary.clone();
            let help = "start a node that has it, or choose another with --engine";
            Sessions::running(engine, url, binary, headed)
                .map_err(|missing| Failure::environment(anyhow!("{missing}\n   = {help}")))?
        }
        None => Sessions::owned(browser(engine, arguments)?, headed),
    })
}

/// The executable of the default engine's browser.
pub fn browser_of(arguments: &BrowserArguments) -> Result<PathBuf, Failure> {
    let found = browser(default_engine(), arguments)?;
    let help = "name the browser's executable with --browser-binary";
    let missing =
        || Failure::environment(anyhow!("only the driver finds the browser\n   = {help}"));
    found.browser.ok_or_else(missing)
}

/// The browser and the driver of an engine, installed where that was agreed to.
pub fn browser(engine: EngineRef, arguments: &BrowserArguments) -> Result<Located, Failure> {
    let (binary, driver) = (&arguments.browser_binary, &arguments.driver);
    let look = || {
        locate(
            engine,
            binary.as_deref(),
            driver.as_deref(),
            arguments.headed,
        )
    };
    let missing = match look() {
        Ok(found) => return Ok(found),
        Err(missing) => missing,
    };
    // Installing something else does not fix a wrong path.
    let given = binary.is_some() || driver.is_some();
    let Some(plan) = install_plan(engine).filter(|_| !given) else {
        return Err(not_found(engine, &missing, given));
    };
    if !agreed(arguments.yes, &plan, &missing) {
        let named = match engine.id() {
            id if id == default_engine().id() => String::new(),
            id => format!(" --engine {id}"),
        };
        return Err(Failure::environment(anyhow!(
            "{missing}\n   = install them with: alhena-conformance install{named} --yes\n     \
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
        no_plan_help(engine)
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

/// Runs the commands of a plan; what they print goes to standard error.
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
            .status();
        let status = status.with_context(|| format!("cannot run {program}"));
        let status = status.map_err(Failure::environment)?;
        if !status.success() {
            let error = anyhow!("`{}` ended with {status}", command.join(" "));
            return Err(Failure::environment(error));
        }
    }
    Ok(())
}
