use std::collections::{BTreeMap, HashMap, HashSet};

use super::cause::explained;
use super::requirements::is_mostly_unmade;
use super::select::{is_failed, is_known};
use crate::contract::CheckId;
use crate::render::document::{Anchor, Block, Line, Text};
use crate::render::values::trace;
use crate::report::{CaseReport, CheckReport, Report, Stored};

/// Cases in full in one document: a browser opens some hundreds in a page, and not thousands.
const CASES: usize = 300;

/// Bytes of pictures in one document. What is beyond stays beside the report.
const PICTURES: usize = 8 << 20;

/// Bytes of pictures in one trace.
const TRACE: usize = 2 << 20;

/// A report as the sections see it: which cases are shown, what each part is called in links, and
/// which picture is shown where.
pub struct View<'a> {
    pub stored: &'a Stored,
    pub report: &'a Report,
    /// Its number among several, counted from 1; absent where it is the only one.
    pub index: Option<usize>,
    /// The cases with a failure that no cause explains.
    pub unexplained: Vec<&'a CaseReport>,
    /// The cases in which causes were seen, and nothing else.
    pub explained: Vec<&'a CaseReport>,
    /// The cases that fail only as the list of known failures says.
    pub known: Vec<&'a CaseReport>,
    checks: HashMap<&'a str, Vec<&'a CheckReport>>,
    by_id: HashMap<&'a CheckId, &'a CheckReport>,
    /// The ids of the cases for which there is room.
    in_full: HashSet<&'a str>,
    pictures: BTreeMap<&'a str, Block>,
    /// Bytes of pictures in one trace.
    trace_room: usize,
}

impl<'a> View<'a> {
    /// Every report, numbered where there are several.
    pub fn all(reports: &[&'a Stored]) -> Vec<Self> {
        let count = reports.len().max(1);
        let index = |index: usize| (reports.len() > 1).then_some(index + 1);
        let each = reports.iter().enumerate();
        each.map(|(place, stored)| Self::new(stored, index(place), count))
            .collect()
    }

    /// One report by itself.
    pub fn of(stored: &'a Stored) -> Self {
        Self::new(stored, None, 1)
    }

    /// One of so many in a document.
    fn new(stored: &'a Stored, index: Option<usize>, of: usize) -> Self {
        let report = &stored.report;
        let checks = report.checks_by_case();
        let has = |case: &CaseReport, is_meant: &dyn Fn(&CheckReport) -> bool| {
            let own = checks.get(case.id.as_str());
            own.is_some_and(|own| own.iter().any(|check| is_meant(check)))
        };
        let by_causes = explained(report);
        let is_failed = |check: &CheckReport| is_failed(report, check);
        let is_unexplained =
            |check: &CheckReport| is_failed(check) && !by_causes.contains(&check.id);
        let (failed, others): (Vec<&CaseReport>, Vec<&CaseReport>) =
            report.cases.iter().partition(|case| has(case, &is_failed));
        let (unexplained, explained) = failed
            .into_iter()
            .partition(|case| has(case, &is_unexplained));
        let known = others.into_iter().filter(|case| has(case, &is_known));
        // Of a build that never came up a picture shows nothing, and takes more room than the rest.
        let (room, trace_room) = if is_mostly_unmade(report) {
            (0, 0)
        } else {
            (PICTURES / of, TRACE)
        };
        let mut view = Self {
            stored,
            report,
            index,
            unexplained,
            explained,
            known: known.collect(),
            checks,
            by_id: report.checks.iter().map(|own| (&own.id, own)).collect(),
            in_full: HashSet::new(),
            pictures: BTreeMap::new(),
            trace_room,
        };
        view.in_full = view.most_important(CASES / of);
        view.pictures = view.pictures(room);
        view
    }

    /// So many cases: what no cause explains first, then the example of each cause.
    fn most_important(&self, room: usize) -> HashSet<&'a str> {
        let examples = self.report.causes.iter().map(|own| &own.example);
        let examples: HashSet<&CheckId> = examples.collect();
        let is_example = |case: &&&CaseReport| {
            let mut checks = self.checks_of(case).iter();
            checks.any(|check| examples.contains(&check.id))
        };
        let rest = || self.explained.iter().chain(&self.known);
        let (first, last) = (rest().filter(is_example), rest());
        let all = self.unexplained.iter().chain(first).chain(last);
        let mut ids = HashSet::new();
        for case in all {
            if ids.len() == room {
                break;
            }
            ids.insert(case.id.as_str());
        }
        ids
    }

