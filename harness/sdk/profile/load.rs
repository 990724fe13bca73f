use std::path::Path;

use serde::Deserialize;
use sha2::{Digest, Sha256};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{Conversation, Inherited, Origin, Profile, Side};
use crate::contract::Method;
use crate::input::{Files, InputError, Source};
use crate::sdk::sha256;

/// What a profile adds to where it does not say.
const BASE: &str = "alhena";

/// Says that a profile stands alone.
const ALONE: &str = "none";

impl Profile {
    /// Reads a bundled profile by its name, or a user's by its path.
    ///
    /// # Errors
    /// If it cannot be read, holds an unknown key, or lacks what a run needs.
    pub fn load(name: &str, files: &Files) -> Result<Self, InputError> {
        let is_path = name.contains('/')
            || Path::new(name)
                .extension()
                .is_some_and(|extension| extension == "toml");
        let place = if is_path {
            Place::Disk(name.to_owned())
        } else {
            Place::Bundled
        };
        let source = if is_path {
            Source::read(Path::new(name))?
        } else {
            files.fixture(&bundled(name))?
        };
        let profile = read(&source, files)?;
        let mut origin = Origin {
            file: source.name.clone(),
            text: source.text.clone(),
            ..Origin::default()
        };
        let mut digest = Sha256::new();
        digest.update(format!("{profile:?}"));
        let install = &profile.install;
        for beside in install
            .before
            .iter()
            .chain(&install.after)
            .chain(&install.snippet)
        {
            let text = place.beside(beside, files).map_err(|error| {
                source.error(format!(
                    "the file beside this profile cannot be used: {error}"
                ))
            })?;
            digest.update(&text);
            origin.beside.insert(beside.clone(), text);
        }
        origin.sha256 = sha256(digest.finalize().as_slice());
        Ok(Self { origin, ..profile })
    }

    fn refuse_what_cannot_work(&self, source: &Source) -> Result<(), InputError> {
        let wrong = |found: String| Err(source.error(found));
        if let Some(method) = Method::ALL
            .into_iter()
            .find(|method| !self.wire.events.contains_key(method))
        {
            return wrong(format!("[wire.events.{method}] is missing"));
        }
        for (name, conversation) in [("chat", &self.chat), ("faq", &self.faq)] {
            if let Some(lack) = conversation.as_ref().and_then(Conversation::lacks) {
                return wrong(format!("[{name}] is no conversation: {lack}"));
            }
        }
        if self.policies.gate != Side::None && self.chat.is_none() && self.faq.is_none() {
            return wrong(
                "without [chat] and [faq] no visitor can interact, and no event is ever recorded; \
                 or is the policy `gate = \"none\"`?"
                    .into(),
            );
        }
        if self.policies.gate == Side::Server
            && !self
                .answers
                .iter()
                .any(|answer| answer.interaction.is_some() && answer.fingerprint.is_some())
        {
            return wrong(
                "with `gate = \"server\"` some [[answer]] must have `interaction` and \
                 `fingerprint`: how else would a server know?"
                    .into(),
            );
        }
        Ok(())
    }
}

enum Place {
    Bundled,
    Disk(String),
}

impl Place {
    fn beside(&self, name: &str, files: &Files) -> Result<String, InputError> {
        match self {
            Self::Bundled => files
                .fixture(&format!("profiles/{name}"))
                .map(|source| source.text),
            Self::Disk(profile) => {
                let file = Path::new(profile).with_file_name(name);
                let own = Source::read(&file).map(|source| source.text);
                // What a bundled profile names lies beside that one.
                own.or_else(|error| {
                    files
                        .fixture(&format!("profiles/{name}"))
                        .map(|source| source.text)
                        .map_err(|_| error)
                })
            }
        }
    }
}

fn bundled(name: &str) -> String {
    format!("profiles/{name}.toml")
}

fn read(source: &Source, files: &Files) -> Result<Profile, InputError> {
    let bases = bases(source, files)?;
    let mut merged = table(source)?;
    for base in &bases {
        let mut base = table(base)?;
        for absent in Inherited::ALL
            .into_iter()
            .filter(|part| goes_without(&merged, *part))
        {
            base.get_mut().remove(absent.table());
        }
        merged = over(base, merged);
    }
    let profile = Profile::deserialize(toml::Deserializer::from(merged))
        .map_err(|error| source.toml_error(&error))?;
    profile.refuse_what_cannot_work(source)?;
    Ok(profile)
}

