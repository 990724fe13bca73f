use std::collections::BTreeMap;
use std::path::Path;

use serde::de::DeserializeOwned;
use serde_json::Value;
use toml::Spanned;
use toml::de::DeTable;

use super::merge::{bases, bundled, merged, which};
use super::{Answer, Conversation, Origin, Profile, ProfileHash, Side};
use crate::contract::{Interaction, Method};
use crate::input::{Files, InputError, Source};

impl Profile {
    /// Reads a bundled profile by its name, or a user's by its path.
    ///
    /// # Errors
    /// If it cannot be read, holds an unknown key, or lacks what a run needs.
    pub fn load(name: &str, files: &Files) -> Result<Self, InputError> {
        let (path, is_path) = (Path::new(name), Self::is_path(name));
        let source = if is_path {
            Source::read(path)?
        } else if !files.has_fixture(&bundled(name)) {
            return Err(unknown(name, files));
        } else {
            files.fixture(&bundled(name))?
        };
        let bases = bases(&source, files)?;
        let merged = merged(&source, &bases)?;
        let wrong = |error: &toml::de::Error| source.toml_error(error);
        let content: Value = read(merged.clone()).map_err(|error| wrong(&error))?;
        let profile: Self = read(merged).map_err(|error| wrong(&error))?;
        profile.refuse_what_cannot_work(&source)?;
        let install = &profile.install;
        let named = [
            ("before", install.before.as_slice()),
            ("after", install.after.as_slice()),
            ("snippet", install.snippet.as_slice()),
        ];
        let mut beside = BTreeMap::new();
        for (key, names) in named {
            for name in names {
                let text = beside_profile(is_path.then_some(path), name, files);
                let text = text.map_err(|error| {
                    source
                        .error(format!(
                            "the file beside this profile cannot be used: {error}"
                        ))
                        .at_line(source.line_of_key(&["install", key]))
                        .help(format!("put {name} beside the profile, or correct `{key}`"))
                })?;
                beside.insert(name.clone(), text);
            }
        }
        let origin = Origin {
            file: source.name,
            text: source.text,
            hash: ProfileHash::of(content, &beside),
            beside,
        };
        Ok(Self { origin, ..profile })
    }

    /// The names of the bundled profiles.
    pub fn bundled(files: &Files) -> Vec<String> {
        let paths = files.list("profiles", "toml");
        let names = paths.iter().map(Path::new);
        let names = names.filter_map(|path| Some(path.file_stem()?.to_string_lossy().into_owned()));
        names.collect()
    }

    /// Whether `name` is the path of a user's profile, and not the name of a bundled one.
    #[must_use]
    pub fn is_path(name: &str) -> bool {
        name.contains('/') || Path::new(name).extension().is_some_and(|end| end == "toml")
    }

    /// Each error names the line of the user's file that brings it about, where there is one.
    fn refuse_what_cannot_work(&self, source: &Source) -> Result<(), InputError> {
        let wrong = |found: String, keys: &[&[&str]], help: &str| {
            let line = keys.iter().find_map(|key| source.line_of_key(key));
            Err(source.error(found).at_line(line).help(help))
        };
        let is_missing = |method: &Method| !self.wire.events.contains_key(method);
        if let Some(method) = Method::ALL.into_iter().find(is_missing) {
            return wrong(
                format!("[wire.events.{method}] is missing"),
                &[&["wire", "events"], &["extends"]],
                "add it, with the `path` of these events and a table `fields`: a profile that \
                 extends no other has to say where both methods' events go",
            );
        }
        if self.install.scripts.is_empty() {
            return wrong(
                "[install] names no script".to_owned(),
                &[&["install", "scripts"], &["extends"]],
                "add `scripts = [\"…\"]`: what a page loads",
            );
        }
        if self.direct_methods && self.direct_object.is_none() {
            return wrong(
                "`direct_methods = true` needs `direct_object`".to_owned(),
                &[&["direct_methods"], &["extends"]],
                "add `direct_object = \"window.…\"`: the object that has the methods",
            );
        }
        for widget in Interaction::VALUES {
            if let Some(lack) = self.conversation(widget).and_then(Conversation::lacks) {
                return wrong(
                    format!("[{}] is no conversation: {lack}", widget.table()),
                    &[&[widget.table()]],
                    "complete the table, which replaces the inherited one as a whole, or take it \
                     out",
                );
            }
        }
        if self.policies.gate != Side::None && self.chat.is_none() && self.faq.is_none() {
            return wrong(
                "without [chat] and [faq] no visitor can interact, and no event is ever recorded"
                    .to_owned(),
                &[&["without"], &["policies", "gate"], &["extends"]],
                "add one of the tables, or the policy `gate = \"none\"`",
            );
        }
        let opens = |answer: &Answer| answer.interaction.is_some() && answer.fingerprint.is_some();
        if self.policies.gate == Side::Server && !self.answers.iter().any(opens) {
            return wrong(
                "with `gate = \"server\"` some [[answer]] must have `interaction` and \
                 `fingerprint`"
                    .to_owned(),
                &[&["policies", "gate"], &["extends"]],
                "add them to the answer of the chat or of the FAQs: a server knows by nothing else \
                 who has interacted",
            );
        }
        Ok(())
    }
}

fn unknown(name: &str, files: &Files) -> InputError {
    let which = which(name, files);
    InputError::new(name, "there is no bundled profile of this name").help(format!(
        "{which}; the name of a file ends in .toml or holds a folder: ./{name}"
    ))
}

fn read<T: DeserializeOwned>(merged: Spanned<DeTable<'_>>) -> Result<T, toml::de::Error> {
    T::deserialize(toml::Deserializer::from(merged))
}

/// The text of the file `name` beside a profile: the one at `profile`, else a bundled one.
fn beside_profile(profile: Option<&Path>, name: &str, files: &Files) -> Result<String, InputError> {
    let bundled = || files.fixture(&format!("profiles/{name}"));
    let source = match profile {
        None => bundled(),
        // What a bundled profile names lies beside that one.
        Some(profile) => Source::read(&profile.with_file_name(name))
            .or_else(|error| bundled().map_err(|_| error)),
    };
    source.map(|source| source.text)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod template_tests;
#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests;
