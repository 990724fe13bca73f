use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::change::Site;
use super::instrument::{self, Insertions};
use super::site::SiteId;
use super::walk::{Found, parses, walk};
use crate::input::InputError;
use crate::sdk::{Build, sha256};

/// One mutant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GeneratedMutant {
    /// `operator@function#hash`: the hash is of the node's text, and of its number among equal ones
    /// in that function.
    pub id: String,
    /// What was done.
    pub operator: &'static str,
    /// The innermost function with a name; `top` outside of all.
    pub function: String,
    /// The line of the node, counted from 1.
    pub line: usize,
    /// The column of the node, in characters, counted from 1.
    pub column: usize,
    /// The node's text, each run of white space one blank.
    pub was: String,
    /// What must be executed for the mutant to matter.
    pub site: SiteId,
    range: Range<usize>,
    text: String,
}

/// What was made of one build.
#[derive(Debug)]
pub struct Generated {
    /// Every mutant that parses, in the order of the source.
    pub mutants: Vec<GeneratedMutant>,
    source: String,
    origin: String,
    insertions: Insertions,
}

impl Generated {
    /// Makes all mutants of `build`.
    ///
    /// # Errors
    /// If it is not UTF-8, or not JavaScript.
    pub fn of(build: &Build) -> Result<Self, InputError> {
        let wrong = |found: &str| InputError::new(&build.source, found.to_owned());
        let source = std::str::from_utf8(&build.script)
            .map_err(|_| wrong("the SDK is not UTF-8 text"))?
            .to_owned();
        let (found, after_directives) = walk(&source).map_err(|(why, at)| {
            let line = place_of(&source, at).0;
            wrong(&format!("the SDK cannot be parsed: {why}"))
                .at_line(line)
                .help("mutants are generated from JavaScript that parses")
        })?;
        let sites: BTreeSet<&Site> = found.iter().map(|found| &found.change.site).collect();
        let sites: BTreeMap<Site, SiteId> =
            sites.into_iter().cloned().zip((0..).map(SiteId)).collect();
        let insertions = instrument::insertions(&sites, after_directives);
        let (mut equal, mut made) = (BTreeMap::new(), BTreeSet::new());
        let mut mutants = Vec::new();
        for found in found {
            let mutant = GeneratedMutant::of(&source, found, &sites, &mut equal);
            // Two operators may make the same text of the same place.
            if made.insert((mutant.range.start, mutant.range.end, mutant.text.clone()))
                && parses(&mutant.apply(&source))
            {
                mutants.push(mutant);
            }
        }
        Ok(Self {
            mutants,
            source,
            origin: build.source.clone(),
            insertions,
        })
    }

    /// The build with all of `mutants` at once. They must not overlap.
    pub fn build(&self, name: &str, mutants: &[&GeneratedMutant]) -> Build {
        let mut edits: Vec<&&GeneratedMutant> = mutants.iter().collect();
        edits.sort_by_key(|mutant| std::cmp::Reverse(mutant.range.start));
        let source = self.source.clone();
        let text = edits
            .into_iter()
            .fold(source, |text, mutant| mutant.apply(&text));
        Build::of(&format!("{}, {name}", self.origin), text.into_bytes())
    }

    /// The build that says, once a document, which sites it executes: see [`Generated::executed`].
    pub fn instrumented(&self) -> Build {
        Build::of(
            &format!("{}, instrumented", self.origin),
            self.insertions.apply(&self.source).into_bytes(),
        )
    }

    /// The site that a console message of the instrumented build, or the path of a request of its,
    /// names.
    pub fn executed(message: &str) -> Option<SiteId> {
        instrument::executed(message)
    }

    /// The change that a mutant makes, as a unified diff of the lines around it.
    pub fn diff(&self, mutant: &GeneratedMutant) -> String {
        const CONTEXT: usize = 2;
        let line_of = |at: usize| self.source[..at].matches('\n').count();
        let mutated = mutant.apply(&self.source);
        let (old, new): (Vec<&str>, Vec<&str>) =
            (self.source.lines().collect(), mutated.lines().collect());
        let (first, after) = (line_of(mutant.range.start), line_of(mutant.range.end) + 1);
        let from = first.saturating_sub(CONTEXT);
        let until = (after + CONTEXT).min(old.len());
        // What follows the change is the same in both.
        let in_new = |line: usize| line + new.len() - old.len();
        let marked = |mark: char, lines: &[&str]| {
            let marked = |line: &&str| format!("{mark}{}\n", around(line, mutant.column));
            lines.iter().map(marked).collect::<String>()
        };
        let (start, old_count, new_count) = (from + 1, until - from, in_new(until) - from);
        let header = format!("@@ -{start},{old_count} +{start},{new_count} @@\n");
        [
            header,
            marked(' ', &old[from..first]),
            marked('-', &old[first..after]),
            marked('+', &new[first..in_new(after)]),
            marked(' ', &old[after..until]),
        ]
        .concat()
    }
}

impl GeneratedMutant {
    fn of(
        source: &str,
        found: Found,
        sites: &BTreeMap<Site, SiteId>,
        equal: &mut BTreeMap<(&'static str, String, String), usize>,
    ) -> Self {
        let Found {
            operator,
            function,
            change,
        } = found;
        let words: Vec<&str> = source[change.node.clone()].split_whitespace().collect();
        let was = words.join(" ");
        let key = (operator, function.clone(), was.clone());
        let ordinal = equal.entry(key).or_default();
        *ordinal += 1;
        let hash = sha256(format!("{was}\n{ordinal}").as_bytes());
        let (line, column) = place_of(source, change.node.start);
        let id = format!("{operator}@{function}#{}", &hash[..8]);
        Self {
            id,
            operator,
            function,
            line,
            column,
            was,
            site: sites[&change.site],
            range: change.range,
            text: change.text,
        }
    }

    /// Whether both change some of the same text.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.range.start < other.range.end && other.range.start < self.range.end
    }

    fn apply(&self, source: &str) -> String {
        let Range { start, end } = self.range;
        [&source[..start], &self.text, &source[end..]].concat()
    }
}

/// Line and column, both counted from 1.
fn place_of(source: &str, at: usize) -> (usize, usize) {
    let before = source.get(..at).unwrap_or(source);
    let line = before.rfind('\n').map_or(0, |newline| newline + 1);
    let column = before[line..].chars().count() + 1;
    (before.matches('\n').count() + 1, column)
}

/// The part of a line that can be read: a minified SDK is one.
fn around(line: &str, column: usize) -> String {
    const WIDTH: usize = 160;
    if line.chars().count() <= WIDTH {
        return line.to_owned();
    }
    let before = column.saturating_sub(WIDTH / 2);
    line.chars().skip(before).take(WIDTH).collect()
}
