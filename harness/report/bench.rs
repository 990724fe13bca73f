//! What `bench` measured: ratios, what each should be, and what it was in each release.
//!
//! Only ratios are kept: both sides of each were measured in turn on one machine, so that they can
//! be compared with those of another machine, and of another day.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::input::{Files, InputError};

/// The file that holds the releases, below the fixtures.
pub const FILE: &str = "bench.lock";

/// Two measurements of the same differ by so much at most, on a quiet machine.
const NOISE: f64 = 1.1;

/// How many times one thing is the other.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Ratio {
    /// The same in each release.
    pub id: String,
    /// What is compared with what.
    pub what: String,
    pub value: f64,
    /// `None`: it depends on what somebody else runs.
    pub aim: Option<Aim>,
}

/// What a ratio should be.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Aim {
    AtMost(f64),
    AtLeast(f64),
}

impl Aim {
    fn is_kept_by(self, value: f64) -> bool {
        match self {
            Self::AtMost(most) => value <= most,
            Self::AtLeast(least) => value >= least,
        }
    }
}

impl fmt::Display for Aim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AtMost(most) => write!(f, "at most {most}"),
            Self::AtLeast(least) => write!(f, "at least {least}"),
        }
    }
}

/// What a ratio is worth beside its aim and its last release. Ordered: the worst last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// It is as good as its aim, or has none, and as good as it was.
    Good,
    /// It misses its aim, as before.
    MissesItsAim,
    /// It got worse, by more than two measurements differ.
    Worse,
}

impl Ratio {
    /// What it is worth beside what it was.
    pub fn standing(&self, before: Option<f64>) -> Standing {
        let is_worse = before.is_some_and(|before| match self.aim {
            Some(Aim::AtLeast(_)) => self.value * NOISE < before,
            Some(Aim::AtMost(_)) | None => self.value > before * NOISE,
        });
        let is_kept = self.aim.is_none_or(|aim| aim.is_kept_by(self.value));
        match (is_worse, is_kept) {
            (true, _) => Standing::Worse,
            (false, true) => Standing::Good,
            (false, false) => Standing::MissesItsAim,
        }
    }
}

/// What one `bench` measured.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BenchReport {
    /// The version of the harness.
    pub version: String,
    pub ratios: Vec<Ratio>,
    /// What could not be measured here, and why.
    pub not_measured: Vec<NotMeasured>,
    /// The last release before it, of which the ratios are known.
    pub before: Option<Release>,
}

/// What could not be measured, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NotMeasured {
    pub what: String,
    pub why: String,
}

impl BenchReport {
    /// What a ratio was before.
    pub fn before(&self, ratio: &Ratio) -> Option<f64> {
        self.before.as_ref()?.ratios.get(&ratio.id).copied()
    }

    /// The worst that a ratio is worth; `None`: there is none.
    pub fn standing(&self) -> Option<Standing> {
        let all = self.ratios.iter();
        all.map(|ratio| ratio.standing(self.before(ratio))).max()
    }
}

/// The ratios of one version.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Release {
    pub version: String,
    /// By the id of each.
    pub ratios: BTreeMap<String, f64>,
}

/// The releases, the newest last.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Releases {
    releases: Vec<Release>,
}

