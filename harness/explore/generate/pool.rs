//! The pages, events and malformed entries that journeys are made of.

use std::collections::BTreeSet;

use serde::Deserialize;

use crate::contract::{BrowserFeature, Event, EventFiles};
use crate::input::{Files, InputError, Source};
use crate::scenario::Line;
use crate::sdk::Profile;

/// The file that lists them, below the fixtures.
const FILE: &str = "journeys.toml";

/// What journeys are made of.
#[derive(Debug, Clone)]
pub struct Pool {
    /// The pages of the shop.
    pub pages: Vec<String>,
    /// The simplest page.
    pub plain_page: String,
    /// The pages that have a place for the Product FAQs.
    pub faq_pages: Vec<String>,
    pub carts: Vec<Event>,
    pub orders: Vec<Event>,
    /// The simplest events: what shrinking puts in the place of others.
    pub plain_carts: Vec<Event>,
    pub plain_orders: Vec<Event>,
    pub refused: Vec<Event>,
    /// Expressions of what no queue can make an event of.
    pub bad_entries: Vec<String>,
    /// What the browser never does: no journey needs it.
    pub without: BTreeSet<BrowserFeature>,
}

/// The same, with the names of the events.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PoolFile {
    pages: Vec<String>,
    plain_page: String,
    faq_pages: Vec<String>,
    carts: Vec<String>,
    orders: Vec<String>,
    plain_carts: Vec<String>,
    plain_orders: Vec<String>,
    refused: Vec<String>,
    bad_entries: Vec<String>,
}

impl Pool {
    /// Reads `journeys.toml`, and the events that it names, without those that `profile` does not
    /// claim.
    ///
    /// # Errors
    /// If it or one of the events cannot be read, or the profile names an event that it has not.
    pub fn load(files: &Files, profile: &Profile) -> Result<Self, InputError> {
        let source = files.fixture(FILE)?;
        let file: PoolFile = source.toml()?;
        let excused = profile.not_claimed.iter().flat_map(|own| &own.events);
        let excused: Vec<&String> = excused.collect();
        let all: Vec<&String> = file.carts.iter().chain(&file.orders).collect();
        if let Some(unknown) = excused.iter().find(|own| !all.contains(own)) {
            let found = format!("`{unknown}` in [[not_claimed]] is no event of {FILE}");
            let help = format!("it is one of the `carts` or `orders` of {FILE}");
            return Err(profile.origin.error_at(unknown, found).help(help));
        }
        let read = |names: &[String]| {
            let names = names.iter().filter(|name| !excused.contains(name));
            let names: Vec<String> = names.cloned().collect();
            events(&names, &source, files)
        };
        Ok(Self {
            carts: read(&file.carts)?,
            orders: read(&file.orders)?,
            plain_carts: read(&file.plain_carts)?,
            plain_orders: read(&file.plain_orders)?,
            refused: read(&file.refused)?,
            pages: file.pages,
            plain_page: file.plain_page,
            faq_pages: file.faq_pages,
            bad_entries: file.bad_entries,
            without: BTreeSet::new(),
        })
    }

    /// The same for a browser that never does this.
    #[must_use]
    pub fn without(self, features: impl IntoIterator<Item = BrowserFeature>) -> Self {
        Self {
            without: features.into_iter().collect(),
            ..self
        }
    }

    /// Whether journeys call it.
    pub fn holds(&self, event: &Event) -> bool {
        let mut all = self.carts.iter().chain(&self.orders).chain(&self.refused);
        all.any(|own| own == event)
    }
}

/// The events of these names, which stand in `source`.
fn events(names: &[String], source: &Source, files: &Files) -> Result<Vec<Event>, InputError> {
    let events = &EventFiles::of(files);
    let mut all = Vec::new();
    for name in names {
        let quoted = format!("\"{name}\"");
        let index = source.text.lines().position(|line| line.contains(&quoted));
        let line = Line {
            source,
            events,
            number: index.unwrap_or_default() + 1,
        };
        all.extend(line.events(std::slice::from_ref(name))?);
    }
    Ok(all)
}
