use serde::Deserialize;
use toml::Spanned;
use toml::value::{Date, Datetime};

use super::target::Target;
use crate::input::{InputError, Source};
use crate::plan::{Case, CaseCheck, Pattern};

/// Fewer hex digits than this name more than one build sooner or later.
const SHORTEST_SHA256: usize = 8;

/// A list of known failures.
#[derive(Debug, Clone)]
pub struct KnownFailures {
    /// The file, as a person knows it.
    pub file: String,
    /// Its text.
    pub text: String,
    /// Its entries, in its order.
    pub entries: Vec<Entry>,
}

/// One known failure.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The line of its head, counted from 1.
    pub line: usize,
    /// The checks that fail: their ids, scenarios or requirements.
    pub check: Pattern,
    /// In which browser: a pattern of its name, or of its name and version; absent: in any.
    pub browser: Option<Pattern>,
    /// In which build; absent: in any.
    pub sdk: Option<SdkMark>,
    /// Why it is not fixed yet.
    pub reason: String,
    /// Where it is being fixed.
    pub link: Option<String>,
    /// The last day on which it excuses anything, in UTC; absent: it never ends.
    pub expires: Option<Date>,
    /// It comes and goes: neither a pass nor a mixed verdict is unexpected.
    pub flaky: bool,
    /// It is a limit of an engine, and no failure of the build.
    pub limit: Option<Limit>,
}

/// Which engine cannot keep something, and in which file that stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limit {
    /// The file, as a person knows it.
    pub file: String,
    /// The engine, by its name in that file.
    pub engine: String,
}

/// How an entry identifies a build.
#[derive(Debug, Clone)]
pub enum SdkMark {
    /// The first hex digits of its SHA-256, in lower case.
    Sha256(String),
    /// A pattern of the last part of its path or URL; `reference` for the bundled one.
    Name(Pattern),
}

