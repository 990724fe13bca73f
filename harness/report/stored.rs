//! A report with what lies beside it: all that any format is made from.

use std::collections::{BTreeMap, HashMap};
use std::path::{Component, Path};

use super::build_matrix::{self, BuildMatrix};
use super::compare::Comparison;
use super::model::{CaseReport, Report, SCHEMA};
use crate::evidence::CaseRecord;
use crate::input::InputError;
use crate::verdict::CaseOutcome;

/// A report, the records of its cases and the pictures, as far as they were kept.
#[derive(Debug, Clone)]
pub struct Stored {
    /// The report.
    pub report: Report,
    /// What the attempts at each case left behind, by the path beside the report.
    pub records: BTreeMap<String, CaseRecord>,
    /// The pictures, as PNG, by the path beside the report.
    pub screenshots: BTreeMap<String, Vec<u8>>,
    /// What changed since another release; absent where it was not compared.
    pub comparison: Option<Comparison>,
}

/// Where a comparison lies beside a report.
pub const COMPARISON: &str = "comparison.json";

/// Whose evidence is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(test, derive(serde::Deserialize))]
pub enum Keep {
    /// Nobody's.
    Nothing,
    /// That of cases with a check that failed.
    #[default]
    Failed,
    /// Every case's: enough to judge the whole run again.
    All,
}

impl Stored {
    /// Puts a report and what was kept of its cases together, and writes into the report where that
    /// lies.
    pub fn new(mut report: Report, outcomes: &mut [CaseOutcome], keep: Keep) -> Self {
        let (mut records, mut screenshots) = (BTreeMap::new(), BTreeMap::new());
        for (case, outcome) in report.cases.iter_mut().zip(outcomes) {
            let record = std::mem::take(&mut outcome.record);
            let screenshot = outcome.screenshot.take();
            let is_kept = match keep {
                Keep::Nothing => false,
                Keep::Failed => record.reported.is_some(),
                Keep::All => !record.attempts.is_empty(),
            };
            if !is_kept {
                continue;
            }
            let path = format!("evidence/{}", file_name(&case.id));
            if let Some(png) = screenshot {
                case.screenshot = Some(format!("{path}.png"));
                screenshots.insert(format!("{path}.png"), png);
            }
            case.evidence = Some(format!("{path}.json"));
            records.insert(format!("{path}.json"), record);
        }
        let with_evidence = report.cases.iter();
        let with_evidence =
            with_evidence.filter_map(|case| Some((&*case.id, case.evidence.as_ref()?)));
        let evidence: HashMap<&str, &String> = with_evidence.collect();
        for check in report.checks.iter_mut().filter(|check| check.is_wrong()) {
            check.evidence = evidence.get(check.case.as_str()).copied().cloned();
        }
        Self {
            report,
            records,
            screenshots,
            comparison: None,
        }
    }

    /// Reads what an earlier run wrote into `folder`.
    ///
    /// # Errors
    /// If there is no report, if it has another shape than this version's, or if what it names does
    /// not lie beside it.
    pub fn load(folder: &Path) -> Result<Self, InputError> {
        let report = Report::load(&folder.join("report.json"))?;
        let (mut records, mut screenshots) = (BTreeMap::new(), BTreeMap::new());
        for case in &report.cases {
            if let Some(path) = &case.evidence {
                let record = parsed(&beside(folder, path)?, &folder.join(path))?;
                records.insert(path.clone(), record);
            }
            if let Some(path) = &case.screenshot {
                screenshots.insert(path.clone(), beside(folder, path)?);
            }
        }
        let file = folder.join(COMPARISON);
        let comparison = file.is_file().then(|| parsed(&read(&file)?, &file));
        Ok(Self {
            report,
            records,
            screenshots,
            comparison: comparison.transpose()?,
        })
    }

    /// What the attempts at a case left behind.
    pub fn record(&self, case: &CaseReport) -> Option<&CaseRecord> {
        self.records.get(case.evidence.as_ref()?)
    }

