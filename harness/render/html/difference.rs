//! What should have been and what was, side by side: texts by letters, lists by their items, the
//! rest by fields.

use std::collections::BTreeSet;

use maud::{Markup, html};
use serde_json::Value;
use similar::utils::diff_graphemes;
use similar::{Algorithm, ChangeTag};

use super::json::{Side, leaves, pretty};
use super::parts::text_cut;
use super::visible::{code_point, cut};
use crate::reading::differences;

/// Letters that are compared, and those of them that are shown before the first difference.
const LETTERS: usize = 800;
const CONTEXT: usize = 60;

/// Items of a list that are compared.
const ITEMS: usize = 400;

/// A difference in more letters than these is plain to see; a smaller one may be invisible.
const FEW: usize = 6;

/// The two beside each other, as far as they are there. Nothing where the message says it all.
pub fn difference(expected: Option<&Value>, actual: Option<&Value>) -> Markup {
    let (wanted, got, note) = match (expected, actual) {
        (None, None) => return html! {},
        (Some(expected), None) => (
            whole(expected, Side::Wanted),
            html! { p.soft { "see the message" } },
            None,
        ),
        (None, Some(actual)) => (
            html! { p.soft { "see the message" } },
            whole(actual, Side::Got),
            None,
        ),
        (Some(expected), Some(actual)) => both(expected, actual),
    };
    html! {
        div.pair {
            div { p.label { "expected" } (wanted) }
            div { p.label { "actual" } (got) }
        }
        @if let Some(note) = note { p.note { (note) } }
    }
}

fn both(expected: &Value, actual: &Value) -> (Markup, Markup, Option<String>) {
    match (expected, actual) {
        (Value::String(expected), Value::String(actual)) => letters(expected, actual),
        (Value::Array(expected), Value::Array(actual)) => match (names(expected), names(actual)) {
            (Some(expected), Some(actual)) => items(&expected, &actual),
            _ => fields(&Value::from(expected.clone()), &Value::from(actual.clone())),
        },
        (Value::Object(_), Value::Object(_)) => fields(expected, actual),
        _ => {
            let (wanted, got) = (kind(expected), kind(actual));
            let note = (wanted != got).then(|| format!("Expected {wanted}, and {got} was there."));
            (
                whole(expected, Side::Wanted),
                whole(actual, Side::Got),
                note,
            )
        }
    }
}

fn whole(value: &Value, side: Side) -> Markup {
    pretty(value, &leaves(value, &|_| true), side)
}

fn fields(expected: &Value, actual: &Value) -> (Markup, Markup, Option<String>) {
    let differing: BTreeSet<String> = differences(expected, actual)
        .into_iter()
        .map(|(path, ..)| path)
        .collect();
    (
        pretty(expected, &differing, Side::Wanted),
        pretty(actual, &differing, Side::Got),
        None,
    )
}

fn names(values: &[Value]) -> Option<Vec<&str>> {
    values.iter().take(ITEMS).map(Value::as_str).collect()
}

/// Lists by their items, so that one that is missing does not make all after it differ.
fn items(expected: &[&str], actual: &[&str]) -> (Markup, Markup, Option<String>) {
    let mut sides = [Vec::new(), Vec::new()];
    let moved = |name: &str| expected.contains(&name) && actual.contains(&name);
    for operation in similar::capture_diff_slices(Algorithm::Myers, expected, actual) {
        let is_same = operation.tag() == similar::DiffTag::Equal;
        sides[0].extend(
            expected[operation.old_range()]
                .iter()
                .map(|name| (*name, is_same)),
        );
        sides[1].extend(
            actual[operation.new_range()]
                .iter()
                .map(|name| (*name, is_same)),
        );
    }
    let list = |side: &[(&str, bool)], tag: Side| {
        html! {
            @if side.is_empty() { p.soft { "none" } }
            ol.items {
                @for (name, is_same) in side {
                    li {
                        @match (*is_same, tag) {
                            (true, _) => { code { (text_cut(name)) } }
                            (false, Side::Wanted) => {
                                del { code { (text_cut(name)) } } " "
                                span.soft { (if moved(name) { "elsewhere" } else { "missing" }) }
                            }
                            (false, Side::Got) => {
                                ins { code { (text_cut(name)) } } " "
                                span.soft {
                                    (if moved(name) { "elsewhere" } else { "not expected" })
                                }
                            }
                        }
                    }
                }
            }
        }
    };
    (
        list(&sides[0], Side::Wanted),
        list(&sides[1], Side::Got),
        None,
    )
}

