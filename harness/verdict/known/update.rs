use toml::value::{Date, Datetime};
use toml_edit::{ArrayOfTables, DocumentMut, Item, Table, value};

use super::apply::{EntryState, EntryVerdict};
use super::entry::KnownFailures;
use crate::contract::CheckId;
use crate::input::InputError;
use crate::verdict::{Bearing, Status};

#[cfg(test)]
mod tests;

/// The key of the entries.
const ENTRIES: &str = "known_failure";

/// A reason longer than this is cut; the report holds the message whole.
const LONGEST_REASON: usize = 200;

/// A check that fails, or fails sometimes, and that no entry excuses.
#[derive(Debug, Clone)]
pub struct NewFailure {
    /// The check.
    pub check: CheckId,
    /// What it found.
    pub message: String,
    /// It held in another attempt.
    pub flaky: bool,
}

/// A list that fits the run, and how it came to be.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Update {
    /// The whole file.
    pub text: String,
    /// Checks that got an entry.
    pub added: Vec<CheckId>,
    /// Entries that were removed, as `line: state`.
    pub removed: Vec<String>,
    /// Entries that now name only the checks that fail, as `line: check`.
    pub narrowed: Vec<String>,
    /// Entries that make the run fail and want a person, as `line: why`.
    pub left: Vec<String>,
}

