//! `bench --simulated-nodes`: how the time of a run falls with the nodes of a Grid, and where the
//! harness itself becomes the limit.

use std::fmt::Write as _;
use std::net::Ipv4Addr;
use std::time::Duration;

use anyhow::anyhow;

use super::file::BenchFile;
use super::runs::Bench;
use super::{Lab, Measured, title};
use crate::browser::{Driver, DriverUrl, default_engine};
use crate::cli::args::{BenchArguments, BrowserArguments};
use crate::cli::usage::{own_memory_kb, processor_seconds};
use crate::cli::workers::cores;
use crate::cli::{Failure, provision};
use crate::contract::CheckId;
use crate::plan::{Case, CaseCheck};
use crate::report::bench::{Aim, Ratio};
use crate::sdk::Installation;
use crate::simulate::{Latency, Nodes, Recorder, Recording, SimulatedGrid};
use crate::text::counted;
use crate::verdict::Status;

/// How often each node drives the case: 64 of them drive 10,000.
const CASES_A_NODE: usize = 160;

/// The last attempt is recorded without its end, and one more is to follow the first page.
const RECORDED: usize = 4;

/// The clocks of the nodes are ten minutes ahead: no verdict depends on that.
const AHEAD_MS: f64 = 600_000.0;

/// A session takes as long as so many commands.
const SESSION: u32 = 20;

/// Each node has as many cases, so that many should take no longer than one.
const TIME_AIM: Aim = Aim::AtMost(1.2);

/// A case among many costs as much as one among few.
const COST_AIM: Aim = Aim::AtMost(1.1);

/// Records a case with a real browser, and has simulated nodes play it back.
pub async fn measure(lab: &Lab<'_>, nodes: &[u16]) -> Result<Measured, Failure> {
    let (arguments, loaded) = (&lab.arguments, lab.loaded);
    let mut nodes = nodes.to_vec();
    nodes.sort_unstable();
    nodes.dedup();
    let cases = loaded.planned(&arguments.filter)?;
    let case = if arguments.filter.is_empty() {
        BenchFile::load(&loaded.files)?.simulated(&cases)?
    } else {
        // A prerequisite comes with each selection.
        let meant = cases.iter().find(|case| !case.scenario.prerequisite);
        let none = || Failure::usage(anyhow!("no case matches --filter"));
        meant.or(cases.first()).cloned().ok_or_else(none)?
    };
    let reference = Installation::reference(&loaded.files)?;
    let servers = at(None, &arguments.browser);
    let bench = Bench::new(lab, &servers, Vec::new(), None).await?;
    let recording = record(&bench, &case, &reference, arguments).await?;
    let command = Duration::from_millis(arguments.latency);
    let latency = Latency {
        command,
        session: command * SESSION,
    };
    let mut runs = Vec::new();
    for nodes in nodes {
        let nodes = usize::from(nodes);
        let simulated = Nodes {
            count: nodes,
            ahead_ms: AHEAD_MS,
            browser_name: default_engine().browser_name(),
            latency,
        };
        let grid = SimulatedGrid::start(recording.clone(), simulated).await;
        let grid = grid.map_err(|error| Failure::environment(anyhow!(error)))?;
        let browser = at(Some(url_of(&grid.url)?), &arguments.browser);
        let copies = copies(&case, nodes * CASES_A_NODE);
        let run = bench.on(&browser, copies, u16::try_from(nodes).ok())?;
        let before = processor_seconds();
        let seconds = passed(&run, &reference).await? / 1000.0;
        anstream::eprintln!("{}: {seconds:.1} s", counted(nodes, "node"));
        let used = processor_seconds().zip(before);
        let processors = used.map(|(after, before)| (after - before) / seconds);
        runs.push(OnNodes {
            nodes,
            seconds,
            processors,
        });
    }
    Ok(Measured {
        text: text(&case, recording.commands(), arguments.latency, &runs),
        ratios: ratios(&runs),
    })
}

/// A run on so many nodes.
#[derive(Debug)]
struct OnNodes {
    nodes: usize,
    seconds: f64,
    /// How many this process kept busy.
    processors: Option<f64>,
}

impl OnNodes {
    fn cases(&self) -> usize {
        self.nodes * CASES_A_NODE
    }

    /// Seconds of a processor that a case takes, of the harness and of the nodes.
    fn cost(&self) -> Option<f64> {
        #[expect(clippy::cast_precision_loss, reason = "some thousands")]
        let cases = self.cases() as f64;
        self.processors.map(|own| own * self.seconds / cases)
    }
}

/// Each run against the first.
fn ratios(runs: &[OnNodes]) -> Vec<Ratio> {
    let Some((first, others)) = runs.split_first() else {
        return Vec::new();
    };
    others
        .iter()
        .flat_map(|run| ratios_of(run, first))
        .collect()
}

