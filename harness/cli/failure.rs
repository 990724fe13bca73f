use std::fmt::Display;

use anyhow::anyhow;

use super::exit::Exit;
use crate::input::InputError;
use crate::output::OutputError;
use crate::run::StageError;
use crate::sdk::BuildError;
use crate::text::counted;

/// An error with its exit code: says whose fault it is.
#[derive(Debug)]
pub struct Failure {
    pub exit: Exit,
    pub error: anyhow::Error,
}

impl Failure {
    fn new(exit: Exit, error: impl Into<anyhow::Error>) -> Self {
        let error = error.into();
        Self { exit, error }
    }

    pub fn usage(error: impl Into<anyhow::Error>) -> Self {
        Self::new(Exit::Usage, error)
    }

    pub fn environment(error: impl Into<anyhow::Error>) -> Self {
        Self::new(Exit::Environment, error)
    }

    pub fn nothing(error: impl Into<anyhow::Error>) -> Self {
        Self::new(Exit::Nothing, error)
    }

    pub fn bug(error: impl Into<anyhow::Error>) -> Self {
        Self::new(Exit::Bug, error)
    }

    /// Every error, not only the first.
    pub fn all_of(what: &str, errors: &[InputError]) -> Self {
        let all: Vec<String> = errors.iter().map(ToString::to_string).collect();
        let (count, all) = (counted(errors.len(), "error"), all.join("\n\n"));
        Self::usage(anyhow!("the {what} cannot be used: {count} found\n\n{all}"))
    }

    /// The same fault, with what it means here.
    pub fn context(self, context: impl Display + Send + Sync + 'static) -> Self {
        Self::new(self.exit, self.error.context(context))
    }
}

impl From<InputError> for Failure {
    fn from(error: InputError) -> Self {
        Self::usage(error)
    }
}

impl From<StageError> for Failure {
    fn from(error: StageError) -> Self {
        Self::environment(error)
    }
}

impl From<BuildError> for Failure {
    fn from(error: BuildError) -> Self {
        match error {
            BuildError::File(_) => Self::usage(error),
            BuildError::Url { .. } => Self::environment(error),
        }
    }
}

impl From<OutputError> for Failure {
    fn from(error: OutputError) -> Self {
        if error.is_usage() {
            Self::usage(error)
        } else {
            Self::environment(error)
        }
    }
}
