use std::collections::BTreeSet;

use super::cases::Case;
use crate::input::{Files, InputError};

/// The file that holds the floor, below the fixtures.
const FILE: &str = "coverage.lock";

/// The checks that the default plan must hold: a scenario that vanishes, or loses a check, is then
/// an error and not a smaller green run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Floor {
    /// Where it was read.
    pub file: String,
    checks: BTreeSet<String>,
}

impl Floor {
    /// Reads `coverage.lock`; `None` where the user's own fixtures have none. The bundled ones
    /// must.
    pub fn load(files: &Files) -> Result<Option<Self>, InputError> {
        if files.are_the_users() && !files.has_fixture(FILE) {
            return Ok(None);
        }
        let source = files.fixture(FILE)?;
        let checks = source
            .text
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty() && !line.starts_with('#'))
            .map(str::to_owned)
            .collect();
        Ok(Some(Self {
            file: source.name,
            checks,
        }))
    }

    /// The floor that `cases` would make.
    pub fn of(cases: &[Case]) -> Self {
        Self {
            file: FILE.to_owned(),
            checks: ids(cases),
        }
    }

    /// The checks of the floor that `cases` do not hold.
    pub fn missing(&self, cases: &[Case]) -> Vec<String> {
        let planned = ids(cases);
        self.checks.difference(&planned).cloned().collect()
    }

    /// The checks of `cases` that the floor does not know yet.
    pub fn unknown(&self, cases: &[Case]) -> Vec<String> {
        ids(cases).difference(&self.checks).cloned().collect()
    }

    /// The file's text.
    pub fn text(&self) -> String {
        let head = "# The checks of the default plan. `alhena-conformance coverage --update` \
            writes this file: its diff is the review.\n";
        let checks = self.checks.iter();
        checks.fold(head.to_owned(), |text, check| text + check + "\n")
    }
}

fn ids(cases: &[Case]) -> BTreeSet<String> {
    let checks = cases.iter().flat_map(|case| &case.checks);
    checks.map(|check| check.id.to_string()).collect()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use super::*;
    use crate::plan::Patterns;
    use crate::scenario::Suite;

    fn plan() -> Vec<Case> {
        Suite::load(&Files::default())
            .unwrap()
            .plan(&mut Patterns::new(&[]))
    }

    #[test]
    fn committed_floor_matches_the_bundled_scenarios() {
        let (floor, cases) = (Floor::load(&Files::default()).unwrap().unwrap(), plan());
        assert_eq!(floor.missing(&cases), Vec::<String>::new());
        assert_eq!(
            floor.unknown(&cases),
            Vec::<String>::new(),
            "`alhena-conformance coverage --update` adds them"
        );
    }

    #[test]
    fn vanished_check_is_named() {
        let mut cases = plan();
        let floor = Floor::of(&cases);
        let gone = cases[0].checks.remove(0);
        assert_eq!(floor.missing(&cases), [gone.id.to_string()]);
    }
}
