use std::collections::{BTreeMap, BTreeSet};

use crate::evidence::{Asker, Contact};

/// The hosts that were asked for by their public names, over all attempts of a run.
#[derive(Debug, Default)]
pub struct Hosts(BTreeMap<(Asker, String), HostSeen>);

/// One of them.
#[derive(Debug, Default)]
pub struct HostSeen {
    /// Whether the profile names it, so that the backend answered. Any other was denied.
    pub ours: bool,
    /// How often it was asked for.
    pub requests: usize,
    /// The ids of the cases in which it was.
    pub cases: BTreeSet<String>,
    /// The first URL that was asked for.
    pub example: Option<String>,
}

impl Hosts {
    /// Counts what was asked for in `case`; in none that is known, where there is none.
    pub fn add(&mut self, case: Option<&str>, contacts: &[Contact]) {
        for contact in contacts {
            // A browser opens connections ahead of what a page asks, and more than it needs: they
            // are the page's doing.
            let is_spare =
                contact.url.is_none() && self.0.contains_key(&(Asker::Page, contact.host.clone()));
            if is_spare {
                continue;
            }
            let seen = self
                .0
                .entry((contact.asker, contact.host.clone()))
                .or_default();
            seen.ours = contact.ours;
            seen.requests += 1;
            seen.cases.extend(case.map(str::to_owned));
            seen.example = seen.example.take().or_else(|| contact.url.clone());
        }
    }

    /// Each host with who asked for it; those of pages first.
    pub fn iter(&self) -> impl Iterator<Item = (Asker, &str, &HostSeen)> {
        self.0
            .iter()
            .map(|((asker, host), seen)| (*asker, host.as_str(), seen))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::Millis;

    fn contact(asker: Asker, host: &str, path: Option<&str>) -> Contact {
        let url = path.map(|path| format!("https://{host}{path}"));
        Contact {
            at: Millis(0.0),
            asker,
            host: host.into(),
            method: "GET".into(),
            url,
            ours: host == "app.alhena.ai",
        }
    }

    type Row<'h> = (Asker, &'h str, bool, usize, usize, Option<&'h str>);

    fn seen(hosts: &Hosts) -> Vec<Row<'_>> {
        hosts
            .iter()
            .map(|(asker, host, seen)| {
                (
                    asker,
                    host,
                    seen.ours,
                    seen.requests,
                    seen.cases.len(),
                    seen.example.as_deref(),
                )
            })
            .collect()
    }

    #[test]
    fn requests_are_counted_by_host() {
        let mut hosts = Hosts::default();
        let page = |path| contact(Asker::Page, "stats.example.com", Some(path));
        hosts.add(
            Some("a"),
            &[
                page("/1"),
                page("/2"),
                contact(Asker::Page, "app.alhena.ai", Some("/chat")),
            ],
        );
        hosts.add(Some("b"), &[page("/3")]);
        hosts.add(Some("b"), &[page("/3")]);
        let expected = [
            (
                Asker::Page,
                "app.alhena.ai",
                true,
                1,
                1,
                Some("https://app.alhena.ai/chat"),
            ),
            (
                Asker::Page,
                "stats.example.com",
                false,
                4,
                2,
                Some("https://stats.example.com/1"),
            ),
        ];
        assert_eq!(seen(&hosts), expected);
    }

    #[test]
    fn browser_requests_are_counted_apart() {
        let mut hosts = Hosts::default();
        hosts.add(
            Some("a"),
            &[contact(Asker::Page, "example.com", Some("/p"))],
        );
        hosts.add(
            None,
            &[
                contact(Asker::Browser, "example.com", Some("/update")),
                contact(Asker::Browser, "example.org", None),
            ],
        );
        let expected = [
            (
                Asker::Page,
                "example.com",
                false,
                1,
                1,
                Some("https://example.com/p"),
            ),
            (
                Asker::Browser,
                "example.com",
                false,
                1,
                0,
                Some("https://example.com/update"),
            ),
            (Asker::Browser, "example.org", false, 1, 0, None),
        ];
        assert_eq!(seen(&hosts), expected);
    }

    #[test]
    fn spare_connection_belongs_to_the_page() {
        let mut hosts = Hosts::default();
        hosts.add(
            Some("a"),
            &[contact(Asker::Page, "example.com", Some("/p"))],
        );
        hosts.add(None, &[contact(Asker::Browser, "example.com", None)]);
        assert_eq!(hosts.iter().count(), 1);
    }
}
