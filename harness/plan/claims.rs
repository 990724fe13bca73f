//! Checks that a build does not claim are excluded, each with the reason that reports show.

use std::collections::{BTreeMap, BTreeSet};

use super::cases::{Case, CaseCheck};
use super::pattern::Pattern;
use crate::contract::{BrowserFeature, Interaction, Need, Register, RequirementId};
use crate::input::InputError;
use crate::scenario::{CallStyle, Disturbs, WidgetUse};
use crate::sdk::{Profile, Side};

/// Takes the checks out of `cases` that do not apply under `profile`, each with the reason.
pub fn exclude_unclaimed(cases: &mut [Case], register: &Register, profile: &Profile) {
    let claims = Claims::new(register, profile);
    for case in cases {
        let (id, scenario) = (case.id.clone(), case.scenario.id.clone());
        let cannot = claims.reason_against_case(case);
        for mut check in std::mem::take(&mut case.checks) {
            let reason = claims.reason_against(&mut check, &[&id, &scenario]);
            match reason.or_else(|| cannot.clone()) {
                Some(reason) => case.not_applicable.push((check, reason)),
                None => case.checks.push(check),
            }
        }
    }
}

/// The requirements that do not apply under `profile`.
pub fn unclaimed(register: &Register, profile: &Profile) -> BTreeSet<RequirementId> {
    let claims = Claims::new(register, profile);
    let all = register.iter().map(|requirement| &requirement.id);
    let is_not = |id: &&RequirementId| claims.reason_against_requirement(id).is_some();
    all.filter(is_not).cloned().collect()
}

/// Takes the checks out that need what the engine `never_does`, by themselves or by their case,
/// each with the reason.
pub fn exclude_never_done(cases: &mut [Case], never_does: &BTreeMap<BrowserFeature, String>) {
    for case in cases {
        let needs = case.needs();
        let of_case = needs.iter().find_map(|need| never_does.get(need));
        for check in std::mem::take(&mut case.checks) {
            let question = check.question;
            let mut all = never_does.iter();
            let own = all.find(|(feature, _)| question.needs(Need::Browser(**feature)));
            match of_case.or(own.map(|(_, reason)| reason)) {
                Some(reason) => case.not_applicable.push((check, reason.clone())),
                None => case.checks.push(check),
            }
        }
    }
}

/// Refuses a pattern of the profile's `not_claimed` that matches no check of `cases`, the whole
/// plan.
///
/// # Errors
/// If there is one: a misspelt requirement would be tested all the same, and a renamed one would
/// no longer be excused.
pub fn refuse_unmatched_claims(cases: &[Case], profile: &Profile) -> Result<(), InputError> {
    let matches_any = |pattern: &Pattern| {
        cases.iter().any(|case| {
            let names = [case.id.as_str(), &case.scenario.id];
            let mut checks = case.checks.iter();
            checks.any(|check| pattern.matches(&check.id, &names, &check.requirements))
        })
    };
    let mut all = profile.not_claimed.iter().flat_map(|entry| &entry.checks);
    let Some(text) = all.find(|text| !matches_any(&Pattern::new(text))) else {
        return Ok(());
    };
    let found = format!("`{text}` in [[not_claimed]] matches no check");
    Err(profile.origin.error_at(text, found).help(
        "a pattern is matched against whole check ids, scenario ids and requirement ids; \
         `alhena-conformance list` shows them",
    ))
}

struct Claims<'a> {
    register: &'a Register,
    profile: &'a Profile,
    excused: Vec<(Pattern, &'a str)>,
}

impl<'a> Claims<'a> {
    fn new(register: &'a Register, profile: &'a Profile) -> Self {
        let excused = profile.not_claimed.iter().flat_map(|entry| {
            let checks = entry.checks.iter();
            checks.map(|text| (Pattern::new(text), entry.reason.as_str()))
        });
        Self {
            register,
            profile,
            excused: excused.collect(),
        }
    }

