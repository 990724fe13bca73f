//! A journey as a scenario file, as a person would write it.

use std::fmt::Write as _;

use serde::Serialize;
use serde_json::Value;

use super::journey::Journey;
use super::model::Expected;
use crate::contract::{Event, Interaction};
use crate::scenario::{Step, StorefrontOptions};

/// What stands above a journey's steps.
#[derive(Debug, Clone, Default)]
pub struct Header {
    /// What it shows, as a sentence.
    pub title: String,
    /// Comments: what a page says may be among them.
    pub comments: Vec<String>,
}

impl Header {
    /// That of a journey that nobody has judged yet.
    pub fn of_journey(seed: u64, number: usize) -> Self {
        Self {
            title: format!("Journey {number} of seed {seed}"),
            comments: Vec::new(),
        }
    }
}

/// The scenario file of a journey.
pub fn file(journey: &Journey, expected: &Expected, header: &Header) -> String {
    let mut text = String::new();
    for line in header.comments.iter().flat_map(|own| own.lines()) {
        // TOML refuses them in comments.
        let line = line.replace(char::is_control, " ");
        let _ = writeln!(text, "# {line}");
    }
    let _ = writeln!(text, "title = {}\nsteps = [", quoted(&header.title));
    for step in &journey.steps {
        let _ = writeln!(text, "  {},", line(step));
    }
    text.push_str("]\n");
    if let Some(condition) = &journey.condition {
        let _ = writeln!(text, "\n[axes]\ncondition = [{}]", quoted(condition));
    }
    if journey.storefront != StorefrontOptions::default() {
        text.push_str("\n[storefront]\n");
        text.push_str(&storefront(&journey.storefront));
    }
    let lists = [
        ("recorded", &expected.recorded),
        ("not_recorded", &expected.not_recorded),
    ];
    let lists: Vec<_> = lists
        .into_iter()
        .filter(|(_, events)| !events.is_empty())
        .collect();
    if !lists.is_empty() {
        text.push_str("\n[expect]\n");
    }
    for (name, events) in lists {
        let _ = writeln!(text, "{name} = [");
        for event in events {
            let _ = writeln!(text, "  {},", quoted(&event.label));
        }
        text.push_str("]\n");
    }
    text.push_str("\n[checks]\n");
    for (check, proves) in &expected.checks {
        let proves: Vec<String> = proves.iter().map(|id| quoted(&id.0)).collect();
        let _ = writeln!(text, "{check} = [{}]", proves.join(", "));
    }
    text
}

/// One step, as a line of a scenario file.
pub fn line(step: &Step) -> String {
    let pair = |name: &str, value: String| format!("{{ {name} = {value} }}");
    match step {
        Step::Visit(page) => pair("visit", quoted(page)),
        Step::Prerender(page) => pair("prerender", quoted(page)),
        Step::Interact(way) => pair("interact", widget(*way)),
        Step::Send(way) => pair("send", widget(*way)),
        Step::OpenChat => pair("open", quoted("chat")),
        Step::DismissChat => pair("dismiss", quoted("chat")),
        Step::Track {
            events,
            style,
            exit,
            during,
        } => {
            let by = style.map(|style| format!(", by = {}", word(style)));
            let then = exit.map(|exit| format!(", then = {}", word(exit)));
            let during = during.as_ref();
            let during = during.map(|event| format!(", during = {}", quoted(&event.label)));
            let rest: String = [by, then, during].into_iter().flatten().collect();
            pair("track", list(events) + &rest)
        }
        Step::SaveReference => pair("save_reference", "true".to_owned()),
        Step::PushRaw(expression) => pair("push_raw", quoted(expression)),
        Step::Click { action, line, to } => {
            let of = |name: &str, value: &Option<String>| {
                value
                    .as_ref()
                    .map(|value| format!(", {name} = {}", quoted(value)))
            };
            let rest: String = [of("line", line), of("to", to)]
                .into_iter()
                .flatten()
                .collect();
            pair("click", quoted(action) + &rest)
        }
        Step::Go(direction) => pair("go", word(direction)),
        Step::Sdk(state) => pair("sdk", word(state)),
        Step::Backend(state) => pair("backend", word(state)),
        Step::Answers(state) => pair("answers", word(state)),
        Step::Network(state) => pair("network", word(state)),
        Step::Window(tab) => pair("window", word(tab)),
        Step::Screen(screen) => pair("screen", word(screen)),
        Step::Close(tab) => pair("close", word(tab)),
        Step::Visitor(visitor) => pair("visitor", word(visitor)),
        Step::NewSession => pair("new_session", "true".to_owned()),
        Step::UntilReady => pair("until_ready", "true".to_owned()),
        Step::UntilRecorded(events) => pair("until_recorded", list(events)),
        Step::UntilAnswered(count) => pair("until_answered", count.to_string()),
        Step::UntilReplied(count) => pair("until_replied", count.to_string()),
        Step::Stay(ms) => pair("stay_ms", ms.to_string()),
        Step::Read { expression, name } => {
            let name = format!(", as = {}", quoted(name));
            pair("read", quoted(expression) + &name)
        }
        Step::Identify => pair("identify", "true".to_owned()),
        Step::Matrix(method) => pair("matrix", quoted(method.name())),
    }
}

fn storefront(own: &StorefrontOptions) -> String {
    let usual = StorefrontOptions::default();
    let mut text = String::new();
    let mut set = |name: &str, value: String, is_usual: bool| {
        if !is_usual {
            let _ = writeln!(text, "{name} = {value}");
        }
    };
    set("load", word(own.load), own.load == usual.load);
    set("snippet", word(own.snippet), own.snippet == usual.snippet);
    set("sdk_twice", own.sdk_twice.to_string(), !own.sdk_twice);
    set(
        "strict_policy",
        own.strict_policy.to_string(),
        !own.strict_policy,
    );
    set("storage", word(own.storage), own.storage == usual.storage);
    if let Some(prelude) = &own.prelude {
        set("prelude", quoted(prelude), false);
    }
    text
}

fn widget(way: Option<Interaction>) -> String {
    quoted(match way {
        None => "any",
        Some(Interaction::Chat) => "chat",
        Some(Interaction::Faq) => "faq",
    })
}

fn list(events: &[Event]) -> String {
    match events {
        [event] => quoted(&event.label),
        events => {
            let names: Vec<String> = events.iter().map(|event| quoted(&event.label)).collect();
            format!("[{}]", names.join(", "))
        }
    }
}

/// How a scenario writes a value of one of its enums.
fn word(value: impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(Value::String(word)) => quoted(&word),
        Ok(other) => other.to_string(),
        Err(error) => quoted(&error.to_string()),
    }
}

/// A text as TOML writes it.
fn quoted(text: &str) -> String {
    toml::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cause_of_several_lines_is_a_comment() {
        let journey = Journey {
            storefront: StorefrontOptions::default(),
            condition: None,
            steps: vec![Step::Visit("product".into())],
        };
        let header = Header {
            title: "A title".to_owned(),
            comments: vec!["Cause: thrown\n  at post\u{1b}[0m".to_owned()],
        };
        let text = file(&journey, &Expected::default(), &header);
        assert!(
            text.starts_with("# Cause: thrown\n#   at post [0m\ntitle = "),
            "{text}"
        );
        text.parse::<toml::Table>().expect("it is TOML");
    }
}
