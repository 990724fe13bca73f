use super::{Build, BuildError, Profile, Snippet};
use crate::input::{Files, InputError};

/// What a page installs: the queue snippet and the SDK. Both are under test.
#[derive(Debug, Clone)]
pub struct Installation {
    /// The snippet in the pages.
    pub snippet: Snippet,
    /// The SDK they load.
    pub build: Build,
}

impl Installation {
    /// A build as [`Build::take`] takes it, with the snippet of `profile`.
    pub fn take(sdk: Option<&str>, profile: &Profile, files: &Files) -> Result<Self, BuildError> {
        let entry = profile.install.scripts.last();
        Ok(Self {
            snippet: Snippet::of_profile(profile)?,
            build: Build::take(sdk, entry.map_or("", String::as_str), files)?,
        })
    }

    /// The bundled reference SDK with the snippet of the API page: what mutants are made of.
    pub fn reference(files: &Files) -> Result<Self, InputError> {
        Ok(Self {
            snippet: Snippet::bundled()?,
            build: Build::reference(files)?,
        })
    }
}
