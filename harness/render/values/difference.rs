//! What should have been and what was: texts by letters, lists by items, the rest by fields.

use std::collections::BTreeSet;

use serde_json::Value;
use similar::utils::diff_graphemes;
use similar::{Algorithm, ChangeTag, DiffTag};

use super::json::{leaves, pretty};
use super::{or_missing, or_nothing};
use crate::reading::differences;
use crate::render::document::{Block, Difference, Line, Side, Style, Text};

/// Letters that are compared, and those of them that are shown before the first difference.
const LETTERS: usize = 800;
const CONTEXT: usize = 60;

/// Items of a list that are compared.
const ITEMS: usize = 400;

/// A difference in more letters than these is plain to see; a smaller one may be invisible.
const FEW: usize = 6;

/// The two sides; nothing where the message says it all. Where one alone is there, the other is
/// missing.
pub fn difference(expected: Option<&Value>, actual: Option<&Value>) -> Option<Block> {
    // A type shows where it may be what differs.
    let is_text = |value: Option<&Value>| value.map(Value::is_string);
    let as_json = is_text(expected) != is_text(actual);
    let (full, note) = match (expected, actual) {
        (None, None) => return None,
        (Some(expected), Some(actual)) => both(expected, actual),
        (Some(one), None) | (None, Some(one)) => (whole(one, one), None),
    };
    let side = |value: Option<&Value>, full, style, missing: String| {
        value.map_or_else(
            || Side {
                short: Text::from(&missing),
                full: vec![Line::new().with(style, &missing)],
            },
            |value| Side {
                short: short(value, as_json),
                full,
            },
        )
    };
    Some(Block::Difference(Difference {
        expected: side(expected, full.0, Style::Expected, or_nothing(None)),
        actual: side(actual, full.1, Style::Actual, or_missing(None)),
        note: note.map(Text::from),
    }))
}

/// A text or a list of names without the noise of JSON, unless the type is what differs; anything
/// else as JSON.
fn short(value: &Value, as_json: bool) -> Text {
    match value {
        value if as_json => Text::from(value),
        Value::String(text) => Text::from(text),
        Value::Array(items) if items.is_empty() => Text::from("none"),
        Value::Array(items) => {
            names(items).map_or_else(|| Text::from(value), |names| Text::from(names.join(", ")))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => Text::from(value),
    }
}

type Sides = (Vec<Line>, Vec<Line>);

fn both(expected: &Value, actual: &Value) -> (Sides, Option<String>) {
    match (expected, actual) {
        (Value::String(expected), Value::String(actual)) => letters(expected, actual),
        (Value::Array(old), Value::Array(new)) => match (names(old), names(new)) {
            (Some(old), Some(new)) => (items(&old, &new), None),
            _ => (fields(expected, actual), None),
        },
        (Value::Object(_), Value::Object(_)) => (fields(expected, actual), None),
        _ => {
            let (old, new) = (kind(expected), kind(actual));
            let note = (old != new).then(|| format!("Expected {old}, and {new} was there."));
            (whole(expected, actual), note)
        }
    }
}

fn whole(expected: &Value, actual: &Value) -> Sides {
    let side = |value: &Value, style| match value {
        Value::Array(_) | Value::Object(_) => pretty(value, &leaves(value, &|_| true), style),
        // One line needs no sign that marks it among others.
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            vec![Line::new().with(style, value)]
        }
    };
    (side(expected, Style::Expected), side(actual, Style::Actual))
}

fn fields(expected: &Value, actual: &Value) -> Sides {
    let differing: BTreeSet<String> = differences(expected, actual)
        .into_iter()
        .map(|(path, ..)| path)
        .collect();
    (
        pretty(expected, &differing, Style::Expected),
        pretty(actual, &differing, Style::Actual),
    )
}

fn names(values: &[Value]) -> Option<Vec<&str>> {
    values.iter().take(ITEMS).map(Value::as_str).collect()
}

/// Lists by their items, so that one that is missing does not make all after it differ.
fn items(expected: &[&str], actual: &[&str]) -> Sides {
    let line = |name: &str, same: bool, mark: Style, otherwise: &str| {
        if same {
            return Line::new().plain(format!("  {name}"));
        }
        let sign = if mark == Style::Expected { "−" } else { "+" };
        let is_moved = expected.contains(&name) && actual.contains(&name);
        let why = if is_moved { "elsewhere" } else { otherwise };
        let line = Line::new().with(mark, format!("{sign} {name}"));
        line.plain(" ").soft(why)
    };
    let (mut old, mut new) = (Vec::new(), Vec::new());
    for operation in similar::capture_diff_slices(Algorithm::Myers, expected, actual) {
        let same = operation.tag() == DiffTag::Equal;
        let (gone, come) = (operation.old_range(), operation.new_range());
        let missing = |name: &&str| line(name, same, Style::Expected, "missing");
        old.extend(expected[gone].iter().map(missing));
        let extra = |name: &&str| line(name, same, Style::Actual, "not expected");
        new.extend(actual[come].iter().map(extra));
    }
    let none = |style| vec![Line::new().with(style, "none")];
    if old.is_empty() {
        old = none(Style::Expected);
    }
    if new.is_empty() {
        new = none(Style::Actual);
    }
    (old, new)
}

