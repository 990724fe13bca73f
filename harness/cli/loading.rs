//! Reading the fixtures, all of them right.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::path::Path;
use std::sync::Arc;

use anyhow::anyhow;

use super::areas::area_of;
use super::args::FixturesArguments;
use super::failure::Failure;
use crate::input::{Files, Source};
use crate::plan::{Case, Patterns};
use crate::scenario::Suite;
use crate::sdk::{Installation, Mutant};
use crate::text::did_you_mean;

/// The fixtures that a command works with.
#[derive(Debug)]
pub struct Loaded {
    pub files: Files,
    pub suite: Suite,
}

impl Loaded {
    pub fn of(arguments: &FixturesArguments) -> Result<Self, Failure> {
        let files = files(arguments)?;
        let suite = Suite::load(&files).map_err(|errors| Failure::all_of("fixtures", &errors))?;
        let mut loaded = Self { files, suite };
        for path in &arguments.scenario {
            loaded.add(path)?;
        }
        Ok(loaded)
    }

    /// Adds the scenario in a file of the user's, in the place of one of the same id.
    fn add(&mut self, path: &Path) -> Result<(), Failure> {
        let source = Source::read(path)?;
        let scenario = self.suite.read(&id_of(path), source, &self.files)?;
        let scenarios = &mut self.suite.scenarios;
        scenarios.retain(|own| own.id != scenario.id);
        scenarios.push(Arc::new(scenario));
        Ok(())
    }

    /// Every case.
    pub fn plan(&self) -> Vec<Case> {
        self.suite.plan(&mut Patterns::new(&[]))
    }

    /// The prerequisites, and the cases that these words select.
    pub fn planned(&self, words: &[String]) -> Result<Vec<Case>, Failure> {
        let mut patterns = Patterns::new(words);
        let cases = self.suite.plan(&mut patterns);
        self.refuse_nothing(&patterns, words).map(|()| cases)
    }

    /// Just the cases that these words select.
    pub fn selected(&self, words: &[String]) -> Result<Vec<Case>, Failure> {
        let mut patterns = Patterns::new(words);
        let cases = self.suite.selected(&mut patterns);
        self.refuse_nothing(&patterns, words).map(|()| cases)
    }

    fn refuse_nothing(&self, patterns: &Patterns, words: &[String]) -> Result<(), Failure> {
        refuse_unmatched(patterns, || self.names())?;
        if patterns.selected() > 0 || words.is_empty() {
            return Ok(());
        }
        Err(Failure::nothing(anyhow!(
            "no check is selected by all of this together: {}\n   = patterns widen each other; \
             `!`, --level and --requirement narrow what they select",
            words.join(", ")
        )))
    }

    /// What a pattern may have meant.
    fn names(&self) -> Vec<String> {
        let mut names = BTreeSet::new();
        for case in self.plan() {
            names.insert(format!("{}/*", area_of(&case)));
            for check in &case.checks {
                for requirement in &check.requirements {
                    names.extend(
                        requirement
                            .0
                            .split_once('-')
                            .map(|(area, _)| format!("{area}-*")),
                    );
                    names.insert(requirement.0.clone());
                }
                names.insert(check.id.0.clone());
            }
            names.insert(case.scenario.id.clone());
            names.insert(case.id);
        }
        names.into_iter().collect()
    }

    /// The written mutants.
    pub fn mutants(&self) -> Result<Vec<Mutant>, Failure> {
        let reference = Installation::reference(&self.files)?;
        Mutant::load_all(&self.files, &reference, &self.suite.register)
            .map_err(|errors| Failure::all_of("mutants", &errors))
    }
}

/// The id of a scenario in a file of the user's: the name of its folder, and its own.
fn id_of(path: &Path) -> String {
    let name = |own: &OsStr| own.to_string_lossy().into_owned();
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let area = absolute.parent().and_then(Path::file_name).map(name);
    let own = path.file_stem().map(name).unwrap_or_default();
    area.map_or_else(|| own.clone(), |area| format!("{area}/{own}"))
}

/// The fixtures in the folder that was named, or the bundled ones.
pub fn files(arguments: &FixturesArguments) -> Result<Files, Failure> {
    let folder = arguments.fixtures.as_deref();
    Ok(folder.map_or_else(|| Ok(Files::default()), Files::in_folder)?)
}

/// A pattern that matches nothing is a mistake, and a green run of nothing a lie. `names` are what
/// it may have meant.
pub fn refuse_unmatched(
    patterns: &Patterns,
    names: impl FnOnce() -> Vec<String>,
) -> Result<(), Failure> {
    let unmatched = patterns.unmatched();
    if unmatched.is_empty() {
        return Ok(());
    }
    let names = names();
    let near = unmatched.iter().map(|word| {
        let typed = word.trim_start_matches('!');
        let typed = typed.split_once(':').map_or(typed, |(_, id)| id);
        did_you_mean(typed, names.iter().map(String::as_str))
    });
    let near: BTreeSet<String> = near.collect();
    let near: String = near.into_iter().collect();
    let quoted = unmatched.iter().map(|pattern| format!("`{pattern}`"));
    let quoted = quoted.collect::<Vec<_>>().join(", ");
    Err(Failure::nothing(anyhow!(
        "nothing matches {quoted}{near}\n   = a pattern is matched against whole check ids, \
         scenario ids and requirement ids; `alhena-conformance list` shows them"
    )))
}
