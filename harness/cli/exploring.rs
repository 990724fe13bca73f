//! What a person sees while journeys are driven, on standard error.

use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use crate::explore::{Coverage, Event, Explored, Limits};
use crate::render::Detail;
use crate::text::counted;

/// Where nobody watches, a line after so many journeys or after so long.
const LINE_EVERY: usize = 25;
const LINE_AFTER: Duration = Duration::from_secs(10);

/// Listens to a search.
#[derive(Debug)]
pub struct Progress {
    bar: ProgressBar,
    limits: Limits,
    printed: Instant,
    detail: Detail,
}

impl Progress {
    /// A line that changes on a terminal, lines that stay elsewhere.
    pub fn new(limits: Limits, detail: Detail) -> Self {
        let style = ProgressStyle::with_template("{wide_msg}");
        let bar = ProgressBar::new_spinner();
        let bar = bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
        let own = Self {
            bar,
            limits,
            printed: Instant::now(),
            detail,
        };
        own.print(&format!("seed {}", limits.seed));
        own
    }

    /// Takes one event.
    pub fn listen(&mut self, event: &Event<'_>) {
        match event {
            Event::Progress(explored) => self.show(explored),
            Event::Found(find) => {
                self.print(&format!(
                    "journey {}: {}",
                    find.origin.number, find.cause.sentence
                ));
            }
            Event::Shrunk(find) => {
                let (before, after) = (find.steps_before, find.journey().steps.len());
                let drives = counted(find.drives(), "drive");
                self.print(&format!(
                    "journey {}: {before} steps made {after} by {drives}",
                    find.origin.number
                ));
            }
        }
    }

    /// Clears what changes away.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }

    fn show(&mut self, explored: &Explored) {
        let of = self.limits.journeys.map(|most| format!("/{most}"));
        let text = format!(
            "{}{} journeys, {} steps, {} pairs of steps{}, {} found",
            explored.journeys,
            of.unwrap_or_default(),
            explored.steps,
            explored.pairs,
            covered(explored.coverage),
            counted(explored.finds.len(), "cause"),
        );
        if !self.bar.is_hidden() {
            return self.bar.set_message(text);
        }
        let is_due = explored.journeys.is_multiple_of(LINE_EVERY);
        if is_due || self.printed.elapsed() >= LINE_AFTER {
            self.printed = Instant::now();
            self.print(&text);
        }
    }

    fn print(&self, line: &str) {
        if self.detail != Detail::Verdict {
            self.bar.suspend(|| anstream::eprintln!("{line}"));
        }
    }
}

/// How much of the build ran, after a comma; nothing where that was not counted.
pub fn covered(coverage: Option<Coverage>) -> String {
    let percent = coverage.map(|own| format!(", {:.0} % of the code", 100.0 * own.share));
    percent.unwrap_or_default()
}