/// The list as it would have to be for the run to be green. Comments and order stay.
///
/// What is new gets an entry until `expires`. What has expired is left alone: whether to wait
/// longer is for a person to say. `browser` is the name of the run's, where its engine is not the
/// default one: what is new is said of it alone, and an entry that names no browser is left, since
/// what it says may be so in another engine.
///
/// # Errors
/// If the entries are not written as tables of their own.
pub fn updated(
    known: &KnownFailures,
    verdicts: &[EntryVerdict<'_>],
    failed: &[NewFailure],
    expires: Date,
    browser: Option<&str>,
) -> Result<Update, InputError> {
    let wrong = |why: String| InputError::new(&known.file, why);
    let mut document: DocumentMut = known
        .text
        .parse()
        .map_err(|error: toml_edit::TomlError| wrong(error.to_string()))?;
    let none = Item::ArrayOfTables(ArrayOfTables::new());
    let entries = document.entry(ENTRIES).or_insert(none);
    let Some(tables) = entries.as_array_of_tables_mut() else {
        return Err(wrong(format!(
            "these entries cannot be updated in place: write each as [[{ENTRIES}]]"
        )));
    };
    let mut update = Update::default();
    let mut kept = ArrayOfTables::new();
    // What stands above a removed entry, and apart from it, is not its own.
    let mut orphaned = String::new();
    for (verdict, table) in verdicts.iter().zip(std::mem::take(tables)) {
        let standing = Standing::of(verdict, browser);
        let line = verdict.entry.line;
        let mut own = match standing {
            Standing::Stays => vec![table],
            Standing::Left(why) => {
                update.left.push(format!("{line}: {why}"));
                vec![table]
            }
            Standing::Goes => {
                let state = verdict.state.word();
                update.removed.push(format!("{line}: {state}"));
                orphaned.push_str(apart(&table));
                continue;
            }
            Standing::Narrows(checks) => {
                let check = verdict.entry.check.text();
                update.narrowed.push(format!("{line}: {check}"));
                let checks = checks.iter().enumerate();
                checks
                    .map(|(index, check)| narrowed(&table, check, index == 0))
                    .collect()
            }
        };
        if let Some(first) = own.first_mut()
            && !orphaned.is_empty()
        {
            let prefix = prefix_of(first).trim_start_matches('\n').to_owned();
            let prefix = std::mem::take(&mut orphaned) + &prefix;
            first.decor_mut().set_prefix(prefix);
        }
        kept.extend(own);
    }
    let is_expired = |check: &CheckId| {
        verdicts.iter().any(|verdict| {
            verdict.state == EntryState::Expired && verdict.checks.iter().any(|(id, _)| id == check)
        })
    };
    for failure in failed.iter().filter(|failure| !is_expired(&failure.check)) {
        let mut table = added(failure, expires, browser);
        let is_first = orphaned.is_empty() && kept.is_empty() && known.text.trim().is_empty();
        let before = if is_first { "" } else { "\n" };
        table
            .decor_mut()
            .set_prefix(std::mem::take(&mut orphaned) + before);
        kept.push(table);
        update.added.push(failure.check.clone());
    }
    *tables = kept;
    if !orphaned.is_empty() {
        let trailing = document.trailing().as_str().unwrap_or_default().to_owned();
        document.set_trailing(format!("{orphaned}{trailing}"));
    }
    update.text = document.to_string();
    Ok(update)
}

/// What is to become of an entry.
enum Standing {
    Stays,
    Left(&'static str),
    Goes,
    Narrows(Vec<CheckId>),
}

impl Standing {
    /// `browser`: as [`updated`] takes it.
    fn of(verdict: &EntryVerdict<'_>, browser: Option<&str>) -> Self {
        match verdict.state {
            EntryState::Stale | EntryState::TooWide
                if browser.is_some() && verdict.entry.browser.is_none() =>
            {
                Self::Left(
                    "it names no browser, and its checks may still fail in another engine: give \
                     it a `browser`, or remove it",
                )
            }
            EntryState::Stale | EntryState::Unmatched => Self::Goes,
            EntryState::Expired => {
                Self::Left("it has expired: fix it, or say why it may wait longer")
            }
            EntryState::TooWide => {
                let is_judged = |status: Status| match Bearing::of_found(status) {
                    Bearing::SdkFault | Bearing::Holds => true,
                    Bearing::MachineFault | Bearing::Undecided | Bearing::Excused => false,
                };
                let all_are_judged = verdict.checks.iter().all(|(_, status)| is_judged(*status));
                let checks = verdict.checks.iter();
                let failing = checks.filter(|(_, status)| status.as_found() == Status::Fail);
                let failing: Vec<CheckId> = failing.map(|(id, _)| id.clone()).collect();
                if verdict.not_selected > 0 || !all_are_judged {
                    Self::Left("it is too wide, and matches checks that this run did not judge")
                } else if failing.is_empty() {
                    Self::Goes
                } else {
                    Self::Narrows(failing)
                }
            }
            EntryState::Failing
            | EntryState::Held
            | EntryState::NotApplicable
            | EntryState::NotSelected
            | EntryState::Undecided => Self::Stays,
        }
    }
}

fn prefix_of(table: &Table) -> &str {
    let prefix = table.decor().prefix();
    prefix
        .and_then(|prefix| prefix.as_str())
        .unwrap_or_default()
}

/// The comments above an entry that a blank line keeps apart from it.
fn apart(table: &Table) -> &str {
    let prefix = prefix_of(table);
    let head = prefix.rfind("\n\n").map_or("", |end| &prefix[..end + 2]);
    if head.trim().is_empty() { "" } else { head }
}

/// The entry for one of its checks alone; its comments stay with the first.
fn narrowed(table: &Table, check: &CheckId, is_first: bool) -> Table {
    let mut own = table.clone();
    if let Some(Item::Value(old)) = own.get_mut("check") {
        let decor = old.decor().clone();
        *old = check.0.as_str().into();
        *old.decor_mut() = decor;
    }
    if !is_first {
        own.decor_mut().set_prefix("\n");
        own.set_position(None);
    }
    own
}

fn added(failure: &NewFailure, expires: Date, browser: Option<&str>) -> Table {
    let mut table = Table::new();
    table["check"] = value(failure.check.0.as_str());
    let message = failure.message.replace(char::is_control, " ");
    let message: String = message.chars().take(LONGEST_REASON).collect();
    table["reason"] = value(format!("found: {message}"));
    table["expires"] = value(Datetime::from(expires));
    if let Some(browser) = browser {
        table["browser"] = value(browser);
    }
    if failure.flaky {
        table["flaky"] = value(true);
    }
    table
}
