//! A profile on top of those that it adds to.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{Inherited, Profile};
use crate::input::{Files, InputError, Source};
use crate::text::near_match;

/// What a profile adds to where it does not say.
const BASE: &str = "alhena";

/// Says that a profile stands alone.
const ALONE: &str = "none";

/// What is said of the name of a bundled profile that there is not.
pub(super) fn which(name: &str, files: &Files) -> String {
    let names = Profile::bundled(files);
    let near = near_match(name, names.iter().map(String::as_str));
    let near = near.map_or_else(String::new, |near| format!("{near}\n   = "));
    format!("{near}bundled are {}", names.join(", "))
}

fn unknown_base(source: &Source, name: &str, files: &Files) -> InputError {
    let which = which(name, files);
    source
        .error(format!(
            "it extends `{name}`, and there is no bundled profile of this name"
        ))
        .help(format!("{which}; or \"{ALONE}\", to stand alone"))
}

/// The path of a bundled profile, below the fixtures.
pub(super) fn bundled(name: &str) -> String {
    format!("profiles/{name}.toml")
}

/// The table of a profile with all that it inherits.
///
/// # Errors
/// If a file is no TOML, or one that it adds to does not exist.
pub(super) fn merged<'s>(
    own: &'s Source,
    bases: &'s [Source],
) -> Result<Spanned<DeTable<'s>>, InputError> {
    let mut merged = table(own)?;
    for base in bases {
        let mut base = table(base)?;
        for part in Inherited::ALL {
            if goes_without(&merged, part) {
                base.get_mut().remove(part.table());
            }
        }
        merged = over(base, merged);
    }
    Ok(merged)
}

fn table(source: &Source) -> Result<Spanned<DeTable<'_>>, InputError> {
    DeTable::parse(&source.text).map_err(|error| source.toml_error(&error))
}

fn goes_without(table: &Spanned<DeTable<'_>>, part: Inherited) -> bool {
    let without = table.get_ref().get("without");
    let names = without.and_then(|value| value.get_ref().as_array());
    let mut names = names.into_iter().flatten();
    names.any(|name| name.get_ref().as_str() == Some(part.table()))
}

/// The profiles that `source` adds to: the one it names, the one which that names, and so on.
pub(super) fn bases(source: &Source, files: &Files) -> Result<Vec<Source>, InputError> {
    let mut bases: Vec<Source> = Vec::new();
    loop {
        let last = bases.last().unwrap_or(source);
        let own = table(last)?;
        let extends = own.get_ref().get("extends");
        let name = match extends.and_then(|value| value.get_ref().as_str()) {
            Some(ALONE) => return Ok(bases),
            None if last.name.ends_with(&bundled(BASE)) => return Ok(bases),
            None => BASE,
            Some(name) => name,
        };
        let line = last.line_of_key(&["extends"]);
        if !files.has_fixture(&bundled(name)) {
            return Err(unknown_base(last, name, files).at_line(line));
        }
        let base = files.fixture(&bundled(name))?;
        if bases.iter().any(|known| known.name == base.name) {
            return Err(last
                .error(format!("it extends {name}, which extends itself"))
                .at_line(line)
                .help("take `extends` out, or name another profile"));
        }
        bases.push(base);
    }
}

/// `own` on top of `base`: tables are merged, anything else is replaced. Errors then point into the
/// user's own text.
fn over<'i>(base: Spanned<DeTable<'i>>, own: Spanned<DeTable<'i>>) -> Spanned<DeTable<'i>> {
    let span = own.span();
    let mut merged = base.into_inner();
    for (key, value) in own.into_inner() {
        // Half of one conversation and half of another make none.
        let name: &str = key.get_ref().as_ref();
        let is_whole = Inherited::ALL.iter().any(|part| part.table() == name);
        let before = merged.remove(name);
        let span = value.span();
        let value = match (before.map(Spanned::into_inner), value.into_inner()) {
            (Some(DeValue::Table(before)), DeValue::Table(own)) if !is_whole => {
                let at = |table| Spanned::new(span.clone(), table);
                DeValue::Table(over(at(before), at(own)).into_inner())
            }
            (_, own) => own,
        };
        merged.insert(key, Spanned::new(span, value));
    }
    Spanned::new(span, merged)
}
