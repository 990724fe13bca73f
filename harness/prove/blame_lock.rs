//! `blame.lock`, and that of each other engine: the figures that must not get worse.

use std::collections::BTreeMap;

use super::blame_figures::{FEW, Figure, Figures};
use crate::input::{Files, InputError};

/// Stands behind the figure of a mutant that does not fail the requirement it breaks.
const MISSED: &str = ", missed";

/// The figures of the last measurement that was accepted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BlameLock {
    /// Its file, below the fixtures.
    pub file: String,
    pub figures: Figures,
}

impl BlameLock {
    /// Reads the one in this file; empty where there is none.
    ///
    /// # Errors
    /// If it cannot be read, or a line is not `mutant = number`.
    pub fn load(file: &str, files: &Files) -> Result<Self, InputError> {
        let lock = Self {
            file: file.to_owned(),
            ..Self::default()
        };
        if !files.has_fixture(file) {
            return Ok(lock);
        }
        let source = files.fixture(file)?;
        let lines = source.text.lines().enumerate();
        let lines = lines.filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#'));
        let entry = |(index, line): (usize, &str)| {
            figure(line).ok_or_else(|| {
                source
                    .error("this line is not `mutant = number`")
                    .at_line(index + 1)
                    .help("`alhena-conformance self-test --blame --update` writes this file")
            })
        };
        let figures: BTreeMap<String, Figure> = lines.map(entry).collect::<Result<_, _>>()?;
        Ok(Self {
            figures: Figures(figures),
            ..lock
        })
    }

    /// What got worse in `now`, a sentence each. Only mutants that both have are compared.
    pub fn worse(&self, now: &Figures) -> Vec<String> {
        let before = self.figures.shared_with(now).totals();
        let after = now.shared_with(&self.figures).totals();
        let (median, beyond) = (
            "the median of the further requirements",
            "the number of mutants with too many",
        );
        let counts = [
            (median, before.median, after.median),
            (beyond, before.beyond(), after.beyond()),
        ];
        let counts = counts.into_iter().filter(|(_, then, now)| now > then);
        let counts = counts.map(|(what, then, now)| format!("{what} is {now}, and was {then}"));
        let missed = self.figures.0.iter().filter(|(id, then)| {
            let now = now.0.get(*id);
            then.hit && now.is_some_and(|now| !now.hit)
        });
        let missed = missed
            .map(|(id, _)| format!("the requirement that {id} breaks does not fail any more"));
        counts.chain(missed).collect()
    }

    /// The lock with the figures `now`, and without mutants that are not in the `sample` any more.
    #[must_use]
    pub fn updated<'s>(&self, now: &Figures, sample: impl IntoIterator<Item = &'s str>) -> Self {
        let figure = |id: &str| now.0.get(id).or(self.figures.0.get(id)).copied();
        let ids = sample.into_iter();
        let figures = ids.filter_map(|id| Some((id.to_owned(), figure(id)?)));
        Self {
            figures: Figures(figures.collect()),
            file: self.file.clone(),
        }
    }

    /// The file's text.
    pub fn text(&self) -> String {
        let totals = self.figures.totals();
        let head = format!(
            "# How many requirements fail beside the one that each mutant of blame.toml breaks.\n\
             # `alhena-conformance self-test --blame --update` writes this file: its diff is the \
             review.\n\
             # median {}, more than {FEW}: {} of {}, missed: {}\n",
            totals.median,
            totals.beyond(),
            totals.measured,
            totals.misses()
        );
        self.figures.0.iter().fold(head, |text, (id, figure)| {
            let missed = if figure.hit { "" } else { MISSED };
            text + id + " = " + &figure.further.to_string() + missed + "\n"
        })
    }
}

