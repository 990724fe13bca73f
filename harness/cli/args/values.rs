//! How the formats of reports and the kept evidence are named on the command line.

use clap::ValueEnum;
use clap::builder::PossibleValue;

use crate::render::{ComparisonFormat, Format};
use crate::report::Keep;

impl ValueEnum for Format {
    fn value_variants<'a>() -> &'a [Self] {
        use Format::{Ctrf, Github, Html, Junit, Markdown, Text};
        &[Text, Html, Junit, Github, Markdown, Ctrf]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        let (name, help) = match self {
            Self::Text => ("text", "For a terminal"),
            Self::Html => ("html", "One file for a browser, which loads nothing"),
            Self::Junit => ("junit", "JUnit XML, for the test pages of CI systems"),
            Self::Github => (
                "github",
                "Annotations for GitHub Actions; also appends the Markdown to the step summary",
            ),
            Self::Markdown => (
                "markdown",
                "For a pull request comment, with a marker that identifies it",
            ),
            Self::Ctrf => ("ctrf", "JSON in the Common Test Report Format"),
        };
        Some(PossibleValue::new(name).help(help))
    }
}

impl ValueEnum for ComparisonFormat {
    fn value_variants<'a>() -> &'a [Self] {
        use ComparisonFormat::{Ctrf, Github, Html, Json, Junit, Markdown, Text};
        &[Text, Json, Markdown, Html, Junit, Github, Ctrf]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        let (name, help) = match self {
            Self::Text => ("text", "For a terminal"),
            Self::Json => (
                "json",
                "For programs: `schema compare` prints its JSON Schema",
            ),
            Self::Markdown => (
                "markdown",
                "For a pull request comment, with a marker that identifies it",
            ),
            Self::Html => ("html", "One file for a browser, which loads nothing"),
            Self::Junit => (
                "junit",
                "JUnit XML, for the test pages of CI systems: each regression is a failed test",
            ),
            Self::Github => ("github", "Annotations for GitHub Actions"),
            Self::Ctrf => ("ctrf", "The Common Test Report Format, a JSON"),
        };
        Some(PossibleValue::new(name).help(help))
    }
}

impl ValueEnum for Keep {
    fn value_variants<'a>() -> &'a [Self] {
        &[Self::Nothing, Self::Failed, Self::All]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        let (name, help) = match self {
            Self::Nothing => ("none", "None"),
            Self::Failed => ("failed", "That of cases with a failed or undecided check"),
            Self::All => ("all", "That of every case"),
        };
        Some(PossibleValue::new(name).help(help))
    }
}