    /// Why nothing of a case applies: a shop or a visitor would have to use what the build does not
    /// have.
    fn reason_against_case(&self, case: &Case) -> Option<String> {
        if let Some(reason) = self.reason_against_style(case.axes.call) {
            return Some(reason);
        }
        let is_missing = |(widget, used): &(Interaction, WidgetUse)| {
            let is_needed = match used {
                // Where nothing is rejected without an interaction, a visitor need not interact.
                WidgetUse::Interacts(_) => self.profile.policies.gate != Side::None,
                WidgetUse::Opens(_) | WidgetUse::Dismisses(_) => true,
            };
            is_needed && self.profile.conversation(*widget).is_none()
        };
        let stays_open = |(widget, used): &(Interaction, WidgetUse)| match used {
            WidgetUse::Interacts(_) | WidgetUse::Opens(_) => false,
            WidgetUse::Dismisses(_) => {
                let conversation = self.profile.conversation(*widget);
                conversation.is_some_and(|own| !own.closes())
            }
        };
        if let Some((widget, _)) = case.widgets().find(stays_open) {
            let (words, table) = (widget.widget(), widget.table());
            return Some(format!(
                "a visitor closes the {words} here, and [{table}] of the profile has neither \
                 `dismiss` nor `close`"
            ));
        }
        if case.disturbances().any(|own| own == Disturbs::Answers) {
            let is_unknown =
                |(widget, _): &(Interaction, WidgetUse)| !self.profile.knows_questions_to(*widget);
            if let Some((widget, _)) = case.widgets().find(is_unknown) {
                return Some(format!(
                    "the answers of the {} are late or fail here, and no [[answer]] of the \
                     profile has that `interaction`",
                    widget.widget()
                ));
            }
        }
        if case.asks_for_chat_place() && self.profile.chat_place().is_none() {
            let reason = "a step asks for the element of the chat here, and [chat] of the profile \
                          names none: `root` does";
            return Some(reason.to_owned());
        }
        let (widget, _) = case.widgets().find(is_missing)?;
        Some(format!(
            "a visitor uses the {} here, and the profile has no [{}]",
            widget.widget(),
            widget.table()
        ))
    }

    /// Why a shop cannot call events in this way.
    fn reason_against_style(&self, style: CallStyle) -> Option<String> {
        match style {
            CallStyle::Queue | CallStyle::SavedReference | CallStyle::Push => None,
            CallStyle::Direct => (!self.profile.direct_methods).then(|| {
                "the profile does not claim that the build has the older methods; \
                 `direct_methods = true` claims it"
                    .to_owned()
            }),
        }
    }

    /// Why a check does not apply. One that proves several promises still proves those that are
    /// claimed.
    fn reason_against(&self, check: &mut CaseCheck, names: &[&str]) -> Option<String> {
        let reason = self.excuse(|pattern| pattern.matches(&check.id, names, &[]));
        if reason.is_some() {
            return reason;
        }
        let needs = check.question.facts().needs;
        if let Some(lacks) = needs.iter().find_map(|need| lacks(*need, self.profile)) {
            return Some(lacks.to_owned());
        }
        let mut claimed = check.requirements.clone();
        let mut reasons = Vec::new();
        claimed.retain(|requirement| {
            let reason = self.reason_against_requirement(requirement);
            reasons.extend(reason.clone());
            reason.is_none()
        });
        if claimed.is_empty() {
            return reasons.into_iter().next();
        }
        check.requirements = claimed;
        None
    }

    /// The reason of the first entry of `not_claimed` whose pattern is meant.
    fn excuse(&self, is_meant: impl Fn(&Pattern) -> bool) -> Option<String> {
        let mut excused = self.excused.iter();
        let (_, reason) = excused.find(|(pattern, _)| is_meant(pattern))?;
        Some((*reason).to_owned())
    }

    fn reason_against_requirement(&self, id: &RequirementId) -> Option<String> {
        let reason = self.excuse(|pattern| pattern.is_of(&id.0));
        if reason.is_some() {
            return reason;
        }
        let words = self.profile.policies.words();
        let under = &self.register.get(id)?.under;
        let (policy, values) = under.iter().find(|(policy, values)| {
            let word = words.get(policy.as_str());
            !values.iter().any(|value| word == Some(&value.as_str()))
        })?;
        let (values, own) = (values.join(" or "), words[policy.as_str()]);
        Some(format!(
            "{id} is promised only with {policy} = {values}, and the profile says {own}"
        ))
    }
}

