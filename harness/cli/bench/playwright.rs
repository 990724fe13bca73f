//! `bench --against-playwright`: what a case costs here, and what the same shop journey costs as a
//! test of Playwright Test.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context, anyhow};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::{Lab, Measured, title};
use crate::cli::{Failure, chosen, provision};
use crate::contract::{Event, Interaction, Visitor};
use crate::input::Files;
use crate::plan::Case;
use crate::report::bench::{Aim, Ratio};
use crate::report::median;
use crate::run::Stage;
use crate::scenario::{CallStyle, LeavesBehind, Step};
use crate::sdk::{Conversation, Installation, Profile};
use crate::text::counted;

/// So many journeys, each a case here and a test there.
const JOURNEYS: usize = 32;

/// The most workers that are measured: one, and then two.
const WORKERS: u16 = 2;

/// What the tests are made of, below the fixtures.
const FILES: [&str; 3] = ["package.json", "playwright.config.js", "journey.spec.js"];

/// A case is to be so many times cheaper.
const AIM: Aim = Aim::AtLeast(3.0);

/// Runs both in turn: how many times longer Playwright Test takes.
pub async fn measure(lab: &Lab<'_>) -> Result<Measured, Failure> {
    let (arguments, loaded) = (&lab.arguments, lab.loaded);
    let mut cases = loaded.planned(&arguments.filter)?;
    cases.retain(is_journey);
    cases.truncate(JOURNEYS);
    if cases.is_empty() {
        let why = "no case that is selected is a journey of one event: see --filter";
        return Err(Failure::nothing(anyhow!(why)));
    }
    let profile = Arc::new(Profile::load(chosen::OF_REFERENCE, &loaded.files)?);
    let browser = provision::browser_of(&arguments.browser)?;
    let folder = installed(&loaded.files)?;
    let mut bench = Bench {
        cases,
        installation: Installation::reference(&loaded.files)?,
        stage: Stage::start(Arc::clone(&profile)).await?,
        chat: chat(&profile)?,
        profile,
        browser,
        folder,
    };
    let cases = counted(bench.cases.len(), "journey");
    let mut text = format!("{cases} of a shopper, from the command to the verdicts\n");
    text += &title("how many times longer Playwright Test takes");
    let mut ratios = Vec::new();
    for workers in 1..=WORKERS {
        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        for _ in 0..arguments.rounds {
            ours.push(bench.ours(workers)?);
            theirs.push(bench.theirs(workers).await?);
        }
        let value = median(theirs) / median(ours);
        let by = counted(usize::from(workers), "worker");
        let _ = writeln!(text, "  {by:<12}{value:6.2} ×");
        ratios.push(Ratio {
            id: format!("playwright-{workers}"),
            what: format!("a test of Playwright Test, against the same case, {by}"),
            value,
            aim: Some(AIM),
        });
    }
    Ok(Measured { text, ratios })
}

/// Whether a case is a journey: a page, the chat, and events that are called there and recorded.
fn is_journey(case: &Case) -> bool {
    let mut steps = case.scenario.steps.iter();
    let on_page = |step: &Step| step.facts().leaves_behind == LeavesBehind::Events;
    let [visit, interact] = [steps.next(), steps.next()];
    matches!(visit, Some((_, Step::Visit(_))))
        && matches!(interact, Some((_, Step::Interact(Some(Interaction::Chat)))))
        && case.entry().is_some()
        && case.axes.call == CallStyle::default()
        && steps.all(|(_, step)| on_page(step))
        && case.scenario.expect.not_recorded.is_empty()
        && case.scenario.expect.recorded.len() == 1
}

struct Bench {
    cases: Vec<Case>,
    installation: Installation,
    stage: Stage,
    profile: Arc<Profile>,
    chat: Value,
    browser: PathBuf,
    folder: TempDir,
}

impl Bench {
    /// Seconds that `run` takes for the cases.
    fn ours(&self, workers: u16) -> Result<f64, Failure> {
        let program = std::env::current_exe().context("this program has no path");
        let mut run = Command::new(program.map_err(Failure::environment)?);
        run.args(["run", "--quiet", "--browser-binary"])
            .arg(&self.browser);
        run.args(["--workers", &workers.to_string()]);
        for case in &self.cases {
            run.args(["--filter", &case.id]);
        }
        seconds(&mut run)
    }

