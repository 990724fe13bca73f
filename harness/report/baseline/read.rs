use std::collections::BTreeMap;
use std::ops::Range;

use serde::Deserialize;
use toml::Spanned;

use super::SCHEMA;
use crate::contract::CheckId;
use crate::input::{InputError, Source};
use crate::report::compare::{Side, SideCheck, SideKind, SideReport, WireSummary};
use crate::report::model::{CauseReport, ProfileReport, SnippetReport};
use crate::verdict::{CauseId, Status};

/// What to do about a file that cannot be used.
const HELP: &str = "`run --baseline FILE --update-baseline` writes it anew";

/// The file as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct BaselineFile {
    schema: Spanned<String>,
    harness: String,
    sdk_sha256: String,
    snippet_sha256: String,
    profile: String,
    profile_sha256: String,
    filter: Vec<String>,
    /// Every verdict but `pass`, by check.
    #[serde(default)]
    verdicts: BTreeMap<String, Spanned<Status>>,
    /// The sentences of the causes of what fails, by their stable names; absent in baselines of
    /// versions that did not look for them.
    #[serde(default)]
    causes: Option<BTreeMap<String, String>>,
    /// Values as JSON, by check; an empty text: it could not be seen.
    #[serde(default)]
    observations: BTreeMap<String, Spanned<String>>,
    /// The checks that pass, by what stands before `#` in their ids.
    #[serde(default)]
    holds: BTreeMap<String, Spanned<Vec<String>>>,
    wire: Option<WireSummary>,
}

/// Reads a baseline.
///
/// # Errors
/// If it is no baseline, or one of another shape than this version's; with the line.
pub fn read_baseline(source: &Source) -> Result<Side, InputError> {
    let file: BaselineFile = source.toml()?;
    let wrong = |found: String, span: Range<usize>| {
        let line = source.line_of(&span);
        source.error(found).at_line(line).help(HELP)
    };
    let schema = file.schema.get_ref();
    if schema != SCHEMA {
        let found = format!("it has the shape {schema}, and this version reads {SCHEMA}");
        return Err(wrong(found, file.schema.span()));
    }
    let mut checks: BTreeMap<CheckId, SideCheck> = BTreeMap::new();
    let mut take = |id: String, check: SideCheck, span: Range<usize>| {
        if !id.contains('#') {
            let found = format!("`{id}` is no check: an id reads scenario#check");
            return Err(wrong(found, span));
        }
        let names = names(&id);
        match checks.insert(CheckId(id.clone()), SideCheck { names, ..check }) {
            Some(_) => Err(wrong(format!("`{id}` stands here twice"), span)),
            None => Ok(()),
        }
    };
    for (id, status) in file.verdicts {
        take(
            id,
            SideCheck::with_verdict(*status.get_ref()),
            status.span(),
        )?;
    }
    for (id, json) in file.observations {
        let value = match json.get_ref().as_str() {
            "" => Ok(None),
            json => serde_json::from_str(json).map(Some),
        };
        let value = value.map_err(|error| {
            let found = format!("the observation of `{id}` is not JSON: {error}");
            wrong(found, json.span())
        })?;
        take(id, SideCheck::with_observation(value), json.span())?;
    }
    for (case, held) in file.holds {
        for name in held.get_ref() {
            let check = SideCheck::with_verdict(Status::Pass);
            take(format!("{case}#{name}"), check, held.span())?;
        }
    }
    let about = SideReport {
        engine: None,
        source: source.name.clone(),
        kind: SideKind::Baseline,
        sdk_sha256: file.sdk_sha256,
        snippet: SnippetReport {
            sha256: file.snippet_sha256,
            ..SnippetReport::default()
        },
        profile: ProfileReport {
            name: file.profile,
            sha256: file.profile_sha256,
            ..ProfileReport::default()
        },
        harness: file.harness,
        filter: file.filter,
        checks: checks.len(),
        ..SideReport::default()
    };
    let causes = file.causes.map(|causes| {
        let named = causes.into_iter();
        named
            .map(|(id, sentence)| CauseReport::named(CauseId(id), sentence))
            .collect()
    });
    Ok(Side {
        about,
        checks,
        causes,
        wire: file.wire,
        report: None,
    })
}

/// The names by which a pattern may mean a check: nothing shows where its scenario ends, so that
/// every part of the id may be one.
fn names(id: &str) -> Vec<String> {
    let ends = id.match_indices(['/', '@', '#']);
    ends.map(|(end, _)| id[..end].to_owned()).collect()
}
