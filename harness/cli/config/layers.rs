//! The settings below a command line: variables, then the file, then the profile beside it.

use std::ffi::OsString;
use std::fmt;
use std::path::PathBuf;

use clap::Arg;
use clap::error::{ContextKind, ContextValue};

use super::file::ConfigFile;
use super::settings::{self, Setting};
use super::variables::{self, CONFIG};
use super::words::{Words, is_none};
use super::{Failure, Unusable};
use crate::input::InputError;

/// The profile that is used where it lies beside the file.
const PROFILE_FILE: &str = "alhena-profile.toml";

/// One setting that was not typed.
#[derive(Debug)]
pub struct Given {
    pub setting: &'static Setting,
    pub values: Vec<String>,
    pub origin: Origin,
    /// Why it is not used: the flag that excludes it, or the setting that it lacks.
    pub left_out: Option<String>,
}

/// Where a setting comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// The variable of this name.
    Variable(String),
    /// A line of the file.
    File { name: String, line: usize },
    /// A file of the usual name, beside this one.
    Beside(String),
}

/// All that completes a command line.
#[derive(Debug)]
pub struct Layers {
    pub given: Vec<Given>,
    /// The file, as a person would name it; `None`: there is none.
    pub file: Option<String>,
}

impl Given {
    pub fn is_used(&self) -> bool {
        self.left_out.is_none()
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Variable(name) => f.write_str(name),
            Self::File { name, line } => write!(f, "{name}:{line}"),
            Self::Beside(name) => write!(f, "beside {name}"),
        }
    }
}

impl Origin {
    fn error(&self, found: impl Into<String>) -> InputError {
        match self {
            Self::Variable(name) | Self::Beside(name) => InputError::new(name, found),
            Self::File { name, line } => InputError::new(name, found).at_line(*line),
        }
    }
}

impl Layers {
    /// The settings that a command line leaves open.
    pub fn below(words: &Words<'_>) -> Result<Self, Failure> {
        if words.settings.is_empty() || words.asks_for_help {
            return Ok(Self::of(Vec::new(), words));
        }
        let variables = variables::read()
            .map_err(|errors| Failure::all_of("variables of the environment", &errors))?;
        let Some(file) = file(words)? else {
            return Ok(Self::of(vec![variables], words));
        };
        let settings = file
            .settings()
            .map_err(|errors| Failure::all_of("configuration", &errors))?;
        let profile = profile_beside(&file).into_iter().collect();
        Ok(Self {
            file: Some(file.name().to_owned()),
            ..Self::of(vec![variables, settings, profile], words)
        })
    }

    /// These layers below a command line, the highest first.
    pub fn of(layers: Vec<Vec<Given>>, words: &Words<'_>) -> Self {
        let mut all = Self {
            given: Vec::new(),
            file: None,
        };
        let mut layers = layers.into_iter();
        while let Some(layer) = layers.next() {
            all.add(layer, layers.as_slice(), words);
        }
        all.leave_out_what_lacks_another(words);
        all
    }

    /// Adds a layer below those that are there, and above these. What a higher layer says, or
    /// excludes, is not used.
    fn add(&mut self, layer: Vec<Given>, below: &[Vec<Given>], words: &Words<'_>) {
        let above = self.given.len();
        let own = || layer.iter().chain(below.iter().flatten());
        let made = layer
            .iter()
            .map(|given| self.not_made_for(given, own(), words));
        let made: Vec<Option<String>> = made.collect();
        for (mut given, of_another) in layer.into_iter().zip(made) {
            let Some(arg) = words.argument(given.setting) else {
                continue;
            };
            let is_taken = words
                .settings
                .iter()
                .any(|own| own.name == given.setting.name);
            let said = |other: &Given| other.setting.name == given.setting.name;
            if !is_taken || words.is_typed(arg) || self.given.iter().any(said) {
                continue;
            }
            let typed = words.typed_against(arg).map(flag_of);
            let excluding = self.given[..above].iter().filter(|other| {
                let other_arg = words.argument(other.setting);
                other.is_on() && other_arg.is_some_and(|own| words.exclude_each_other(own, arg))
            });
            let set = excluding
                .map(|other| format!("{} ({})", other.setting.name, other.origin))
                .next();
            let excluded = typed.or(set).map(|by| format!("{by} excludes it"));
            given.left_out = excluded.or(of_another);
            self.given.push(given);
        }
    }