    /// The same by the case's id.
    #[cfg(test)]
    pub fn record_of(&self, case: &str) -> Option<&CaseRecord> {
        self.record(self.report.case(case)?)
    }
}

impl Report {
    /// Reads a `report.json`.
    ///
    /// # Errors
    /// If it cannot be read, is no report, or has another shape than this version's.
    pub fn load(file: &Path) -> Result<Self, InputError> {
        let bytes = read(file)?;
        match schema_of(&bytes).as_deref() {
            Some(SCHEMA) | None => parsed(&bytes, file),
            Some(build_matrix::SCHEMA) => Err(one_of_the_pairings(&parsed(&bytes, file)?, file)),
            Some(other) => {
                let found = format!("it has the shape {other}, and this version reads {SCHEMA}");
                let help = "make it again with this version, or read it with the one that made it";
                Err(wrong(file, found).help(help))
            }
        }
    }
}

/// What to name instead of the table of several pairings.
fn one_of_the_pairings(matrix: &BuildMatrix, file: &Path) -> InputError {
    let folder = file.parent().unwrap_or(file);
    let pairings = matrix.pairings.iter().map(|pairing| {
        let own = folder.join(&pairing.report);
        let (sdk, snippet) = (&pairing.sdk.source, &pairing.snippet.source);
        let engine = pairing.engine.as_ref();
        let engine = engine.map_or_else(String::new, |engine| format!(" in {engine}"));
        format!(
            "\n       {}  {sdk} with the snippet {snippet}{engine}",
            own.display()
        )
    });
    let pairings: String = pairings.collect();
    let found = "it is the table of several pairings, each of which has a report of its own";
    wrong(file, found).help(format!("name the folder of one of them:{pairings}"))
}

/// The version of the shape of a file, if it names one.
pub fn schema_of(bytes: &[u8]) -> Option<String> {
    let file: serde_json::Value = serde_json::from_slice(bytes).ok()?;
    file.get("schema")?.as_str().map(str::to_owned)
}

fn beside(folder: &Path, path: &str) -> Result<Vec<u8>, InputError> {
    // The report may come from elsewhere: what it names must lie below it.
    let mut parts = Path::new(path).components();
    if parts.all(|part| matches!(part, Component::Normal(_))) {
        read(&folder.join(path))
    } else {
        Err(not_beside(&folder.join("report.json"), path))
    }
}

pub fn not_beside(report: &Path, path: &str) -> InputError {
    wrong(report, format!("`{path}` does not lie beside the report"))
}

pub fn read(file: &Path) -> Result<Vec<u8>, InputError> {
    std::fs::read(file).map_err(|error| {
        wrong(file, format!("the report cannot be read: {error}"))
            .help("name the folder that `run --report DIR` wrote")
    })
}

pub fn parsed<T: serde::de::DeserializeOwned>(bytes: &[u8], file: &Path) -> Result<T, InputError> {
    serde_json::from_slice(bytes).map_err(|error| {
        wrong(file, format!("this is no such file of a report: {error}"))
            .at_line(error.line().max(1))
            .help("name the folder that `run --report DIR` of this version wrote")
    })
}

pub fn wrong(file: &Path, found: impl Into<String>) -> InputError {
    InputError::new(file.display().to_string(), found)
}

