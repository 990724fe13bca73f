//! What is wrong, each at its line, and what explains it.

use std::fmt::Write as _;

use owo_colors::OwoColorize;

use super::line::{cut, toned, whole};
use super::{BAR, Terminal};
use crate::render::document::{
    Case, Difference, EventRow, Line, Mark, Moment, Problem, Side, SourceLine, Style, Text,
};
use crate::text::cut_to;

/// More failed checks of one case than this are counted.
const SHOWN_CHECKS: usize = 3;

/// A longer timeline is cut in the middle; the evidence holds all of it.
const SHOWN_MOMENTS: usize = 24;

/// Longer values are cut; the report holds them whole.
const VALUE: usize = 120;

/// More events of a case are counted.
const EVENTS: usize = 8;

impl Terminal {
    /// All that is wrong in a case, and then what happened in it.
    pub fn case(&mut self, case: &Case) {
        for problem in case.problems.iter().take(SHOWN_CHECKS) {
            self.one(problem);
        }
        if case.problems.len() > SHOWN_CHECKS {
            let more = case.problems.len() - SHOWN_CHECKS;
            let text = format!("{more} more checks of this case, all in the report");
            self.note(&Line::from(text));
        }
        self.put(BAR, &Line::from("scenario ").plain(case.title.clone()));
        self.blocks(&case.body, BAR);
        self.text.push('\n');
    }

    /// Something that is wrong by itself.
    pub fn problem(&mut self, problem: &Problem) {
        self.one(problem);
        self.text.push('\n');
    }

    fn one(&mut self, problem: &Problem) {
        let badge = toned(&cut(&problem.badge.words, Style::Plain), problem.badge.tone);
        self.put_after(&format!("{}: ", badge.bold()), "  ", &problem.message);
        if let Some(location) = &problem.location {
            let _ = writeln!(self.text, "  {} {}", "-->".blue(), whole(location));
        }
        for promise in &problem.promises {
            self.put(BAR, promise);
        }
        self.blocks(&problem.body, BAR);
    }

    pub fn difference(&mut self, difference: &Difference) {
        let side = |side: &Side, style| Line::new().with(style, cut_to(&whole(&side.short), VALUE));
        self.said("expected", &side(&difference.expected, Style::Expected));
        self.said("actual", &side(&difference.actual, Style::Actual));
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
            self.raw("", &row);
        }
    }

    /// What was called, what was sent and what the backend recorded.
    pub fn events(&mut self, events: &[EventRow]) {
        for event in events.iter().take(EVENTS) {
            let name = Line::new().strong(event.name.clone()).plain("  ");
            self.put(BAR, &name.badge(event.ledger.clone()));
            for (name, side) in [("called", &event.call), ("sent", &event.request)] {
                let shown = side.as_ref().map(|side| side.short.clone());
                let shown = shown.unwrap_or(Text::from("nothing"));
                let first = format!("{BAR}  {}", format!("{name:7}").dimmed());
                self.put_after(
                    &first,
                    &format!("{BAR}         "),
                    &Line::new().plain(shown),
                );
            }
        }
        if events.len() > EVENTS {
            let more = events.len() - EVENTS;
            self.put(
                BAR,
                &Line::from(format!("… {more} more events, all in the evidence")),
            );
        }
    }

    pub fn timeline(&mut self, moments: &[Moment]) {
        let hidden = moments.len().saturating_sub(SHOWN_MOMENTS);
        for (index, moment) in moments.iter().enumerate() {
            if hidden > 0 && index == SHOWN_MOMENTS / 2 {
                self.put(
                    BAR,
                    &Line::from(format!("… {hidden} more moments in the evidence")),
                );
            }
            if index < SHOWN_MOMENTS / 2 || index >= SHOWN_MOMENTS / 2 + hidden {
                let mut what = whole(&moment.what);
                if let Some(outcome) = &moment.outcome {
                    let _ = write!(what, " → {}", whole(outcome));
                }
                if let Some(detail) = &moment.detail {
                    let _ = write!(what, "  {}", whole(detail));
                }
                let at = format!("{:>9}", cut(&moment.at, Style::Plain));
                let kind = format!("{:<8}", moment.kind);
                let before = format!("{BAR}{}  {} ", at.dimmed(), kind.cyan());
                let room = self.screen.columns.saturating_sub(super::width(&before));
                self.raw(&before, &cut_to(&what, room));
            }
        }
    }
}
