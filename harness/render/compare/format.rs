use super::document;
use crate::render::rows::{self, Rows};
use crate::render::terminal::{self, Screen};
use crate::render::{html, markdown};
use crate::report::compare::Comparison;

/// A way to show a comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(test, derive(serde::Deserialize))]
pub enum ComparisonFormat {
    /// For a terminal, styled; who prints it decides whether the styles stay.
    Text,
    /// All of it, with its schema.
    Json,
    /// For a comment in a review.
    Markdown,
    /// One page that needs nothing beside it.
    Html,
    /// For CI systems that show tests: each regression is a failed one.
    Junit,
    /// Workflow commands, which annotate a change.
    Github,
    /// The Common Test Report Format, a JSON: ctrf.io.
    Ctrf,
}

impl Comparison {
    /// The comparison for a terminal.
    pub fn text(&self, screen: Screen) -> String {
        terminal::text(&document(self), screen)
    }

    /// The comparison in this format.
    pub fn rendered(&self, format: ComparisonFormat) -> String {
        match format {
            ComparisonFormat::Text => self.text(Screen::default()),
            ComparisonFormat::Json => serde_json::to_string_pretty(self).unwrap_or_default() + "\n",
            ComparisonFormat::Markdown => markdown::markdown(&document(self)),
            ComparisonFormat::Html => html::html(&document(self)),
            ComparisonFormat::Junit => rows::junit(&Rows::of_comparison(self)),
            ComparisonFormat::Ctrf => rows::ctrf(&Rows::of_comparison(self)),
            ComparisonFormat::Github => rows::github(&Rows::of_comparison(self), |_| true),
        }
    }
}