fn figure(line: &str) -> Option<(String, Figure)> {
    let (line, hit) = match line.strip_suffix(MISSED) {
        Some(line) => (line, false),
        None => (line, true),
    };
    let (id, further) = line.split_once(" = ")?;
    let further = further.parse().ok()?;
    Some((id.to_owned(), Figure { further, hit }))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use std::collections::BTreeSet;

    use super::super::blame_sample::Sampled;
    use super::super::blame_sample::tests::bundled;
    use super::*;

    /// That of the default engine.
    const FILE: &str = "blame.lock";

    #[test]
    fn committed_lock_holds_the_sample() {
        let sample: BTreeSet<String> = bundled().into_iter().map(|own| own.mutant.id).collect();
        let lock = BlameLock::load(FILE, &Files::default()).unwrap();
        let locked: BTreeSet<String> = lock.figures.0.into_keys().collect();
        assert_eq!(
            locked, sample,
            "measure the sample: alhena-conformance self-test --blame --update"
        );
    }

    #[test]
    fn committed_figures_meet_the_aim() {
        let totals = BlameLock::load(FILE, &Files::default())
            .unwrap()
            .figures
            .totals();
        assert!(totals.meet_the_aim(), "{totals:?}");
    }

    #[test]
    fn each_imprecise_mutant_has_a_reason() {
        let figures = BlameLock::load(FILE, &Files::default()).unwrap().figures;
        let is_unexplained = |own: &Sampled| {
            let figure = figures.0.get(&own.mutant.id);
            own.why.is_none() && figure.is_some_and(|figure| figure.further > FEW)
        };
        let sample = bundled().into_iter().filter(is_unexplained);
        let unexplained: Vec<String> = sample.map(|own| own.mutant.id).collect();
        assert!(
            unexplained.is_empty(),
            "give `why` in blame.toml, or blame more precisely: {unexplained:?}"
        );
    }

    fn lock(figures: &[(&str, usize, bool)]) -> BlameLock {
        let figures = figures.iter().map(|(id, further, hit)| {
            let (further, hit) = (*further, *hit);
            ((*id).to_owned(), Figure { further, hit })
        });
        BlameLock {
            file: FILE.to_owned(),
            figures: Figures(figures.collect()),
        }
    }

    #[test]
    fn written_lock_reads_back() {
        let folder = tempfile::tempdir().unwrap();
        let written = lock(&[("dedup-off", 0, true), ("gate-open", 12, false)]);
        std::fs::write(folder.path().join(FILE), written.text()).unwrap();
        let files = Files::in_folder(folder.path()).unwrap();
        assert_eq!(BlameLock::load(FILE, &files).unwrap(), written);
        assert!(
            written
                .text()
                .contains("# median 12, more than 3: 1 of 2, missed: 1\n")
        );
    }

    #[test]
    fn figures_of_one_engine_are_not_those_of_another() {
        let folder = tempfile::tempdir().unwrap();
        let text = lock(&[("dedup-off", 0, true)]).text();
        std::fs::write(folder.path().join(FILE), text).unwrap();
        let files = Files::in_folder(folder.path()).unwrap();
        let other = BlameLock::load("blame.other.lock", &files).unwrap();
        assert_eq!(other.figures, Figures::default());
        assert_eq!(
            other.updated(&other.figures, ["dedup-off"]).file,
            "blame.other.lock"
        );
    }

    #[test]
    fn other_line_is_refused_with_its_number() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(FILE), "# head\ndedup-off: 3\n").unwrap();
        let files = Files::in_folder(folder.path()).unwrap();
        let error = BlameLock::load(FILE, &files).unwrap_err().to_string();
        assert!(error.contains("blame.lock:2"), "{error}");
    }

    #[test]
    fn worse_median_count_and_miss_are_reported() {
        let then = lock(&[("a", 0, true), ("b", 1, true), ("c", 3, true)]);
        let same = then.figures.clone();
        assert_eq!(then.worse(&same), Vec::<String>::new());
        let now = lock(&[("a", 2, true), ("b", 2, false), ("c", 4, true)]).figures;
        assert_eq!(
            then.worse(&now),
            [
                "the median of the further requirements is 2, and was 1",
                "the number of mutants with too many is 1, and was 0",
                "the requirement that b breaks does not fail any more"
            ]
        );
    }

    #[test]
    fn mutants_that_only_one_side_has_are_not_compared() {
        let then = lock(&[("a", 0, true), ("gone", 0, true)]);
        let now = lock(&[("a", 0, true), ("new", 40, false)]).figures;
        assert_eq!(then.worse(&now), Vec::<String>::new());
    }

    #[test]
    fn update_of_a_part_keeps_the_rest_of_the_sample() {
        let then = lock(&[("a", 0, true), ("b", 1, true), ("gone", 2, true)]);
        let now = lock(&[("b", 5, true)]).figures;
        let sample = ["a", "b", "never-measured"];
        assert_eq!(
            then.updated(&now, sample),
            lock(&[("a", 0, true), ("b", 5, true)])
        );
    }
}
