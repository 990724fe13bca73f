use thiserror::Error;

use crate::browser::BrowserError;
use crate::input::InputError;
use crate::run::{SessionError, StageError};
use crate::sdk::BuildError;

/// A build that cannot be looked at.
#[derive(Debug, Error)]
pub enum LookError {
    /// It cannot be had.
    #[error(transparent)]
    Build(#[from] BuildError),
    /// It cannot be read.
    #[error(transparent)]
    Input(#[from] InputError),
    /// There is no session.
    #[error(transparent)]
    Session(#[from] SessionError),
    /// The session ended.
    #[error("the page cannot be looked at: {0}")]
    Browser(#[from] BrowserError),
    /// There are no servers.
    #[error(transparent)]
    Stage(#[from] StageError),
    /// No file, or no port.
    #[error(transparent)]
    Io(#[from] std::io::Error),
}
