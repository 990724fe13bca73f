use std::collections::{BTreeMap, BTreeSet};

use super::changes::Reach;
use super::{Mutant, Profile, sha256};
use crate::contract::CheckId;
use crate::input::{Files, InputError};

/// The file that holds the proofs of the default engine, below the fixtures.
const FILE: &str = "proofs.lock";

/// Begins the line that names what they were made on.
const MADE_ON: &str = "# made on ";

/// The fixtures that a proof depends on: a file, or the files below a folder that end like this. A
/// change to any of them asks for a new self-test of what it reaches. One to the profile of the
/// reference SDK or to a page of the shop reaches everything.
///
/// Not `requirements.toml`: its levels say which checks need a proof, and the tests compare them
/// with the proofs each time. How a mutant behaves depends on none of its words.
const INGREDIENTS: [(&str, &str, Reach); 6] = [
    ("fields.toml", "", Reach::Everything),
    ("sdk/reference", "js", Reach::Everything),
    ("mutants", "toml", Reach::ItsMutants),
    ("scenarios", "toml", Reach::OneScenario),
    ("conditions", "toml", Reach::Everything),
    ("events", "json", Reach::Everything),
];

/// The profile of the reference SDK, which the mutants are driven with.
const PROFILE: &str = "reference";

/// What of `pages/` no case loads: the ledger page of `serve`, and what is written for people.
fn is_beside_the_shop(page: &str) -> bool {
    let end = std::path::Path::new(page).extension();
    page.starts_with("ledger/") || end.is_some_and(|end| end == "md")
}

/// For each check that no mutant names as the one that must catch it: a mutant that it was seen to
/// catch.
///
/// A check that cannot fail proves nothing. Together with the `killed_by` of the mutants this shows
/// of every check how it is known to fail.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Proofs {
    /// Where they were read.
    pub file: String,
    /// What the last whole self-test was made on, as [`Proofs::ingredients`] computes it; `None`
    /// where there was none.
    pub made_on: Option<String>,
    /// The mutant of each check.
    pub by_check: BTreeMap<CheckId, String>,
}

impl Proofs {
    /// Reads `proofs.lock`, of the default engine; empty where there is none.
    ///
    /// # Errors
    /// If it cannot be read, or a line is not `check = mutant`.
    pub fn load(files: &Files) -> Result<Self, InputError> {
        Self::read(FILE, files)
    }

    /// The same, of a file of an engine's own: what was seen in one shows nothing of another.
    ///
    /// # Errors
    /// As [`Proofs::load`].
    pub fn of_engine(file: &str, files: &Files) -> Result<Self, InputError> {
        Self::read(file, files)
    }

    /// The same, for a self-test to begin with: where there is no such file, the proofs of the
    /// default engine are the best guess.
    ///
    /// # Errors
    /// As [`Proofs::load`].
    pub fn guessed(file: &str, files: &Files) -> Result<Self, InputError> {
        if files.has_fixture(file) {
            return Self::read(file, files);
        }
        let guess = Self::load(files)?;
        Ok(Self {
            file: file.to_owned(),
            made_on: None,
            ..guess
        })
    }

    fn read(file: &str, files: &Files) -> Result<Self, InputError> {
        let mut proofs = Self {
            file: file.to_owned(),
            ..Self::default()
        };
        if !files.has_fixture(file) {
            return Ok(proofs);
        }
        let source = files.fixture(file)?;
        proofs.file.clone_from(&source.name);
        for (index, line) in source.text.lines().enumerate() {
            if let Some(made_on) = line.strip_prefix(MADE_ON) {
                proofs.made_on = Some(made_on.to_owned());
            } else if !line.starts_with('#') && !line.trim().is_empty() {
                let (check, mutant) = line.rsplit_once(" = ").ok_or_else(|| {
                    source
                        .error("this line is not `check = mutant`")
                        .at_line(index + 1)
                        .help("`alhena-conformance self-test --update` writes this file")
                })?;
                let check = CheckId(check.to_owned());
                proofs.by_check.insert(check, mutant.to_owned());
            }
        }
        Ok(proofs)
    }

    /// Without what is no proof any more: that of a mutant which is gone, or breaks the check by
    /// chance.
    #[must_use]
    pub fn standing(mut self, mutants: &[Mutant]) -> Self {
        let stands = |check: &CheckId, id: &String| {
            let mut mutants = mutants.iter();
            mutants.any(|own| own.id == *id && own.can_prove(check))
        };
        self.by_check.retain(|check, id| stands(check, id));
        self
    }

    /// The identity of all that a proof depends on: SHA-256 over the fixtures, the profile of the
    /// reference SDK with what it inherits, and the pages of the shop.
    ///
    /// # Errors
    /// If a fixture cannot be read.
    pub fn ingredients(files: &Files) -> Result<String, InputError> {
        let mut content = Vec::new();
        for (path, (_, bytes)) in Self::depend_on(files)? {
            content.extend([path.as_bytes(), b"\0", &bytes, b"\0"].concat());
        }
        Ok(sha256(&content))
    }

