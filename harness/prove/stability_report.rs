//! What differed between attempts that should not differ.

use std::fmt::Write as _;

use owo_colors::OwoColorize;
use serde::Serialize;
use serde_json::Value;

use super::{Found, Repeated, RepeatedCheck, Repeats};
use crate::contract::{CheckId, Level, Register};
use crate::evidence::Evidence;
use crate::judge::Finding;
use crate::plan::Case;
use crate::reading::Reading;
use crate::render::side_by_side;
use crate::render::write_time_line;
use crate::report::events;
use crate::report::{EnvironmentReport, HarnessReport, SdkReport};
use crate::text::cut_to;

/// More checks than this are named without their time lines.
const SHOWN_CHECKS: usize = 12;

/// Longer values are cut; the file holds them whole.
const SHOWN_LETTERS: usize = 110;

/// `verify.json`.
#[derive(Debug, Serialize)]
pub struct Steadiness<'a> {
    /// The version of this shape.
    pub schema: &'static str,
    /// The harness that made it.
    pub harness: HarnessReport,
    /// The build under test.
    pub sdk: SdkReport,
    /// The browser; absent where none was ever had.
    pub environment: Option<EnvironmentReport>,
    /// How often each case was driven.
    pub times: usize,
    /// Decides the order.
    pub seed: u64,
    /// Browsers at a time.
    pub workers: usize,
    /// How many checks were repeated.
    pub checks: usize,
    /// Milliseconds it took.
    pub duration_ms: f64,
    /// It was stopped before its end.
    pub interrupted: bool,
    /// Every check of which something is to be said.
    pub odd: Vec<OddCheck<'a>>,
    /// Attempts that could not be judged: the case, and why.
    pub lost: &'a [(String, String)],
    /// Attempts, by case, of which a request came after they were judged.
    pub late: &'a std::collections::BTreeMap<String, usize>,
}

/// What is odd about a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Oddity {
    /// It held in some attempts and was broken in others.
    VerdictDiffers,
    /// It was broken in every attempt: a plain failure.
    AlwaysBroken,
    /// It saw different values. Never fails.
    ValueDiffers,
    /// It was never judged.
    NeverJudged,
}

/// A check of which something is to be said.
#[derive(Debug, Serialize)]
pub struct OddCheck<'a> {
    /// The check.
    pub id: &'a CheckId,
    /// What is odd about it.
    pub oddity: Oddity,
    /// `file:line` of the scenario.
    pub at: String,
    /// Every different finding, the most frequent first.
    pub found: Vec<FoundReport<'a>>,
    /// What an attempt with the rarest finding left behind.
    pub evidence: Option<&'a Evidence>,
    #[serde(skip)]
    case: &'a Case,
}

/// One finding, and how often it was made.
#[derive(Debug, Serialize)]
pub struct FoundReport<'a> {
    /// How often.
    pub times: usize,
    /// `holds`, `broken` or `seen`.
    pub finding: &'static str,
    /// What is wrong, as it was worded first.
    pub message: Option<&'a str>,
    /// The value seen.
    pub value: Option<&'a Value>,
}

impl<'a> Steadiness<'a> {
    /// What came of repeating.
    #[must_use]
    pub fn new(repeats: &Repeats, repeated: &'a Repeated, register: &Register) -> Self {
        let mut odd: Vec<OddCheck<'a>> = repeated
            .checks
            .iter()
            .filter_map(|check| odd(check, register))
            .collect();
        odd.sort_by_key(|check| check.oddity);
        Self {
            schema: "alhena-conformance/verify/1",
            harness: HarnessReport {
                version: env!("CARGO_PKG_VERSION").to_owned(),
            },
            sdk: SdkReport {
                source: repeats.installation.build.source.clone(),
                sha256: repeats.installation.build.sha256.clone(),
                fetched: repeated.environment.is_some(),
            },
            environment: repeated
                .environment
                .as_ref()
                .map(crate::report::environment),
            times: repeats.times,
            seed: repeats.seed,
            workers: repeats.workers,
            checks: repeated.checks.len(),
            duration_ms: repeated.duration_ms.round(),
            interrupted: repeated.interrupted,
            odd,
            lost: &repeated.lost,
            late: &repeated.late,
        }
    }

    /// How many checks are odd in that way.
    #[must_use]
    pub fn count(&self, oddity: Oddity) -> usize {
        self.odd
            .iter()
            .filter(|check| check.oddity == oddity)
            .count()
    }

