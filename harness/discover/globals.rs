//! When a build is ready, and which version it is, by what it adds to the page.

use serde::Deserialize;
use serde_json::Value;

use super::sources::Sources;

/// One simple property of a global that the build adds.
#[derive(Debug, Clone, Deserialize)]
pub struct Property {
    /// The expression that reads it.
    pub expression: String,
    /// Its name.
    pub name: String,
    /// Its value; the text `function` for a method.
    pub value: Value,
    pub is_method: bool,
}

/// Expressions that are true once the build is ready, the best first.
pub fn ready(properties: &[Property], roots: &[String], sources: &Sources) -> Vec<String> {
    let is_state =
        |own: &&Property| !own.is_method && sources.changes_to(&own.name, &own.value.to_string());
    let states = properties.iter().filter(is_state);
    let states = states.map(|own| format!("{} === {}", own.expression, own.value));
    let states: Vec<String> = states.take(1).collect();
    if !states.is_empty() {
        return states;
    }
    let methods = properties.iter().filter(|own| own.is_method).take(1);
    let methods = methods.map(|own| format!("typeof {} === 'function'", own.expression));
    let roots = roots.iter().filter(|root| root.starts_with('#')).take(1);
    let roots = roots.map(|root| format!("document.querySelector('{root}') !== null"));
    methods.chain(roots).collect()
}

/// An expression for the version: a property whose value looks like one.
pub fn version(properties: &[Property]) -> Option<String> {
    let is_version = |own: &&Property| {
        let text = own.value.as_str().unwrap_or_default();
        let mut parts = text.split('.');
        text.contains('.')
            && parts.all(|part| !part.is_empty() && part.starts_with(|c: char| c.is_ascii_digit()))
    };
    properties
        .iter()
        .find(is_version)
        .map(|own| own.expression.clone())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn property(name: &str, value: Value) -> Property {
        Property {
            expression: format!("shop.{name}"),
            name: name.to_owned(),
            is_method: value == "function",
            value,
        }
    }

    fn sources(text: &str) -> Sources {
        Sources::of(&[("a.js".to_owned(), text.to_owned())])
    }

    #[test]
    fn state_that_changes_says_when_it_is_ready() {
        let all = [
            property("release", json!("3.1.0")),
            property("phase", json!("open")),
        ];
        let text = "x={release:\"3.1.0\",phase:\"loading\"};x.phase=\"open\"";
        assert_eq!(
            ready(&all, &[], &sources(text)),
            ["shop.phase === \"open\""]
        );
        assert_eq!(version(&all).as_deref(), Some("shop.release"));
    }

    #[test]
    fn method_and_root_say_so_where_no_state_does() {
        let all = [property("getId", json!("function"))];
        let roots = ["#dock".to_owned()];
        let found = ready(&all, &roots, &sources(""));
        assert_eq!(
            found,
            [
                "typeof shop.getId === 'function'",
                "document.querySelector('#dock') !== null"
            ]
        );
    }
}