/// A case's id as a file's name.
fn file_name(case: &str) -> String {
    let is_kept = |letter: char| letter.is_ascii_alphanumeric() || "-@=,".contains(letter);
    case.replace(|letter| !is_kept(letter), "_")
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use super::super::sample::{BROKEN, sample};
    use super::*;

    fn written(stored: &Stored) -> tempfile::TempDir {
        let home = tempfile::tempdir().unwrap();
        crate::output::ReportFolder::claim(&home.path().join("report"), &[])
            .unwrap()
            .replace(&stored.files().unwrap())
            .unwrap();
        home
    }

    fn error_after(change: impl FnOnce(&Path)) -> String {
        let home = written(&sample());
        let folder = home.path().join("report");
        change(&folder);
        Stored::load(&folder).unwrap_err().to_string()
    }

    fn edited(folder: &Path, from: &str, to: &str) {
        let file = folder.join("report.json");
        let text = std::fs::read_to_string(&file).unwrap();
        assert!(text.contains(from), "{from}");
        std::fs::write(&file, text.replace(from, to)).unwrap();
    }

    #[test]
    fn written_report_is_read_back() {
        let stored = sample();
        let read = Stored::load(&written(&stored).path().join("report")).unwrap();
        assert_eq!(
            (&read.report, &read.screenshots),
            (&stored.report, &stored.screenshots)
        );
        assert_eq!(
            read.record_of(BROKEN)
                .unwrap()
                .reported()
                .unwrap()
                .steps
                .len(),
            1
        );
        assert!(read.record_of("queue/order").is_none());
    }

    #[test]
    fn a_comparison_is_kept_beside_its_report() {
        use super::super::compare::{Side, compare};
        let mut stored = sample();
        let side = |place: &str| Side::of_report(stored.report.clone(), place);
        stored.comparison = Some(compare(&side("last"), &side("next")));
        let read = Stored::load(&written(&stored).path().join("report")).unwrap();
        assert_eq!(read.comparison, stored.comparison);
    }

    #[test]
    fn null_and_absent_stay_apart() {
        let mut stored = sample();
        stored.report.checks[1].actual = Some(serde_json::Value::Null);
        stored.report.checks[1].expected = None;
        let read = Stored::load(&written(&stored).path().join("report"))
            .unwrap()
            .report;
        assert_eq!(
            (
                read.checks[1].actual.clone(),
                read.checks[1].expected.clone()
            ),
            (Some(serde_json::Value::Null), None)
        );
    }

    #[test]
    fn a_report_of_another_shape_is_refused() {
        let error = error_after(|folder| edited(folder, SCHEMA, "alhena-conformance/report/1"));
        assert!(
            error.contains("the shape alhena-conformance/report/1, and this version reads")
                && error.contains("report.json"),
            "{error}"
        );
    }

    #[test]
    fn build_matrix_names_the_folders_of_its_pairings() {
        let home = tempfile::tempdir().unwrap();
        let (folder, pairings) = (home.path().join("report"), [sample(), sample()]);
        let own = pairings.iter().map(|own| own.files().unwrap());
        let files = BuildMatrix::new(pairings.iter().map(|stored| ("Firefox", &stored.report)))
            .files(own)
            .unwrap();
        crate::output::ReportFolder::claim(&folder, &[])
            .unwrap()
            .replace(&files)
            .unwrap();
        let error = Stored::load(&folder).unwrap_err().to_string();
        assert!(
            error.contains(
                "report/pairing-2  dist/gleenWidget.js with the snippet the API page in Firefox"
            ),
            "{error}"
        );
        Stored::load(&folder.join("pairing-2")).unwrap();
    }

    #[test]
    fn truncated_report_is_refused_with_its_line() {
        let error = error_after(|folder| {
            edited(folder, "\"interrupted\": false,", "\"interrupted\": maybe,");
        });
        assert!(error.contains("report.json:"), "{error}");
    }

    #[test]
    fn missing_evidence_is_refused() {
        let error = error_after(|folder| {
            std::fs::remove_file(folder.join("evidence/cart_item-added.json")).unwrap();
        });
        assert!(
            error.contains("cart_item-added.json") && error.contains("cannot be read"),
            "{error}"
        );
    }

    #[test]
    fn path_outside_of_the_folder_is_refused() {
        let error = error_after(|folder| {
            edited(folder, "evidence/cart_item-added.png", "../../etc/passwd");
        });
        assert!(
            error.contains("`../../etc/passwd` does not lie beside the report"),
            "{error}"
        );
    }
}
