//! The profile of a build that was looked at, each line with how it is known.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::config;
use super::observed::{Identity, Observed, Talk};
use super::probe::FOLDER;
use super::traffic::Carrier;
use crate::contract::{Interaction, Method};

/// How many lines of a profile are known, and how.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// What was seen.
    pub found: usize,
    /// What nothing contradicts.
    pub assumed: usize,
    /// What nobody has seen.
    pub unknown: usize,
}

/// How one line is known.
#[derive(Debug, Clone, Copy)]
enum Mark {
    Found,
    Assumed,
}

/// The text of a profile for the build at `source`, and how much of it is known.
pub fn describe(seen: &Observed, source: &str) -> (String, Tally) {
    let mut text = Text::default();
    text.head(source);
    text.build(seen);
    text.identifiers(seen);
    text.talk(Interaction::Chat, &seen.chat);
    text.talk(Interaction::Faq, &seen.faq);
    text.policies(seen);
    text.wire(seen);
    text.words(seen);
    text.answers(seen);
    (text.text, text.tally)
}

#[derive(Default)]
struct Text {
    text: String,
    tally: Tally,
}

impl Text {
    fn head(&mut self, source: &str) {
        let _ = write!(
            self.text,
            "# What was seen of {source} in a browser. Each line says how it is known:\n\
             #   found    it was seen\n\
             #   assumed  nothing contradicts it\n\
             #   unknown  it was not seen: what the bundled profile `alhena` says counts, until \
             you say otherwise\n\
             # Prove it:  alhena-conformance profile check FILE --sdk {source}\n\n\
             name = \"my build\"\nextends = \"alhena\"\n"
        );
    }

    fn build(&mut self, seen: &Observed) {
        let ready = Some(seen.ready.join(" && ")).filter(|all| !all.is_empty());
        self.option("ready", ready.map(quoted), Mark::Found);
        if let Some(version) = &seen.version {
            self.line("version", &quoted(version), Mark::Found);
        }
        if !seen.globals.is_empty() {
            self.line("globals", &list(&seen.globals), Mark::Found);
        }
        self.table("install");
        self.line("path", &quoted(FOLDER), Mark::Assumed);
        self.line("scripts", &list(&seen.sources.scripts), Mark::Found);
        if seen.sources.is_module {
            self.line("kind", "\"module\"", Mark::Found);
        }
        let config = seen.config.as_ref().map(|config| {
            let company = config.company.as_ref();
            let company = company.map(|key| format!("{key}: \"{{{{company}}}}\""));
            let api = config
                .api
                .as_ref()
                .map(|key| format!("{key}: \"{{{{api}}}}\""));
            let keys: Vec<String> = company.into_iter().chain(api).collect();
            format!(
                "'''document.{} = {{ {} }};'''",
                config.name,
                keys.join(", ")
            )
        });
        self.option("config", config, Mark::Found);
    }

    fn identifiers(&mut self, seen: &Observed) {
        if seen.identities.is_empty() {
            self.text += "\n# [identifiers]  # unknown: nothing holds a UUID\n";
            self.tally.unknown += 2;
            return;
        }
        self.table("identifiers");
        for (key, identity) in identities(seen) {
            self.option(
                key,
                identity.map(|own| quoted(&own.expression)),
                Mark::Found,
            );
        }
    }

    fn talk(&mut self, way: Interaction, talk: &Talk) {
        let name = way.table();
        if !talk.is_whole() {
            let came_to = match (&talk.asked, talk.clicks.as_slice()) {
                (Some((http, path)), _) => format!("{http} {path} came, and no answer was shown"),
                (None, [click, ..]) => format!("{click} was clicked, and no question came"),
                (None, []) => "nothing that asks was found".to_owned(),
            };
            let _ = write!(self.text, "\n# [{name}]  # unknown: {came_to}\n");
            self.tally.unknown += 1;
            return;
        }
        self.table(name);
        if !talk.clicks.is_empty() {
            self.line("clicks", &list(&talk.clicks), Mark::Found);
        }
        if let Some(input) = &talk.input {
            self.line("input", &quoted(input), Mark::Found);
            self.line("message", "\"Which size?\"", Mark::Assumed);
        }
        if let Some(send) = &talk.send {
            self.line("send", &quoted(send), Mark::Found);
        }
        if let Some(dismiss) = &talk.dismiss {
            self.line("dismiss", &quoted(dismiss), Mark::Found);
        }
        if let Some((answer, _)) = &talk.answer {
            // What shows an answer may be there before it.
            self.line(
                "answer",
                &quoted(format!("{answer}:not(:empty)")),
                Mark::Found,
            );
        }
    }

