//! The commented template has every option of a profile.

use std::collections::BTreeSet;

use super::tests::profile;
use super::*;

#[test]
fn template_loads_as_is_and_with_every_option() {
    let template = Files::default()
        .fixture("profile-template.toml")
        .unwrap()
        .text;
    let all = with_every_option(&template);
    let (plain, all) = (profile(&template).unwrap(), profile(&all).unwrap());
    assert_eq!(
        plain.chat.unwrap().call.as_deref(),
        Some("gleenWidget.sendMessage({{message}})")
    );
    assert_eq!(
        (
            all.chat.unwrap().clicks.len(),
            all.not_claimed.len(),
            all.answers.len()
        ),
        (1, 1, 2)
    );
}

/// The template, with no option behind a `#`.
fn with_every_option(template: &str) -> String {
    let is_option = |line: &str| {
        line.strip_prefix('#').is_some_and(|rest| {
            rest.starts_with(|first: char| first == '[' || first.is_ascii_lowercase())
        })
    };
    let lines = template
        .lines()
        .map(|line| if is_option(line) { &line[1..] } else { line });
    lines.collect::<Vec<_>>().join("\n")
}

/// Adds to `said` what `value` says of the definition that `node` of the schema is, and of
/// those below it.
fn note_what_is_said(
    schema: &Value,
    node: &Value,
    value: &Value,
    said: &mut BTreeSet<(String, String)>,
) {
    let reference = node.get("$ref").and_then(Value::as_str);
    let name = reference.map_or("Profile", |path| path.trim_start_matches("#/$defs/"));
    let node = reference.map_or(node, |_| &schema["$defs"][name]);
    for other in node["anyOf"].as_array().into_iter().flatten() {
        if other.get("$ref").is_some() {
            note_what_is_said(schema, other, value, said);
        }
    }
    for item in value.as_array().into_iter().flatten() {
        note_what_is_said(schema, &node["items"], item, said);
    }
    for (key, below) in value.as_object().into_iter().flatten() {
        let own = &node["properties"][key];
        if own.is_object() {
            said.insert((name.to_owned(), key.clone()));
            note_what_is_said(schema, own, below, said);
        } else if node["additionalProperties"].is_object() {
            note_what_is_said(schema, &node["additionalProperties"], below, said);
        }
    }
}

#[test]
fn template_has_every_option() {
    let files = Files::default();
    let template = files.fixture("profile-template.toml").unwrap().text;
    let template: Value = toml::from_str(&with_every_option(&template)).unwrap();
    let (schema, mut said) = (Profile::json_schema(), BTreeSet::new());
    note_what_is_said(&schema, &schema, &template, &mut said);
    let definitions = schema["$defs"].as_object().unwrap().iter();
    let definitions = definitions.map(|(name, own)| (name.as_str(), own));
    let options = definitions
        .chain([("Profile", &schema)])
        .flat_map(|(name, own)| {
            let keys = own["properties"].as_object().into_iter().flatten();
            keys.map(move |(key, _)| (name.to_owned(), key.clone()))
        });
    let missing: Vec<_> = options.filter(|option| !said.contains(option)).collect();
    assert!(missing.is_empty(), "not in the template: {missing:?}");
}
