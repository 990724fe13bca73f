use std::collections::BTreeMap;
use std::ops::Range;

use serde::Deserialize;
use toml::Spanned;

use super::SCHEMA;
use crate::contract::{CheckId, EngineName};
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
    /// As `--engine` takes it; absent in baselines of versions that did not write it: the default.
    engine: Option<Spanned<String>>,
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

/// Reads a baseline; `engines` are all there are, the default one first.
///
/// # Errors
/// If it is no baseline, or one of another shape than this version's; with the line.
pub fn read_baseline(source: &Source, engines: &[EngineName]) -> Result<Side, InputError> {
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
    let engine = engine_of(source, file.engine.as_ref(), engines)?;
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
        engine: engine.map(|own| own.name.to_owned()),
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

/// What a baseline says of its engine, and where.
#[derive(Deserialize)]
struct EngineLine {
    schema: Spanned<String>,
    engine: Option<Spanned<String>>,
}

/// Refuses a baseline that is not of this one of `engines`, for a run that would write it anew.
///
/// # Errors
/// If it is of another one; with the line that says so.
pub fn refuse_other_engine(
    source: &Source,
    engine: EngineName,
    engines: &[EngineName],
) -> Result<(), InputError> {
    let file: EngineLine = source.toml()?;
    let own = engine_of(source, file.engine.as_ref(), engines)?;
    let Some(own) = own.filter(|own| own.id != engine.id) else {
        return Ok(());
    };
    let (of, now, id) = (own.name, engine.name, engine.id);
    let what = match &file.engine {
        Some(_) => "this is the baseline",
        None => "this baseline names no engine, and so is that",
    };
    let found =
        format!("{what} of {of}, and this run is in {now}: updated, it would lose what {of} does");
    let help = format!(
        "expected `engine = \"{id}\"`: name another file for {now}, or run with --engine {}",
        own.id
    );
    let line = file.engine.as_ref().unwrap_or(&file.schema).span();
    Err(source
        .error(found)
        .at_line(source.line_of(&line))
        .help(help))
}

/// The engine that a baseline names, or the one that it stands for.
fn engine_of(
    source: &Source,
    id: Option<&Spanned<String>>,
    engines: &[EngineName],
) -> Result<Option<EngineName>, InputError> {
    let Some(id) = id else {
        return Ok(engines.first().copied());
    };
    let found = engines.iter().find(|own| own.id == id.get_ref());
    found.copied().map(Some).ok_or_else(|| {
        let error = source.error(format!("there is no engine `{}`", id.get_ref()));
        let known: Vec<&str> = engines.iter().map(|own| own.id).collect();
        let help = format!("the engines are {}", known.join(", "));
        error.at_line(source.line_of(&id.span())).help(help)
    })
}

/// The names by which a pattern may mean a check: nothing shows where its scenario ends, so that
/// every part of the id may be one.
fn names(id: &str) -> Vec<String> {
    let ends = id.match_indices(['/', '@', '#']);
    ends.map(|(end, _)| id[..end].to_owned()).collect()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::report::Report;
    use crate::report::baseline::{ENGINES, baseline};
    use crate::report::compare::{Comparison, compare, tests::wired};

    fn named(id: &str) -> EngineName {
        let mut all = ENGINES.into_iter();
        all.find(|own| own.id == id).unwrap()
    }

    /// The baseline of the sample in the engine of this id.
    fn of(engine: &str) -> Source {
        Source {
            name: "baseline.toml".into(),
            text: baseline(&wired(), None, named(engine)),
        }
    }

    /// The same as a version wrote it that did not know engines.
    fn of_no_engine() -> Source {
        let mut source = of("chromium");
        source.text = source.text.replace("engine = \"chromium\"\n", "");
        source
    }

    /// The sample in an engine that never does what its first check needs.
    fn without_first_check(engine: &str) -> Report {
        let mut report = wired();
        report.checks[0].status = Status::NotApplicable;
        let engine = named(engine).name;
        report.environment.as_mut().unwrap().engine = Some(engine.to_owned());
        report
    }

    fn compared(source: &Source, engine: &str) -> Comparison {
        let run = Side::of_report(without_first_check(engine), "run");
        compare(&read_baseline(source, &ENGINES).unwrap(), &run)
    }

    #[rstest]
    #[case::named(of("chromium"), "webkit", ("Chromium", "WebKit"))]
    #[case::not_named(of_no_engine(), "webkit", ("Chromium", "WebKit"))]
    #[case::the_other_way_round(of("webkit"), "chromium", ("WebKit", "Chromium"))]
    fn what_an_engine_never_does_has_not_vanished_since_the_baseline_of_another(
        #[case] source: Source,
        #[case] engine: &str,
        #[case] engines: (&str, &str),
    ) {
        let found = compared(&source, engine);
        assert_eq!(found.engines(), Some(engines));
        assert_eq!((found.vanished.len(), found.of_one_engine), (0, 1));
        assert!(!found.has_regressed(), "{:?}", found.regressions);
        let said = found.circumstances.iter().find(|own| own.what == "engine");
        assert!(said.is_some(), "{:?}", found.circumstances);
    }

    #[rstest]
    #[case::named(of("webkit"), "webkit")]
    #[case::not_named(of_no_engine(), "chromium")]
    fn check_that_is_not_claimed_any_more_has_vanished_in_the_engine_of_the_baseline(
        #[case] source: Source,
        #[case] engine: &str,
    ) {
        let found = compared(&source, engine);
        assert_eq!((found.vanished.len(), found.of_one_engine), (1, 0));
        assert!(found.has_regressed() && found.engines().is_none());
    }

    #[test]
    fn baseline_names_its_engine() {
        assert!(of("firefox").text.contains("\nengine = \"firefox\"\n"));
        let side = read_baseline(&of("firefox"), &ENGINES).unwrap();
        assert_eq!(side.about.engine.as_deref(), Some("Firefox"));
    }

    #[test]
    fn unknown_engine_is_refused_at_its_line() {
        let mut source = of("firefox");
        source.text = source.text.replace("\"firefox\"", "\"netscape\"");
        let error = read_baseline(&source, &ENGINES).unwrap_err().to_string();
        assert!(
            error.contains("there is no engine `netscape`") && error.contains("chromium, firefox"),
            "{error}"
        );
        assert!(
            error.contains(&line_in(&source.text, "netscape")),
            "{error}"
        );
    }

    /// `baseline.toml:line` of the line that holds this.
    fn line_in(text: &str, part: &str) -> String {
        let before = text.lines().take_while(|line| !line.contains(part));
        format!("baseline.toml:{}", before.count() + 1)
    }

    #[rstest]
    #[case::named(of("firefox"), "webkit", "engine = ", "--engine firefox")]
    #[case::not_named(of_no_engine(), "webkit", "schema = ", "names no engine")]
    #[case::the_default(of("firefox"), "chromium", "engine = ", "`engine = \"chromium\"`")]
    fn baseline_of_another_engine_is_not_updated(
        #[case] source: Source,
        #[case] engine: &str,
        #[case] line: &str,
        #[case] said: &str,
    ) {
        let error = refuse_other_engine(&source, named(engine), &ENGINES)
            .unwrap_err()
            .to_string();
        let at = line_in(&source.text, line);
        assert!(error.contains(&at) && error.contains(said), "{error}");
    }

    #[rstest]
    #[case::named(of("webkit"), "webkit")]
    #[case::not_named(of_no_engine(), "chromium")]
    fn baseline_of_the_same_engine_is_updated(#[case] source: Source, #[case] engine: &str) {
        assert_eq!(
            refuse_other_engine(&source, named(engine), &ENGINES),
            Ok(())
        );
    }
}
