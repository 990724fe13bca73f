use super::{Build, BuildError, Snippet};
use crate::input::Files;

/// What a page installs: the queue snippet and the SDK. Both are under test.
#[derive(Debug, Clone)]
pub struct Installation {
    /// The snippet in the pages.
    pub snippet: Snippet,
    /// The SDK they load.
    pub build: Build,
}

impl Installation {
    /// The snippet of the API page, and a build as [`Build::take`] takes it.
    ///
    /// # Errors
    /// As there.
    pub fn take(sdk: Option<&str>, files: &Files) -> Result<Self, BuildError> {
        Ok(Self { snippet: Snippet::bundled()?, build: Build::take(sdk, files)? })
    }
}
