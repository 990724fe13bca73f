//! What a person sees while a run goes on, on standard error.

use indicatif::{ProgressBar, ProgressStyle};
use owo_colors::OwoColorize;

use crate::contract::Register;
use crate::run::RunEvent;

/// Where nobody watches a bar, a line every so many cases says that the run is alive.
const LINE_EVERY: u64 = 25;

const BAR: &str = "{bar:30.green} {pos}/{len} cases  {wide_msg}";

/// Listens to a run.
#[derive(Debug)]
pub struct Progress<'r> {
    register: &'r Register,
    bar: ProgressBar,
    failed: usize,
}

impl<'r> Progress<'r> {
    /// A bar on a terminal, lines elsewhere.
    pub fn new(register: &'r Register) -> Self {
        Self {
            register,
            bar: ProgressBar::hidden(),
            failed: 0,
        }
    }

    /// Takes one event.
    pub fn listen(&mut self, event: &RunEvent<'_>) {
        match event {
            RunEvent::Started { cases, checks } => {
                self.bar = ProgressBar::new(*cases as u64);
                let style = ProgressStyle::with_template(BAR);
                let style = style.unwrap_or_else(|_| ProgressStyle::default_bar());
                self.bar.set_style(style);
                self.print(&format!("{cases} cases, {checks} checks"));
            }
            RunEvent::Retried { case, why } => {
                self.print(&format!("{} {}: {why}", "again".yellow(), case.id));
            }
            RunEvent::Finished(outcome) => {
                if let Some(worst) = outcome.worst_fault(self.register) {
                    self.failed += 1;
                    let words = worst.tally.words(worst.status);
                    self.print(&format!("{} {}", words.red().bold(), outcome.case.id));
                }
                self.bar.inc(1);
                self.bar.set_message(outcome.case.id.clone());
                let (done, failed) = (self.bar.position(), self.failed);
                if self.bar.is_hidden() && done.is_multiple_of(LINE_EVERY) {
                    let cases = self.bar.length().unwrap_or_default();
                    self.print(&format!("{done}/{cases} cases, {failed} failed"));
                }
            }
        }
    }

    /// Clears the bar away.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }

    fn print(&self, line: &str) {
        self.bar.suspend(|| anstream::eprintln!("{line}"));
    }
}
