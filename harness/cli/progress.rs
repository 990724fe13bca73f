//! What a person sees while a run goes on, on standard error.

use crate::contract::Register;
use crate::run::RunEvent;
use indicatif::{ProgressBar, ProgressStyle};
use owo_colors::OwoColorize;

/// Where nobody watches a bar, a line every so many cases says that the run is alive.
const LINE_EVERY: usize = 25;

/// Listens to a run.
#[derive(Debug)]
pub struct Progress<'r> {
    register: &'r Register,
    bar: ProgressBar,
    cases: usize,
    done: usize,
    failed: usize,
}

impl<'r> Progress<'r> {
    /// A bar on a terminal, lines elsewhere.
    pub fn new(register: &'r Register) -> Self {
        Self {
            register,
            bar: ProgressBar::hidden(),
            cases: 0,
            done: 0,
            failed: 0,
        }
    }

    /// Takes one event.
    pub fn listen(&mut self, event: &RunEvent<'_>) {
        match event {
            RunEvent::Started { cases, checks } => {
                self.cases = *cases;
                self.bar = ProgressBar::new(*cases as u64);
                let style =
                    ProgressStyle::with_template("{bar:30.green} {pos}/{len} cases  {wide_msg}")
                        .unwrap_or_else(|_| ProgressStyle::default_bar());
                self.bar.set_style(style);
                self.say(&format!("{cases} cases, {checks} checks"));
            }
            RunEvent::Retried { case, why } => {
                self.say(&format!("{} {}: {why}", "again".yellow(), case.id));
            }
            RunEvent::Finished(outcome) => {
                self.done += 1;
                if let Some(worst) = outcome.worst_fault(self.register) {
                    self.failed += 1;
                    self.say(&format!(
                        "{} {}",
                        worst.tally.words(worst.status).red().bold(),
                        outcome.case.id
                    ));
                }
                self.bar.set_position(self.done as u64);
                self.bar.set_message(outcome.case.id.clone());
                if self.bar.is_hidden() && self.done.is_multiple_of(LINE_EVERY) {
                    self.say(&format!(
                        "{}/{} cases, {} failed",
                        self.done, self.cases, self.failed
                    ));
                }
            }
        }
    }

    /// Clears the bar away.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }

    fn say(&self, line: &str) {
        self.bar.suspend(|| anstream::eprintln!("{line}"));
    }
}
