use std::sync::Arc;

use super::build::sha256;
use crate::input::{Files, InputError};

/// Where the documented snippet lies, below `pages/`. Every page holds it byte for byte.
const BUNDLED: &str = "install/snippet.html";

/// The queue snippet that a shop pastes into the head of its pages, its `<script>` element included.
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
    ///
    /// # Errors
    /// If the harness's own file is missing.
    pub fn bundled() -> Result<Self, InputError> {
        let html = Files::page(BUNDLED).and_then(|bytes| String::from_utf8(bytes).ok());
        let html = html.ok_or_else(|| InputError::new(format!("pages/{BUNDLED}"), "the harness's own snippet is missing"))?;
        Ok(Self::of("the API page's", html.trim_end()))
    }

    /// A snippet of this HTML.
    #[must_use]
    pub fn of(source: &str, html: &str) -> Self {
        Self { source: source.to_owned(), html: html.into(), sha256: sha256(html.as_bytes()) }
    }
}
