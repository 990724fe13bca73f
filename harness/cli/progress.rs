//! What a person sees while a run goes on, on standard error: each cause as it first happens, and
//! how far the run is.
//!
//! On a terminal the causes are counted up in place, above a line that shows the progress. Where
//! nobody watches, each cause is a line once, and the progress is one from time to time. What a
//! cause is called here is provisional: the report groups failures by more than their words.

use std::fmt::Display;
use std::time::{Duration, Instant};

use anstream::{AutoStream, ColorChoice};
use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use owo_colors::OwoColorize;

use crate::contract::Register;
use crate::judge::Finding;
use crate::plan::{Case, Durations};
use crate::render::Detail;
use crate::run::RunEvent;
use crate::text::{counted, cut_to};
use crate::verdict::{CaseOutcome, Failure, Seen};

/// Where nobody watches, a line after so many cases or after so long says that the run is alive.
const LINE_EVERY: u64 = 25;
const LINE_AFTER: Duration = Duration::from_secs(10);

/// More causes are only counted.
const SHOWN_CAUSES: usize = 8;

/// A longer sentence of a cause is cut; the report has it whole.
const LETTERS: usize = 64;

/// Before so much of a run is done, the time that is left is a guess.
const KNOWN_PERCENT: u64 = 4;

const BAR: &str = "{bar:20} {wide_msg}";
const LINE: &str = "{wide_msg}";

/// Listens to a run.
#[derive(Debug)]
pub struct Progress<'r> {
    register: &'r Register,
    durations: &'r Durations,
    /// How long all cases take together, and those that are done, by what was measured before.
    weight: u64,
    done_weight: u64,
    screen: MultiProgress,
    bar: ProgressBar,
    causes: Vec<Cause>,
    failed: usize,
    began: Instant,
    printed: Instant,
    detail: Detail,
}

/// Failures that look alike, or whose first message is the same.
#[derive(Debug)]
struct Cause {
    kind: Option<Failure>,
    sentence: String,
    cases: usize,
    line: ProgressBar,
}

impl<'r> Progress<'r> {
    /// Lines that change on a terminal, lines that stay elsewhere; none where the verdict alone is
    /// shown. `durations` and `cases` show what is left.
    pub fn new(
        register: &'r Register,
        durations: &'r Durations,
        cases: &[Case],
        detail: Detail,
    ) -> Self {
        let all = cases.iter();
        Self {
            register,
            durations,
            weight: all.map(|case| durations.of_case(&case.id)).sum(),
            done_weight: 0,
            screen: MultiProgress::new(),
            bar: ProgressBar::hidden(),
            causes: Vec::new(),
            failed: 0,
            began: Instant::now(),
            printed: Instant::now(),
            detail,
        }
    }

    /// Takes one event.
    pub fn listen(&mut self, event: &RunEvent<'_>) {
        if self.detail == Detail::Verdict {
            return;
        }
        match event {
            RunEvent::Started { cases, checks } => {
                self.print(&format!("{cases} cases, {checks} checks"));
                let bar = ProgressBar::new(*cases as u64).with_style(style(BAR));
                self.bar = self.screen.add(bar);
                self.show();
            }
            RunEvent::Retried { case, why } if self.detail == Detail::Full => {
                self.print(&format!("{} {}: {why}", "again".yellow(), case.id));
            }
            // Whether it repeats shows when the case is finished.
            RunEvent::Retried { .. }
            | RunEvent::AttemptStarted { .. }
            | RunEvent::AttemptEnded { .. } => {}
            RunEvent::Finished(outcome) => self.finished(outcome),
        }
    }

