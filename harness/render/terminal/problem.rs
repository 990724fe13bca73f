//! What is wrong, each at its line, and what explains it.

use std::fmt::Write as _;

use owo_colors::OwoColorize;

use super::line::{cut, headline, line, toned, whole};
use super::{BAR, Terminal};
use crate::render::document::{Case, Difference, EventRow, Mark, Moment, Problem, SourceLine};
use crate::text::cut_to;

/// More failed checks of one case than this are counted.
const SHOWN_CHECKS: usize = 3;

/// A longer timeline is cut in the middle; the evidence holds all of it.
const SHOWN_MOMENTS: usize = 24;

/// Longer values are cut; the report holds them whole.
const VALUE: usize = 110;

/// Letters of a column of events, and rows of them.
const COLUMN: usize = 58;
const ROWS: usize = 8;

impl Terminal {
    /// All that is wrong in a case, and then what happened in it.
    pub fn case(&mut self, case: &Case) {
        for problem in case.problems.iter().take(SHOWN_CHECKS) {
            self.one(problem);
        }
        if case.problems.len() > SHOWN_CHECKS {
            let more = case.problems.len() - SHOWN_CHECKS;
            self.note(&format!(
                "{more} more checks of this case, all in the report"
            ));
        }
        self.put(BAR, &format!("scenario {}", cut(&case.title)));
        self.blocks(&case.body, BAR);
        self.text.push('\n');
    }

    /// Something that is wrong by itself.
    pub fn problem(&mut self, problem: &Problem) {
        self.one(problem);
        self.text.push('\n');
    }

    fn one(&mut self, problem: &Problem) {
        let badge = toned(&cut(&problem.badge.words), problem.badge.tone);
        let message = headline(&problem.message);
        let _ = writeln!(self.text, "{}: {message}", badge.bold());
        if let Some(location) = &problem.location {
            let _ = writeln!(self.text, "  {} {}", "-->".blue(), whole(location));
        }
        for promise in &problem.promises {
            self.put(BAR, &line(promise));
        }
        self.blocks(&problem.body, BAR);
    }

    pub fn difference(&mut self, difference: &Difference) {
        if let Some(expected) = &difference.expected {
            let text = cut_to(&whole(&expected.short), VALUE);
            self.put(BAR, &format!("  expected: {}", text.green()));
        }
        if let Some(actual) = &difference.actual {
            let text = cut_to(&whole(&actual.short), VALUE);
            self.put(BAR, &format!("  actual:   {}", text.red()));
        }
    }

    pub fn source(&mut self, lines: &[SourceLine]) {
        let digits = lines.iter().map(|line| whole(&line.number).len());
        let width = digits.max().unwrap_or_default().max(3);
        for line in lines {
            let (number, text) = (whole(&line.number), whole(&line.text));
            let (number, bar) = (format!("{number:>width$}"), "|".blue());
            let row = match line.mark {
                Mark::Alone => format!("{} {bar} {text}", number.blue()),
                Mark::Asked => format!("{} {number} {bar} {}", ">".red().bold(), text.bold()),
                Mark::Around => format!("  {} {bar} {text}", number.blue()),
                Mark::Removed => format!("{number} {bar} {}", text.red()),
                Mark::Added => format!("{number} {bar} {}", text.green()),
                Mark::Caret => format!("  {number} {bar} {}", text.red().bold()),
            };
            self.put("", &row);
        }
    }

    /// What was called, what was sent and what the backend recorded, one event a row.
    pub fn events(&mut self, events: &[EventRow]) {
        let heading = format!("{:<COLUMN$}  {:<COLUMN$}  ledger", "call", "request");
        self.put(BAR, &heading.bold().to_string());
        for event in events.iter().take(ROWS) {
            let mut call = cut(&event.name);
            if let Some(called) = &event.call {
                let _ = write!(call, " {}", cut(&called.short));
            }
            let sent = event.request.as_ref().map(|sent| cut(&sent.short));
            let ledger = toned(&cut(&event.ledger.words), event.ledger.tone);
            let (call, sent) = (cut_to(&call, COLUMN), sent.unwrap_or_default());
            let sent = cut_to(&sent, COLUMN);
            self.put(BAR, &format!("{call:<COLUMN$}  {sent:<COLUMN$}  {ledger}"));
        }
        if events.len() > ROWS {
            let more = events.len() - ROWS;
            self.put(BAR, &format!("… {more} more rows, all in the evidence"));
        }
        self.put(BAR, "");
    }

    pub fn timeline(&mut self, moments: &[Moment]) {
        let hidden = moments.len().saturating_sub(SHOWN_MOMENTS);
        for (index, moment) in moments.iter().enumerate() {
            if hidden > 0 && index == SHOWN_MOMENTS / 2 {
                self.put(BAR, &format!("… {hidden} more moments in the evidence"));
            }
            if index < SHOWN_MOMENTS / 2 || index >= SHOWN_MOMENTS / 2 + hidden {
                let mut what = cut(&moment.what);
                if let Some(outcome) = &moment.outcome {
                    let _ = write!(what, " → {}", cut(outcome));
                }
                if let Some(detail) = &moment.detail {
                    let _ = write!(what, "  {}", cut(detail));
                }
                let (at, kind) = (
                    format!("{:>9}", cut(&moment.at)),
                    format!("{:<8}", moment.kind),
                );
                let what = cut_to(&what, VALUE);
                self.put(BAR, &format!("{}  {} {what}", at.dimmed(), kind.cyan()));
            }
        }
    }
}
