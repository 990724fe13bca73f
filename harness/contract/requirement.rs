use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Method;
use crate::input::{Files, InputError, Source};
use crate::text::near_match;

/// The stable name of a requirement, for example `QUEUE-ORDER`. It never changes its meaning.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(transparent)]
pub struct RequirementId(pub String);

impl fmt::Display for RequirementId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// How binding a requirement is. Ordered: `Observe < Should < Must`.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// The API page is silent: the behaviour is recorded as a value and never fails a run.
    Observe,
    /// A promise of the API page implies it.
    Should,
    /// The API page says so.
    Must,
}

impl Level {
    /// Every level, the most binding first.
    pub const ALL: [Self; 3] = [Self::Must, Self::Should, Self::Observe];

    /// Its name in every file.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Observe => "observe",
            Self::Should => "should",
            Self::Must => "must",
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// One promise of the API page, in our words, with the place where it stands.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Requirement {
    /// Stable name.
    pub id: RequirementId,
    /// How binding it is.
    pub level: Level,
    /// What must hold, in one sentence.
    pub statement: String,
    /// The section of the API page, and what it says there.
    pub source: String,
    /// Why no check covers it, where none does.
    pub excluded: Option<String>,
    /// The method whose events alone it is about; absent: both.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<Method>,
    /// The requirements without which this one cannot hold: where one defect breaks both, only they
    /// are to blame.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rests_on: Vec<RequirementId>,
    /// It is about pages and data of a special kind: where one defect breaks it and a plain one,
    /// only the plain one is to blame.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub special: bool,
    /// The circumstances of an event that it is about, in the words of causes: where the events
    /// that are wrong share one of them, it is to blame.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub when: Vec<String>,
    /// The policies of a profile under which it is promised, each with the values that do; empty:
    /// under all.
    #[serde(default)]
    pub under: BTreeMap<String, Vec<String>>,
}

impl Requirement {
    /// Whether it can be about an event of `method`.
    pub fn is_about(&self, method: Method) -> bool {
        self.method.is_none_or(|own| own == method)
    }
}

/// The policies of a profile on which a promise can hang, and their values.
const POLICIES: [(&str, &[&str]); 3] = [
    ("gate", &["client", "server", "none"]),
    ("dedup", &["client", "server", "none"]),
    ("attribution", &["session", "hours"]),
];

/// Between the sections that a source names and what they say.
const SAYS: &str = " — ";

/// What is wrong with a source that names no section of the API page, or neither its words nor its
/// silence.
fn wrong_source(source: &str, sections: &[String]) -> Option<String> {
    let Some((named, says)) = source.split_once(SAYS) else {
        return Some("names no section".to_owned());
    };
    let is_unknown = |name: &&str| !sections.iter().any(|section| section == name);
    if let Some(unknown) = named.split(", ").find(is_unknown) {
        return Some(format!("names `{unknown}`, which is no section"));
    }
    let is_quoted = says.contains('“') && says.contains('”');
    let is_silent = says.contains("silent");
    (!is_quoted && !is_silent).then(|| "neither quotes the page nor says `silent`".to_owned())
}

/// All requirements, by id.
#[derive(Debug, Clone)]
pub struct Register {
    requirements: BTreeMap<RequirementId, Requirement>,
    order: Vec<RequirementId>,
    source: Source,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RegisterFile {
    /// The sections of the API page, which sources name.
    sections: Vec<String>,
    requirement: Vec<toml::Spanned<Requirement>>,
}

impl Register {
    /// Reads `requirements.toml`.
    ///
    /// # Errors
    /// If it cannot be read, an id stands twice, or a requirement names what there is not.
    pub fn load(files: &Files) -> Result<Self, InputError> {
        Self::of(files.fixture("requirements.toml")?)
    }

    fn of(source: Source) -> Result<Self, InputError> {
        let file: RegisterFile = source.toml()?;
        let mut requirements = BTreeMap::new();
        let mut order = Vec::new();
        for requirement in file.requirement {
            let line = source.line_of(&requirement.span());
            let requirement = requirement.into_inner();
            let id = requirement.id.clone();
            let is_known = |(policy, values): (&String, &Vec<String>)| {
                POLICIES.iter().any(|(name, known)| {
                    name == policy
                        && !values.is_empty()
                        && values.iter().all(|value| known.contains(&value.as_str()))
                })
            };
            if !requirement.under.iter().all(is_known) {
                let known = POLICIES
                    .map(|(name, values)| format!("{name} = {}", values.join(" | ")))
                    .join(", ");
                return Err(source
                    .error(format!("`under` of requirement `{id}` names no policy"))
                    .at_line(line)
                    .help(format!("the policies are {known}")));
            }
            if let Some(wrong) = wrong_source(&requirement.source, &file.sections) {
                let place = Self::place(&source, order.len(), "source");
                return Err(source
                    .error(format!("`source` of requirement `{id}` {wrong}"))
                    .at_line(place)
                    .help(format!(
                        "write `Section — “its words”`, or `Section — silent on …`; the sections \
                         of the API page are {}",
                        file.sections.join(", ")
                    )));
            }
            if requirements.insert(id.clone(), requirement).is_some() {
                return Err(source
                    .error(format!("requirement `{id}` stands twice"))
                    .at_line(line)
                    .help("an id has one meaning: rename or remove one of them"));
            }
            order.push(id);
        }
        let register = Self {
            requirements,
            order,
            source,
        };
        register.refuse_wrong_foundations()?;
        Ok(register)
    }

