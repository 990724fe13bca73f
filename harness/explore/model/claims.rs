//! What the model knows of a profile, and of the shop.

use std::collections::BTreeSet;

use super::call::of_storefront;
use super::rule::{Rule, Verdict};
use crate::contract::{Interaction, Register, RequirementId};
use crate::plan::unclaimed;
use crate::scenario::StorefrontOptions;
use crate::sdk::Profile;
use crate::sdk::profile::{Conversation, Policies};

/// What the model knows of a profile, and of the shop.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is a claim of its own")]
pub struct Claims {
    pub policies: Policies,
    /// Whether the older methods keep every promise, too.
    pub direct: bool,
    /// Whether the chat and the FAQs can be used.
    pub chat: bool,
    pub faq: bool,
    /// Whether the chat can be closed.
    pub dismiss: bool,
    /// The widgets whose questions are known when the backend gets them.
    pub questions: Vec<Interaction>,
    /// The pages that have a place for the FAQs.
    pub faq_pages: Vec<String>,
    /// Whether the fingerprints can be read.
    pub getters: bool,
    /// Whether several events share a request, so that requests are not those of single events.
    pub batches: bool,
    /// The requirements that it does not claim.
    pub unclaimed: BTreeSet<RequirementId>,
}

impl Claims {
    /// Those of `profile`, in a shop with these pages that have a place for the FAQs.
    pub fn of(profile: &Profile, register: &Register, faq_pages: &[String]) -> Self {
        Self {
            unclaimed: unclaimed(register, profile),
            faq_pages: faq_pages.to_vec(),
            policies: profile.policies.clone(),
            direct: profile.direct_methods,
            chat: profile.chat.is_some(),
            faq: profile.faq.is_some(),
            dismiss: profile.chat.as_ref().is_some_and(Conversation::closes),
            questions: [Interaction::Chat, Interaction::Faq]
                .into_iter()
                .filter(|widget| profile.knows_questions_to(*widget))
                .collect(),
            getters: profile.identifiers.is_some(),
            batches: profile.wire.has_batches(),
        }
    }

    /// Those of a bundled profile.
    #[cfg(test)]
    pub fn bundled(profile: &str, faq_pages: &[String]) -> Self {
        let files = crate::input::Files::default();
        let register = Register::load(&files).expect("the register");
        let profile = Profile::load(profile, &files).expect("a bundled profile");
        Self::of(&profile, &register, faq_pages)
    }

    /// What a rule says under this profile: nothing, where its requirement is not claimed.
    pub fn rule(&self, rule: Rule) -> Rule {
        if self.has_rule(rule) {
            rule
        } else {
            Rule::NotClaimed
        }
    }

    /// Whether a rule says something under this profile.
    pub fn has_rule(&self, rule: Rule) -> bool {
        let is_claimed = !self.unclaimed.contains(&rule.requirement());
        is_claimed || rule.verdict() == Verdict::Open
    }

    /// Whether every promise in such a storefront is claimed.
    pub fn allow(&self, storefront: &StorefrontOptions) -> bool {
        of_storefront(storefront).all(|rule| self.has_rule(rule))
    }

    /// Whether a visitor can use a widget.
    pub fn has(&self, widget: Interaction) -> bool {
        match widget {
            Interaction::Chat => self.chat,
            Interaction::Faq => self.faq,
        }
    }
}
