use std::ops::Range;
use std::path::{Path, PathBuf};

use rust_embed::RustEmbed;
use serde::de::DeserializeOwned;

use super::InputError;

#[derive(RustEmbed)]
#[folder = "fixtures"]
struct BundledFixtures;

#[derive(RustEmbed)]
#[folder = "pages"]
struct BundledPages;

/// Where fixtures and pages are read from: the ones that came with the harness, or a folder of the
/// user's.
///
/// A debug build reads the bundled ones from the source tree at run time, so a changed scenario
/// needs no rebuild.
#[derive(Debug, Clone, Default)]
pub struct Files {
    fixtures: Option<PathBuf>,
}

/// One file as read, with the name by which a person knows it.
#[derive(Debug, Clone)]
pub struct Source {
    /// For messages, for example `fixtures/requirements.toml`.
    pub name: String,
    /// The whole text.
    pub text: String,
}

impl Files {
    /// The fixtures of `folder` instead of the bundled ones.
    ///
    /// # Errors
    /// If `folder` is not a folder.
    pub fn in_folder(folder: &Path) -> Result<Self, InputError> {
        if !folder.is_dir() {
            return Err(InputError::new(
                folder.display().to_string(),
                "this fixtures folder does not exist",
            )
            .help("give a folder laid out like the harness's own `fixtures/`"));
        }
        Ok(Self {
            fixtures: Some(folder.to_owned()),
        })
    }

    /// Reads the fixture at `path`, relative to the fixtures folder.
    ///
    /// # Errors
    /// If it is missing, unreadable or not UTF-8.
    pub fn fixture(&self, path: &str) -> Result<Source, InputError> {
        let name = self.display_name(path);
        let bytes = match &self.fixtures {
            Some(root) => std::fs::read(root.join(path))
                .map_err(|e| InputError::new(&name, format!("cannot read this file: {e}")))?,
            None => BundledFixtures::get(path)
                .ok_or_else(|| InputError::new(&name, "there is no such fixture"))?
                .data
                .into_owned(),
        };
        let text = String::from_utf8(bytes)
            .map_err(|_| InputError::new(&name, "this file is not UTF-8 text"))?;
        Ok(Source { name, text })
    }

    /// Whether they are a folder of the user's.
    #[must_use]
    pub fn are_the_users(&self) -> bool {
        self.fixtures.is_some()
    }

    /// Whether there is a fixture at `path`.
    #[must_use]
    pub fn has_fixture(&self, path: &str) -> bool {
        match &self.fixtures {
            Some(root) => root.join(path).is_file(),
            None => BundledFixtures::get(path).is_some(),
        }
    }

    /// The paths of all fixtures below `folder` that end in `.extension`, sorted.
    pub fn list(&self, folder: &str, extension: &str) -> Vec<String> {
        let ending = format!(".{extension}");
        let mut paths: Vec<String> = match &self.fixtures {
            Some(root) => walk(&root.join(folder))
                .iter()
                .filter_map(|path| Some(path.strip_prefix(root).ok()?.to_str()?.to_owned()))
                .collect(),
            None => BundledFixtures::iter()
                .map(std::borrow::Cow::into_owned)
                .filter(|path| path.starts_with(&format!("{folder}/")))
                .collect(),
        };
        paths.retain(|path| path.ends_with(&ending));
        paths.sort();
        paths
    }

    fn display_name(&self, path: &str) -> String {
        let root = self
            .fixtures
            .as_ref()
            .map_or_else(|| "fixtures".into(), |root| root.display().to_string());
        format!("{root}/{path}")
    }

    /// One file of the storefront, or `None` where there is none of that name.
    #[must_use]
    pub fn page(path: &str) -> Option<Vec<u8>> {
        BundledPages::get(path).map(|file| file.data.into_owned())
    }

    /// The paths of all files of the storefront, sorted.
    #[must_use]
    pub fn pages() -> Vec<String> {
        let mut paths: Vec<String> = BundledPages::iter().map(Into::into).collect();
        paths.sort();
        paths
    }
}

fn walk(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    entries
        .flatten()
        .map(|entry| entry.path())
        .flat_map(|path| {
            if path.is_dir() {
                walk(&path)
            } else {
                vec![path]
            }
        })
        .collect()
}

impl Source {
    /// Reads a file of the user's.
    ///
    /// # Errors
    /// If it is missing, unreadable or not UTF-8.
    pub fn read(path: &Path) -> Result<Self, InputError> {
        let name = path.display().to_string();
        let bytes = std::fs::read(path).map_err(|error| {
            InputError::new(&name, format!("cannot read this file: {error}"))
                .help("check the path; it starts at the folder that the command runs in")
        })?;
        let text = String::from_utf8(bytes)
            .map_err(|_| InputError::new(&name, "this file is not UTF-8 text"))?;
        Ok(Self { name, text })
    }

    /// Parses the file as TOML; the error carries the line, and the snippet with a caret.
    ///
    /// # Errors
    /// If the text is not TOML, or a key is unknown, missing or of the wrong type.
    pub fn toml<T: DeserializeOwned>(&self) -> Result<T, InputError> {
        toml::from_str(&self.text).map_err(|error| self.toml_error(&error))
    }

    /// What is wrong with this file, as TOML sees it, at its line.
    pub fn toml_error(&self, error: &toml::de::Error) -> InputError {
        let wrong = self.error(error.message());
        match error.span() {
            Some(span) => wrong
                .at_line(self.line_of(&span))
                .help(format!("the line reads: {}", self.line_text(&span))),
            None => wrong,
        }
    }

    /// Parses the file as JSON.
    ///
    /// # Errors
    /// If the text is not JSON, or not of the expected shape.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, InputError> {
        serde_json::from_str(&self.text)
            .map_err(|error| self.error(error.to_string()).at_line(error.line()))
    }

    /// An error about this file.
    pub fn error(&self, found: impl Into<String>) -> InputError {
        InputError::new(&self.name, found)
    }

    /// The line, counted from 1, at which `span` begins.
    pub fn line_of(&self, span: &Range<usize>) -> usize {
        let before = self.text.get(..span.start).unwrap_or(&self.text);
        before.matches('\n').count() + 1
    }

    fn line_text(&self, span: &Range<usize>) -> &str {
        self.text
            .lines()
            .nth(self.line_of(span) - 1)
            .unwrap_or_default()
            .trim()
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use super::*;

    #[derive(serde::Deserialize, Debug)]
    #[serde(deny_unknown_fields)]
    struct Shoe {
        #[expect(dead_code, reason = "only its presence is tested")]
        size: u32,
    }

    #[test]
    fn unknown_key_is_reported_with_file_and_line() {
        let source = Source {
            name: "shoe.toml".into(),
            text: "size = 4\n\ncolour = 'red'\n".into(),
        };
        let message = source.toml::<Shoe>().unwrap_err().to_string();
        assert!(message.contains("unknown field `colour`"), "{message}");
        assert!(message.contains("shoe.toml:3"), "{message}");
    }

    #[test]
    fn missing_fixture_is_reported_by_its_path() {
        let message = Files::default()
            .fixture("events/none.json")
            .unwrap_err()
            .to_string();
        assert!(message.contains("fixtures/events/none.json"), "{message}");
    }
}
