//! Conditions: what real pages and browsers are like, beside the ordinary page. Data in
//! `fixtures/conditions/`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use axum::http::{HeaderName, HeaderValue};
use serde::Deserialize;
use serde_json::Value;
use toml::Spanned;

use crate::contract::{BrowserFeature, Register, RequirementId};
use crate::input::{Files, InputError};

/// Where the conditions lie, in the fixtures folder.
const FOLDER: &str = "conditions";

/// In the place of an id: all under which what a page stores is there on the next.
const KEEPING: &str = "keeping";

/// In the place of an id: all under which nothing that a page stores outlives it.
const FORGETTING: &str = "forgetting";

/// One condition of pages: what they hold, and how they are sent.
#[derive(Debug, Clone, PartialEq)]
pub struct Condition {
    /// The name of its file, as scenarios and ids write it.
    pub id: String,
    /// As messages put it: “on a page with an AMD loader”.
    pub on: String,
    /// That a build works under it; `None`: the ordinary page, with which the others are compared.
    pub requirement: Option<RequirementId>,
    /// Nothing that a page stores outlives it.
    pub forgets: bool,
    /// What it needs of the browser.
    pub needs: Vec<BrowserFeature>,
    /// The language of the browser, in which it writes numbers and changes the case of letters;
    /// `None`: its own. A BCP 47 tag.
    pub locale: Option<String>,
    /// What it puts into the pages.
    pub page: PageParts,
    /// The pages are in a frame that fills a page of another site.
    pub framed: bool,
    /// Under which domain the shop's hosts lie.
    pub domain: Domain,
    /// The headers that the pages are sent with.
    pub headers: Vec<(HeaderName, HeaderValue)>,
    /// JavaScript expressions, and what each yields on a page under this condition, with an SDK and
    /// without one: the shop, and what the condition is there for, work.
    pub neutral: BTreeMap<String, Value>,
}

/// The domain under which the hosts of a shop lie. All of them resolve to this machine.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
pub enum Domain {
    /// As most shops': its last label alone is the registry's.
    #[default]
    #[serde(rename = "shop.localhost")]
    Plain,
    /// As a British shop's: its last two labels are the registry's, so no cookie can be set for
    /// them. Not a secure context, as `localhost` is.
    #[serde(rename = "shop.co.uk")]
    OfACountry,
}

impl Domain {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Plain => "shop.localhost",
            Self::OfACountry => "shop.co.uk",
        }
    }
}

/// What a condition puts into a page.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PageParts {
    /// A script that runs before everything else, the snippet too.
    pub first: Option<String>,
    /// HTML at the beginning of the body.
    pub body: Option<String>,
    /// A script at the end of the body.
    pub last: Option<String>,
}

impl Condition {
    /// Whether it is the ordinary page.
    pub fn is_ordinary(&self) -> bool {
        self.requirement.is_none()
    }
}

/// A condition as a person writes it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ConditionFile {
    on: String,
    requirement: Option<Spanned<RequirementId>>,
    #[serde(default)]
    forgets: bool,
    #[serde(default)]
    framed: bool,
    #[serde(default)]
    domain: Domain,
    #[serde(default)]
    needs: Vec<BrowserFeature>,
    locale: Option<String>,
    #[serde(default)]
    page: PageParts,
    #[serde(default)]
    headers: BTreeMap<Spanned<String>, String>,
    #[serde(default)]
    neutral: BTreeMap<String, Value>,
}

/// All conditions, by id.
#[derive(Debug, Clone, Default)]
pub struct Conditions(BTreeMap<String, Arc<Condition>>);

impl Conditions {
    /// Reads all of them.
    ///
    /// # Errors
    /// If one cannot be read, or names a requirement that is none.
    pub fn load(files: &Files, register: &Register) -> Result<Self, InputError> {
        let read = |path: String| {
            let condition = read(&path, files, register)?;
            Ok((condition.id.clone(), Arc::new(condition)))
        };
        let paths = files.list(FOLDER, "toml").into_iter();
        paths.map(read).collect::<Result<_, _>>().map(Self)
    }

    /// Those that a name stands for; empty: it stands for none.
    pub fn named(&self, name: &str) -> Vec<Arc<Condition>> {
        let all = self.0.values();
        match name {
            KEEPING => all.filter(|own| !own.forgets).cloned().collect(),
            FORGETTING => all.filter(|own| own.forgets).cloned().collect(),
            id => self.0.get(id).cloned().into_iter().collect(),
        }
    }

    /// The ids of those under which a shopper's journey goes as on the ordinary page, in a
    /// browser that has every feature but those in `without`.
    pub fn for_journeys(&self, without: &BTreeSet<BrowserFeature>) -> Vec<String> {
        let is_plain = |own: &&Arc<Condition>| {
            let is_usual = own.domain == Domain::default() && !own.framed && own.locale.is_none();
            is_usual && !own.forgets && !own.is_ordinary()
        };
        let is_offered = |own: &&Arc<Condition>| !own.needs.iter().any(|own| without.contains(own));
        let all = self.0.values().filter(is_plain).filter(is_offered);
        all.map(|own| own.id.clone()).collect()
    }

    /// The names that stand for some.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let ids = self.0.keys().map(String::as_str);
        [KEEPING, FORGETTING].into_iter().chain(ids)
    }
}

fn read(path: &str, files: &Files, register: &Register) -> Result<Condition, InputError> {
    let source = files.fixture(path)?;
    let file: ConditionFile = source.toml()?;
    let requirement = |own: Spanned<RequirementId>| {
        let line = source.line_of(&own.span());
        let id = own.into_inner();
        if register.get(&id).is_some() {
            return Ok(id);
        }
        let error = source.error(format!("`{id}` is not a requirement"));
        let help = format!("the requirements are in {}", register.file());
        Err(error.at_line(line).help(help))
    };
    let requirement = file.requirement.map(requirement).transpose()?;
    let header = |(name, value): (Spanned<String>, String)| {
        let line = source.line_of(&name.span());
        let pair = name.as_ref().parse().ok().zip(value.parse().ok());
        pair.ok_or_else(|| {
            let found = format!("`{}` is no header that HTTP can carry", name.as_ref());
            source.error(found).at_line(line)
        })
    };
    let headers = file.headers.into_iter().map(header);
    let headers = headers.collect::<Result<_, InputError>>()?;
    let name = path.trim_start_matches(FOLDER).trim_start_matches('/');
    Ok(Condition {
        id: name.trim_end_matches(".toml").to_owned(),
        on: file.on,
        requirement,
        forgets: file.forgets,
        framed: file.framed,
        domain: file.domain,
        needs: file.needs,
        locale: file.locale,
        page: file.page,
        headers,
        neutral: file.neutral,
    })
}
