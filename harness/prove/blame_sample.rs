//! `blame.toml`: the mutants that show how precisely the checks blame.

use serde::Deserialize;
use toml::Spanned;

use crate::input::{Files, InputError};
use crate::sdk::Mutant;
use crate::text::did_you_mean;

/// The file that holds the sample, below the fixtures.
const FILE: &str = "blame.toml";

/// One mutant of the sample.
#[derive(Debug, Clone)]
pub struct Sampled {
    pub mutant: Mutant,
    /// Why it breaks more than one promise; absent where it need not.
    pub why: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SampleFile {
    mutant: Vec<Spanned<Entry>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    id: String,
    why: Option<String>,
}

impl Sampled {
    /// Reads `blame.toml`, which names some of `mutants`.
    ///
    /// # Errors
    /// If it cannot be read; every entry that names no mutant, or one that stands twice.
    pub fn load_all(files: &Files, mutants: &[Mutant]) -> Result<Vec<Self>, Vec<InputError>> {
        let source = files.fixture(FILE).map_err(|error| vec![error])?;
        let file: SampleFile = source.toml().map_err(|error| vec![error])?;
        let mut sample: Vec<Self> = Vec::new();
        let mut errors = Vec::new();
        for entry in file.mutant {
            let line = source.line_of(&entry.span());
            let Entry { id, why } = entry.into_inner();
            let wrong = |found: String| source.error(found).at_line(line);
            if sample.iter().any(|other| other.mutant.id == id) {
                errors.push(wrong(format!("mutant `{id}` stands twice")));
            } else if let Some(mutant) = mutants.iter().find(|own| own.id == id) {
                let mutant = mutant.clone();
                sample.push(Self { mutant, why });
            } else {
                let names = mutants.iter().map(|own| own.id.as_str());
                let near = did_you_mean(&id, names);
                let help = format!("the mutants are in the folder `mutants` beside it{near}");
                errors.push(wrong(format!("there is no mutant `{id}`")).help(help));
            }
        }
        if errors.is_empty() {
            Ok(sample)
        } else {
            Err(errors)
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
pub mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::contract::Register;
    use crate::sdk::Installation;

    /// A sample smaller than this says little of all areas.
    const LEAST: usize = 60;

    /// So many of each file of mutants.
    const LEAST_OF_A_FILE: usize = 2;

    /// Files with no more mutants that break an ordinary promise are about special pages and data,
    /// where blame is precise by its rule: nothing else is blamed for what only they show.
    const FEW: usize = 2;

    fn register() -> Register {
        Register::load(&Files::default()).unwrap()
    }

    fn mutants() -> Vec<Mutant> {
        let files = Files::default();
        let reference = Installation::reference(&files).unwrap();
        Mutant::load_all(&files, &reference, &register()).unwrap()
    }

    /// The bundled sample.
    pub fn bundled() -> Vec<Sampled> {
        Sampled::load_all(&Files::default(), &mutants()).unwrap()
    }

    fn errors_of(text: &str) -> String {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(FILE), text).unwrap();
        let files = Files::in_folder(folder.path()).unwrap();
        let errors = Sampled::load_all(&files, &mutants()).unwrap_err();
        let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
        errors.join("\n")
    }

    #[test]
    fn sample_has_mutants_of_every_file() {
        let register = register();
        let is_ordinary = |mutant: &Mutant| {
            let breaks = register.get(&mutant.breaks);
            mutant.engines.is_empty() && breaks.is_some_and(|own| !own.special)
        };
        let all: Vec<Mutant> = mutants().into_iter().filter(is_ordinary).collect();
        let sample = bundled();
        assert!(sample.len() >= LEAST, "{} mutants", sample.len());
        let file = |mutant: &Mutant| mutant.at.rsplit_once(':').unwrap().0.to_owned();
        let count = |mutants: &mut dyn Iterator<Item = &Mutant>| {
            let mut counts: BTreeMap<String, usize> = BTreeMap::new();
            mutants.for_each(|mutant| *counts.entry(file(mutant)).or_default() += 1);
            counts
        };
        let sampled = count(&mut sample.iter().map(|sampled| &sampled.mutant));
        let mut files = count(&mut all.iter());
        files.retain(|_, ordinary| *ordinary > FEW);
        files.retain(|name, _| {
            sampled
                .get(name)
                .is_none_or(|count| *count < LEAST_OF_A_FILE)
        });
        assert!(files.is_empty(), "too few mutants of {files:?}");
    }

    #[test]
    fn unknown_mutant_is_reported_with_line_and_suggestion() {
        let errors =
            errors_of("[[mutant]]\nid = \"queue-reversed\"\n\n[[mutant]]\nid = \"dedupoff\"");
        assert!(errors.contains("there is no mutant `dedupoff`"), "{errors}");
        assert!(errors.contains("blame.toml:4"), "{errors}");
        assert!(errors.contains("did you mean dedup-off"), "{errors}");
    }

    #[test]
    fn repeated_mutant_is_reported_with_its_line() {
        let errors = errors_of("[[mutant]]\nid = \"dedup-off\"\n[[mutant]]\nid = \"dedup-off\"");
        assert!(
            errors.contains("mutant `dedup-off` stands twice"),
            "{errors}"
        );
        assert!(errors.contains("blame.toml:3"), "{errors}");
    }

    #[test]
    fn unknown_key_is_reported_with_its_line() {
        let errors = errors_of("[[mutant]]\nid = \"dedup-off\"\nbecause = \"x\"");
        assert!(errors.contains("unknown field `because`"), "{errors}");
        assert!(errors.contains("blame.toml:3"), "{errors}");
    }
}
