use super::{Broken, Finding};
use crate::contract::DeniedHosts;
use crate::evidence::{Asker, Contact};
use crate::reading::Reading;
use crate::sdk::Profile;

/// `finding`, with the denied hosts in its message that can be why the check does not hold: a build
/// that speaks to them reaches nobody.
pub fn with_denied_hosts(
    finding: Finding,
    explained_by: DeniedHosts,
    reading: &Reading<'_>,
) -> Finding {
    let contacts = &reading.evidence.contacts;
    let mut hosts: Vec<&str> = contacts
        .iter()
        .filter(|contact| may_matter(contact, explained_by, reading.profile))
        .map(|contact| contact.host.as_str())
        .collect();
    hosts.sort_unstable();
    hosts.dedup();
    if hosts.is_empty() {
        return finding;
    }
    let with_hosts = |message: String| {
        format!(
            "{message}; the page asked for {}, which the profile's `hosts` do not name: denied",
            hosts.join(" and ")
        )
    };
    match finding {
        Finding::Broken(broken) => Finding::Broken(Broken {
            message: with_hosts(broken.message),
            ..broken
        }),
        Finding::NothingToJudge(why) => Finding::NothingToJudge(with_hosts(why)),
        Finding::Holds | Finding::NotTestable(_) | Finding::Seen(_) => finding,
    }
}

/// Whether a denied host may be why a check does not hold.
fn may_matter(contact: &Contact, explained_by: DeniedHosts, profile: &Profile) -> bool {
    let is_of_the_backend = || {
        let path = contact.url.as_deref().and_then(path_of);
        path.is_some_and(|path| profile.answers_at(path))
    };
    contact.asker == Asker::Page
        && !contact.ours
        && match explained_by {
            DeniedHosts::Any => true,
            DeniedHosts::OfTheBackend => is_of_the_backend(),
        }
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
    use crate::evidence::{Evidence, Millis};
    use crate::input::Files;
    use crate::judge::Defect;
    use crate::plan::Patterns;
    use crate::scenario::Suite;

    fn judged(finding: Finding, explained_by: DeniedHosts, evidence: &Evidence) -> Finding {
        let files = Files::default();
        let cases = Suite::load(&files).unwrap().plan(&mut Patterns::new(&[]));
        let profile = Profile::load("alhena", &files).unwrap();
        with_denied_hosts(
            finding,
            explained_by,
            &Reading::of(&cases[0], evidence, &profile),
        )
    }

    fn not_recorded() -> Finding {
        Finding::broken("not recorded", Defect::Late)
    }

    fn found(explained_by: DeniedHosts, url: &str, ours: bool, asker: Asker) -> Finding {
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
        judged(not_recorded(), explained_by, &evidence)
    }

    const EVENTS: &str = "https://api.example.com/analytics/cart_events?v=1";

    #[test]
    fn denied_event_host_is_named_once() {
        let Finding::Broken(broken) = found(DeniedHosts::OfTheBackend, EVENTS, false, Asker::Page)
        else {
            panic!("it is broken")
        };
        assert_eq!(
            broken.message,
            "not recorded; the page asked for api.example.com, which the profile's `hosts` do \
             not name: denied"
        );
    }

    #[rstest]
    #[case::the_vendor_s(DeniedHosts::OfTheBackend, EVENTS, true, Asker::Page)]
    #[case::the_browser_s_own(DeniedHosts::OfTheBackend, EVENTS, false, Asker::Browser)]
    #[case::something_else(
        DeniedHosts::OfTheBackend,
        "https://stats.example.com/p",
        false,
        Asker::Page
    )]
    #[case::no_path_at_all(
        DeniedHosts::OfTheBackend,
        "https://stats.example.com",
        false,
        Asker::Page
    )]
    fn unrelated_host_is_not_named(
        #[case] explained_by: DeniedHosts,
        #[case] url: &str,
        #[case] ours: bool,
        #[case] asker: Asker,
    ) {
        assert_eq!(found(explained_by, url, ours, asker), not_recorded());
    }

    #[test]
    fn any_denied_host_may_explain_readiness() {
        let Finding::Broken(broken) = found(
            DeniedHosts::Any,
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
    fn finding_that_holds_is_unchanged() {
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
        assert_eq!(
            judged(Finding::Holds, DeniedHosts::OfTheBackend, &evidence),
            Finding::Holds
        );
    }
}