fn table(source: &Source) -> Result<Spanned<DeTable<'_>>, InputError> {
    DeTable::parse(&source.text).map_err(|error| source.toml_error(&error))
}

fn goes_without(table: &Spanned<DeTable<'_>>, part: Inherited) -> bool {
    let named = table
        .get_ref()
        .get("without")
        .and_then(|value| value.get_ref().as_array());
    named.is_some_and(|names| {
        names
            .iter()
            .any(|name| name.get_ref().as_str() == Some(part.table()))
    })
}

/// The profiles that `source` adds to: the one it names, the one which that names, and so on.
fn bases(source: &Source, files: &Files) -> Result<Vec<Source>, InputError> {
    let mut bases: Vec<Source> = Vec::new();
    loop {
        let last = bases.last().unwrap_or(source);
        let own = table(last)?;
        let named = own
            .get_ref()
            .get("extends")
            .and_then(|value| value.get_ref().as_str());
        let name = match named {
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
        let is_whole = Inherited::ALL
            .iter()
            .any(|part| part.table() == key.get_ref().as_ref());
        let before = merged.remove(key.get_ref().as_ref());
        let span = value.span();
        let value = match (before.map(Spanned::into_inner), value.into_inner()) {
            (Some(DeValue::Table(before)), DeValue::Table(own)) if !is_whole => DeValue::Table(
                over(
                    Spanned::new(span.clone(), before),
                    Spanned::new(span.clone(), own),
                )
                .into_inner(),
            ),
            (_, own) => own,
        };
        merged.insert(key, Spanned::new(span, value));
    }
    Spanned::new(span, merged)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use super::*;

    fn profile(text: &str) -> Result<Profile, InputError> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("own.toml");
        std::fs::write(&file, text).unwrap();
        std::fs::write(folder.path().join("glue.js"), "window.glue = 1;").unwrap();
        Profile::load(file.to_str().unwrap(), &Files::default())
    }

    fn refused(text: &str) -> String {
        profile(text).unwrap_err().to_string()
    }

    #[test]
    fn the_bundled_profiles_can_be_used() {
        for name in ["alhena", "courier", "mixpanel", "reference"] {
            assert_eq!(Profile::load(name, &Files::default()).unwrap().name, name);
        }
    }

    #[test]
    fn the_template_can_be_used_as_it_is_and_with_every_option_switched_on() {
        let template = Files::default()
            .fixture("profile-template.toml")
            .unwrap()
            .text;
        let is_option = |line: &str| {
            line.strip_prefix('#').is_some_and(|rest| {
                rest.starts_with(|first: char| first == '[' || first.is_ascii_lowercase())
            })
        };
        let all: String = template
            .lines()
            .map(|line| if is_option(line) { &line[1..] } else { line })
            .collect::<Vec<_>>()
            .join("\n");
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
            (1, 1, 1)
        );
    }

    #[test]
    fn the_committed_schema_is_that_of_the_type() {
        let committed = Files::default()
            .fixture("profile.schema.json")
            .unwrap()
            .json::<serde_json::Value>()
            .unwrap();
        assert_eq!(
            committed,
            Profile::json_schema(),
            "alhena-conformance schema profile > fixtures/profile.schema.json"
        );
    }

    #[test]
    fn a_profile_says_only_what_differs() {
        let own = profile(
            "name = \"own\"\n[wire.events.sendCartEvent]\npath = \"/v2/cart\"\n[install]\n\
             before = [\"glue.js\"]\n",
        )
        .unwrap();
        assert_eq!(
            (
                own.wire.event(Method::SendCartEvent).path.as_str(),
                own.company_key.as_str()
            ),
            ("/v2/cart", "CONFORMANCE-COMPANY-KEY")
        );
        assert_eq!(
            own.wire.event(Method::SendCartEvent).fields["productId"].text(),
            "product_id"
        );
        assert_eq!(own.origin.beside["glue.js"], "window.glue = 1;");
    }

    #[test]
    fn a_profile_adds_to_one_that_adds_to_another() {
        let own = profile("name = \"own\"\nextends = \"reference\"\nready = \"true\"\n").unwrap();
        assert_eq!(
            (
                own.ready.as_str(),
                own.wire.event(Method::SendCartEvent).path.as_str()
            ),
            ("true", "/analytics/cart_events")
        );
        assert!(
            own.chat.unwrap().input.is_some(),
            "as the reference SDK is used"
        );
    }

    #[test]
    fn a_profile_goes_without_what_its_build_does_not_have() {
        let own = profile(
            "name = \"own\"\nextends = \"reference\"\nwithout = [\"faq\", \"identifiers\"]\n",
        )
        .unwrap();
        assert!(own.faq.is_none() && own.identifiers.is_none() && own.chat.is_some());
        assert!(
            refused("name = \"own\"\nwithout = [\"wire\"]\n").contains("unknown variant `wire`")
        );
    }

    #[test]
    fn what_a_bundled_profile_names_beside_itself_is_inherited_with_it() {
        let own = profile("name = \"own\"\nextends = \"mixpanel\"\n").unwrap();
        assert!(own.origin.beside["mixpanel/shim.js"].contains("trackAlhenaEvent"));
    }

    #[test]
    fn a_conversation_is_replaced_as_a_whole() {
        let own =
            profile("name = \"own\"\n[chat]\nclicks = [\"#a >>> b\"]\nanswer = \"#c\"\n").unwrap();
        let chat = own.chat.unwrap();
        assert_eq!((chat.clicks[0].parts().len(), chat.call), (2, None));
    }

    #[test]
    fn the_documented_hosts_are_the_vendor_s_and_a_profile_of_ones_own_names_others() {
        let documented = Profile::load("alhena", &Files::default()).unwrap();
        assert!(
            ["app.alhena.ai", "eu.alhena.ai", "app.gleen.ai"]
                .into_iter()
                .all(|host| documented.names_host(host))
        );
        let own = profile("name = \"own\"\nhosts = [\"*.shop.example\"]\n").unwrap();
        assert_eq!(
            [
                own.names_host("sdk.shop.example"),
                own.names_host("app.alhena.ai")
            ],
            [true, false]
        );
    }

    #[test]
    fn the_hash_tells_profiles_apart_and_not_their_comments() {
        let hash = |text: &str| profile(text).unwrap().origin.sha256;
        assert_eq!(hash("name = \"own\""), hash("# mine\nname = \"own\""));
        assert_ne!(
            hash("name = \"own\""),
            hash("name = \"own\"\nready = \"true\"")
        );
    }

    #[test]
    fn what_is_wrong_is_told_at_its_line_of_the_users_file() {
        let message = refused("name = \"own\"\n\n[chat]\nlauncher = \"#a\"\nanswer = \"#b\"\n");
        assert!(
            message.contains("unknown field `launcher`") && message.contains("own.toml:4"),
            "{message}"
        );
        let message = refused("name = \"own\"\n[policies]\ngate = \"sometimes\"\n");
        assert!(
            message.contains("sometimes") && message.contains("own.toml:3"),
            "{message}"
        );
        let message = refused(
            "name = \"own\"\nhosts = [\n  \"app.alhena.ai\",\n  \"https://eu.alhena.ai\",\n]\n",
        );
        assert!(
            message.contains("`https://eu.alhena.ai` is no host") && message.contains("own.toml:2"),
            "{message}"
        );
    }

    #[test]
    fn a_profile_that_cannot_work_is_refused() {
        assert!(
            refused("name = \"own\"\n[chat]\nclicks = [\"#a\"]\n")
                .contains("nobody knows when it has answered")
        );
        assert!(refused("name = \"own\"\n[chat]\nanswer = \"#a\"\n").contains("it asks nothing"));
        assert!(
            refused("name = \"own\"\n[install]\nbefore = [\"none.js\"]\n")
                .contains("the file beside this profile cannot be used")
        );
        assert!(
            refused(
                "name = \"own\"\n[policies]\ngate = \"server\"\n[[answer]]\npath = \"/chat\"\n"
            )
            .contains("must have `interaction` and `fingerprint`")
        );
        assert!(refused("name = \"own\"\nextends = \"none\"\n").contains("missing field"));
    }
}