    fn policies(&mut self, seen: &Observed) {
        let traffic = &seen.traffic;
        self.table("policies");
        if traffic.cart.is_none() {
            self.unknown("gate");
        } else if traffic.sends_before_interaction {
            self.line("gate", "\"none\"", Mark::Assumed);
        } else {
            self.line("gate", "\"client\"", Mark::Found);
        }
        if traffic.checkout.is_none() {
            self.unknown("dedup");
        } else if traffic.sends_order_twice {
            self.line("dedup", "\"server\"", Mark::Assumed);
        } else {
            self.line("dedup", "\"client\"", Mark::Found);
        }
        self.line("attribution", "\"session\"", Mark::Assumed);
    }

    fn wire(&mut self, seen: &Observed) {
        let company = seen.config.as_ref().and_then(|own| own.company.as_ref());
        let company = company.and_then(|key| {
            seen.traffic
                .pointer_of(|text| config::is_value_of(key, text))
        });
        self.table("wire");
        self.option("company_key", company.as_deref().map(place), Mark::Found);
        for (key, identity) in identities(seen) {
            let pointer =
                identity.and_then(|own| seen.traffic.pointer_of(|text| text == own.value));
            self.option(key, pointer.as_deref().map(place), Mark::Found);
        }
        self.event(Method::SendCartEvent, seen.traffic.cart.as_ref());
        self.event(Method::SendCheckoutEvent, seen.traffic.checkout.as_ref());
    }

    fn event(&mut self, method: Method, carrier: Option<&Carrier>) {
        let name = format!("wire.events.{}", method.name());
        let Some(own) = carrier else {
            let _ = write!(
                self.text,
                "\n# [{name}]  # unknown: no request carried it\n"
            );
            self.tally.unknown += 1;
            return;
        };
        self.table(&name);
        if own.http != "POST" {
            self.line("http", &quoted(&own.http), Mark::Found);
        }
        self.line("path", &quoted(&own.path), Mark::Found);
        if own.encoding != "json" {
            self.line("encoding", &quoted(own.encoding), Mark::Found);
        }
        if let Some(batch) = &own.batch {
            self.line("batch", &quoted(batch), Mark::Found);
        }
        let is_usual = match own.encoding {
            "form" => own.media_type.as_deref() == Some("application/x-www-form-urlencoded"),
            _ => own.media_type.as_deref() == Some("application/json"),
        };
        if let Some(media_type) = own.media_type.as_ref().filter(|_| !is_usual) {
            self.line(
                "content_types",
                &list(std::slice::from_ref(media_type)),
                Mark::Found,
            );
        }
        if let Some((pointer, value)) = &own.when {
            self.line(
                "when",
                &format!("{{ {} = {value} }}", quoted(pointer)),
                Mark::Found,
            );
        }
        self.fields(&format!("{name}.fields"), &own.fields);
        if !own.item_fields.is_empty() {
            self.fields(&format!("{name}.item_fields"), &own.item_fields);
        }
    }

    fn fields(&mut self, table: &str, fields: &BTreeMap<String, String>) {
        self.table(table);
        for (field, pointer) in fields {
            self.line(field, &place(pointer), Mark::Found);
        }
    }

    fn words(&mut self, seen: &Observed) {
        if seen.words.is_empty() {
            return;
        }
        self.table("console.names");
        for (field, word) in &seen.words {
            self.line(field, &list(std::slice::from_ref(word)), Mark::Found);
        }
    }

    fn answers(&mut self, seen: &Observed) {
        for (way, talk) in [
            (Interaction::Chat, &seen.chat),
            (Interaction::Faq, &seen.faq),
        ] {
            let (Some((http, path)), Some((_, field))) = (&talk.asked, &talk.answer) else {
                continue;
            };
            self.text += "\n[[answer]]\n";
            self.line("http", &quoted(http), Mark::Found);
            self.line("path", &quoted(path), Mark::Found);
            let way = match way {
                Interaction::Chat => "chat",
                Interaction::Faq => "faq",
            };
            self.line("interaction", &quoted(way), Mark::Found);
            let body = format!("{{ {field} = \"It runs true to size.\" }}");
            self.line("body", &body, Mark::Found);
        }
    }

    fn table(&mut self, name: &str) {
        let _ = write!(self.text, "\n[{name}]\n");
    }

    fn line(&mut self, key: &str, value: &str, mark: Mark) {
        let mark = match mark {
            Mark::Found => {
                self.tally.found += 1;
                "found"
            }
            Mark::Assumed => {
                self.tally.assumed += 1;
                "assumed"
            }
        };
        let _ = writeln!(self.text, "{key} = {value} # {mark}");
    }

    fn option(&mut self, key: &str, value: Option<String>, mark: Mark) {
        match value {
            Some(value) => self.line(key, &value, mark),
            None => self.unknown(key),
        }
    }

    fn unknown(&mut self, key: &str) {
        self.tally.unknown += 1;
        let _ = writeln!(self.text, "# {key} =  # unknown");
    }
}

