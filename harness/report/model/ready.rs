use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::CaseReport;
use crate::text::counted;

/// How soon the SDK is ready, over all cases that waited for it right after loading: from when its
/// script had come until it was seen to be ready, by the page's clock.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReadyReport {
    /// In how many cases.
    pub cases: usize,
    /// The median in milliseconds.
    pub median_ms: f64,
    /// The longest, in milliseconds.
    pub slowest_ms: f64,
}

impl ReadyReport {
    /// A shop's visitor notices when an SDK takes longer than this, in milliseconds.
    const NOTICED_MS: f64 = 1000.0;

    /// Absent where no case waited.
    pub fn of<'c>(cases: impl IntoIterator<Item = &'c CaseReport>) -> Option<Self> {
        let times = cases.into_iter().filter_map(|case| case.ready_ms);
        let times: Vec<f64> = times.collect();
        Some(Self {
            cases: times.len(),
            slowest_ms: times.iter().copied().reduce(f64::max)?,
            median_ms: median(times),
        })
    }

    /// Whether a shop's visitor notices it.
    pub fn is_slow(&self) -> bool {
        self.median_ms > Self::NOTICED_MS
    }

    /// `after 4.0 s (median of 12 cases, slowest 4.2 s)`
    pub fn words(&self) -> String {
        format!(
            "after {} (median of {}, slowest {})",
            seconds(self.median_ms),
            counted(self.cases, "case"),
            seconds(self.slowest_ms)
        )
    }
}

/// A time in seconds, with as many decimals as show a difference.
pub fn seconds(ms: f64) -> String {
    if ms < 1000.0 {
        format!("{:.2} s", ms / 1000.0)
    } else {
        format!("{:.1} s", ms / 1000.0)
    }
}

/// The value in the middle; of none: 0.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    match values.get(middle) {
        None => 0.0,
        Some(upper) if values.len().is_multiple_of(2) => f64::midpoint(values[middle - 1], *upper),
        Some(middle) => *middle,
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use super::super::super::sample::sample;
    use super::*;

    fn ready(times: &[Option<f64>]) -> Option<ReadyReport> {
        let case = sample().report.cases[0].clone();
        let case = |ready_ms: &Option<f64>| CaseReport {
            ready_ms: *ready_ms,
            ..case.clone()
        };
        ReadyReport::of(&times.iter().map(case).collect::<Vec<_>>())
    }

    #[test]
    fn late_sdk_is_reported_with_median_and_slowest() {
        let ready = ready(&[Some(4000.0), None, Some(90.0), Some(4220.0)]).unwrap();
        assert!(ready.is_slow());
        assert_eq!(
            ready.words(),
            "after 4.0 s (median of 3 cases, slowest 4.2 s)"
        );
    }

    #[test]
    fn quick_sdk_is_not_slow() {
        let ready = ready(&[Some(60.0), Some(100.0)]).unwrap();
        assert!(!ready.is_slow());
        assert_eq!(
            ready.words(),
            "after 0.08 s (median of 2 cases, slowest 0.10 s)"
        );
    }

    #[test]
    fn case_that_did_not_wait_has_no_part_in_it() {
        assert_eq!(ready(&[None]), None);
    }
}
