use super::{Broken, Finding};
use crate::contract::CheckName;
use crate::evidence::{Asker, Contact, Evidence};
use crate::sdk::Profile;

/// `finding`, with the denied hosts in its message that can be why the check does not hold: a build
/// that speaks to them reaches nobody.
pub fn with_denied_hosts(
    finding: Finding,
    name: CheckName,
    evidence: &Evidence,
    profile: &Profile,
) -> Finding {
    let mut hosts: Vec<&str> = evidence
        .contacts
        .iter()
        .filter(|contact| may_matter(contact, name, profile))
        .map(|contact| contact.host.as_str())
        .collect();
    hosts.sort_unstable();
    hosts.dedup();
    if hosts.is_empty() {
        return finding;
    }
    let said = |message: String| {
        format!(
            "{message}; the page asked for {}, which the profile's `hosts` do not name: denied",
            hosts.join(" and ")
        )
    };
    match finding {
        Finding::Broken(broken) => Finding::Broken(Broken {
            message: said(broken.message),
            ..broken
        }),
        Finding::NothingToJudge(why) => Finding::NothingToJudge(said(why)),
        Finding::Holds | Finding::NotTestable(_) | Finding::Seen(_) => finding,
    }
}

/// Whether it asks for what the backend would have answered. What keeps an SDK from becoming ready
/// may be anything.
fn may_matter(contact: &Contact, name: CheckName, profile: &Profile) -> bool {
    let is_prerequisite = matches!(name, CheckName::Ready | CheckName::StepsDone);
    contact.asker == Asker::Page
        && !contact.ours
        && (is_prerequisite
            || contact
                .url
                .as_deref()
                .and_then(path_of)
                .is_some_and(|path| profile.answers_at(path)))
}

fn path_of(url: &str) -> Option<&str> {
    let (_, rest) = url.split_once("://")?;
    Some(
        rest[rest.find('/')?..]
            .split('?')
            .next()
            .unwrap_or_default(),
    )
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::evidence::Millis;
    use crate::input::Files;

    fn told(name: CheckName, url: &str, ours: bool, asker: Asker) -> Finding {
        let host = url.split('/').nth(2).unwrap().to_owned();
        let contact = Contact {
            at: Millis(0.0),
            asker,
            host,
            method: "POST".into(),
            url: Some(url.into()),
            ours,
        };
        let evidence = Evidence {
            contacts: vec![contact.clone(), contact],
            ..Evidence::default()
        };
        with_denied_hosts(
            Finding::broken("not recorded"),
            name,
            &evidence,
            &Profile::load("alhena", &Files::default()).unwrap(),
        )
    }

    const EVENTS: &str = "https://api.example.com/analytics/cart_events?v=1";

    #[test]
    fn a_host_that_was_asked_for_events_and_denied_is_named_once() {
        let Finding::Broken(broken) = told(CheckName::Delivered, EVENTS, false, Asker::Page) else {
            panic!("it is broken")
        };
        assert_eq!(
            broken.message,
            "not recorded; the page asked for api.example.com, which the profile's `hosts` do \
             not name: denied"
        );
    }

    #[rstest]
    #[case::the_vendor_s(CheckName::Delivered, EVENTS, true, Asker::Page)]
    #[case::the_browser_s_own(CheckName::Delivered, EVENTS, false, Asker::Browser)]
    #[case::something_else(
        CheckName::Delivered,
        "https://stats.example.com/p",
        false,
        Asker::Page
    )]
    #[case::no_path_at_all(CheckName::Delivered, "https://stats.example.com", false, Asker::Page)]
    fn a_host_that_explains_nothing_is_not_named(
        #[case] name: CheckName,
        #[case] url: &str,
        #[case] ours: bool,
        #[case] asker: Asker,
    ) {
        assert_eq!(
            told(name, url, ours, asker),
            Finding::broken("not recorded")
        );
    }

    #[test]
    fn anything_may_keep_an_sdk_from_becoming_ready() {
        let Finding::Broken(broken) = told(
            CheckName::Ready,
            "https://stats.example.com/p",
            false,
            Asker::Page,
        ) else {
            panic!("it is broken")
        };
        assert!(
            broken.message.contains("stats.example.com"),
            "{}",
            broken.message
        );
    }

    #[test]
    fn what_holds_holds() {
        let contact = Contact {
            at: Millis(0.0),
            asker: Asker::Page,
            host: "api.example.com".into(),
            method: "POST".into(),
            url: Some(EVENTS.into()),
            ours: false,
        };
        let evidence = Evidence {
            contacts: vec![contact],
            ..Evidence::default()
        };
        let profile = Profile::load("alhena", &Files::default()).unwrap();
        assert_eq!(
            with_denied_hosts(Finding::Holds, CheckName::Once, &evidence, &profile),
            Finding::Holds
        );
    }
}
