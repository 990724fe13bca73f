use std::path::Path;
use std::sync::Arc;

use super::Profile;
use super::build::sha256;
use crate::input::{Files, InputError, Source};

/// Where the documented snippet lies, below `pages/`. Every page holds it byte for byte.
const BUNDLED: &str = "install/snippet.html";

/// The queue snippet that a shop pastes into the head of its pages, its `<script>` element
/// included.
#[derive(Debug, Clone)]
pub struct Snippet {
    /// Where it came from, as the user named it.
    pub source: String,
    /// Its HTML.
    pub html: Arc<str>,
    /// The SHA-256 of that, in hexadecimal.
    pub sha256: String,
}

impl Snippet {
    /// The snippet of the API page.
    pub fn bundled() -> Result<Self, InputError> {
        let html = Files::page(BUNDLED).and_then(|bytes| String::from_utf8(bytes).ok());
        let missing = "the harness's own snippet is missing";
        let html = html.ok_or_else(|| InputError::new(format!("pages/{BUNDLED}"), missing))?;
        Ok(Self::of("the API page's", html.trim_end()))
    }

    /// The snippet that `profile` names, else that of the API page.
    pub fn of_profile(profile: &Profile) -> Result<Self, InputError> {
        match &profile.install.snippet {
            Some(name) => {
                let html = profile.origin.beside.get(name);
                Ok(Self::of(name, html.map_or("", |html| html.trim_end())))
            }
            None => Self::bundled(),
        }
    }

    /// A snippet as a shop has pasted it, from a file.
    ///
    /// # Errors
    /// If it cannot be read, or is no snippet.
    pub fn read(path: &Path) -> Result<Self, InputError> {
        let source = Source::read(path)?;
        if !source.text.contains("<script") {
            let help = "give the snippet as it stands in the page, its <script> tags included";
            return Err(source
                .error("this file holds no <script> element")
                .help(help));
        }
        Ok(Self::of(&source.name, source.text.trim_end()))
    }

    /// A snippet of this HTML.
    pub fn of(source: &str, html: &str) -> Self {
        Self {
            source: source.to_owned(),
            html: html.into(),
            sha256: sha256(html.as_bytes()),
        }
    }
}