    /// All of it, as a person reads it in a terminal. `again` makes the command that repeats a
    /// case.
    #[must_use]
    pub fn text(&self, repeats: &Repeats, again: &dyn Fn(&str) -> String) -> String {
        let (mut text, bar) = (String::new(), "|".blue().to_string());
        for (index, check) in self.odd.iter().enumerate() {
            let broken: usize = check
                .found
                .iter()
                .filter(|found| found.finding == "broken")
                .map(|found| found.times)
                .sum();
            let all: usize = check.found.iter().map(|found| found.times).sum();
            let head = match check.oddity {
                Oddity::VerdictDiffers => format!("flaky ({broken} of {all})")
                    .red()
                    .bold()
                    .to_string(),
                Oddity::AlwaysBroken => {
                    format!("fail ({broken} of {all})").red().bold().to_string()
                }
                Oddity::ValueDiffers => "differs".yellow().to_string(),
                Oddity::NeverJudged => "error".yellow().to_string(),
            };
            let _ = writeln!(
                text,
                "{head}: {}\n  {} {}",
                check.id,
                "-->".blue(),
                check.at
            );
            for found in &check.found {
                let value = found
                    .value
                    .map(|value| format!(": {value}"))
                    .or_else(|| found.message.map(|message| format!(": {message}")))
                    .unwrap_or_default();
                let _ = writeln!(
                    text,
                    "    {bar} {:>3} × {}{}",
                    found.times,
                    found.finding,
                    cut_to(&value, SHOWN_LETTERS)
                );
            }
            if let Some(evidence) = check
                .evidence
                .filter(|_| index < SHOWN_CHECKS && check.oddity == Oddity::VerdictDiffers)
            {
                let _ = writeln!(text, "    {bar} one of the rarest attempts:");
                let reading = Reading::of(check.case, evidence, &repeats.stage.profile);
                text.push_str(&side_by_side(&events(&reading)));
                write_time_line(&mut text, evidence);
            }
            let _ = writeln!(text, "   {} again: {}\n", "=".blue(), again(&check.case.id));
        }
        for (case, why) in self.lost {
            let _ = writeln!(
                text,
                "{}: {case} could not be judged once: {why}",
                "lost".yellow()
            );
        }
        for (case, times) in self.late {
            let _ = writeln!(
                text,
                "{}: {case}: in {times} attempts a request came after the quiet time, \
                 and was not judged",
                "late".yellow()
            );
        }
        let _ = writeln!(
            text,
            "{} × {}, {}",
            self.times,
            counted(self.checks, "check"),
            self.said()
        );
        text
    }

    fn said(&self) -> String {
        let all = [
            (Oddity::VerdictDiffers, "differed"),
            (Oddity::AlwaysBroken, "always failed"),
            (Oddity::NeverJudged, "never judged"),
        ];
        let odd: Vec<String> = all
            .into_iter()
            .filter(|(oddity, _)| self.count(*oddity) > 0)
            .map(|(oddity, what)| format!("{} {what}", self.count(oddity)))
            .collect();
        let said = match (self.interrupted, odd.is_empty()) {
            (true, _) => "interrupted".yellow().bold().to_string(),
            (false, true) => "none differed".green().bold().to_string(),
            (false, false) => odd.join(", ").red().bold().to_string(),
        };
        let values = match self.count(Oddity::ValueDiffers) {
            0 => String::new(),
            values => format!(
                "; {} differed, which fails nothing",
                counted(values, "observed value")
            ),
        };
        format!(
            "{said}{values} — seed {}, {} at a time, in {:.1} s",
            self.seed,
            counted(self.workers, "browser"),
            self.duration_ms / 1000.0
        )
    }
}

fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

fn odd<'a>(check: &'a RepeatedCheck, register: &Register) -> Option<OddCheck<'a>> {
    let binds = register.level_of(&check.check.requirements) > Level::Observe;
    let broken = check
        .found
        .iter()
        .filter(|found| found.finding.is_broken())
        .count();
    let oddity = match (broken, check.found.len()) {
        (_, 0) => Oddity::NeverJudged,
        (1.., 1) if binds => Oddity::AlwaysBroken,
        (_, 1) => return None,
        (1.., _) if binds => Oddity::VerdictDiffers,
        _ => Oddity::ValueDiffers,
    };
    Some(OddCheck {
        id: &check.check.id,
        oddity,
        at: format!("{}:{}", check.case.scenario.file, check.check.line),
        found: check.found.iter().map(found).collect(),
        evidence: check.found.last().map(|rarest| &*rarest.evidence),
        case: &check.case,
    })
}

fn found(found: &Found) -> FoundReport<'_> {
    let (finding, message, value) = match &found.finding {
        Finding::Holds => ("holds", None, None),
        Finding::Broken(broken) => ("broken", Some(broken.message.as_str()), None),
        Finding::NothingToJudge(why) => ("nothing_to_judge", Some(why.as_str()), None),
        Finding::NotTestable(why) => ("not_testable", Some(why.as_str()), None),
        Finding::Seen(value) => ("seen", None, Some(value)),
    };
    FoundReport {
        times: found.times,
        finding,
        message,
        value,
    }
}
