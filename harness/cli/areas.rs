//! What cases there are, by the folder of their scenarios.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::Duration;

use owo_colors::OwoColorize;
use serde::Serialize;

use crate::plan::{Case, Durations};
use crate::text::counted;

/// The cases of one area.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub struct Area {
    pub cases: usize,
    pub checks: usize,
    /// How long its cases took when they were last measured, one after the other.
    #[serde(skip)]
    pub took: Duration,
}

/// Every area, by its name.
#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Areas(BTreeMap<String, Area>);

impl Area {
    /// Both together.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        Self {
            cases: self.cases + other.cases,
            checks: self.checks + other.checks,
            took: self.took + other.took,
        }
    }
}

/// The area of a case: the folder of its scenario.
pub fn area_of(case: &Case) -> &str {
    let id = &case.scenario.id;
    id.split_once('/').map_or(id, |(area, _)| area)
}

impl Areas {
    pub fn of(cases: &[Case], durations: &Durations) -> Self {
        let mut areas: BTreeMap<String, Area> = BTreeMap::new();
        for case in cases {
            let area = areas.entry(area_of(case).to_owned()).or_default();
            area.cases += 1;
            area.checks += case.checks.len();
            area.took += Duration::from_millis(durations.of_case(&case.id));
        }
        Self(areas)
    }

    /// Of all areas.
    pub fn total(&self) -> Area {
        let areas = self.0.values();
        areas.fold(Area::default(), |total, area| total.and(area))
    }

    /// A line for each.
    pub fn text(&self) -> String {
        let widest = self.0.keys().map(String::len).max().unwrap_or_default();
        self.0.iter().fold(String::new(), |mut text, (name, area)| {
            let (cases, checks) = (counted(area.cases, "case"), counted(area.checks, "check"));
            // Writing into a text does not fail.
            let _ = writeln!(text, "  {:<widest$}  {checks:>11} in {cases}", name.bold());
            text
        })
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use super::*;
    use crate::input::Files;
    use crate::plan::Patterns;
    use crate::scenario::Suite;

    #[test]
    fn every_case_and_check_counts_in_one_area() {
        let suite = Suite::load(&Files::default()).unwrap();
        let cases = suite.plan(&mut Patterns::new(&[]));
        let areas = Areas::of(&cases, &Durations::default());
        let total = areas.total();
        let checks: usize = cases.iter().map(|case| case.checks.len()).sum();
        assert_eq!((total.cases, total.checks), (cases.len(), checks));
        assert!(areas.0.contains_key("queue") && areas.text().contains("queue"));
    }
}
