use anyhow::anyhow;

use super::exit::Exit;
use crate::input::InputError;
use crate::output::OutputError;
use crate::text::counted;

/// An error with its exit code: says whose fault it is.
#[derive(Debug)]
pub struct Failure {
    pub exit: Exit,
    pub error: anyhow::Error,
}

impl Failure {
    pub fn usage(error: impl Into<anyhow::Error>) -> Self {
        Self {
            exit: Exit::Usage,
            error: error.into(),
        }
    }

    pub fn environment(error: impl Into<anyhow::Error>) -> Self {
        Self {
            exit: Exit::Environment,
            error: error.into(),
        }
    }

    pub fn bug(error: impl Into<anyhow::Error>) -> Self {
        Self {
            exit: Exit::Bug,
            error: error.into(),
        }
    }

    /// Every error, not only the first.
    pub fn all_of(what: &str, errors: &[InputError]) -> Self {
        let all = errors
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join("\n\n");
        Self::usage(anyhow!(
            "the {what} cannot be used: {} found\n\n{all}",
            counted(errors.len(), "error")
        ))
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