/// What of a need the profile does not give.
fn lacks(need: Need, profile: &Profile) -> Option<&'static str> {
    match need {
        Need::Getters => profile.identifiers.is_none().then_some(
            "the build has no getters to compare with: the profile has no [identifiers]",
        ),
        // Nothing of a profile's: the scenario, the driver or the browser gives it.
        Need::ReadyStep
        | Need::ExpectedEvents(_)
        | Need::ForbiddenEvents
        | Need::ExpectedPage
        | Need::ExpectedConsole
        | Need::ReadStep
        | Need::SecondVisitor
        | Need::Requests
        | Need::Browser(_) => None,
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use super::*;
    use crate::input::Files;
    use crate::plan::Patterns;
    use crate::scenario::Suite;
    use crate::sdk::profile::{Attribution, NotClaimed};

    fn planned(change: impl Fn(&mut Profile)) -> (Vec<Case>, Profile) {
        let files = Files::default();
        let suite = Suite::load(&files).unwrap();
        let mut profile = Profile::load("alhena", &files).unwrap();
        profile.direct_methods = true;
        change(&mut profile);
        let mut cases = suite.plan(&mut Patterns::new(&[]));
        exclude_unclaimed(&mut cases, &suite.register, &profile);
        (cases, profile)
    }

    fn excluded(cases: &[Case]) -> Vec<(&str, &str)> {
        cases
            .iter()
            .flat_map(|case| &case.not_applicable)
            .map(|(check, reason)| (check.id.0.as_str(), reason.as_str()))
            .collect()
    }

    #[test]
    fn default_profile_claims_all_but_older_methods() {
        let (cases, _) = planned(|profile| profile.direct_methods = false);
        let excluded = excluded(&cases);
        assert!(
            !excluded.is_empty()
                && excluded
                    .iter()
                    .all(|(id, reason)| id.contains("call=direct")
                        && reason.contains("direct_methods")),
            "{excluded:?}"
        );
    }

    #[test]
    fn claimed_older_methods_exclude_nothing() {
        assert_eq!(excluded(&planned(|_| {}).0), []);
    }

    #[test]
    fn unclaimed_check_is_excluded_with_its_reason() {
        let entry = NotClaimed {
            checks: vec![
                "DEDUP-NO-ID".into(),
                "cart/added-by-a-click@interaction=faq".into(),
            ],
            events: Vec::new(),
            reason: "no FAQs".into(),
        };
        let (cases, _) = planned(|profile| profile.not_claimed = vec![entry.clone()]);
        assert!(
            excluded(&cases)
                .contains(&("cart/added-by-a-click@interaction=faq#delivered", "no FAQs"))
        );
        assert!(
            excluded(&cases)
                .iter()
                .any(|(id, _)| id.starts_with("dedup/"))
        );
        assert!(cases.iter().flat_map(|case| &case.checks).all(|check| {
            !check
                .requirements
                .contains(&RequirementId("DEDUP-NO-ID".into()))
        }));
    }

    #[test]
    fn requirement_is_excluded_without_its_policy() {
        let (cases, _) = planned(|profile| profile.policies.attribution = Attribution::Hours(24));
        let excluded = excluded(&cases);
        assert!(
            !excluded.is_empty()
                && excluded.iter().all(|(_, reason)| reason
                    .contains("attribution = session, and the profile says hours")),
            "{excluded:?}"
        );
        let (cases, _) = planned(|profile| profile.policies.gate = Side::None);
        assert!(
            cases
                .iter()
                .flat_map(|case| &case.not_applicable)
                .any(|(check, _)| check.id.0.starts_with("gate/no-interaction"))
        );
    }

    #[test]
    fn build_without_faqs_excludes_only_faq_cases() {
        let (cases, _) = planned(|profile| profile.faq = None);
        let excluded = excluded(&cases);
        let faq = "install/faq-is-usable#steps-done";
        assert!(
            excluded.contains(&(
                faq,
                "a visitor uses the Product FAQs here, and the profile has no [faq]"
            )),
            "{excluded:?}"
        );
        assert!(
            excluded
                .iter()
                .all(|(id, _)| !id.starts_with("install/chat-is-usable")
                    && !id.contains("interaction=chat"))
        );
        assert!(
            cases
                .iter()
                .filter(|case| !case.not_applicable.is_empty())
                .all(|case| case.checks.is_empty()),
            "a case is excluded as a whole"
        );
    }

    #[test]
    fn chat_without_an_element_excludes_only_cases_that_ask_for_it() {
        let (cases, _) = planned(|profile| profile.chat.as_mut().unwrap().root = None);
        let excluded = excluded(&cases);
        assert!(
            !excluded.is_empty() && excluded.iter().all(|(_, reason)| reason.contains("`root`")),
            "{excluded:?}"
        );
    }

    #[test]
    fn build_without_getters_excludes_fingerprint_agreement() {
        let (cases, _) = planned(|profile| profile.identifiers = None);
        let excluded = excluded(&cases);
        assert!(
            !excluded.is_empty()
                && excluded
                    .iter()
                    .all(|(id, reason)| id.ends_with("#fingerprints-agree")
                        && reason.contains("[identifiers]")),
            "{excluded:?}"
        );
    }

    #[test]
    fn unmatched_claim_pattern_is_refused() {
        let entry = NotClaimed {
            checks: vec!["DEDUP-NOID".into()],
            events: Vec::new(),
            reason: "a typo".into(),
        };
        let (cases, profile) = planned(|profile| profile.not_claimed = vec![entry.clone()]);
        let error = refuse_unmatched_claims(&cases, &profile)
            .unwrap_err()
            .to_string();
        assert!(
            error.contains("`DEDUP-NOID` in [[not_claimed]] matches no check"),
            "{error}"
        );
    }
}
