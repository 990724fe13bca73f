//! `run --show-config`.

use std::fmt::Write as _;

use clap::Arg;
use clap::parser::ValueSource;

use super::layers::Given;
use super::settings::{Kind, SETTINGS, Setting};
use super::{Settings, layers::Origin};
use crate::browser::DriverUrl;
use crate::cli::args::run_flag;

/// Origins stand in one column, up to this one.
const ORIGINS_AT: usize = 48;

impl Settings {
    /// The names of the settings that the file gave, with its name; `None`: it gave none.
    pub fn note(&self) -> Option<String> {
        let file = self.file.as_ref()?;
        let is_of_file = |given: &&Given| match given.origin {
            Origin::File { .. } | Origin::Beside(_) => given.is_used(),
            Origin::Variable(_) => false,
        };
        let names = self.given.iter().filter(is_of_file);
        let names: Vec<&str> = names.map(|given| given.setting.name).collect();
        (!names.is_empty()).then(|| format!("settings of {file}: {}", names.join(", ")))
    }

    /// Every setting of `run` with its value and its origin, as a file that can be read again.
    pub fn shown(&self) -> String {
        let file = match &self.file {
            Some(file) => format!("# file: {file}\n"),
            None => "# file: none\n".to_owned(),
        };
        SETTINGS.iter().fold(file, |mut text, setting| {
            for (left, origin) in self.lines(setting) {
                // Writing into a text does not fail.
                let _ = writeln!(text, "{left:<ORIGINS_AT$} # {origin}");
            }
            text
        })
    }

    fn lines(&self, setting: &'static Setting) -> Vec<(String, String)> {
        let Some(arg) = run_flag(setting.name) else {
            return Vec::new();
        };
        let mut given = self.given.iter();
        let given = given.find(|given| given.setting.name == setting.name);
        let left_out = given.filter(|given| !given.is_used()).map(|given| {
            let why = given.left_out.as_deref().unwrap_or_default();
            let line = format!("# {}", line(setting, &given.values));
            (line, format!("{}; left out: {why}", given.origin))
        });
        let id = arg.get_id().as_str();
        let values = self.matches.subcommand().and_then(|(_, run)| {
            let values = run.get_raw(id)?;
            let values = values.map(|value| value.to_string_lossy().into_owned());
            Some((run.value_source(id)?, values.collect::<Vec<String>>()))
        });
        let used = match (given.filter(|given| given.is_used()), values) {
            (Some(given), _) => (line(setting, &given.values), given.origin.to_string()),
            (None, Some((ValueSource::CommandLine, values))) => {
                (line(setting, &values), format!("--{}", setting.name))
            }
            (None, Some((_, values))) => (line(setting, &values), "default".to_owned()),
            (None, None) => (format!("# {}", setting.name), unset(&arg)),
        };
        left_out.into_iter().chain([used]).collect()
    }
}

/// What a setting stands for that nobody gave, as its help says.
fn unset(arg: &Arg) -> String {
    let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
    let default = help.rsplit_once("[default: ").map(|(_, rest)| rest);
    let default = default.and_then(|rest| rest.split_once(']'));
    default.map_or_else(
        || "not set".to_owned(),
        |(default, _)| format!("default: {default}"),
    )
}

/// A line of TOML.
fn line(setting: &Setting, values: &[String]) -> String {
    let text = |value: &str| toml::Value::from(value).to_string();
    let quoted = |value: &String| match setting.kind {
        Kind::Number | Kind::Switch => value.clone(),
        Kind::Driver => text(&DriverUrl::shown(value)),
        Kind::Build | Kind::Profile | Kind::Path | Kind::Text => text(value),
    };
    let values: Vec<String> = values.iter().map(quoted).collect();
    let values = match values.as_slice() {
        [one] => one.clone(),
        several => format!("[{}]", several.join(", ")),
    };
    format!("{} = {values}", setting.name)
}
