//! What a user does where no browser session can be had.

use anyhow::anyhow;

use super::Failure;
use super::args::BrowserArguments;
use crate::browser::BrowserError;
use crate::run::SessionError;

/// The error of a machine on which no browser session can be had.
pub fn no_session(error: &SessionError, arguments: &BrowserArguments) -> Failure {
    let has_display = ["DISPLAY", "WAYLAND_DISPLAY"]
        .iter()
        .any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()));
    let help = help(error, arguments, has_display);
    let why = match error {
        // That it is lost is what the message begins with.
        SessionError::Browser(BrowserError::Lost(why)) => why.clone(),
        SessionError::Browser(_)
        | SessionError::Driver(_)
        | SessionError::Proxy(_)
        | SessionError::Unreachable(_) => error.to_string(),
    };
    let message = format!("no browser session can be had: {why}\n   = {help}");
    match error {
        SessionError::Browser(BrowserError::Refused(_)) => Failure::bug(anyhow!(message)),
        SessionError::Browser(_)
        | SessionError::Driver(_)
        | SessionError::Proxy(_)
        | SessionError::Unreachable(_) => Failure::environment(anyhow!(message)),
    }
}

fn help(error: &SessionError, arguments: &BrowserArguments, has_display: bool) -> &'static str {
    match error {
        SessionError::Driver(_) => {
            "start the driver by hand to see why, or use one that runs with --webdriver"
        }
        SessionError::Proxy(_) if arguments.advertise.is_some() => {
            "--advertise is an address of this machine"
        }
        SessionError::Proxy(_) => "let the harness listen on a port of 127.0.0.1",
        SessionError::Unreachable(_) => {
            "name the address of this machine that the browser's machine reaches with --advertise, \
             and let its firewall pass any port of that address"
        }
        SessionError::Browser(why) => {
            let why = why.to_string();
            if arguments.engine.first().is_of_another_version(&why) {
                "browser and driver are of different versions: install both of one version, or \
                 name those with --browser-binary and --driver"
            } else if arguments.headed && !has_display && cfg!(target_os = "linux") {
                "--headed needs a display and none is there: leave it out, or run under `xvfb-run`"
            } else if arguments.webdriver.is_some() {
                "--webdriver is the URL of a driver that runs: start it, or leave the option out"
            } else {
                "start the browser by hand to see why it ends, or name another with \
                 --browser-binary; `install` installs one"
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::browser::default_engine;
    use crate::cli::args::EngineArguments;

    fn arguments(headed: bool, webdriver: Option<&str>) -> BrowserArguments {
        BrowserArguments {
            engine: EngineArguments {
                engines: vec![default_engine()],
            },
            browser_binary: None,
            driver: None,
            webdriver: webdriver.map(|url| url.parse().expect("it is a URL")),
            advertise: None,
            headed,
            yes: false,
        }
    }

    #[rstest]
    #[case::other_version(
        "This version of ChromeDriver only supports Chrome version 150",
        arguments(false, None),
        "different versions"
    )]
    #[case::no_display("Chrome failed to start", arguments(true, None), "xvfb-run")]
    #[case::no_driver("refused", arguments(false, Some("http://127.0.0.1:1")), "--webdriver")]
    #[case::browser_ends("Chrome failed to start", arguments(false, None), "--browser-binary")]
    fn help_fits_the_reason(
        #[case] why: &str,
        #[case] arguments: BrowserArguments,
        #[case] expected: &str,
    ) {
        let error = SessionError::Browser(BrowserError::Lost(why.to_owned()));
        let help = help(&error, &arguments, false);
        assert!(help.contains(expected), "{help}");
    }
}