/// Whether an entry says anything about a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// It does.
    InForce,
    /// It did, until this day.
    Expired(Date),
    /// It is about another browser or another build, for this reason.
    Elsewhere(String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct KnownFile {
    #[serde(default)]
    known_failure: Vec<Spanned<EntryFile>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EntryFile {
    check: Spanned<String>,
    browser: Option<Spanned<String>>,
    sdk: Option<Spanned<String>>,
    reason: Spanned<String>,
    link: Option<Spanned<String>>,
    expires: Option<Spanned<Datetime>>,
    #[serde(default)]
    flaky: bool,
}

impl KnownFailures {
    /// A list without entries, for a file that is still to be written.
    pub fn none(file: &str) -> Self {
        Self {
            file: file.to_owned(),
            text: String::new(),
            entries: Vec::new(),
        }
    }

    /// Reads a list.
    ///
    /// # Errors
    /// If it is not TOML, or an entry does not say what fails and why.
    pub fn new(source: Source) -> Result<Self, InputError> {
        let file: KnownFile = source.toml()?;
        let entries = file
            .known_failure
            .into_iter()
            .map(|entry| Entry::new(&source, entry))
            .collect::<Result<_, _>>()?;
        Ok(Self {
            file: source.name,
            text: source.text,
            entries,
        })
    }

    /// The same, with these entries of another file after its own.
    #[must_use]
    pub fn with(mut self, others: Vec<Entry>) -> Self {
        self.entries.extend(others);
        self
    }

    /// `file:line` of an entry.
    pub fn at(&self, entry: &Entry) -> String {
        let limit = entry.limit.as_ref();
        let file = limit.map_or(&self.file, |limit| &limit.file);
        format!("{file}:{}", entry.line)
    }
}

impl Entry {
    fn new(source: &Source, entry: Spanned<EntryFile>) -> Result<Self, InputError> {
        let line = source.line_of(&entry.span());
        let entry = entry.into_inner();
        let text = |key: &str, value: &Spanned<String>| filled(source, key, value);
        let given = |key: &str, value: &Option<Spanned<String>>| {
            value.as_ref().map(|value| text(key, value)).transpose()
        };
        let expires = entry.expires.as_ref();
        let expires = expires.map(|expires| day(source, expires)).transpose()?;
        if entry.flaky && expires.is_none() {
            let error = source.error("this known failure is flaky and never expires");
            return Err(error.at_line(line).help(
                "a flaky one that was fixed looks like one that holds by chance: give it an \
                 `expires`",
            ));
        }
        let mark = |written: &Spanned<String>| {
            SdkMark::new(&text("sdk", written)?).map_err(|why| {
                let help = "give more of the digits that a run prints, or a pattern of the file's \
                            name";
                let line = source.line_of(&written.span());
                source.error(why).at_line(line).help(help)
            })
        };
        let sdk = entry.sdk.as_ref().map(mark).transpose()?;
        Ok(Self {
            line,
            check: Pattern::new(&text("check", &entry.check)?),
            browser: given("browser", &entry.browser)?.map(|browser| Pattern::new(&browser)),
            sdk,
            reason: text("reason", &entry.reason)?,
            link: given("link", &entry.link)?,
            expires,
            flaky: entry.flaky,
            limit: None,
        })
    }

    /// Whether it is about this check of `case`.
    pub fn is_of(&self, case: &Case, check: &CaseCheck) -> bool {
        let names = [case.id.as_str(), &case.scenario.id];
        self.check.matches(&check.id, &names, &check.requirements)
    }

    /// Whether it says anything about a run on `target`.
    pub fn standing(&self, target: &Target<'_>) -> Standing {
        if let Some(browser) = &self.browser {
            let Some((name, version)) = target.browser else {
                return Standing::Elsewhere("no browser was had".into());
            };
            let full = format!("{name} {version}");
            if !browser.is_of(name) && !browser.is_of(&full) {
                let own = browser.text();
                let why = format!("it is about the browser `{own}`, this is {full}");
                return Standing::Elsewhere(why);
            }
        }
        if let Some(why) = self.sdk.as_ref().and_then(|sdk| sdk.reason_against(target)) {
            return Standing::Elsewhere(why);
        }
        match self.expires {
            Some(last) if last < target.today => Standing::Expired(last),
            _ => Standing::InForce,
        }
    }
}

impl SdkMark {
    fn new(text: &str) -> Result<Self, String> {
        let is_hex = text.chars().all(|letter| letter.is_ascii_hexdigit());
        match text.len() {
            SHORTEST_SHA256..=64 if is_hex => Ok(Self::Sha256(text.to_ascii_lowercase())),
            digits if is_hex => Err(format!(
                "`{text}` has {digits} hex digits; a part of a SHA-256 has {SHORTEST_SHA256} to 64"
            )),
            _ => Ok(Self::Name(Pattern::new(text))),
        }
    }

    /// Why it is not the mark of the build of `target`.
    fn reason_against(&self, target: &Target<'_>) -> Option<String> {
        let (sha256, name) = (target.sha256, file_name(target.sdk));
        match self {
            Self::Sha256(digits) => (!sha256.starts_with(digits))
                .then(|| format!("it is about the SDK of sha256 {digits}…, this is {sha256}")),
            Self::Name(pattern) => (!pattern.is_of(name))
                .then(|| format!("it is about the SDK `{}`, this is {name}", pattern.text())),
        }
    }
}

/// A text of an entry that may not be empty.
pub(super) fn filled(
    source: &Source,
    key: &str,
    value: &Spanned<String>,
) -> Result<String, InputError> {
    match value.get_ref().trim() {
        "" => Err(source
            .error(format!("`{key}` of this entry is empty"))
            .at_line(source.line_of(&value.span()))
            .help(help_for(key))),
        text => Ok(text.to_owned()),
    }
}

fn help_for(key: &str) -> &'static str {
    match key {
        "check" => "name the checks that fail; `alhena-conformance list` shows them",
        "reason" => "say why it is not fixed yet: somebody will want to know",
        _ => "fill it in, or remove the line",
    }
}

fn day(source: &Source, expires: &Spanned<Datetime>) -> Result<Date, InputError> {
    match expires.get_ref() {
        Datetime {
            date: Some(date),
            time: None,
            offset: None,
        } => Ok(*date),
        other => Err(source
            .error(format!("`expires` is {other}, which is not a day"))
            .at_line(source.line_of(&expires.span()))
            .help("write a day alone: 2026-12-31")),
    }
}

/// The last part of a path or a URL, without the query.
fn file_name(source: &str) -> &str {
    let path = source.split(['?', '#']).next().unwrap_or(source);
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}