    /// What a proof depends on, by path: how far a change of it reaches, and what is in it.
    ///
    /// # Errors
    /// If a fixture cannot be read.
    pub(super) fn depend_on(
        files: &Files,
    ) -> Result<BTreeMap<String, (Reach, Vec<u8>)>, InputError> {
        let mut found = BTreeMap::new();
        for (path, extension, reach) in INGREDIENTS {
            let paths = if extension.is_empty() {
                vec![path.to_owned()]
            } else {
                files.list(path, extension)
            };
            for path in paths {
                let text = files.fixture(&path)?.text.into();
                found.insert(path, (reach, text));
            }
        }
        let profile = Profile::load(PROFILE, files)?.origin.hash.to_string();
        let profile = (Reach::Everything, profile.into_bytes());
        found.insert(format!("profiles/{PROFILE}.toml"), profile);
        let pages = Files::pages().into_iter();
        found.extend(pages.filter(|page| !is_beside_the_shop(page)).map(|page| {
            let bytes = Files::page(&page).unwrap_or_default();
            (format!("pages/{page}"), (Reach::Everything, bytes))
        }));
        Ok(found)
    }

    /// The checks that `mutant` is to fail beside the one it names.
    pub fn of<'a>(&'a self, mutant: &Mutant) -> BTreeSet<&'a CheckId> {
        let own = self.by_check.iter().filter(|(_, own)| **own == mutant.id);
        own.map(|(check, _)| check).collect()
    }

    /// The mutants that `check` catches in every engine, as far as it is known.
    pub fn proving(&self, check: &CheckId, mutants: &[Mutant]) -> Vec<String> {
        let naming = mutants.iter().filter(|mutant| mutant.names(check));
        let ids = naming.map(|mutant| &mutant.id);
        ids.chain(self.by_check.get(check)).cloned().collect()
    }

    /// The file's text.
    pub fn text(&self) -> String {
        let mut text = "# The checks that no mutant names, each with a mutant that it was seen to \
            catch.\n\
            # `alhena-conformance self-test --update` writes this file: its diff is the review.\n"
            .to_owned();
        if let Some(made_on) = &self.made_on {
            text = text + MADE_ON + made_on + "\n";
        }
        self.by_check.iter().fold(text, |text, (check, mutant)| {
            text + &check.0 + " = " + mutant + "\n"
        })
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use super::*;
    use crate::contract::Level;
    use crate::plan::Patterns;
    use crate::scenario::Suite;
    use crate::sdk::Installation;

    #[test]
    fn every_check_has_a_mutant_that_fails_it() {
        let files = Files::default();
        let suite = Suite::load(&files).unwrap();
        let mutants = Mutant::load_all(
            &files,
            &Installation::reference(&files).unwrap(),
            &suite.register,
        )
        .unwrap();
        let proofs = Proofs::load(&files).unwrap().standing(&mutants);
        let cases = suite.plan(&mut Patterns::new(&[]));
        let checks = cases
            .iter()
            .flat_map(|case| &case.checks)
            .filter(|check| suite.register.level_of(&check.requirements) > Level::Observe);
        let unproved: Vec<&CheckId> = checks
            .map(|check| &check.id)
            .filter(|check| proofs.proving(check, &mutants).is_empty())
            .collect();
        assert!(
            unproved.is_empty(),
            "unproved, no mutant is known to fail them: {unproved:#?}\n\
             write one, or try `self-test --full --update`"
        );
    }

    #[test]
    fn proofs_were_made_on_the_current_fixtures() {
        let files = Files::default();
        let (proofs, today) = (
            Proofs::load(&files).unwrap(),
            Proofs::ingredients(&files).unwrap(),
        );
        assert_eq!(
            proofs.made_on,
            Some(today),
            "the fixtures changed since the last whole self-test: alhena-conformance \
             self-test --update"
        );
    }

    #[test]
    fn proof_depends_on_the_pages_of_the_shop_alone() {
        let pages = Files::pages();
        let (beside, shop): (Vec<&String>, Vec<&String>) =
            pages.iter().partition(|page| is_beside_the_shop(page));
        let has = |pages: &[&String], name: &str| pages.iter().any(|page| *page == name);
        assert!(has(&shop, "product.html") && has(&shop, "install/snippet.html"));
        assert!(has(&beside, "ledger/ledger.js"));
    }

    #[test]
    fn written_proofs_read_back() {
        let folder = tempfile::tempdir().unwrap();
        let check = CheckId("cart/a@load=async/value=null#once".into());
        let written = Proofs {
            made_on: Some("abc".into()),
            by_check: BTreeMap::from([(check, "twice".into())]),
            ..Proofs::default()
        };
        std::fs::write(folder.path().join(FILE), written.text()).unwrap();
        let read = Proofs::load(&Files::in_folder(folder.path()).unwrap()).unwrap();
        assert_eq!(
            (read.made_on, read.by_check),
            (written.made_on, written.by_check)
        );
    }

    #[test]
    fn proofs_of_the_default_engine_are_a_guess_in_another_and_no_proofs() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(FILE), "cart/a#once = twice\n").unwrap();
        let files = Files::in_folder(folder.path()).unwrap();
        let other = "proofs.other.lock";
        let proofs = Proofs::of_engine(other, &files).unwrap();
        assert!(proofs.by_check.is_empty(), "{proofs:?}");
        let guessed = Proofs::guessed(other, &files).unwrap();
        assert_eq!((guessed.by_check.len(), &*guessed.file), (1, other));
    }
}
