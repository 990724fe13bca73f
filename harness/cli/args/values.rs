//! How engines, drivers, formats, the kept evidence, durations and the number of browsers are
//! written on the command line.

use std::ffi::OsStr;
use std::net::IpAddr;
use std::time::Duration;

use clap::builder::{
    PossibleValue, PossibleValuesParser, RangedI64ValueParser, StringValueParser, TypedValueParser,
};
use clap::{Arg, Command, Error, ValueEnum, value_parser};

use crate::browser::{DriverUrl, EngineRef, engine_named, engines};
use crate::cli::workers::MOST_ASKED;
use crate::contract::Level;
use crate::render::{ComparisonFormat, Format};
use crate::report::Keep;

/// How many browsers are open at a time.
pub fn browsers_at_a_time() -> RangedI64ValueParser<u16> {
    value_parser!(u16).range(1..=i64::from(MOST_ASKED))
}

impl ValueEnum for Format {
    fn value_variants<'a>() -> &'a [Self] {
        use Format::{Ctrf, Github, Gitlab, Html, Junit, Markdown, Text};
        &[Text, Html, Junit, Gitlab, Github, Markdown, Ctrf]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        let (name, help) = match self {
            Self::Text => ("text", "For a terminal"),
            Self::Html => ("html", "One file for a browser, which loads nothing"),
            Self::Junit => ("junit", "JUnit XML, for the test pages of CI systems"),
            Self::Gitlab => (
                "gitlab",
                "JUnit XML for GitLab: with the file of each check, and pictures",
            ),
            Self::Github => (
                "github",
                "Annotations for GitHub Actions; also appends the Markdown to the step summary, \
                 and the verdict to the outputs of the step",
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

impl ValueEnum for Level {
    fn value_variants<'a>() -> &'a [Self] {
        &Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        let help = match self {
            Self::Must => "The API page says so",
            Self::Should => "A promise of the API page implies it",
            Self::Observe => "The API page is silent: the value is recorded",
        };
        Some(PossibleValue::new(self.name()).help(help))
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

/// Reads a time such as `90s`, `5m` or `1h`.
pub fn duration(text: &str) -> Result<Duration, String> {
    let units = [("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000)];
    let with_unit = |(unit, ms): (&str, u64)| {
        let count: u64 = text.strip_suffix(unit)?.parse().ok()?;
        count.checked_mul(ms).filter(|ms| *ms > 0)
    };
    let ms = units.into_iter().find_map(with_unit);
    ms.map(Duration::from_millis).ok_or_else(|| {
        "expected a whole number above 0 with its unit: h, m, s or ms, such as 90s".to_owned()
    })
}

/// The URL of a driver, whose name and password no message repeats.
#[derive(Debug, Clone, Copy)]
pub struct DriverUrlParser;

impl TypedValueParser for DriverUrlParser {
    type Value = DriverUrl;

    fn parse_ref(
        &self,
        command: &Command,
        arg: Option<&Arg>,
        value: &OsStr,
    ) -> Result<DriverUrl, Error> {
        let parser = StringValueParser::new().try_map(|text| text.parse::<DriverUrl>());
        let shown = DriverUrl::shown(&value.to_string_lossy());
        let parsed = parser.parse_ref(command, arg, value);
        parsed.or_else(|_| parser.parse_ref(command, arg, OsStr::new(&shown)))
    }
}

/// An address of this machine that another one can connect to.
pub fn advertised(text: &str) -> Result<IpAddr, String> {
    let address: IpAddr = text.parse().map_err(|_| "it is no IP address".to_owned())?;
    let canonical = address.to_canonical();
    let is_broadcast = canonical == IpAddr::V4(std::net::Ipv4Addr::BROADCAST);
    if canonical.is_unspecified() || canonical.is_multicast() || is_broadcast {
        let expected = "expected the address of one interface of this machine, such as 10.0.0.5";
        return Err(format!("nobody can connect to it: {expected}"));
    }
    Ok(address)
}

/// An engine by its name.
pub fn engine() -> impl TypedValueParser<Value = EngineRef> {
    let all = engines().map(|engine| PossibleValue::new(engine.id()).help(engine.name()));
    let by_id = |id: String| engine_named(&id).ok_or("there is no such engine");
    PossibleValuesParser::new(all).try_map(by_id)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// serde's message names every variant.
    fn variants<T: serde::de::DeserializeOwned>() -> usize {
        let error = serde_json::from_str::<T>("\"?\"").err();
        let message = error.map(|error| error.to_string()).unwrap_or_default();
        let (_, names) = message.split_once("expected one of").unwrap_or_default();
        names.matches('`').count() / 2
    }

    fn listed<T: ValueEnum>() -> usize {
        T::value_variants().len()
    }

    #[test]
    fn every_value_can_be_typed() {
        assert_eq!(listed::<Format>(), variants::<Format>());
        assert_eq!(listed::<ComparisonFormat>(), variants::<ComparisonFormat>());
        assert_eq!(listed::<Level>(), variants::<Level>());
        assert_eq!(listed::<Keep>(), variants::<Keep>());
    }

    #[test]
    fn duration_is_a_number_with_its_unit() {
        for (text, seconds) in [("90s", 90), ("5m", 300), ("1h", 3600), ("2000ms", 2)] {
            assert_eq!(duration(text), Ok(Duration::from_secs(seconds)), "{text}");
        }
    }

    #[test]
    fn address_of_one_interface_is_advertised() {
        for text in ["10.0.0.5", "127.0.0.1", "fd00::1"] {
            assert_eq!(advertised(text).map(|own| own.to_string()), Ok(text.into()));
        }
    }

    #[test]
    fn address_that_nobody_can_connect_to_is_not_advertised() {
        for text in [
            "0.0.0.0",
            "::",
            "::ffff:0.0.0.0",
            "224.0.0.1",
            "ff02::1",
            "255.255.255.255",
        ] {
            assert!(advertised(text).is_err(), "{text}");
        }
        assert!(advertised("grid").is_err());
    }

    #[test]
    fn duration_without_a_unit_or_of_nothing_is_refused() {
        for text in [
            "",
            "90",
            "s",
            "0s",
            "-1s",
            "1.5m",
            "5 m",
            "99999999999999999999h",
        ] {
            assert!(duration(text).is_err(), "{text}");
        }
    }
}
