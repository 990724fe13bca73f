//! Browsers on another machine come to the harness through the proxies of their sessions.
#![cfg(target_os = "linux")] // Network namespaces are Linux's.

use rstest::rstest;

use alhena_conformance::api::{default_engine, locate};

use crate::support::{
    Alhena, CONFORMS, ENVIRONMENT, Machine, Network, alhena, all_permits, permits,
};

/// Pages that stay and that are left, a backend on a port of its own that refuses connections, and
/// a shop that is framed.
const CASES: [&str; 4] = [
    "cart/item-added*",
    "leaving/cart-event-then-navigate*",
    "backend/refuses-connections*",
    "dedup/*",
];

/// A machine that runs a driver.
struct Remote {
    network: Network,
    machine: Machine,
    port: u16,
    browser: String,
}

impl Remote {
    fn start(number: u8) -> Self {
        let network = Network::start(number);
        let located = locate(default_engine(), None, None, false).expect("a browser and a driver");
        let browser = located.browser.expect("a browser").display().to_string();
        let (mut machine, port) = (network.machine(2), 9600 + u16::from(number));
        let arguments = [
            format!("--port={port}"),
            format!("--allowed-ips={}", network.ours()),
            "--allowed-origins=*".to_owned(),
        ];
        machine.serve(port, &located.driver, &arguments);
        Self {
            network,
            machine,
            port,
            browser,
        }
    }

    /// A run of some cases with its browsers.
    fn run(&self) -> Alhena {
        let url = format!("http://{}:{}", self.machine.address, self.port);
        let run = alhena("run")
            .option("--workers", "2")
            .option("--webdriver", url)
            .option("--browser-binary", &self.browser);
        let filtered = |run: Alhena, case| run.option("--filter", case);
        CASES.into_iter().fold(run, filtered)
    }
}

#[test]
fn browsers_of_another_machine_are_judged_as_those_of_this_one() {
    let _permits = all_permits();
    let remote = Remote::start(1);
    let mut run = remote.run();
    if !remote.network.is_apart() {
        // From another machine, the address that its driver is reached from is the default.
        run = run.option("--advertise", remote.network.ours());
    }
    let ended = run.ends_with(CONFORMS);
    ended.prints("reference conforms").never_prints("refused");
}

#[rstest]
#[case::only_this_machine_reaches(2, "127.0.0.1", "does not reach the shop")]
#[case::no_machine_has(3, "203.0.113.7", "--advertise is an address of this machine")] // RFC 5737
fn address_that_leads_nowhere_is_an_environment_error(
    #[case] number: u8,
    #[case] advertised: &str,
    #[case] message: &str,
) {
    let _permits = permits(1);
    let remote = Remote::start(number);
    if !remote.network.is_apart() && advertised == "127.0.0.1" {
        // Over loopback, this address is right.
        return;
    }
    let ended = remote.run().option("--advertise", advertised);
    ended.ends_with(ENVIRONMENT).warns(message);
}
