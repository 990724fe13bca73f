use wildmatch::WildMatch;

use crate::contract::{CheckId, RequirementId};

/// The `--filter` patterns: `*` and `?` as in a shell, matched against whole check ids, scenario ids and requirement ids.
///
/// Counts its matches, so that a pattern which selects nothing is an error at no cost.
#[derive(Debug)]
pub struct Patterns {
    patterns: Vec<(String, WildMatch, bool)>,
}

impl Patterns {
    /// No pattern at all selects everything.
    #[must_use]
    pub fn new(patterns: &[String]) -> Self {
        Self { patterns: patterns.iter().map(|pattern| (pattern.clone(), WildMatch::new(pattern), false)).collect() }
    }

    /// Whether a check is selected, by its id, by one of the other `names` it goes by (its case, its scenario), or by what it proves.
    pub fn select(&mut self, id: &CheckId, names: &[&str], requirements: &[RequirementId]) -> bool {
        let mut selected = self.patterns.is_empty();
        let id = id.to_string();
        for (_, pattern, used) in &mut self.patterns {
            if pattern.matches(&id) || names.iter().any(|name| pattern.matches(name)) || requirements.iter().any(|requirement| pattern.matches(&requirement.0))
            {
                *used = true;
                selected = true;
            }
        }
        selected
    }

    /// The patterns that have selected nothing so far.
    #[must_use]
    pub fn unmatched(&self) -> Vec<&str> {
        self.patterns.iter().filter(|(_, _, used)| !used).map(|(text, _, _)| text.as_str()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn selects(pattern: &str, id: &str) -> bool {
        Patterns::new(&[pattern.to_owned()]).select(&CheckId(id.into()), &["queue/held@load=async", "queue/held"], &[RequirementId("QUEUE-ORDER".into())])
    }

    #[test]
    fn a_pattern_is_matched_against_whole_ids_of_checks_scenarios_and_requirements() {
        for pattern in ["queue/held@load=async#once", "queue/held*", "*#once", "queue/held", "QUEUE-*"] {
            assert!(selects(pattern, "queue/held@load=async#once"), "{pattern}");
        }
        for pattern in ["queue", "held", "once", "DEDUP-*"] {
            assert!(!selects(pattern, "queue/held@load=async#once"), "{pattern}");
        }
    }

    #[test]
    fn a_pattern_that_selected_nothing_is_known_even_where_another_selected_everything() {
        let mut patterns = Patterns::new(&["*".to_owned(), "nothing/*".to_owned()]);
        assert!(patterns.select(&CheckId("queue/held#once".into()), &["queue/held"], &[]));
        assert_eq!(patterns.unmatched(), ["nothing/*"]);
    }

    #[test]
    fn no_pattern_selects_everything() {
        assert!(Patterns::new(&[]).select(&CheckId("any#once".into()), &["any"], &[]));
    }
}
