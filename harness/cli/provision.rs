//! Makes sure that there is a browser: finds one, or installs one where that was agreed to.

use std::io::{IsTerminal, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;

use anyhow::{Context, anyhow};

use super::Failure;
use super::args::BrowserArguments;
use crate::browser::{
    EngineRef, InstallPlan, Located, NotFound, Part, default_engine, install_plan, locate,
};
use crate::run::{NotThere, Sessions, Stage};
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
        let url = arguments.webdriver.as_ref()?;
        address_towards(&url.addresses())
    })
}

/// The address of this machine that the machine at these addresses sees; `None`: they are of this
/// machine.
fn address_towards(machine: &[SocketAddr]) -> Option<IpAddr> {
    // Only an own address can be bound.
    let is_own = |address: &SocketAddr| UdpSocket::bind((address.ip(), 0)).is_ok();
    if machine.iter().any(is_own) {
        return None;
    }
    machine.iter().find_map(|address| {
        let any: IpAddr = match address {
            SocketAddr::V4(_) => Ipv4Addr::UNSPECIFIED.into(),
            SocketAddr::V6(_) => Ipv6Addr::UNSPECIFIED.into(),
        };
        let socket = UdpSocket::bind((any, 0)).ok()?;
        // Nothing is sent: the system says from which address it would be.
        socket.connect(address).ok()?;
        Some(socket.local_addr().ok()?.ip()).filter(|own| !own.is_loopback())
    })
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
            // What is there may be a server of this program.
            let running =
                tokio::task::block_in_place(|| Sessions::running(engine, url, binary, headed));
            running.map_err(|missing| not_there(&missing))?
        }
        None => Sessions::owned(browser(engine, arguments)?, headed),
    })
}

/// What is missing where somebody else is to run the browsers, and what a person does about it.
fn not_there(missing: &NotThere) -> Failure {
    let help = match missing {
        NotThere::NotOnTheGrid { .. } => {
            "start a node that has it, or choose another with --engine"
        }
        NotThere::NoStatus { why, .. } if why.wants_credentials() => {
            "the URL takes a name and a password: --webdriver http://NAME:PASSWORD@HOST:PORT"
        }
        NotThere::NoStatus { .. } => {
            "--webdriver is the URL of a driver that runs: start it, or leave the option out"
        }
    };
    Failure::environment(anyhow!("{missing}\n   = {help}"))
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
    // Installing something else does not fix a wrong path, and may not fit a right one.
    if let Some(help) = wrong_paths(&missing).or_else(|| missing_beside_a_path(&missing, arguments))
    {
        return Err(not_found(&missing, &help));
    }
    let plan = install_plan(engine).map_err(|why| not_found(&missing, &why.help(engine)))?;
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
    look().map_err(|missing| brought_less(&missing, &plan))
}

/// What is missing, and what a person does about it.
pub fn not_found(missing: &NotFound, help: &str) -> Failure {
    Failure::environment(anyhow!("{missing}\n   = {help}"))
}

/// What is still missing after an installation.
pub fn brought_less(missing: &NotFound, plan: &InstallPlan) -> Failure {
    let plan = plan.as_typed();
    let help = format!("the installation succeeded, but brought less than that: `{plan}`");
    not_found(missing, &help)
}

/// What to do where something is missing because its path was given; `None`: nothing is.
fn wrong_paths(missing: &NotFound) -> Option<String> {
    let flag = |part: Part| match part {
        Part::Browser => Some("--browser-binary"),
        Part::Driver => Some("--driver"),
        // None can be given.
        Part::Display => None,
    };
    let flags: Vec<&str> = missing.given().into_iter().filter_map(flag).collect();
    let paths = match flags.len() {
        0 => return None,
        1 => "path",
        _ => "paths",
    };
    Some(format!(
        "check the {paths} given with {}",
        flags.join(" and ")
    ))
}

/// What to do where the browser was given and its driver is missing, or the other way round.
fn missing_beside_a_path(missing: &NotFound, arguments: &BrowserArguments) -> Option<String> {
    let is_missing = |part| missing.missing.iter().any(|own| own.part == part);
    let (given, flag) = if arguments.browser_binary.is_some() && is_missing(Part::Driver) {
        ("browser", "--driver")
    } else if arguments.driver.is_some() && is_missing(Part::Browser) {
        ("driver", "--browser-binary")
    } else {
        return None;
    };
    Some(format!(
        "what would be installed may not fit the {given} given: name the other with {flag}"
    ))
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

#[cfg(test)]
mod tests {
    use std::net::ToSocketAddrs;

    use rstest::rstest;

    use super::*;
    use crate::browser::LookedFor;
    use crate::cli::exit::Exit;

    fn missing(parts: &[(Part, bool)]) -> NotFound {
        let missing = parts.iter().map(|(part, is_given)| LookedFor {
            part: *part,
            is_given: *is_given,
            names: vec!["name".into()],
            folders: Vec::new(),
        });
        NotFound {
            missing: missing.collect(),
        }
    }

    #[rstest]
    #[case::driver(&[(Part::Driver, true)], "check the path given with --driver")]
    #[case::browser_beside_a_driver_that_was_not_given(
        &[(Part::Browser, true), (Part::Driver, false)],
        "check the path given with --browser-binary"
    )]
    #[case::both(
        &[(Part::Browser, true), (Part::Driver, true), (Part::Display, false)],
        "check the paths given with --browser-binary and --driver"
    )]
    fn wrong_path_is_named_by_its_option(#[case] parts: &[(Part, bool)], #[case] help: &str) {
        assert_eq!(wrong_paths(&missing(parts)).as_deref(), Some(help));
    }

    #[rstest]
    #[case::display(Part::Display)]
    #[case::driver(Part::Driver)]
    fn part_that_was_not_given_has_no_wrong_path(#[case] part: Part) {
        assert_eq!(wrong_paths(&missing(&[(part, false)])), None);
    }

    #[test]
    fn installation_that_brings_too_little_is_not_said_to_be_impossible() {
        let plan = InstallPlan {
            commands: vec![vec!["brew".into(), "install".into()]],
        };
        let failure = brought_less(&missing(&[(Part::Driver, false)]), &plan);
        let message = failure.error.to_string();
        assert!(
            message.starts_with("no driver was found\n")
                && message.ends_with("but brought less than that: `brew install`"),
            "{message}"
        );
        assert_eq!(failure.exit, Exit::Environment);
    }

    #[rstest]
    #[case::by_name("localhost:9515")]
    #[case::ipv4("127.0.0.1:9515")]
    #[case::ipv4_of_the_loopback_network("127.1.2.3:9515")]
    fn machine_itself_needs_no_address(#[case] machine: &str) {
        let addresses = machine.to_socket_addrs().into_iter().flatten();
        assert_eq!(address_towards(&addresses.collect::<Vec<_>>()), None);
    }

    #[test]
    fn address_is_of_the_family_of_the_machines() {
        // A machine without a route to these documentation addresses has no address to give.
        for machine in ["192.0.2.1:4444", "[2001:db8::1]:4444"] {
            let machine: SocketAddr = machine.parse().expect("it is an address");
            let own = address_towards(&[machine]);
            assert!(own.is_none_or(|own| own.is_ipv4() == machine.is_ipv4()));
        }
    }
}