    /// Refuses a requirement that rests on one that there is not, or, through others, on itself.
    fn refuse_wrong_foundations(&self) -> Result<(), InputError> {
        let mut open: Vec<&Requirement> = self.iter().collect();
        let mut placed: BTreeSet<&RequirementId> = BTreeSet::new();
        loop {
            let before = open.len();
            open.retain(|own| {
                let is_founded = own.rests_on.iter().all(|below| placed.contains(below));
                if is_founded {
                    placed.insert(&own.id);
                }
                !is_founded
            });
            if open.len() == before {
                break;
            }
        }
        let Some(wrong) = open.first() else {
            return Ok(());
        };
        let mut below = wrong.rests_on.iter();
        let unknown = below.find(|below| self.get(below).is_none());
        let found = match unknown {
            Some(unknown) => format!("`{}` rests on `{unknown}`, which there is not", wrong.id),
            None => format!("`{}` rests, through others, on itself", wrong.id),
        };
        let help = "`rests_on` names requirements without which this one cannot hold: correct the \
            id, or take it out";
        let index = self.order.iter().position(|id| *id == wrong.id);
        let line = index.and_then(|index| Self::place(&self.source, index, "rests_on"));
        Err(self.source.error(found).at_line(line).help(help))
    }

    /// The line of a key of a requirement, which is so many from the first.
    fn place(source: &Source, index: usize, key: &str) -> Option<usize> {
        source.line_of_key(&["requirement", &index.to_string(), key])
    }

    /// Refuses, at `line` of `source`, an id that no requirement has.
    ///
    /// # Errors
    /// If there is no such requirement.
    pub fn demand(
        &self,
        id: &RequirementId,
        source: &Source,
        line: impl Into<Option<usize>>,
    ) -> Result<(), InputError> {
        if self.get(id).is_some() {
            return Ok(());
        }
        let near = near_match(&id.0, self.order.iter().map(|own| own.0.as_str()));
        let near = near.map_or_else(String::new, |near| format!("{near}\n   = "));
        Err(source
            .error(format!("`{id}` is not a requirement"))
            .at_line(line)
            .help(format!("{near}the requirements are in {}", self.file())))
    }

    /// The requirement of that id, if there is one.
    pub fn get(&self, id: &RequirementId) -> Option<&Requirement> {
        self.requirements.get(id)
    }

    /// All of them, in the order of the file.
    pub fn iter(&self) -> impl Iterator<Item = &Requirement> {
        self.order.iter().filter_map(|id| self.get(id))
    }

    /// Whether `id` rests on `other`, directly or through a third.
    pub fn rests_on(&self, id: &RequirementId, other: &RequirementId) -> bool {
        let below = self.get(id).map(|own| own.rests_on.as_slice());
        let mut below = below.unwrap_or_default().iter();
        below.any(|own| own == other || self.rests_on(own, other))
    }

    /// The highest level among `ids`; `Observe` where there is none.
    pub fn level_of(&self, ids: &[RequirementId]) -> Level {
        let known = ids.iter().filter_map(|id| self.get(id));
        let highest = known.map(|requirement| requirement.level).max();
        highest.unwrap_or(Level::Observe)
    }

    /// The name of the file it was read from.
    pub fn file(&self) -> &str {
        &self.source.name
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use rstest::rstest;

    use super::*;

    /// What is said of a register whose second requirement has these lines, from line 8 on.
    fn refused(lines: &str) -> String {
        let text = format!(
            "sections = [\"Overview\", \"Installation\"]\n[[requirement]]\nid = \"A\"\n\
             level = \"must\"\nstatement = \"\"\nsource = \"Overview — “Use it”\"\n\
             [[requirement]]\n{lines}\nid = \"B\"\nlevel = \"must\"\nstatement = \"\"\n"
        );
        let name = "requirements.toml".to_owned();
        Register::of(Source { name, text }).unwrap_err().to_string()
    }

    #[rstest]
    #[case::unknown_section("Usage — “Use it”", "names `Usage`, which is no section")]
    #[case::one_of_two("Overview, Usage — “Use it”", "names `Usage`, which is no section")]
    #[case::no_section("the page", "names no section")]
    #[case::no_words(
        "Installation — the SDK is a guest",
        "neither quotes the page nor says"
    )]
    fn source_outside_the_page_is_refused_at_its_line(#[case] source: &str, #[case] wrong: &str) {
        let message = refused(&format!("source = \"{source}\""));
        assert!(
            message.contains(&format!("`source` of requirement `B` {wrong}"))
                && message.contains("requirements.toml:8")
                && message.contains("are Overview, Installation"),
            "{message}"
        );
    }

    #[rstest]
    #[case::unknown("C", "`B` rests on `C`, which there is not")]
    #[case::itself("B", "`B` rests, through others, on itself")]
    fn wrong_foundation_is_refused_at_its_line(#[case] below: &str, #[case] wrong: &str) {
        let source = "source = \"Overview — silent\"";
        let message = refused(&format!("{source}\nrests_on = [\"A\", \"{below}\"]"));
        assert!(
            message.contains(wrong) && message.contains("requirements.toml:9"),
            "{message}"
        );
    }
}