fn ratios_of(run: &OnNodes, first: &OnNodes) -> Vec<Ratio> {
    let id = format!("nodes-{}-against-{}", run.nodes, first.nodes);
    let (few, many) = (counted(first.nodes, "node"), counted(run.nodes, "node"));
    let cost = run.cost().zip(first.cost());
    let cost = cost.map(|(many, few)| Ratio {
        id: format!("{id}-a-case"),
        what: format!(
            "processor time of a case of {}, against one of {}",
            run.cases(),
            first.cases()
        ),
        value: many / few,
        aim: Some(COST_AIM),
    });
    let time = Ratio {
        id,
        what: format!("a run on {many}, against as much a node on {few}"),
        value: run.seconds / first.seconds,
        aim: Some(TIME_AIM),
    };
    [time].into_iter().chain(cost).collect()
}

fn text(case: &Case, commands: usize, latency: u64, runs: &[OnNodes]) -> String {
    let Some(first) = runs.first() else {
        return String::new();
    };
    let (id, commands) = (&case.id, counted(commands, "command"));
    let mut text =
        format!("{id}, {CASES_A_NODE} times on each node: {commands}, {latency} ms each\n");
    let against = counted(first.nodes, "node");
    text += &title(&format!(
        "  nodes    cases   time against {against}   processors busy"
    ));
    for run in runs {
        let (nodes, cases) = (run.nodes, run.cases());
        let ratio = run.seconds / first.seconds;
        let processors = run.processors;
        let processors = processors.map_or("not known".to_owned(), |own| format!("{own:.2}"));
        let width = "time against ".len() + against.len();
        let _ = writeln!(
            text,
            "  {nodes:5}   {cases:6}   {ratio:width$.2}   {processors:>15}"
        );
    }
    let own = counted(cores(), "processor");
    let _ = writeln!(text, "\nharness and nodes share the {own} of this machine");
    if let Some(kb) = own_memory_kb("VmHWM:") {
        let _ = writeln!(text, "their memory, peak: {} MB", kb / 1024);
    }
    text
}

/// What a real browser does in `case`.
async fn record(
    bench: &Bench<'_>,
    case: &Case,
    reference: &Installation,
    arguments: &BenchArguments,
) -> Result<Recording, Failure> {
    let failed = |error: String| Failure::environment(anyhow!("nothing was recorded: {error}"));
    let located = provision::browser(default_engine(), &arguments.browser)?;
    let driver = Driver::start(&located).await;
    let driver = driver.map_err(|error| failed(error.to_string()))?;
    let Some(address) = driver.url.addresses().into_iter().next() else {
        return Err(failed(format!("{} has no address", driver.url)));
    };
    let recorder = Recorder::start(address).await;
    let recorder = recorder.map_err(|error| failed(error.to_string()))?;
    let browser = BrowserArguments {
        browser_binary: located.browser.clone(),
        ..at(Some(url_of(&recorder.url)?), &arguments.browser)
    };
    let real = bench.on(&browser, copies(case, RECORDED), Some(1))?;
    passed(&real, reference).await?;
    Ok(recorder.recording())
}

/// The URL of a simulated driver.
fn url_of(simulated: &str) -> Result<DriverUrl, Failure> {
    let url = simulated.parse::<DriverUrl>();
    url.map_err(|error| Failure::bug(anyhow!(error)))
}

/// The arguments for a Grid at this URL, whose nodes reach the shop and the backend by the door for
/// other machines alone.
fn at(url: Option<DriverUrl>, browser: &BrowserArguments) -> BrowserArguments {
    BrowserArguments {
        webdriver: url,
        advertise: Some(Ipv4Addr::LOCALHOST.into()),
        ..browser.on(default_engine())
    }
}

/// Milliseconds that a run of these cases takes; an error where one does not pass.
async fn passed(bench: &Bench<'_>, reference: &Installation) -> Result<f64, Failure> {
    let result = bench.run(reference).await?;
    let seen = result.outcomes.iter().flat_map(|outcome| &outcome.seen);
    let mut other = seen.filter(|seen| seen.status != Status::Pass);
    match other.next() {
        None => Ok(result.duration_ms),
        Some(seen) => {
            let (check, status) = (&seen.check.id, seen.status.word());
            Err(Failure::bug(anyhow!(
                "nothing was measured: {check} is {status} where all were to pass"
            )))
        }
    }
}

/// The case so many times, under names of its own each time.
fn copies(case: &Case, count: usize) -> Vec<Case> {
    let copy = |number: usize| {
        let id = format!("{}~{number}", case.id);
        let checks = case.checks.iter().map(|check| {
            let own = check.id.0.replacen(&case.id, &id, 1);
            CaseCheck {
                id: CheckId(own),
                ..check.clone()
            }
        });
        Case {
            checks: checks.collect(),
            id,
            ..case.clone()
        }
    };
    (1..=count).map(copy).collect()
}
