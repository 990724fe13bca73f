use std::collections::{BTreeMap, HashMap};

use super::select::{is_failed, is_known};
use crate::contract::{CheckId, RequirementId};
use crate::render::document::{Anchor, Block, Line, Picture, Text};
use crate::report::{CaseReport, CheckReport, Report, RequirementReport, Stored};

/// Bytes of pictures in one document. What is beyond stays beside the report.
const PICTURES: usize = 8 << 20;

/// A report as the sections see it: what is found by its id, what each part is called in links,
/// which picture is shown where.
pub struct View<'a> {
    /// What is shown.
    pub stored: &'a Stored,
    /// The report in it.
    pub report: &'a Report,
    /// Its number among several, counted from 1; absent where it is the only one.
    pub index: Option<usize>,
    checks: BTreeMap<&'a CheckId, &'a CheckReport>,
    checks_of: HashMap<&'a str, Vec<&'a CheckReport>>,
    requirements: BTreeMap<&'a RequirementId, &'a RequirementReport>,
    failed: Vec<&'a CaseReport>,
    known: Vec<&'a CaseReport>,
    pictures: BTreeMap<&'a str, Shot<'a>>,
}

/// What a case shows of its page.
#[derive(Debug, Clone, Copy)]
enum Shot<'a> {
    Here(&'a [u8]),
    SameAs(&'a str),
    Beside(&'a str),
}

impl<'a> View<'a> {
    /// Every report, numbered where there are several.
    pub fn all(reports: &[&'a Stored]) -> Vec<Self> {
        let room = PICTURES / reports.len().max(1);
        let index = |index: usize| (reports.len() > 1).then_some(index + 1);
        let each = reports.iter().enumerate();
        each.map(|(place, stored)| Self::new(stored, index(place), room))
            .collect()
    }

    /// One report by itself.
    pub fn of(stored: &'a Stored) -> Self {
        Self::new(stored, None, PICTURES)
    }

    fn new(stored: &'a Stored, index: Option<usize>, room: usize) -> Self {
        let report = &stored.report;
        let mut checks_of: HashMap<&str, Vec<&CheckReport>> = HashMap::new();
        for check in &report.checks {
            checks_of.entry(&check.case).or_default().push(check);
        }
        let (mut failed, mut known) = (Vec::new(), Vec::new());
        for case in &report.cases {
            let checks = checks_of
                .get(case.id.as_str())
                .map_or(&[][..], Vec::as_slice);
            if checks.iter().any(|check| is_failed(report, check)) {
                failed.push(case);
            } else if checks.iter().any(|check| is_known(check)) {
                known.push(case);
            }
        }
        let shown = failed.iter().chain(&known).copied();
        let pictures = pictures(stored, shown, room);
        let checks = report.checks.iter().map(|check| (&check.id, check));
        let requirements = report.requirements.iter();
        Self {
            stored,
            report,
            index,
            checks: checks.collect(),
            checks_of,
            requirements: requirements.map(|own| (&own.id, own)).collect(),
            failed,
            known,
            pictures,
        }
    }

    /// What a link to one of its parts leads to.
    pub fn anchor(&self, kind: &str, id: &str) -> Anchor {
        Anchor::new(kind, id).within(self.index)
    }

    /// What a link to a case leads to, where it has details.
    pub fn case_anchor(&self, case: &str) -> Option<Anchor> {
        let mut shown = self.failed.iter().chain(&self.known);
        let is_shown = shown.any(|own| own.id == case);
        is_shown.then(|| self.anchor("case", case))
    }

    /// The last part of what the build is called.
    pub fn short_name(&self) -> &'a str {
        short(&self.report.sdk.source)
    }

    /// What it is called among several.
    pub fn name(&self) -> String {
        let name = self.short_name();
        self.index
            .map_or_else(|| name.to_owned(), |index| format!("{index}. {name}"))
    }

    /// A check.
    pub fn check(&self, id: &CheckId) -> Option<&'a CheckReport> {
        self.checks.get(id).copied()
    }

    /// The checks of a case.
    pub fn checks_of(&self, case: &str) -> &[&'a CheckReport] {
        self.checks_of.get(case).map_or(&[], Vec::as_slice)
    }

    /// A requirement.
    pub fn requirement(&self, id: &RequirementId) -> Option<&'a RequirementReport> {
        self.requirements.get(id).copied()
    }

    /// The cases with a failure.
    pub fn failed(&self) -> &[&'a CaseReport] {
        &self.failed
    }

    /// The cases that fail only as the list of known failures says.
    pub fn known(&self) -> &[&'a CaseReport] {
        &self.known
    }

    /// What the page looked like.
    pub fn picture(&self, case: &CaseReport) -> Option<Block> {
        Some(match self.pictures.get(case.id.as_str())? {
            Shot::Here(png) => Block::Picture(Picture {
                png: png.to_vec(),
                title: Text::from(format!("The page as {} left it", case.id)),
            }),
            Shot::SameAs(first) => Block::Aside(
                Line::from("The page looks as after ")
                    .code(first)
                    .to(Some(self.anchor("case", first)))
                    .plain("."),
            ),
            Shot::Beside(path) => Block::Aside(
                Line::from("Picture of the page: ")
                    .code(path)
                    .plain(" beside the report."),
            ),
        })
    }
}

/// Each picture once: most failures leave the same page behind.
fn pictures<'a>(
    stored: &'a Stored,
    cases: impl Iterator<Item = &'a CaseReport>,
    mut room: usize,
) -> BTreeMap<&'a str, Shot<'a>> {
    let (mut seen, mut shots) = (HashMap::<&[u8], &str>::new(), BTreeMap::new());
    for case in cases {
        let Some(path) = case.screenshot.as_deref() else {
            continue;
        };
        let Some(png) = stored.screenshots.get(path) else {
            continue;
        };
        let shot = match seen.get(png.as_slice()) {
            Some(first) => Shot::SameAs(first),
            None if png.len() > room => Shot::Beside(path),
            None => {
                room -= png.len();
                seen.insert(png, &case.id);
                Shot::Here(png)
            }
        };
        shots.insert(case.id.as_str(), shot);
    }
    shots
}

/// The last part of a path or a URL, of at most so many letters.
pub fn short(source: &str) -> &str {
    const LETTERS: usize = 80;
    let path = source.split(['?', '#']).next().unwrap_or(source);
    let name = path
        .trim_end_matches(['/', '\\'])
        .rsplit(['/', '\\'])
        .next();
    let name = name.filter(|name| !name.is_empty()).unwrap_or(source);
    let end = name.char_indices().nth(LETTERS);
    end.map_or(name, |(end, _)| &name[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn source_is_called_by_its_last_part() {
        assert_eq!(
            short("https://app.test/sdk/gleenWidget.js?v=2"),
            "gleenWidget.js"
        );
        assert_eq!(short("dist/"), "dist");
        assert_eq!(short("reference"), "reference");
        assert_eq!(short("/"), "/");
    }
}
