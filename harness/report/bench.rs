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
    /// It misses its aim, and did not get worse.
    MissesItsAim,
    /// It got worse, by more than two measurements differ.
    Worse,
}

impl Ratio {
    /// Whether it is as good as its aim, if it has one.
    pub fn is_kept(&self) -> bool {
        self.aim.is_none_or(|aim| aim.is_kept_by(self.value))
    }

    /// What it is worth beside what it was.
    pub fn standing(&self, before: Option<f64>) -> Standing {
        let is_worse = before.is_some_and(|before| match self.aim {
            Some(Aim::AtLeast(_)) => self.value * NOISE < before,
            Some(Aim::AtMost(_)) | None => self.value > before * NOISE,
        });
        match (is_worse, self.is_kept()) {
            (true, _) => Standing::Worse,
            (false, true) => Standing::Good,
            (false, false) => Standing::MissesItsAim,
        }
    }
}

/// A ratio beside what it was.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Judged {
    #[serde(flatten)]
    pub ratio: Ratio,
    /// In the release before; `None`: it was not measured then.
    pub before: Option<f64>,
    pub standing: Standing,
}

/// What one `bench` measured.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BenchReport {
    /// The version of the harness.
    pub version: String,
    /// The release before it, of which the ratios are known.
    pub before: Option<String>,
    pub ratios: Vec<Judged>,
    /// What could not be measured here, and why.
    pub not_measured: Vec<NotMeasured>,
    /// The worst that a ratio is worth; `None`: there is none.
    pub standing: Option<Standing>,
}

/// What could not be measured, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NotMeasured {
    pub what: String,
    pub why: String,
}

impl BenchReport {
    /// Judges what was measured of `version` beside the release before it.
    pub fn new(
        version: &str,
        ratios: Vec<Ratio>,
        not_measured: Vec<NotMeasured>,
        before: Option<&Release>,
    ) -> Self {
        let ratios = ratios.into_iter().map(|ratio| {
            let before = before.and_then(|own| own.ratios.get(&ratio.id).copied());
            Judged {
                standing: ratio.standing(before),
                before,
                ratio,
            }
        });
        let ratios: Vec<Judged> = ratios.collect();
        Self {
            version: version.to_owned(),
            before: before.map(|own| own.version.clone()),
            standing: ratios.iter().map(|own| own.standing).max(),
            ratios,
            not_measured,
        }
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

    /// The release before `version`; the last one, where it is not among them.
    pub fn before(&self, version: &str) -> Option<&Release> {
        let mut all = self.releases.iter();
        let own = all.position(|own| own.version == version);
        self.releases[..own.unwrap_or(self.releases.len())].last()
    }

    /// With what was measured of its version. What was not measured now stays as it was.
    #[must_use]
    pub fn with(mut self, report: &BenchReport) -> Self {
        let ratios = report.ratios.iter().map(|own| &own.ratio);
        // TOML's own word for what is not finite is not Rust's.
        let ratios = ratios.filter(|own| own.value.is_finite());
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

    pub fn ratios() -> Vec<Ratio> {
        let ratio = |id: &str, what: &str, value, aim| Ratio {
            id: id.to_owned(),
            what: what.to_owned(),
            value,
            aim,
        };
        let (most, least) = (Some(Aim::AtMost(1.2)), Some(Aim::AtLeast(3.0)));
        vec![
            ratio("case", "a case, against the bare loop", 1.024, most),
            ratio("other-1", "other tests, against ours", 2.6, least),
            ratio("command", "a command there, against one here", 1.4, None),
        ]
    }

    /// Measured of `version`: the same ratios in each.
    pub fn measured(version: &str) -> BenchReport {
        BenchReport::new(version, ratios(), Vec::new(), None)
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
        again.ratios.truncate(2);
        again.ratios[0].ratio.value = 0.9;
        again.ratios[1].ratio.value = f64::NAN;
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
        assert_eq!(before("0.1.0"), None);
        assert_eq!(before("0.2.0"), Some("0.1.0"));
        assert_eq!(before("0.3.0"), Some("0.2.0"));
    }

    #[test]
    fn ratio_is_worse_only_beyond_what_two_measurements_differ_by() {
        let [case, other, command] = &ratios()[..] else {
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