impl Releases {
    /// Reads `bench.lock`; without one there are none.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn load(files: &Files) -> Result<Self, InputError> {
        if files.has_fixture(FILE) {
            files.fixture(FILE)?.toml()
        } else {
            Ok(Self::default())
        }
    }

    /// The last release before `version`.
    pub fn before(&self, version: &str) -> Option<&Release> {
        let others = self.releases.iter().rev();
        others.into_iter().find(|own| own.version != version)
    }

    /// With what was measured of its version. What was not measured now stays as it was.
    #[must_use]
    pub fn with(mut self, report: &BenchReport) -> Self {
        let ratios = report.ratios.iter();
        let ratios = ratios.map(|own| (own.id.clone(), (own.value * 100.0).round() / 100.0));
        let mut all = self.releases.iter_mut();
        match all.find(|own| own.version == report.version) {
            Some(own) => own.ratios.extend(ratios),
            None => self.releases.push(Release {
                version: report.version.clone(),
                ratios: ratios.collect(),
            }),
        }
        self
    }

    /// The file's text: one line a release.
    pub fn text(&self) -> String {
        let head = "# What `alhena-conformance bench --all` measured of each release, as ratios.\n\
                    # `bench --all --update` writes this file.\n\
                    releases = [\n";
        let line = |text: String, own: &Release| {
            let ratios = own.ratios.iter();
            let ratios: Vec<String> = ratios
                .map(|(id, value)| format!("{id} = {value:?}"))
                .collect();
            let (version, ratios) = (&own.version, ratios.join(", "));
            text + &format!("  {{ version = \"{version}\", ratios = {{ {ratios} }} }},\n")
        };
        self.releases.iter().fold(head.to_owned(), line) + "]\n"
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
pub mod tests {
    use super::*;

    /// Measured of `version`: the same ratios in each.
    pub fn measured(version: &str) -> BenchReport {
        let ratio = |id: &str, what: &str, value, aim| Ratio {
            id: id.to_owned(),
            what: what.to_owned(),
            value,
            aim,
        };
        BenchReport {
            version: version.to_owned(),
            ratios: vec![
                ratio(
                    "case",
                    "a case, against the bare loop",
                    1.024,
                    Some(Aim::AtMost(1.2)),
                ),
                ratio(
                    "other-1",
                    "other tests, against ours",
                    2.6,
                    Some(Aim::AtLeast(3.0)),
                ),
                ratio("command", "a command there, against one here", 1.4, None),
            ],
            not_measured: Vec::new(),
            before: None,
        }
    }

    fn releases(text: &str) -> Releases {
        toml::from_str(text).unwrap()
    }

    #[test]
    fn each_release_is_one_line_that_reads_back() {
        let both = Releases::default()
            .with(&measured("0.1.0"))
            .with(&measured("0.2.0"));
        let text = both.text();
        assert_eq!(releases(&text), both);
        let lines = text.lines().filter(|line| line.contains("version = "));
        assert_eq!(lines.count(), 2, "{text}");
    }

    #[test]
    fn release_that_is_measured_again_keeps_its_line_and_what_was_not_measured() {
        let mut again = measured("0.1.0");
        again.ratios.truncate(1);
        again.ratios[0].value = 0.9;
        let both = Releases::default().with(&measured("0.1.0")).with(&again);
        let [own] = &both.releases[..] else {
            panic!("{both:?}");
        };
        assert_eq!((own.ratios["case"], own.ratios["other-1"]), (0.9, 2.6));
    }

    #[test]
    fn version_is_compared_with_the_last_one_before_it() {
        let both = Releases::default()
            .with(&measured("0.1.0"))
            .with(&measured("0.2.0"));
        let before = |version| both.before(version).map(|own| own.version.as_str());
        assert_eq!(before("0.2.0"), Some("0.1.0"));
        assert_eq!(before("0.3.0"), Some("0.2.0"));
    }

    #[test]
    fn ratio_is_worse_only_beyond_what_two_measurements_differ_by() {
        let [case, other, command] = &measured("0.1.0").ratios[..] else {
            panic!("three ratios");
        };
        assert_eq!(case.standing(None), Standing::Good);
        assert_eq!(case.standing(Some(0.98)), Standing::Good);
        assert_eq!(case.standing(Some(0.8)), Standing::Worse);
        assert_eq!(other.standing(Some(2.7)), Standing::MissesItsAim);
        assert_eq!(other.standing(Some(3.1)), Standing::Worse);
        assert_eq!(command.standing(Some(1.2)), Standing::Worse);
        assert_eq!(command.standing(Some(2.0)), Standing::Good);
    }
}