    /// Seconds that Playwright Test takes for the same journeys.
    async fn theirs(&mut self, workers: u16) -> Result<f64, Failure> {
        let mut journeys = Vec::new();
        for case in &self.cases {
            let own = self.stage.open(case, &self.installation).await?;
            let mut steps = case.scenario.steps.iter();
            let page = steps.find_map(|(_, step)| {
                if let Step::Visit(page) = step {
                    Some(page.as_str())
                } else {
                    None
                }
            });
            let events = case.scenario.expect.recorded.iter();
            let events: Vec<Value> = events.map(|event| self.expected(event)).collect();
            let url = own.url(page.unwrap_or_default(), Visitor::First);
            journeys.push(json!({ "name": case.id, "url": url, "events": events }));
        }
        let file = self.folder.path().join("journeys.json");
        let journeys = json!({ "chat": self.chat, "journeys": journeys });
        std::fs::write(&file, journeys.to_string())
            .context("the journeys cannot be written")
            .map_err(Failure::environment)?;
        let mut test = npx(self.folder.path());
        test.args(["playwright", "test", "--workers", &workers.to_string()]);
        test.env("JOURNEYS", &file).env("BROWSER", &self.browser);
        // Its requests are answered by the servers of this process.
        tokio::task::spawn_blocking(move || seconds(&mut test))
            .await
            .map_err(|error| Failure::bug(anyhow!(error)))?
    }

    /// An event, and what its request must hold.
    fn expected(&self, event: &Event) -> Value {
        let wire = self.profile.wire.event(event.method);
        let fields = wire.fields.iter().filter_map(|(field, place)| {
            let value = event.args.get(field).filter(|value| !value.is_array())?;
            Some((place.text().to_owned(), value.clone()))
        });
        let fields: serde_json::Map<String, Value> = fields.collect();
        json!({
            "method": event.method,
            "args": event.args,
            "path": wire.path,
            "fields": fields,
        })
    }
}

/// How a visitor uses the chat of the reference SDK.
fn chat(profile: &Profile) -> Result<Value, Failure> {
    let selectors = |own: &Conversation| {
        Some(json!({
            "open": own.clicks.first()?.parts().join(" "),
            "input": own.input.as_ref()?.parts().join(" "),
            "message": own.message,
            "answer": own.answer.as_ref()?.parts().join(" "),
        }))
    };
    let conversation = profile.conversation(Interaction::Chat);
    conversation.and_then(selectors).ok_or_else(|| {
        let why = "the reference SDK's profile names no elements of its chat";
        Failure::bug(anyhow!(why))
    })
}

/// A folder with Playwright Test in it, which goes away.
fn installed(files: &Files) -> Result<TempDir, Failure> {
    let folder = tempfile::tempdir().context("no temporary folder can be had");
    let folder = folder.map_err(Failure::environment)?;
    for name in FILES {
        let file = files.fixture(&format!("playwright/{name}"))?;
        std::fs::write(folder.path().join(name), file.text)
            .context("the tests cannot be written")
            .map_err(Failure::environment)?;
    }
    let mut npm = Command::new("npm");
    npm.args(["install", "--no-audit", "--no-fund", "--silent"])
        .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")
        .current_dir(folder.path());
    seconds(&mut npm)?;
    Ok(folder)
}

fn npx(folder: &Path) -> Command {
    let mut npx = Command::new("npx");
    npx.arg("--no-install").current_dir(folder);
    npx
}

/// Runs a command that must succeed. Returns the seconds that it took.
fn seconds(command: &mut Command) -> Result<f64, Failure> {
    let begun = Instant::now();
    let ended = command.stdin(Stdio::null()).output();
    let program = command.get_program().to_string_lossy().into_owned();
    let ended = ended.map_err(|error| {
        Failure::environment(anyhow!(
            "cannot run {program}: {error}\n   = Playwright Test needs Node.js with npm"
        ))
    })?;
    if ended.status.success() {
        return Ok(begun.elapsed().as_secs_f64());
    }
    let printed = [ended.stdout, ended.stderr].concat();
    let printed = String::from_utf8_lossy(&printed);
    Err(Failure::environment(anyhow!(
        "{program} ended with {}:\n{}",
        ended.status,
        printed.trim()
    )))
}
