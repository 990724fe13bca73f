use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use super::{Build, Installation, Snippet};
use crate::contract::{CheckId, Register, RequirementId};
use crate::input::{Files, InputError};

/// Begins the source of a build that is a mutant, before its id.
const SOURCE: &str = "mutant ";

/// One small, realistic breakage of the reference SDK or of the snippet, and the check that must
/// catch it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mutant {
    /// Its stable name.
    pub id: String,
    /// How such a bug happens.
    pub how: String,
    /// The promise it breaks.
    pub breaks: RequirementId,
    /// The check that must catch it.
    pub killed_by: CheckId,
    /// The checks that catch it in browsers of single engines, as `--engine` takes them, where
    /// those are others.
    #[serde(default)]
    pub killed_in: BTreeMap<String, CheckId>,
    /// Why it is not the same in each run what else it breaks. It is a proof of no other check.
    pub by_chance: Option<String>,
    /// The engines, as `--engine` takes them, whose browsers show it. Empty: all do.
    #[serde(default)]
    pub engines: Vec<String>,
    /// What is edited.
    #[serde(default, rename = "in")]
    target: Target,
    find: String,
    replace: String,
    /// `file:line`; not in the file.
    #[serde(skip)]
    pub at: String,
}

/// What a mutant edits.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Target {
    #[default]
    Sdk,
    Snippet,
}

impl Target {
    fn name(self) -> &'static str {
        match self {
            Self::Sdk => "the reference SDK",
            Self::Snippet => "the snippet",
        }
    }

    fn text(self, reference: &Installation) -> String {
        match self {
            Self::Sdk => String::from_utf8_lossy(&reference.build.script).into_owned(),
            Self::Snippet => reference.snippet.html.as_ref().to_owned(),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MutantFile {
    mutant: Vec<Spanned<Mutant>>,
}

impl Mutant {
    /// Reads every mutant below `mutants/`.
    ///
    /// # Errors
    /// Every mutant that cannot be used: an edit that does not match exactly once, an id that
    /// stands twice, a requirement nobody knows.
    pub fn load_all(
        files: &Files,
        reference: &Installation,
        register: &Register,
    ) -> Result<Vec<Self>, Vec<InputError>> {
        let mut mutants: Vec<Self> = Vec::new();
        let mut errors = Vec::new();
        for path in files.list("mutants", "toml") {
            let read = files
                .fixture(&path)
                .and_then(|source| Ok((source.toml::<MutantFile>()?, source)));
            let (file, source) = match read {
                Ok(read) => read,
                Err(error) => {
                    errors.push(error);
                    continue;
                }
            };
            for mutant in file.mutant {
                let line = source.line_of(&mutant.span());
                let mutant = Self {
                    at: format!("{}:{line}", source.name),
                    ..mutant.into_inner()
                };
                let wrong = |found: String| source.error(found).at_line(line);
                let (id, breaks, target) = (&mutant.id, &mutant.breaks, mutant.target.name());
                let places = mutant.target.text(reference).matches(&mutant.find).count();
                if places != 1 {
                    let found =
                        format!("`find` of mutant `{id}` stands {places} times in {target}");
                    let help = "it must stand exactly once: add lines before or after it";
                    errors.push(wrong(found).help(help));
                } else if mutants.iter().any(|other| other.id == *id) {
                    errors.push(wrong(format!("mutant `{id}` stands twice")));
                } else if register.get(breaks).is_none() {
                    let error = wrong(format!("`{breaks}` is not a requirement"));
                    errors.push(error.help(format!("the requirements are in {}", register.file())));
                } else {
                    mutants.push(mutant);
                }
            }
        }
        if errors.is_empty() {
            Ok(mutants)
        } else {
            Err(errors)
        }
    }

    /// Whether it is a proof of `check` where it was seen to break it.
    pub fn can_prove(&self, check: &CheckId) -> bool {
        self.by_chance.is_none() || self.killed_by == *check
    }

    /// Whether `check` must catch it, whatever the engine.
    pub fn names(&self, check: &CheckId) -> bool {
        self.engines.is_empty() && self.killed_in.is_empty() && self.killed_by == *check
    }

    /// The same for one engine: `killed_by` is the check that catches it there.
    #[must_use]
    pub fn in_engine(&self, engine: &str) -> Self {
        let killed_by = self.killed_in.get(engine).unwrap_or(&self.killed_by);
        Self {
            killed_by: killed_by.clone(),
            ..self.clone()
        }
    }

    /// The checks that must catch it, in whatever engine.
    pub fn named_checks(&self) -> impl Iterator<Item = &CheckId> {
        [&self.killed_by].into_iter().chain(self.killed_in.values())
    }

    /// The engines that its data names.
    pub fn named_engines(&self) -> impl Iterator<Item = &String> {
        self.engines.iter().chain(self.killed_in.keys())
    }

    /// Whether browsers of this engine show it.
    pub fn shows_in(&self, engine: &str) -> bool {
        self.engines.is_empty() || self.engines.iter().any(|own| own == engine)
    }

    /// Whether the source of a build names a mutant.
    pub fn is_source(source: &str) -> bool {
        source.starts_with(SOURCE)
    }

    /// Whether it is the same as `other`, wherever it stands.
    pub(super) fn is_the_same(&self, other: &Self) -> bool {
        let here = |own: &Self| Self {
            at: String::new(),
            ..own.clone()
        };
        here(self) == here(other)
    }

    /// The reference with this edit.
    pub fn installation(&self, reference: &Installation) -> Installation {
        let name = format!("{SOURCE}{}", self.id);
        let text = self.target.text(reference);
        let text = text.replacen(&self.find, &self.replace, 1);
        let mut installation = reference.clone();
        match self.target {
            Target::Sdk => installation.build = Build::of(&name, text.into_bytes()),
            Target::Snippet => installation.snippet = Snippet::of(&name, &text),
        }
        installation
    }
}
