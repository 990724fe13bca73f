use std::collections::{BTreeMap, HashMap};

use super::requirements::is_mostly_unmade;
use super::select::{is_failed, is_known};
use crate::render::document::{Anchor, Block, Line, Text};
use crate::render::values::trace;
use crate::report::{CaseReport, CheckReport, Report, Stored};

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
    /// The cases with a failure.
    pub failed: Vec<&'a CaseReport>,
    /// The cases that fail only as the list of known failures says.
    pub known: Vec<&'a CaseReport>,
    pictures: BTreeMap<&'a str, Block>,
    /// Bytes of pictures in one trace.
    trace_room: usize,
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
        let has = |case: &CaseReport, is_meant: &dyn Fn(&CheckReport) -> bool| {
            report.checks_of(case).any(is_meant)
        };
        let is_failed = |check: &CheckReport| is_failed(report, check);
        let (failed, others): (Vec<&CaseReport>, Vec<&CaseReport>) =
            report.cases.iter().partition(|case| has(case, &is_failed));
        let known = others.into_iter().filter(|case| has(case, &is_known));
        let (known, pictures) = (known.collect(), BTreeMap::new());
        // Of a build that never came up a picture shows nothing, and takes more room than the rest.
        let (room, trace_room) = if is_mostly_unmade(report) {
            (0, 0)
        } else {
            (room, TRACE)
        };
        let mut view = Self {
            stored,
            report,
            index,
            failed,
            known,
            pictures,
            trace_room,
        };
        view.pictures = view.pictures(room);
        view
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
        let record = self.stored.record_of(&case.id)?;
        trace(record.trace.as_ref()?, self.trace_room)
    }

    /// Each picture once: most failures leave the same page behind.
    fn pictures(&self, mut room: usize) -> BTreeMap<&'a str, Block> {
        let (mut seen, mut pictures) = (HashMap::<&[u8], &str>::new(), BTreeMap::new());
        for case in self.failed.iter().chain(&self.known) {
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
