//! A profile on top of those that it adds to.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::Inherited;
use crate::input::{Files, InputError, Source};

/// What a profile adds to where it does not say.
const BASE: &str = "alhena";

/// Says that a profile stands alone.
const ALONE: &str = "none";

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
        let base = files.fixture(&bundled(name))?;
        if bases.iter().any(|known| known.name == base.name) {
            return Err(source.error(format!("it extends {name}, which extends itself")));
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
