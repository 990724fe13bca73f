//! JSON as a person reads it, with the fields marked that differ.

use std::collections::BTreeSet;

use maud::{Markup, html};
use serde_json::Value;

use super::parts::text_cut;

/// More lines than these are counted.
const LINES: usize = 200;

/// Which side of a comparison a value stands on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// What should have come.
    Wanted,
    /// What came.
    Got,
}

struct Line {
    text: String,
    is_marked: bool,
}

/// One value, a field a line. The fields below `marked` are said to differ.
pub fn pretty(value: &Value, marked: &BTreeSet<String>, side: Side) -> Markup {
    let mut lines = Vec::new();
    write(value, "", "", 0, "", marked, &mut lines);
    let hidden = lines.len().saturating_sub(LINES);
    html! {
        pre translate="no" {
            @for line in lines.iter().take(LINES) { (one(line, side)) }
            @if hidden > 0 { i { "… " (hidden) " more lines in the evidence" } }
        }
    }
}

/// A value in running text.
pub fn inline(value: &Value) -> Markup {
    html! { code { (text_cut(&value.to_string())) } }
}

fn one(line: &Line, side: Side) -> Markup {
    html! {
        @match (line.is_marked, side) {
            (true, Side::Wanted) => { del { "− " (text_cut(&line.text)) } }
            (true, Side::Got) => { ins { "+ " (text_cut(&line.text)) } }
            (false, _) => { span { "  " (text_cut(&line.text)) } }
        }
    }
}

/// `before` is what stands in the first line, `after` what ends the last one.
fn write(
    value: &Value,
    path: &str,
    before: &str,
    depth: usize,
    after: &str,
    marked: &BTreeSet<String>,
    lines: &mut Vec<Line>,
) {
    let (indent, is_marked) = ("  ".repeat(depth), marked.contains(path));
    let mut put = |text: String| {
        lines.push(Line {
            text: format!("{indent}{text}"),
            is_marked,
        });
    };
    let (open, close, parts): (char, char, Vec<(String, String, &Value)>) = match value {
        Value::Object(fields) if !fields.is_empty() => (
            '{',
            '}',
            fields
                .iter()
                .map(|(name, field)| {
                    (
                        below(path, name),
                        format!("{}: ", Value::from(name.as_str())),
                        field,
                    )
                })
                .collect(),
        ),
        Value::Array(items) if !items.is_empty() => (
            '[',
            ']',
            items
                .iter()
                .enumerate()
                .map(|(index, item)| (format!("{path}[{index}]"), String::new(), item))
                .collect(),
        ),
        leaf => return put(format!("{before}{leaf}{after}")),
    };
    put(format!("{before}{open}"));
    let last = parts.len() - 1;
    for (index, (path, name, part)) in parts.into_iter().enumerate() {
        write(
            part,
            &path,
            &name,
            depth + 1,
            if index == last { "" } else { "," },
            marked,
            lines,
        );
    }
    lines.push(Line {
        text: format!("{indent}{close}{after}"),
        is_marked,
    });
}

/// The path of a field, as `evidence::differences` names it.
fn below(path: &str, name: &str) -> String {
    if path.is_empty() {
        name.to_owned()
    } else {
        format!("{path}.{name}")
    }
}

/// The paths of the leaves of a value that `is_meant`.
pub fn leaves(value: &Value, is_meant: &impl Fn(&str) -> bool) -> BTreeSet<String> {
    fn walk(
        value: &Value,
        path: String,
        is_meant: &impl Fn(&str) -> bool,
        found: &mut BTreeSet<String>,
    ) {
        match value {
            Value::Object(fields) if !fields.is_empty() => fields
                .iter()
                .for_each(|(name, field)| walk(field, below(&path, name), is_meant, found)),
            Value::Array(items) if !items.is_empty() => {
                items.iter().enumerate().for_each(|(index, item)| {
                    walk(item, format!("{path}[{index}]"), is_meant, found);
                });
            }
            _ if is_meant(&path) => {
                found.insert(path);
            }
            _ => {}
        }
    }
    let mut found = BTreeSet::new();
    walk(value, String::new(), is_meant, &mut found);
    found
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn shown(value: &Value, marked: &[&str]) -> String {
        pretty(
            value,
            &marked.iter().map(|path| (*path).to_owned()).collect(),
            Side::Got,
        )
        .into_string()
    }

    #[test]
    fn the_changed_field_is_marked_and_no_other() {
        let text = shown(
            &json!({"items": [{"id": "a", "value": "1"}], "currency": "EUR"}),
            &["items[0].value"],
        );
        let text = text.replace("&quot;", "\"");
        assert!(
            text.contains("<ins>+       \"value\": \"1\"</ins>"),
            "{text}"
        );
        assert_eq!(text.matches("<ins>").count(), 1, "{text}");
        assert!(
            text.contains("<span>    \"currency\": \"EUR\"</span>"),
            "{text}"
        );
    }

    #[test]
    fn a_value_by_itself_is_one_line() {
        assert_eq!(
            shown(&json!(null), &[]),
            "<pre translate=\"no\"><span>  null</span></pre>"
        );
        assert_eq!(
            shown(&json!([]), &[""]),
            "<pre translate=\"no\"><ins>+ []</ins></pre>"
        );
    }

    #[test]
    fn a_giant_is_cut_and_says_so() {
        assert!(shown(&json!("x".repeat(5_000)), &[]).contains("and 3802 more letters"));
        assert!(shown(&json!(vec![1; 500]), &[]).contains("… 302 more lines in the evidence"));
    }

    #[test]
    fn the_paths_are_those_that_differences_names() {
        let value = json!({"a": {"b": [1, {"c": 2}]}, "d": []});
        let found: Vec<String> = leaves(&value, &|_| true).into_iter().collect();
        let named: BTreeSet<String> = crate::reading::differences(&value, &json!("other"))
            .into_iter()
            .map(|(path, ..)| path)
            .collect();
        assert_eq!(
            found,
            named
                .into_iter()
                .filter(|path| !path.is_empty())
                .collect::<Vec<_>>()
        );
    }
}