/// Texts by their letters. What both begin with is shown as far as it helps to find the place.
fn letters(expected: &str, actual: &str) -> (Markup, Markup, Option<String>) {
    let same = expected
        .chars()
        .zip(actual.chars())
        .take_while(|(a, b)| a == b)
        .count();
    let skipped = same.saturating_sub(CONTEXT);
    let part = |text: &str| {
        cut(&text[cut(text, skipped).0.len()..], LETTERS)
            .0
            .to_owned()
    };
    let (wanted, got) = (part(expected), part(actual));
    let changes = diff_graphemes(Algorithm::Myers, &wanted, &got);
    let equal: usize = changes
        .iter()
        .filter(|(tag, _)| *tag == ChangeTag::Equal)
        .map(|(_, text)| text.len())
        .sum();
    // Two texts that have but a few letters in common are not told by those.
    let changes = if equal * 3 < wanted.len().max(got.len()) {
        vec![
            (ChangeTag::Delete, wanted.as_str()),
            (ChangeTag::Insert, got.as_str()),
        ]
    } else {
        changes
    };
    let left = |text: &str| text.chars().count().saturating_sub(skipped + LETTERS);
    let side = |of: ChangeTag, rest: usize| {
        html! {
            pre.text translate="no" {
                @if skipped > 0 { i { "… " (skipped) " letters alike … " } }
                @for (tag, text) in changes.iter().filter(
                    |(tag, _)| *tag == of || *tag == ChangeTag::Equal
                ) {
                    @match tag {
                        ChangeTag::Equal => (text),
                        ChangeTag::Delete => { del { (text) } },
                        ChangeTag::Insert => { ins { (text) } }
                    }
                }
                @if rest > 0 { i { "… and " (rest) " more letters" } }
            }
        }
    };
    (
        side(ChangeTag::Delete, left(expected)),
        side(ChangeTag::Insert, left(actual)),
        by_code_points(&changes),
    )
}

/// Says of letters that look alike which they are.
fn by_code_points(changes: &[(ChangeTag, &str)]) -> Option<String> {
    let of = |wanted: ChangeTag| {
        changes
            .iter()
            .filter(|(tag, _)| *tag == wanted)
            .flat_map(|(_, text)| text.chars())
            .collect::<Vec<char>>()
    };
    let (gone, come) = (of(ChangeTag::Delete), of(ChangeTag::Insert));
    let is_plain = |letter: &char| letter.is_ascii_graphic();
    if gone.len() + come.len() > FEW || gone.iter().chain(&come).all(is_plain) {
        return None;
    }
    let named = |letters: &[char]| {
        letters
            .iter()
            .map(|letter| code_point(*letter))
            .collect::<Vec<_>>()
            .join(" ")
    };
    let said = |letters: &[char], nothing: &str| {
        if letters.is_empty() {
            nothing.to_owned()
        } else {
            named(letters)
        }
    };
    Some(format!(
        "Expected {}, and {} was there.",
        said(&gone, "no letter"),
        said(&come, "no letter")
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

    fn shown(expected: &Value, actual: &Value) -> String {
        difference(Some(expected), Some(actual))
            .into_string()
            .replace("&quot;", "\"")
    }

    #[test]
    fn where_only_the_type_differs_the_type_is_said() {
        let text = shown(&json!(35), &json!("35"));
        assert!(
            text.contains("<del>− 35</del>") && text.contains("<ins>+ \"35\"</ins>"),
            "{text}"
        );
        assert!(
            text.contains("Expected a number, and a text was there."),
            "{text}"
        );
    }

    #[test]
    fn texts_differ_by_their_letters() {
        let text = shown(&json!("Trail Runner"), &json!("Trail runner"));
        assert!(
            text.contains("Trail <del>R</del>unner") && text.contains("Trail <ins>r</ins>unner"),
            "{text}"
        );
        assert!(shown(&json!("abc"), &json!("xyz")).contains("<del>abc</del>"));
    }

    #[test]
    fn letters_that_look_alike_are_named() {
        let text = shown(&json!("caf\u{e9}"), &json!("cafe\u{301}"));
        assert!(
            text.contains("Expected U+00E9, and U+0065 U+0301 was there."),
            "{text}"
        );
        assert!(shown(&json!("a b"), &json!("a\u{a0}b")).contains("U+0020, and U+00A0"));
    }

    #[test]
    fn a_difference_far_inside_a_long_text_is_found() {
        let (a, b) = ("x".repeat(5_000) + "end", "x".repeat(5_000) + "END");
        let text = shown(&json!(a), &json!(b));
        assert!(
            text.contains("4940 letters alike") && text.contains("<ins>END</ins>"),
            "{text}"
        );
    }

    #[test]
    fn a_list_says_what_is_missing_what_is_extra_and_what_moved() {
        let text = shown(&json!(["a", "b", "c", "d"]), &json!(["c", "a", "b", "e"]));
        assert!(
            text.contains("<del><code>d</code></del> <span class=\"soft\">missing"),
            "{text}"
        );
        assert!(
            text.contains("<ins><code>e</code></ins> <span class=\"soft\">not expected"),
            "{text}"
        );
        assert!(
            text.contains("<ins><code>c</code></ins> <span class=\"soft\">elsewhere"),
            "{text}"
        );
        assert!(shown(&json!(["a"]), &json!([])).contains("none"));
    }

    #[test]
    fn objects_differ_by_their_fields() {
        let text = shown(
            &json!({"a": 1, "b": 2}),
            &json!({"a": 1, "b": "2", "c": null}),
        );
        assert_eq!(
            (text.matches("<del>").count(), text.matches("<ins>").count()),
            (1, 2),
            "{text}"
        );
    }

    #[test]
    fn absent_is_not_null() {
        assert!(difference(None, None).into_string().is_empty());
        let text = difference(Some(&json!(1)), Some(&json!(null))).into_string();
        assert!(
            text.contains("+ null") && text.contains("null was there"),
            "{text}"
        );
    }
}
