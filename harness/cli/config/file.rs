//! `alhena-conformance.toml`.

use std::path::{Path, PathBuf};

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::layers::{Given, Origin};
use super::settings::{self, Kind, SETTINGS, Setting};
use crate::cli::args::run_flag;
use crate::input::{InputError, Source};
use crate::sdk::{Build, Profile};
use crate::text::near_match;

/// The name by which it is found.
const FILE: &str = "alhena-conformance.toml";

/// One file of settings.
#[derive(Debug)]
pub struct ConfigFile {
    source: Source,
    folder: PathBuf,
}

impl ConfigFile {
    /// The nearest one from the working directory upwards. What lies above a repository is not of
    /// its people.
    pub fn find() -> Option<PathBuf> {
        let depth = std::env::current_dir().ok()?.ancestors().count();
        let mut folder = PathBuf::new();
        for _ in 0..depth {
            let file = folder.join(FILE);
            if file.is_file() {
                return Some(file);
            }
            if folder.join(".git").exists() {
                return None;
            }
            folder.push("..");
        }
        None
    }

    /// Reads the file at `path`.
    pub fn read(path: &Path) -> Result<Self, InputError> {
        Ok(Self {
            source: Source::read(path)?,
            folder: path.parent().unwrap_or(Path::new("")).to_owned(),
        })
    }

    /// As a person would name it.
    pub fn name(&self) -> &str {
        &self.source.name
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Its settings; or every error that it holds.
    pub fn settings(&self) -> Result<Vec<Given>, Vec<InputError>> {
        let table = DeTable::parse(&self.source.text);
        let table = table.map_err(|error| vec![self.source.toml_error(&error)])?;
        let (mut given, mut errors) = (Vec::new(), Vec::new());
        for (key, value) in table.get_ref() {
            let line = self.source.line_of(&key.span());
            match self.setting(key.get_ref(), value, line) {
                Ok(setting) => given.push(setting),
                Err(error) => errors.push(error.at_line(line)),
            }
        }
        if errors.is_empty() {
            Ok(given)
        } else {
            Err(errors)
        }
    }

    fn setting(
        &self,
        key: &str,
        value: &Spanned<DeValue<'_>>,
        line: usize,
    ) -> Result<Given, InputError> {
        let setting = settings::named(key).ok_or_else(|| self.unknown(key))?;
        let values = values(setting, value.get_ref()).ok_or_else(|| {
            let expected = expected(setting);
            self.source.error(format!("`{key}` is not {expected}"))
        })?;
        let values = values.into_iter();
        Ok(Given {
            setting,
            values: values
                .map(|value| self.seen_from_here(setting.kind, value))
                .collect(),
            origin: Origin::File {
                name: self.source.name.clone(),
                line,
            },
            left_out: None,
        })
    }

    fn unknown(&self, key: &str) -> InputError {
        if run_flag(key).is_some() {
            let found = format!("`{key}` is no setting: --{key} is typed for each run");
            return self.source.error(found);
        }
        let near = near_match(key, SETTINGS.iter().map(|setting| setting.name));
        let help = "a key is a flag of `run` without its `--`: `run --show-config` prints all";
        let error = self.source.error(format!("there is no setting `{key}`"));
        match near {
            None => error.help(help),
            Some(near) => error.help(format!("{near}\n   = {help}")),
        }
    }

    /// A path in the file is relative to the file.
    fn seen_from_here(&self, kind: Kind, value: String) -> String {
        let is_path = match kind {
            Kind::Path => true,
            Kind::Build => !Build::is_url(&value),
            Kind::Profile => Profile::is_path(&value),
            Kind::Driver | Kind::Text | Kind::Number | Kind::Switch => false,
        };
        if is_path {
            self.folder.join(value).display().to_string()
        } else {
            value
        }
    }
}

/// The values of a setting as they would be typed; `None`: they are of another type.
fn values(setting: &Setting, value: &DeValue<'_>) -> Option<Vec<String>> {
    if let (DeValue::Array(values), true) = (value, setting.takes_several()) {
        let each = values
            .iter()
            .map(|value| one(setting.kind, value.get_ref()));
        return each.collect();
    }
    one(setting.kind, value).map(|value| vec![value])
}

fn one(kind: Kind, value: &DeValue<'_>) -> Option<String> {
    match (kind, value) {
        (Kind::Switch, DeValue::Boolean(is_on)) => Some(is_on.to_string()),
        (Kind::Number, DeValue::Integer(number)) => Some(number.to_string()),
        (
            Kind::Build | Kind::Profile | Kind::Driver | Kind::Path | Kind::Text,
            DeValue::String(text),
        ) => Some(text.to_string()),
        _ => None,
    }
}

fn expected(setting: &Setting) -> &'static str {
    match (setting.kind, setting.takes_several()) {
        (Kind::Switch, _) => "`true` or `false`",
        (Kind::Number, _) => "a whole number",
        (Kind::Build | Kind::Profile | Kind::Driver | Kind::Path | Kind::Text, true) => {
            "a text in quotes, or a list of such"
        }
        (Kind::Build | Kind::Profile | Kind::Driver | Kind::Path | Kind::Text, false) => {
            "a text in quotes"
        }
    }
}
