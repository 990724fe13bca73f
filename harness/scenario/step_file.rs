//! A step as a person writes it: a key a verb, and which step each is.

use std::fmt;

use serde::de::{self, SeqAccess};
use serde::{Deserialize, Deserializer};

use super::axes::CallStyle;
use super::line::Line;
use super::step::{Direction, Exit, Screen, Step, Tab};
use super::world::{AnswerState, BackendState, NetworkState, ScriptState};
use crate::contract::{Interaction, Method, Visitor};
use crate::input::InputError;

/// One step: exactly one verb, and the few words that go with some verbs.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct StepFile {
    pub visit: Option<String>,
    pub prerender: Option<String>,
    pub interact: Option<InteractWord>,
    pub send: Option<InteractWord>,
    pub open: Option<OpenWord>,
    pub dismiss: Option<OpenWord>,
    pub track: Option<OneOrMany>,
    pub save_reference: Option<True>,
    pub push_raw: Option<String>,
    pub click: Option<String>,
    pub go: Option<Direction>,
    pub sdk: Option<ScriptState>,
    pub backend: Option<BackendState>,
    pub answers: Option<AnswerState>,
    pub network: Option<NetworkState>,
    pub window: Option<Tab>,
    pub screen: Option<Screen>,
    pub close: Option<Tab>,
    pub visitor: Option<Visitor>,
    pub new_session: Option<True>,
    pub until_ready: Option<True>,
    pub until_recorded: Option<OneOrMany>,
    pub until_answered: Option<usize>,
    pub until_replied: Option<usize>,
    pub stay_ms: Option<u64>,
    pub read: Option<String>,
    pub identify: Option<True>,
    pub matrix: Option<Method>,

    /// With `track`: how.
    pub by: Option<CallStyle>,
    /// With `track`: leave the page in the same task.
    pub then: Option<Exit>,
    /// With `track`: one more event, called from inside the data of the first while the SDK reads
    /// it.
    pub during: Option<String>,
    /// With `click`: in the cart line of this product.
    pub line: Option<String>,
    /// With `click`: the page it loads, which is waited for.
    pub to: Option<String>,
    /// With `read`: the name of the value.
    #[serde(rename = "as")]
    pub name: Option<String>,
}

impl StepFile {
    /// The step that it is.
    ///
    /// # Errors
    /// At `line`, if it has no verb or two, a word that does not go with its verb, or an event that
    /// cannot be used.
    pub fn step(self, line: Line<'_>) -> Result<Step, InputError> {
        let (by, then) = (self.by, self.then);
        let during = self.during.map(|text| line.events(&[text])).transpose()?;
        let during = during.and_then(|events| events.into_iter().next());
        let (product, to, name) = (self.line, self.to, self.name);
        let extras = [
            ("by", by.is_some()),
            ("then", then.is_some()),
            ("during", during.is_some()),
            ("line", product.is_some()),
            ("to", to.is_some()),
            ("as", name.is_some()),
        ];
        let allowed: &[&str] = match (&self.track, &self.click, &self.read) {
            (Some(_), _, _) => &["by", "then", "during"],
            (None, Some(_), _) => &["line", "to"],
            (None, None, Some(_)) => &["as"],
            (None, None, None) => &[],
        };
        let is_wrong = |(word, given): &&(&str, bool)| *given && !allowed.contains(word);
        if let Some((extra, _)) = extras.iter().find(is_wrong) {
            let error = line.error(format!("`{extra}` does not go with this step"));
            return Err(error.help(
                "`by`, `then` and `during` go with `track`, `line` and `to` with `click`, `as` \
                 with `read`",
            ));
        }
        let verbs = [
            self.visit.map(Step::Visit),
            self.prerender.map(Step::Prerender),
            self.interact.map(|word| Step::Interact(word.widget())),
            self.send.map(|word| Step::Send(word.widget())),
            self.open.map(|_| Step::OpenChat),
            self.dismiss.map(|_| Step::DismissChat),
            self.track
                .map(|list| {
                    Ok(Step::Track {
                        events: line.events(&list.0)?,
                        style: by,
                        exit: then,
                        during,
                    })
                })
                .transpose()?,
            self.save_reference.map(|_| Step::SaveReference),
            self.push_raw.map(Step::PushRaw),
            self.click.map(|action| Step::Click {
                action,
                line: product,
                to,
            }),
            self.go.map(Step::Go),
            self.sdk.map(Step::Sdk),
            self.backend.map(Step::Backend),
            self.answers.map(Step::Answers),
            self.network.map(Step::Network),
            self.window.map(Step::Window),
            self.screen.map(Step::Screen),
            self.close.map(Step::Close),
            self.visitor.map(Step::Visitor),
            self.new_session.map(|_| Step::NewSession),
            self.until_ready.map(|_| Step::UntilReady),
            self.until_recorded
                .map(|list| line.events(&list.0).map(Step::UntilRecorded))
                .transpose()?,
            self.until_answered.map(Step::UntilAnswered),
            self.until_replied.map(Step::UntilReplied),
            self.stay_ms.map(Step::Stay),
            self.read
                .map(|expression| match name {
                    Some(name) => Ok(Step::Read { expression, name }),
                    None => Err(line
                        .error("a `read` step needs a name for its value")
                        .help("add `as = \"…\"`")),
                })
                .transpose()?,
            self.identify.map(|_| Step::Identify),
            self.matrix.map(Step::Matrix),
        ];
        let mut given = verbs.into_iter().flatten();
        match (given.next(), given.next()) {
            (Some(step), None) => Ok(step),
            (None, _) => Err(line
                .error("this step does nothing")
                .help("name a verb: visit, interact, track, click, …")),
            (Some(_), Some(_)) => Err(line
                .error("this step does two things")
                .help("one verb a step: make two steps of it")),
        }
    }
}

/// `interact = "chat" | "faq" | "any"`, and `send` alike.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum InteractWord {
    Chat,
    Faq,
    /// In the way of the case's interaction axis.
    Any,
}

impl InteractWord {
    /// Which widget; `None`: in the way of the case's interaction axis.
    fn widget(self) -> Option<Interaction> {
        match self {
            Self::Chat => Some(Interaction::Chat),
            Self::Faq => Some(Interaction::Faq),
            Self::Any => None,
        }
    }
}

/// `open = "chat"`, `dismiss = "chat"`.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OpenWord {
    Chat,
}

/// `true`, the only value that makes sense after a verb that takes no object.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(try_from = "bool")]
pub struct True;

impl TryFrom<bool> for True {
    type Error = &'static str;

    fn try_from(value: bool) -> Result<Self, Self::Error> {
        if value {
            Ok(Self)
        } else {
            Err("only `true` makes sense here: leave the step out instead")
        }
    }
}

/// One event reference, or a list of them.
#[derive(Debug)]
pub struct OneOrMany(pub Vec<String>);

impl<'de> Deserialize<'de> for OneOrMany {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OneOrManyVisitor;

        impl<'de> de::Visitor<'de> for OneOrManyVisitor {
            type Value = OneOrMany;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an event, such as \"cart/trail-runner-added\", or a list of events")
            }

            fn visit_str<E: de::Error>(self, one: &str) -> Result<Self::Value, E> {
                Ok(OneOrMany(vec![one.to_owned()]))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
                let mut many = Vec::new();
                while let Some(one) = list.next_element()? {
                    many.push(one);
                }
                Ok(OneOrMany(many))
            }
        }

        deserializer.deserialize_any(OneOrManyVisitor)
    }
}