    /// The checks of a case.
    pub fn checks_of(&self, case: &CaseReport) -> &[&'a CheckReport] {
        self.checks.get(case.id.as_str()).map_or(&[], Vec::as_slice)
    }

    /// A check.
    pub fn check(&self, id: &CheckId) -> Option<&'a CheckReport> {
        self.by_id.get(id).copied()
    }

    /// Whether a case has details.
    pub fn is_in_full(&self, case: &str) -> bool {
        self.in_full.contains(case)
    }

    /// What a link to one of its parts leads to.
    pub fn anchor(&self, kind: &str, id: &str) -> Anchor {
        Anchor::new(kind, id).within(self.index)
    }

    /// What a link to a case leads to, where it has details.
    pub fn case_anchor(&self, case: &str) -> Option<Anchor> {
        self.is_in_full(case).then(|| self.anchor("case", case))
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

    /// The name of one of its sections.
    pub fn section(&self, name: &'static str) -> Anchor {
        Anchor::section(name).within(self.index)
    }

    /// What the page looked like.
    pub fn picture(&self, case: &CaseReport) -> Option<Block> {
        self.pictures.get(case.id.as_str()).cloned()
    }

    /// The page after each step, where the case was traced.
    pub fn trace(&self, case: &CaseReport) -> Option<Block> {
        let record = self.stored.record(case)?;
        trace(record.trace.as_ref()?, self.trace_room)
    }

    /// Each picture once: most failures leave the same page behind.
    fn pictures(&self, mut room: usize) -> BTreeMap<&'a str, Block> {
        let (mut seen, mut pictures) = (HashMap::<&[u8], &str>::new(), BTreeMap::new());
        let failed = self.unexplained.iter().chain(&self.explained);
        let all = failed.chain(&self.known);
        for case in all.filter(|own| self.is_in_full(&own.id)) {
            let path = case.screenshot.as_deref().unwrap_or_default();
            let Some(png) = self.stored.screenshots.get(path) else {
                continue;
            };
            let picture = match seen.get(png.as_slice()) {
                Some(first) => {
                    let line = Line::from("The page looks as after ").code(first);
                    Block::Aside(line.to(Some(self.anchor("case", first))))
                }
                None if png.len() > room => {
                    Block::Aside(Line::from("Picture of the page: ").code(path))
                }
                None => {
                    room -= png.len();
                    seen.insert(png, &case.id);
                    let title = format!("The page as {} left it", case.id);
                    Block::Picture(png.clone(), Text::from(title))
                }
            };
            pictures.insert(case.id.as_str(), picture);
        }
        pictures
    }
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
    use crate::report::sample::{BROKEN, sample};

    #[test]
    fn what_no_cause_explains_comes_first_and_then_the_example_of_each_cause() {
        let mut stored = sample();
        let report = &mut stored.report;
        let broken = report.cases.iter().find(|own| own.id == BROKEN);
        let broken = broken.expect("a broken case").clone();
        let check = report.checks.iter().find(|own| own.case == BROKEN);
        let check = check.expect("its check").clone();
        let mut cause = report.causes[0].clone();
        (report.cases, report.checks) = (Vec::new(), Vec::new());
        for id in ["seen-too", "example", "unexplained"] {
            let check_id = CheckId(format!("{id}#unchanged"));
            report.cases.push(CaseReport {
                id: id.into(),
                ..broken.clone()
            });
            report.checks.push(CheckReport {
                id: check_id,
                case: id.into(),
                ..check.clone()
            });
        }
        let ids: Vec<CheckId> = report.checks.iter().map(|own| own.id.clone()).collect();
        (cause.checks, cause.example) = (ids[..2].to_vec(), ids[1].clone());
        report.causes = vec![cause];
        let view = View::of(&stored);
        let shown = |room| {
            let mut ids: Vec<&str> = view.most_important(room).into_iter().collect();
            ids.sort_unstable();
            ids
        };
        assert_eq!(shown(1), ["unexplained"]);
        assert_eq!(shown(2), ["example", "unexplained"]);
        assert_eq!(shown(9).len(), 3);
    }

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