    /// Clears what changes away.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
        for cause in &self.causes {
            cause.line.finish_and_clear();
        }
        // Nobody needs a line that could not be cleared.
        let _ = self.screen.clear();
    }

    fn finished(&mut self, outcome: &CaseOutcome) {
        self.done_weight += self.durations.of_case(&outcome.case.id);
        if let Some(worst) = outcome.worst_fault(self.register) {
            self.failed += 1;
            self.failed_by(worst, &outcome.case.id);
        }
        self.bar.inc(1);
        // Cases that are not driven follow each other faster than anybody reads.
        if outcome.duration_ms > 0.0 {
            self.show();
        }
    }

    /// Counts a failure to its cause, and shows one that is new.
    fn failed_by(&mut self, worst: &Seen, case: &str) {
        let (kind, sentence) = (worst.failure(), sentence(worst));
        let is_it = |own: &&mut Cause| {
            let kinds = kind.as_ref().zip(own.kind.as_ref());
            kinds.is_some_and(|(own, other)| own.shares_with(other)) || own.sentence == sentence
        };
        let known = self.causes.iter_mut().find(is_it);
        if let Some(known) = known {
            known.cases += 1;
            known.line.set_message(stderr_style(&known.text()));
            return;
        }
        let words = worst.tally.words(worst.status);
        let mut new = Cause {
            kind,
            sentence,
            cases: 1,
            line: ProgressBar::hidden(),
        };
        if self.screen.is_hidden() {
            let text = format!("{}: {} ({case})", words.red().bold(), new.sentence);
            self.print(&text);
        } else if self.causes.len() < SHOWN_CAUSES {
            let line = ProgressBar::new_spinner().with_style(style(LINE));
            new.line = self.screen.insert_before(&self.bar, line);
            new.line.set_message(stderr_style(&new.text()));
        }
        self.causes.push(new);
    }

    /// Shows how far the run is.
    fn show(&mut self) {
        let text = self.text();
        if !self.screen.is_hidden() {
            return self.bar.set_message(text);
        }
        let done = self.bar.position();
        let is_due = done.is_multiple_of(LINE_EVERY) || self.printed.elapsed() >= LINE_AFTER;
        if done > 0 && is_due {
            self.print(&text);
        }
    }

    /// How far the run is, in one line.
    fn text(&self) -> String {
        let (done, all) = (self.bar.position(), self.bar.length().unwrap_or_default());
        let failed = match (self.failed, self.causes.len()) {
            (0, _) => "0 failed".to_owned(),
            (failed, causes) => format!("{failed} failed by {}", counted(causes, "cause")),
        };
        let elapsed = clock(self.began.elapsed());
        let left = left(self.began.elapsed(), self.done_weight, self.weight);
        let left = left.map(|left| format!(", about {} left", clock(left)));
        format!(
            "{done}/{all} cases, {failed}, {elapsed}{}",
            left.unwrap_or_default()
        )
    }

    fn print(&mut self, line: &str) {
        self.printed = Instant::now();
        self.screen.suspend(|| anstream::eprintln!("{line}"));
    }
}

impl Cause {
    fn text(&self) -> String {
        let cases = counted(self.cases, "case");
        format!("{} {} ({cases})", "fail".red().bold(), self.sentence)
    }
}

/// What is wrong, by the check that failed worst.
fn sentence(worst: &Seen) -> String {
    let message = match &worst.finding {
        Some(Finding::Broken(broken)) => Some(&broken.message),
        Some(Finding::NothingToJudge(why) | Finding::NotTestable(why)) => Some(why),
        Some(Finding::Holds | Finding::Seen(_)) | None => worst.note.as_ref(),
    };
    let message = message.map(String::as_str);
    cut_to(message.unwrap_or("no reason is known"), LETTERS)
}

/// The time that is left, by the share of the cases' weight that is done; `None`: nobody knows yet.
fn left(elapsed: Duration, done: u64, all: u64) -> Option<Duration> {
    let is_known = done > 0 && done * 100 >= all * KNOWN_PERCENT;
    #[expect(
        clippy::cast_precision_loss,
        reason = "a guess of the time that is left"
    )]
    let share = is_known.then(|| all.saturating_sub(done) as f64 / done as f64);
    share.map(|share| elapsed.mul_f64(share))
}

/// A time as minutes and seconds.
fn clock(time: Duration) -> impl Display {
    let seconds = time.as_secs();
    format!("{}:{:02}", seconds / 60, seconds % 60)
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}

/// A text with its styles only where standard error shows them.
fn stderr_style(text: &str) -> String {
    match AutoStream::choice(&std::io::stderr()) {
        ColorChoice::Never => anstream::adapter::strip_str(text).to_string(),
        ColorChoice::Auto | ColorChoice::AlwaysAnsi | ColorChoice::Always => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remaining_time_follows_the_weight_that_is_done() {
        let second = Duration::from_secs;
        assert_eq!(left(second(30), 25, 100), Some(second(90)));
        assert_eq!(left(second(30), 100, 100), Some(second(0)));
        assert_eq!(left(second(30), 3, 100), None);
        assert_eq!(left(second(30), 0, 0), None);
        assert_eq!(clock(second(95)).to_string(), "1:35");
    }
}