    /// Why a setting is not used that is made for the value which its own layer and those below it
    /// give to another one: the command line, or a layer above, chooses another value.
    fn not_made_for<'g>(
        &self,
        given: &Given,
        mut own: impl Iterator<Item = &'g Given>,
        words: &Words<'_>,
    ) -> Option<String> {
        let owner = settings::named(given.setting.made_for?)?;
        let arg = words.argument(owner)?;
        let usual = || {
            let usual = arg.get_default_values().iter();
            let usual = usual.map(|value| value.to_string_lossy().into_owned());
            usual.collect::<Vec<String>>()
        };
        let is_owner = |other: &&Given| other.setting.name == owner.name;
        let mut above = self.given.iter().filter(is_owner);
        let (chosen, by) = if words.is_typed(arg) {
            (words.values_of(arg), flag_of(arg))
        } else if let Some(typed) = words.typed_against(arg) {
            (usual(), flag_of(typed))
        } else {
            let other = above.next()?;
            let by = format!("{} ({})", other.setting.name, other.origin);
            (other.values.clone(), by)
        };
        let meant = own.find(is_owner);
        let meant = meant.map_or_else(usual, |other| other.values.clone());
        (chosen != meant).then(|| format!("it is for another {} than {by} chooses", owner.name))
    }

    fn leave_out_what_lacks_another(&mut self, words: &Words<'_>) {
        let is_there = |name: &str| {
            let arg = settings::named(name).and_then(|needed| words.argument(needed));
            let mut given = self.given.iter();
            arg.is_some_and(|arg| words.is_typed(arg))
                || given.any(|given| given.setting.name == name && given.is_used())
        };
        let lacking = |given: &Given| given.setting.needs.filter(|name| !is_there(name));
        let lacking: Vec<Option<&str>> = self.given.iter().map(lacking).collect();
        for (given, lacking) in self.given.iter_mut().zip(lacking) {
            let why = lacking.map(|name| format!("it needs --{name}"));
            given.left_out = given.left_out.take().or(why);
        }
    }

    /// An error of clap's about a value that nobody typed, with the origin of that value.
    pub fn blame(&self, error: clap::Error) -> Unusable {
        let named = [ContextKind::InvalidArg, ContextKind::PriorArg];
        let named = named.into_iter().flat_map(|kind| match error.get(kind) {
            Some(ContextValue::String(one)) => vec![one.clone()],
            Some(ContextValue::Strings(several)) => several.clone(),
            _ => Vec::new(),
        });
        let is_of = |given: &&Given, named: &str| {
            let flag = named.split([' ', '=']).next().unwrap_or_default();
            let is_positional = named.starts_with('[') || named.starts_with('<');
            let is_flag = flag.strip_prefix("--") == Some(given.setting.name);
            is_flag || is_positional && given.setting.name == settings::PROFILE
        };
        let used = || self.given.iter().filter(|given| given.is_used());
        let mut named = named.filter_map(|named| used().find(|given| is_of(given, &named)));
        let Some(given) = named.next() else {
            return Unusable::Typed(error);
        };
        let text = error.to_string();
        let head = text.split("\n\n").next().unwrap_or_default();
        let found = head.trim_start_matches("error: ").trim_end();
        Unusable::Set(given.origin.error(found).into())
    }
}

impl Given {
    /// Whether it counts against what it excludes: a switch that is off excludes nothing.
    fn is_on(&self) -> bool {
        self.is_used() && self.values.first().is_none_or(|value| value != "false")
    }
}

fn flag_of(arg: &Arg) -> String {
    format!("--{}", arg.get_long().unwrap_or_default())
}

/// The file that was named, else the one that is found; `None`: there is none.
fn file(words: &Words<'_>) -> Result<Option<ConfigFile>, Failure> {
    let variable = || std::env::var_os(CONFIG).filter(|value| !value.is_empty());
    let named: Option<OsString> = words.config.clone().or_else(variable);
    let path = match named {
        Some(named) if is_none(&named) => None,
        Some(named) => Some(PathBuf::from(named)),
        None => ConfigFile::find(),
    };
    Ok(path.map(|path| ConfigFile::read(&path)).transpose()?)
}

/// The profile of the usual name.
fn profile_beside(file: &ConfigFile) -> Option<Given> {
    let path = file.folder().join(PROFILE_FILE);
    let setting = settings::named(settings::PROFILE).filter(|_| path.is_file())?;
    Some(Given {
        setting,
        values: vec![path.display().to_string()],
        origin: Origin::Beside(file.name().to_owned()),
        left_out: None,
    })
}
