use std::collections::BTreeMap;
use std::path::Path;

use serde::de::DeserializeOwned;
use serde_json::Value;
use toml::Spanned;
use toml::de::DeTable;

use super::merge::{bases, bundled, merged};
use super::{Answer, Conversation, Origin, Profile, ProfileHash, Side};
use crate::contract::{Interaction, Method};
use crate::input::{Files, InputError, Source};
use crate::text::near_match;

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
        let named = install.before.iter().chain(&install.after);
        let mut beside = BTreeMap::new();
        for name in named.chain(&install.snippet) {
            let text = beside_profile(is_path.then_some(path), name, files).map_err(|error| {
                source.error(format!(
                    "the file beside this profile cannot be used: {error}"
                ))
            })?;
            beside.insert(name.clone(), text);
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

    fn refuse_what_cannot_work(&self, source: &Source) -> Result<(), InputError> {
        let wrong = |found: String| Err(source.error(found));
        let is_missing = |method: &Method| !self.wire.events.contains_key(method);
        if let Some(method) = Method::ALL.into_iter().find(is_missing) {
            return wrong(format!("[wire.events.{method}] is missing"));
        }
        if self.install.scripts.is_empty() {
            return wrong(
                "[install] names no script: `scripts = [\"…\"]` is what a page loads".into(),
            );
        }
        if self.direct_methods && self.direct_object.is_none() {
            return wrong(
                "`direct_methods = true` needs `direct_object`: which object has the methods?"
                    .into(),
            );
        }
        for widget in Interaction::VALUES {
            if let Some(lack) = self.conversation(widget).and_then(Conversation::lacks) {
                return wrong(format!("[{}] is no conversation: {lack}", widget.table()));
            }
        }
        if self.policies.gate != Side::None && self.chat.is_none() && self.faq.is_none() {
            return wrong(
                "without [chat] and [faq] no visitor can interact, and no event is ever recorded; \
                 or is the policy `gate = \"none\"`?"
                    .into(),
            );
        }
        let opens = |answer: &Answer| answer.interaction.is_some() && answer.fingerprint.is_some();
        if self.policies.gate == Side::Server && !self.answers.iter().any(opens) {
            return wrong(
                "with `gate = \"server\"` some [[answer]] must have `interaction` and \
                 `fingerprint`: how else would a server know?"
                    .into(),
            );
        }
        Ok(())
    }
}

fn unknown(name: &str, files: &Files) -> InputError {
    let names = Profile::bundled(files);
    let near = near_match(name, names.iter().map(String::as_str));
    let near = near.map_or_else(String::new, |near| format!("{near}\n   = "));
    let all = names.join(", ");
    InputError::new(name, "there is no bundled profile of this name").help(format!(
        "{near}bundled are {all}; the name of a file ends in .toml or holds a folder: ./{name}"
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
mod tests;
