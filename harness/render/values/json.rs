//! JSON as a person reads it, with the fields marked that differ.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::render::document::{Line, Style};

/// One value, a field a line. The lines of the fields in `marked` are `mark`, with its sign.
pub fn pretty(value: &Value, marked: &BTreeSet<String>, mark: Style) -> Vec<Line> {
    let mut printer = Printer {
        marked,
        mark,
        lines: Vec::new(),
    };
    printer.print(value, "", "", 0, "");
    printer.lines
}

struct Printer<'m> {
    marked: &'m BTreeSet<String>,
    mark: Style,
    lines: Vec<Line>,
}

impl Printer<'_> {
    /// `before` is what stands in the first line, `after` what ends the last one.
    fn print(&mut self, value: &Value, path: &str, before: &str, depth: usize, after: &str) {
        let (open, close) = match value {
            Value::Object(fields) if !fields.is_empty() => ('{', '}'),
            Value::Array(items) if !items.is_empty() => ('[', ']'),
            leaf => return self.put(path, depth, &format!("{before}{leaf}{after}")),
        };
        self.put(path, depth, &format!("{before}{open}"));
        let parts = parts(value, path);
        let last = parts.len() - 1;
        for (index, (path, name, part)) in parts.into_iter().enumerate() {
            let name = name.map(|name| format!("{}: ", Value::from(name)));
            let end = if index == last { "" } else { "," };
            self.print(part, &path, &name.unwrap_or_default(), depth + 1, end);
        }
        self.put(path, depth, &format!("{close}{after}"));
    }

    fn put(&mut self, path: &str, depth: usize, text: &str) {
        let (style, sign) = match (self.marked.contains(path), self.mark) {
            (true, Style::Expected) => (Style::Expected, "−"),
            (true, style) => (style, "+"),
            (false, _) => (Style::Plain, " "),
        };
        let text = format!("{sign} {}{text}", "  ".repeat(depth));
        self.lines.push(Line::new().with(style, text));
    }
}

/// What is directly in a list or an object: its path, its name in an object, and itself.
fn parts<'v>(value: &'v Value, path: &str) -> Vec<(String, Option<&'v str>, &'v Value)> {
    let below = |name: &str| {
        if path.is_empty() {
            name.to_owned()
        } else {
            format!("{path}.{name}")
        }
    };
    match value {
        Value::Object(fields) => fields
            .iter()
            .map(|(name, field)| (below(name), Some(name.as_str()), field))
            .collect(),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .map(|(index, item)| (format!("{path}[{index}]"), None, item))
            .collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
    }
}

/// The paths of the leaves of a value that `is_meant`, as `reading::differences` names them.
pub fn leaves(value: &Value, is_meant: &impl Fn(&str) -> bool) -> BTreeSet<String> {
    let (mut found, mut open) = (BTreeSet::new(), vec![(String::new(), value)]);
    while let Some((path, value)) = open.pop() {
        let parts = parts(value, &path);
        if parts.is_empty() && is_meant(&path) {
            found.insert(path);
        }
        open.extend(parts.into_iter().map(|(path, _, part)| (path, part)));
    }
    found
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn paths_are_those_of_differences() {
        let value = json!({"a": {"b": [1, {"c": 2}]}, "d": []});
        let named = crate::reading::differences(&value, &json!("other"));
        let named: BTreeSet<String> = named.into_iter().map(|(path, ..)| path).collect();
        let found: Vec<String> = leaves(&value, &|_| true).into_iter().collect();
        assert_eq!(
            found,
            named
                .into_iter()
                .filter(|path| !path.is_empty())
                .collect::<Vec<_>>()
        );
    }
}
