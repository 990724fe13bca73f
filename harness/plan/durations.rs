use std::collections::BTreeMap;

use crate::input::{Files, InputError};

/// The file that holds them, below the fixtures.
const FILE: &str = "durations.lock";

/// To what they are rounded, in milliseconds: a finer difference between two machines or two days
/// has no meaning.
const GRAIN_MS: f64 = 10.0;

/// How long each case took when it was last measured. They only weigh the parts of a run: on any
/// machine it is their ratio that counts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Durations {
    by_case: BTreeMap<String, u64>,
}

impl Durations {
    /// Reads `durations.lock`; empty where there is none, and then all cases weigh the same.
    ///
    /// # Errors
    /// If it cannot be read, or a line is not `case = milliseconds`.
    pub fn load(files: &Files) -> Result<Self, InputError> {
        if !files.has_fixture(FILE) {
            return Ok(Self::default());
        }
        let source = files.fixture(FILE)?;
        let entry = |(index, line): (usize, &str)| {
            // A case's id holds `=` itself: its axes.
            let entry = line
                .rsplit_once(" = ")
                .and_then(|(case, ms)| Some((case.to_owned(), ms.parse().ok()?)));
            let help = "`alhena-conformance coverage --durations DIR` writes this file";
            entry.ok_or_else(|| {
                source
                    .error("this line is not `case = milliseconds`")
                    .at_line(index + 1)
                    .help(help)
            })
        };
        let lines = source
            .text
            .lines()
            .enumerate()
            .filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#'));
        Ok(Self {
            by_case: lines.map(entry).collect::<Result<_, _>>()?,
        })
    }

    /// Of the cases with these milliseconds; one of 0 was not driven, and does not count.
    pub fn of<'c>(cases: impl IntoIterator<Item = (&'c str, f64)>) -> Self {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a case takes neither less than nothing nor many thousand years"
        )]
        let rounded = |ms: f64| ((ms / GRAIN_MS).round().max(1.0) * GRAIN_MS) as u64;
        Self {
            by_case: cases
                .into_iter()
                .filter(|(_, ms)| *ms > 0.0)
                .map(|(case, ms)| (case.to_owned(), rounded(ms)))
                .collect(),
        }
    }

    /// The milliseconds of a case; of one that was not measured, those of the median.
    pub fn of_case(&self, case: &str) -> u64 {
        let own = self.by_case.get(case).copied();
        own.unwrap_or_else(|| self.median())
    }

    fn median(&self) -> u64 {
        let mut all: Vec<u64> = self.by_case.values().copied().collect();
        all.sort_unstable();
        all.get(all.len() / 2).copied().unwrap_or(1)
    }

    /// How many cases were measured.
    pub fn count(&self) -> usize {
        self.by_case.len()
    }

    /// The file's text.
    pub fn text(&self) -> String {
        let head = "# How many milliseconds each case takes, to cut a run into parts of the same \
            length (`run --shard`).\n\
            # `alhena-conformance coverage --durations DIR` writes this file from the report of a \
            whole run.\n";
        let cases = self.by_case.iter();
        cases.fold(head.to_owned(), |text, (case, ms)| {
            text + &format!("{case} = {ms}\n")
        })
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Durations, InputError> {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(FILE), text).unwrap();
        Durations::load(&Files::in_folder(folder.path()).unwrap())
    }

    #[test]
    fn written_durations_read_back() {
        let durations = Durations::of([
            ("cart/a@load=async,call=push", 123.4),
            ("cart/b", 0.0),
            ("cart/c", 2.0),
        ]);
        assert_eq!(
            durations.text().lines().skip(2).collect::<Vec<_>>(),
            ["cart/a@load=async,call=push = 120", "cart/c = 10"]
        );
        assert_eq!(read(&durations.text()).unwrap(), durations);
    }

    #[test]
    fn unmeasured_case_weighs_the_median() {
        let durations = Durations::of([("a", 10.0), ("b", 500.0), ("c", 9000.0)]);
        assert_eq!(
            (durations.of_case("c"), durations.of_case("new")),
            (9000, 500)
        );
        assert_eq!(
            Durations::default().of_case("any"),
            Durations::default().of_case("other")
        );
    }

    #[test]
    fn malformed_line_is_refused_with_its_line_number() {
        let error = read("# head\na = 10\nb = soon\n").unwrap_err().to_string();
        assert!(
            error.contains("this line is not `case = milliseconds`")
                && error.contains("durations.lock:3"),
            "{error}"
        );
    }

    #[test]
    fn committed_durations_can_be_read() {
        assert!(Durations::load(&Files::default()).unwrap().count() > 0);
    }
}