/// Texts by their letters. What both begin with is shown as far as it helps to find the place.
fn letters(expected: &str, actual: &str) -> (Sides, Option<String>) {
    let pairs = expected.chars().zip(actual.chars());
    let skipped = pairs
        .take_while(|(a, b)| a == b)
        .count()
        .saturating_sub(CONTEXT);
    let part = |text: &str| -> String { text.chars().skip(skipped).take(LETTERS).collect() };
    let (old, new) = (part(expected), part(actual));
    let mut changes = diff_graphemes(Algorithm::Myers, &old, &new);
    let equal = changes.iter().filter(|(tag, _)| *tag == ChangeTag::Equal);
    let equal: usize = equal.map(|(_, text)| text.len()).sum();
    // Two texts that have but a few letters in common are not explained by those.
    if equal * 3 < old.len().max(new.len()) {
        changes = vec![
            (ChangeTag::Delete, old.as_str()),
            (ChangeTag::Insert, new.as_str()),
        ];
    }
    let side = |of: ChangeTag, whole: &str| {
        let mut line = Line::new();
        if skipped > 0 {
            line = line.soft(format!("… {skipped} letters alike … "));
        }
        for (tag, text) in &changes {
            line = match tag {
                ChangeTag::Equal => line.plain(text),
                ChangeTag::Delete if *tag == of => line.with(Style::Expected, text),
                ChangeTag::Insert if *tag == of => line.with(Style::Actual, text),
                ChangeTag::Delete | ChangeTag::Insert => line,
            };
        }
        match whole.chars().count().saturating_sub(skipped + LETTERS) {
            0 => vec![line],
            rest => vec![line.soft(format!("… and {rest} more letters"))],
        }
    };
    (
        (
            side(ChangeTag::Delete, expected),
            side(ChangeTag::Insert, actual),
        ),
        by_code_points(&changes),
    )
}

/// Names the letters that look alike.
fn by_code_points(changes: &[(ChangeTag, &str)]) -> Option<String> {
    let of = |wanted: ChangeTag| {
        let own = changes.iter().filter(|(tag, _)| *tag == wanted);
        own.flat_map(|(_, text)| text.chars())
            .collect::<Vec<char>>()
    };
    let (gone, come) = (of(ChangeTag::Delete), of(ChangeTag::Insert));
    if gone.len() + come.len() > FEW || gone.iter().chain(&come).all(char::is_ascii_graphic) {
        return None;
    }
    let named = |letters: &[char]| {
        if letters.is_empty() {
            return "no letter".to_owned();
        }
        let point = |letter: &char| format!("U+{:04X}", u32::from(*letter));
        letters.iter().map(point).collect::<Vec<_>>().join(" ")
    };
    Some(format!(
        "Expected {}, and {} was there.",
        named(&gone),
        named(&come)
    ))
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::render::document::Escape;

    struct Raw;

    impl Escape for Raw {
        type Output = String;
        fn escape(&self, raw: &str) -> String {
            raw.to_owned()
        }
    }

    /// What the two sides read, `[-what was taken-]` and `{+what was added+}` marked.
    fn shown(expected: &Value, actual: &Value) -> String {
        let Some(Block::Difference(found)) = difference(Some(expected), Some(actual)) else {
            panic!("no difference");
        };
        let span = |text: String, style: Style| match style {
            Style::Expected => format!("[-{text}-]"),
            Style::Actual => format!("{{+{text}+}}"),
            _ => text,
        };
        let mut text = String::new();
        for side in [found.expected, found.actual] {
            for line in side.full {
                let spans = line.spans().iter();
                text.extend(spans.map(|part| span(part.text.escaped(&Raw), part.style)));
                text.push('\n');
            }
        }
        text + &found
            .note
            .map(|note| note.escaped(&Raw))
            .unwrap_or_default()
    }

    #[test]
    fn differences_are_marked_by_letters_items_and_fields() {
        let shown = [
            shown(&json!(35), &json!("35")),
            shown(&json!(1), &json!(null)),
            shown(&json!("Trail Runner"), &json!("Trail runner")),
            shown(&json!("abc"), &json!("xyz")),
            shown(&json!("caf\u{e9}"), &json!("cafe\u{301}")),
            shown(&json!("a b"), &json!("a\u{a0}b")),
            shown(&json!(["a", "b", "c", "d"]), &json!(["c", "a", "b", "e"])),
            shown(&json!(["a"]), &json!([])),
            shown(
                &json!({"a": 1, "b": [2]}),
                &json!({"a": 1, "b": ["2"], "c": null}),
            ),
        ];
        insta::assert_snapshot!("differences", shown.join("\n\n"));
    }

    #[test]
    fn difference_far_inside_a_long_text_is_found() {
        let (a, b) = ("x".repeat(5_000) + "end", "x".repeat(5_000) + "END");
        let text = shown(&json!(a), &json!(b));
        assert!(
            text.contains("4940 letters alike") && text.contains("{+END+}"),
            "{text}"
        );
    }

    #[test]
    fn short_values_show_their_type_only_where_it_differs() {
        let short = |value: &Value, as_json| short(value, as_json).escaped(&Raw);
        assert_eq!(short(&json!("19.99"), true), "\"19.99\"");
        assert_eq!(short(&json!(["a", "b"]), false), "a, b");
        assert_eq!(short(&json!([]), false), "none");
        assert!(difference(None, None).is_none());
    }

    #[test]
    fn missing_value_is_no_text() {
        let Some(Block::Difference(found)) = difference(Some(&json!("USD")), None) else {
            panic!("no difference");
        };
        let sides = [found.expected, found.actual].map(|side| side.short.escaped(&Raw));
        assert_eq!(sides, ["\"USD\"", "nothing, the field is missing"]);
    }
}
