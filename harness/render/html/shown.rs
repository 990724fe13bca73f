//! A report as the page shows it: what is found by its id, what each part is called in links, which
//! picture is shown where.

use std::collections::{BTreeMap, HashMap};

use super::anchor::anchor;
use crate::contract::{CheckId, Level, RequirementId};
use crate::report::Stored;
use crate::report::{CaseReport, CheckReport, Report, RequirementReport};
use crate::verdict::Status;

/// Bytes of pictures in one file. What is beyond stays beside the report.
const PICTURES: usize = 8 << 20;

/// One of the reports on the page.
pub struct Shown<'a> {
    /// What is shown.
    pub stored: &'a Stored,
    /// The report in it.
    pub report: &'a Report,
    /// Its place among them, counted from 1; absent where it is the only one.
    pub place: Option<usize>,
    checks: BTreeMap<&'a CheckId, &'a CheckReport>,
    checks_of: HashMap<&'a str, Vec<&'a CheckReport>>,
    requirements: BTreeMap<&'a RequirementId, &'a RequirementReport>,
    pictures: BTreeMap<&'a str, Picture<'a>>,
}

/// What a case shows of its page.
#[derive(Debug, Clone, Copy)]
pub enum Picture<'a> {
    /// This PNG.
    Here(&'a [u8]),
    /// The same as that case, which stands before it.
    SameAs(&'a str),
    /// Nothing, as the file is large enough.
    Beside,
}

impl<'a> Shown<'a> {
    pub fn all(reports: &[&'a Stored]) -> Vec<Self> {
        let room = PICTURES / reports.len().max(1);
        let place = |index: usize| (reports.len() > 1).then_some(index + 1);
        reports
            .iter()
            .enumerate()
            .map(|(index, stored)| Self::new(stored, place(index), room))
            .collect()
    }

    fn new(stored: &'a Stored, place: Option<usize>, room: usize) -> Self {
        let report = &stored.report;
        let mut checks_of: HashMap<&str, Vec<&CheckReport>> = HashMap::new();
        for check in &report.checks {
            checks_of.entry(&check.case).or_default().push(check);
        }
        let mut shown = Self {
            stored,
            report,
            place,
            checks: report
                .checks
                .iter()
                .map(|check| (&check.id, check))
                .collect(),
            checks_of,
            requirements: report
                .requirements
                .iter()
                .map(|requirement| (&requirement.id, requirement))
                .collect(),
            pictures: BTreeMap::new(),
        };
        shown.pictures = shown.hung(room);
        shown
    }

    /// Each picture once: most failures leave the same page behind.
    fn hung(&self, mut room: usize) -> BTreeMap<&'a str, Picture<'a>> {
        let mut seen: HashMap<&[u8], &str> = HashMap::new();
        let mut hung = BTreeMap::new();
        for case in self.failed().chain(self.known()) {
            let Some(png) = case
                .screenshot
                .as_ref()
                .and_then(|path| self.stored.screenshots.get(path))
            else {
                continue;
            };
            let picture = match seen.get(png.as_slice()) {
                Some(first) => Picture::SameAs(first),
                None if png.len() > room => Picture::Beside,
                None => {
                    room -= png.len();
                    seen.insert(png, &case.id);
                    Picture::Here(png)
                }
            };
            hung.insert(case.id.as_str(), picture);
        }
        hung
    }

    /// What a link to one of its parts leads to.
    pub fn anchor(&self, kind: &str, id: &str) -> String {
        match self.place {
            None => anchor(kind, id),
            Some(place) => format!("{place}-{}", anchor(kind, id)),
        }
    }

    /// The fragment of one of its sections.
    pub fn section(&self, name: &str) -> String {
        self.place
            .map_or_else(|| name.to_owned(), |place| format!("{place}-{name}"))
    }

    pub fn check(&self, id: &CheckId) -> Option<&'a CheckReport> {
        self.checks.get(id).copied()
    }

    pub fn checks_of(&self, case: &str) -> &[&'a CheckReport] {
        self.checks_of.get(case).map_or(&[], Vec::as_slice)
    }

    pub fn requirement(&self, id: &RequirementId) -> Option<&'a RequirementReport> {
        self.requirements.get(id).copied()
    }

    pub fn picture(&self, case: &CaseReport) -> Option<Picture<'a>> {
        self.pictures.get(case.id.as_str()).copied()
    }

    /// The cases that speak against the build, or went wrong themselves.
    pub fn failed(&self) -> impl Iterator<Item = &'a CaseReport> {
        self.report
            .cases
            .iter()
            .filter(|case| self.checks_of(&case.id).iter().any(|check| is_told(check)))
    }

    /// The cases that fail only as the list of known failures says.
    pub fn known(&self) -> impl Iterator<Item = &'a CaseReport> {
        let is_known = |check: &&CheckReport| check.status == Status::KnownFailure;
        self.report.cases.iter().filter(move |case| {
            let checks = self.checks_of(&case.id);
            checks.iter().any(is_known) && !checks.iter().any(|check| is_told(check))
        })
    }

    /// Whether a case has details of its own on the page.
    pub fn has_details(&self, case: &str) -> bool {
        self.checks_of(case)
            .iter()
            .any(|check| is_told(check) || check.status == Status::KnownFailure)
    }
}

/// Whether a check is told of in full. What could not be tested is told of where its prerequisite
/// failed.
pub fn is_told(check: &CheckReport) -> bool {
    check.level > Level::Observe
        && matches!(
            check.status,
            Status::Fail | Status::Flaky | Status::UnexpectedPass | Status::Error
        )
}