/// The chat's fingerprint and that of the Product FAQs, by their names; else in their order. What
/// travels with events goes before what does not, such as the number of a ticket.
fn identities(seen: &Observed) -> [(&'static str, Option<&Identity>); 2] {
    let travels = |own: &&Identity| {
        let pointer = seen.traffic.pointer_of(|text| text == own.value);
        pointer.is_some()
    };
    let mut sorted: Vec<&Identity> = seen.identities.iter().collect();
    sorted.sort_by_key(|own| !travels(own));
    let all = || sorted.iter().copied();
    let faq = all().find(|own| own.is_faq());
    let chat = all().find(|own| !own.is_faq());
    let other = || all().find(|own| Some(*own) != chat);
    [
        ("user_fingerprint", chat),
        ("user_faq_fingerprint", faq.or_else(other).or(chat)),
    ]
}

/// A place in an event: a name where that says it, else a pointer.
fn place(pointer: &str) -> String {
    match pointer.strip_prefix('/') {
        Some(name) if !name.contains(['/', '~']) => quoted(name),
        Some(_) | None => quoted(pointer),
    }
}

fn quoted(text: impl AsRef<str>) -> String {
    toml::Value::from(text.as_ref()).to_string()
}

fn list(texts: &[String]) -> String {
    let texts: Vec<String> = texts.iter().map(quoted).collect();
    format!("[{}]", texts.join(", "))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::discover::config::ConfigFound;
    use crate::discover::sources::Sources;
    use crate::discover::traffic::tests::request;
    use crate::discover::traffic::{Traffic, called};
    use crate::input::Files;
    use crate::sdk::Profile;

    fn nothing() -> Observed {
        Observed {
            sources: Sources::of(&[("x.js".to_owned(), String::new())]),
            config: None,
            globals: Vec::new(),
            ready: Vec::new(),
            version: None,
            identities: Vec::new(),
            chat: Talk::default(),
            faq: Talk::default(),
            traffic: Traffic::default(),
            words: BTreeMap::new(),
        }
    }

    fn loaded(text: &str) -> Profile {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("own.toml");
        std::fs::write(&file, text).unwrap();
        let loaded = Profile::load(&file.display().to_string(), &Files::default());
        loaded.unwrap_or_else(|error| panic!("{error}\n{text}"))
    }

    #[test]
    fn profile_of_a_build_that_shows_nothing_is_the_documented_one() {
        let (text, tally) = describe(&nothing(), "x.js");
        let own = loaded(&text);
        assert_eq!(
            own.wire.event(Method::SendCartEvent).path,
            "/analytics/cart_events"
        );
        assert_eq!(own.install.scripts, ["x.js"]);
        assert_eq!(tally.found, 1, "{text}");
        assert!(tally.unknown > 8, "{tally:?}");
    }

    #[test]
    fn id_that_travels_goes_before_one_that_does_not() {
        let identity = |expression: &str, value: &str| Identity {
            expression: expression.to_owned(),
            value: value.to_owned(),
        };
        let body = json!({"productId": called(Method::SendCartEvent)["productId"], "who": "V"});
        let seen = Observed {
            identities: vec![identity("getTicketId()", "T"), identity("getId()", "V")],
            traffic: Traffic::of(&[request("/cart", &body.to_string())]),
            ..nothing()
        };
        let (text, _) = describe(&seen, "x.js");
        assert!(
            text.contains("\nuser_fingerprint = \"getId()\" # found\n"),
            "{text}"
        );
        assert!(
            text.contains("\nuser_fingerprint = \"who\" # found\n"),
            "{text}"
        );
    }

    #[test]
    fn what_was_seen_stands_in_a_profile_that_loads() {
        let talk = Talk {
            clicks: vec!["#dock >>> .bell".to_owned()],
            input: Some("#dock >>> textarea".to_owned()),
            send: None,
            dismiss: None,
            asked: Some(("POST".to_owned(), "/talk".to_owned())),
            answer: Some(("li[data-by=\"shop\"]".to_owned(), "reply".to_owned())),
        };
        let identity = |name: &str| Identity {
            expression: format!("getId('{name}')"),
            value: name.to_owned(),
        };
        let seen = Observed {
            config: Some(ConfigFound {
                name: "shop".to_owned(),
                company: Some("key".to_owned()),
                api: Some("home".to_owned()),
            }),
            globals: vec!["courier".to_owned()],
            ready: vec!["courier.phase === \"open\"".to_owned()],
            identities: vec![identity("faq"), identity("chat")],
            chat: talk,
            ..nothing()
        };
        let (text, _) = describe(&seen, "dist");
        let own = loaded(&text);
        assert_eq!(own.ready, "courier.phase === \"open\"");
        let config = "document.shop = { key: \"{{company}}\", home: \"{{api}}\" };";
        assert_eq!(own.install.config, config);
        assert_eq!(
            own.identifiers.unwrap().user_faq_fingerprint,
            "getId('faq')"
        );
        assert_eq!(own.chat.unwrap().clicks[0].parts(), ["#dock", ".bell"]);
        assert_eq!(own.answers[0].path, "/talk");
    }
}
