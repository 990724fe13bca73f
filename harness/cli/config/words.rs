//! What was typed, as far as it must be known before it can be parsed: a setting of the file may be
//! what another flag requires.

use std::ffi::{OsStr, OsString};

use clap::{Arg, ArgAction, Command};

use super::layers::Given;
use super::settings::{self, Setting};

/// The words of a command line.
#[derive(Debug)]
pub struct Words<'c> {
    /// The command that they call.
    pub command: &'c Command,
    /// The settings that it takes.
    pub settings: Vec<&'static Setting>,
    /// How many of them name the program and the command.
    path: usize,
    all: Vec<OsString>,
    /// The ids of the arguments that were typed.
    typed: Vec<&'c str>,
    /// Their values, each with the id.
    values: Vec<(&'c str, String)>,
    /// The value of `--config`.
    pub config: Option<OsString>,
    pub asks_for_help: bool,
}

impl<'c> Words<'c> {
    pub fn of(program: &'c Command, typed: impl Iterator<Item = OsString>) -> Self {
        let all: Vec<OsString> = typed.collect();
        let (mut command, mut path) = (program, all.len().min(1));
        let mut names = Vec::new();
        while let Some(own) = all.get(path).and_then(|word| command.find_subcommand(word)) {
            command = own;
            names.push(own.get_name());
            path += 1;
        }
        let mut words = Self {
            command,
            settings: settings::of_command(&names),
            path,
            all: Vec::new(),
            typed: Vec::new(),
            values: Vec::new(),
            config: None,
            asks_for_help: false,
        };
        words.read(&all[path..]);
        words.all = all;
        words
    }

    /// Notes which arguments the words after the command's name are.
    fn read(&mut self, words: &[OsString]) {
        let mut words = words.iter();
        while let Some(word) = words.next() {
            let text = word.to_string_lossy();
            let (name, value) = match text.split_once('=') {
                Some((name, value)) => (name, Some(OsString::from(value))),
                None => (&*text, None),
            };
            let is_short_help = ["-h", "-V"].contains(&name);
            self.asks_for_help |= is_short_help || ["--help", "--version"].contains(&name);
            if !name.starts_with('-') {
                self.typed.extend(self.positional().map(id));
                continue;
            }
            let Some(arg) = name.strip_prefix("--").and_then(|long| self.flag(long)) else {
                continue;
            };
            self.typed.push(id(arg));
            let value = match value {
                None if arg.get_action().takes_values() => words.next().cloned(),
                value => value,
            };
            let own = value.iter().map(|own| own.to_string_lossy().into_owned());
            self.values.extend(own.map(|own| (id(arg), own)));
            if arg.get_long() == Some("config") {
                self.config = value;
            }
        }
    }

    fn flag(&self, long: &str) -> Option<&'c Arg> {
        let mut arguments = self.command.get_arguments();
        arguments.find(|arg| arg.get_long() == Some(long))
    }

    fn positional(&self) -> Option<&'c Arg> {
        self.command.get_positionals().next()
    }

    /// The argument of the command that a setting completes.
    pub fn argument(&self, setting: &Setting) -> Option<&'c Arg> {
        let positional = self.positional();
        let positional = positional.filter(|arg| arg.get_id() == setting.name);
        self.flag(setting.name).or(positional)
    }

    pub fn is_typed(&self, arg: &Arg) -> bool {
        self.typed.contains(&id(arg))
    }

    /// The values that were typed for a flag.
    pub fn values_of(&self, arg: &Arg) -> Vec<String> {
        let own = self.values.iter().filter(|(own, _)| *own == id(arg));
        own.map(|(_, value)| value.clone()).collect()
    }

    /// An argument that was typed, and that cannot be used together with `arg`.
    pub fn typed_against(&self, arg: &'c Arg) -> Option<&'c Arg> {
        let typed = self.typed.iter();
        let mut typed = typed.filter_map(|typed| self.by_id(typed));
        typed.find(|typed| self.exclude_each_other(typed, arg))
    }

    pub fn exclude_each_other(&self, one: &Arg, other: &Arg) -> bool {
        let excludes = |one: &Arg, other: &Arg| {
            let setting = one.get_long().and_then(settings::named);
            let by_itself = setting.and_then(|setting| setting.excludes);
            if by_itself.is_some_and(|name| other.get_long() == Some(name)) {
                return true;
            }
            let excluded = self.command.get_arg_conflicts_with(one);
            excluded.iter().any(|arg| arg.get_id() == other.get_id())
        };
        excludes(one, other) || excludes(other, one)
    }

    fn by_id(&self, name: &str) -> Option<&'c Arg> {
        let mut arguments = self.command.get_arguments();
        arguments.find(|arg| id(arg) == name)
    }

    /// The words with the settings that were not typed, right after the command's name.
    pub fn completed(&self, given: &[Given]) -> Vec<OsString> {
        let (path, rest) = self.all.split_at(self.path);
        let settings = given.iter().filter(|given| given.is_used());
        let settings = settings.flat_map(|given| self.words_of(given));
        let path = path.iter().cloned();
        path.chain(settings).chain(rest.iter().cloned()).collect()
    }

    fn words_of(&self, given: &Given) -> Vec<OsString> {
        let Some(arg) = self.argument(given.setting) else {
            return Vec::new();
        };
        let flag = |value: &String| OsString::from(format!("--{}={value}", given.setting.name));
        let values = given.values.iter();
        if arg.is_positional() {
            return values.take(1).map(OsString::from).collect();
        }
        match arg.get_action() {
            ArgAction::SetTrue => {
                let is_on = given.values.first().is_some_and(|value| value == "true");
                let flag = OsString::from(format!("--{}", given.setting.name));
                is_on.then_some(flag).into_iter().collect()
            }
            ArgAction::Append => values.map(flag).collect(),
            // A command that takes one build takes the first.
            _ => values.take(1).map(flag).collect(),
        }
    }
}

fn id(arg: &Arg) -> &str {
    arg.get_id().as_str()
}

/// Whether `--config` names no file.
pub fn is_none(config: &OsStr) -> bool {
    config == "none"
}
