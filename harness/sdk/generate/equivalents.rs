use std::collections::BTreeSet;

use serde::Deserialize;
use toml::Spanned;

use super::mutant::GeneratedMutant;
use crate::input::{Files, InputError, Source};

/// The file.
const FILE: &str = "equivalent-mutants.toml";

/// A generated mutant that no check can or should catch, explained by a person.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Equivalent {
    /// The mutant's id.
    pub id: String,
    /// The text of its node, so that a reader sees what is meant.
    pub was: String,
    /// Why no promise is broken by it.
    pub why: String,
    /// The line of its entry; not in the file.
    #[serde(skip)]
    pub line: usize,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EquivalentsFile {
    #[serde(default)]
    equivalent: Vec<Spanned<Equivalent>>,
}

/// All that are explained.
#[derive(Debug, Default)]
pub struct Equivalents {
    /// In the order of the file.
    pub all: Vec<Equivalent>,
    file: Option<Source>,
}

impl Equivalents {
    /// Reads `equivalent-mutants.toml`; nothing is explained where there is none.
    ///
    /// # Errors
    /// Every entry that explains nothing: its mutant does not exist any more, or stands there
    /// twice, or changes another text.
    pub fn load(files: &Files, mutants: &[GeneratedMutant]) -> Result<Self, Vec<InputError>> {
        if !files.has_fixture(FILE) {
            return Ok(Self::default());
        }
        let source = files.fixture(FILE).map_err(|error| vec![error])?;
        Self::read(source, mutants)
    }

    pub(super) fn read(
        source: Source,
        mutants: &[GeneratedMutant],
    ) -> Result<Self, Vec<InputError>> {
        let file: EquivalentsFile = source.toml().map_err(|error| vec![error])?;
        let mut all: Vec<Equivalent> = Vec::new();
        let mut errors = Vec::new();
        for entry in file.equivalent {
            let line = source.line_of(&entry.span());
            let entry = Equivalent {
                line,
                ..entry.into_inner()
            };
            let wrong = |found: String| source.error(found).at_line(line);
            match mutants.iter().find(|mutant| mutant.id == entry.id) {
                None => errors.push(
                    wrong(format!("no mutant `{}` is generated any more", entry.id))
                        .help("remove the entry, or take the id of the survivor in its place"),
                ),
                Some(mutant) if mutant.was != entry.was => {
                    let (id, was) = (&entry.id, &mutant.was);
                    let error = wrong(format!("mutant `{id}` changes another text: {was}"));
                    errors.push(error.help(format!("the entry says: {}", entry.was)));
                }
                Some(_) if all.iter().any(|other| other.id == entry.id) => {
                    errors.push(wrong(format!("mutant `{}` stands twice", entry.id)));
                }
                Some(_) if entry.why.trim().is_empty() => {
                    let id = &entry.id;
                    errors.push(wrong(format!(
                        "nothing says why mutant `{id}` is equivalent"
                    )));
                }
                Some(_) => all.push(entry),
            }
        }
        if errors.is_empty() {
            Ok(Self {
                all,
                file: Some(source),
            })
        } else {
            Err(errors)
        }
    }

    /// The mutants that are explained.
    pub fn ids(&self) -> BTreeSet<String> {
        self.all.iter().map(|entry| entry.id.clone()).collect()
    }

    /// The explanation of a mutant.
    pub fn get(&self, id: &str) -> Option<&Equivalent> {
        self.all.iter().find(|entry| entry.id == id)
    }

    /// The error of an entry whose mutant was caught after all.
    pub fn refuted(&self, entry: &Equivalent, killed_by: &str) -> InputError {
        let file = self.file.as_ref().map_or(FILE, |file| file.name.as_str());
        let found = format!(
            "mutant `{}` is not equivalent: {killed_by} catches it",
            entry.id
        );
        let error = InputError::new(file, found);
        error.at_line(entry.line).help("remove the entry")
    }
}
