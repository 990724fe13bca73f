use wildmatch::WildMatch;

use crate::contract::{CheckId, RequirementId};

/// `*` and `?` as in a shell, matched against whole check ids, scenario ids and requirement ids.
#[derive(Debug, Clone)]
pub struct Pattern {
    text: String,
    wild: WildMatch,
}

impl Pattern {
    /// A pattern of this text.
    pub fn new(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            wild: WildMatch::new(text),
        }
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether it matches a check by its id, by one of the other `names` it goes by (its case, its
    /// scenario), or by what it proves.
    pub fn matches(&self, id: &CheckId, names: &[&str], requirements: &[RequirementId]) -> bool {
        self.wild.matches(&id.0)
            || names.iter().any(|name| self.wild.matches(name))
            || requirements
                .iter()
                .any(|requirement| self.wild.matches(&requirement.0))
    }

    /// Whether it matches all of `word`.
    pub fn is_of(&self, word: &str) -> bool {
        self.wild.matches(word)
    }
}

/// The `--filter` patterns.
///
/// Counts its matches, so that a pattern which selects nothing is an error at no cost.
#[derive(Debug)]
pub struct Patterns {
    patterns: Vec<(Pattern, bool)>,
}

impl Patterns {
    /// No pattern at all selects everything.
    #[must_use]
    pub fn new(patterns: &[String]) -> Self {
        let unused = patterns
            .iter()
            .map(|pattern| (Pattern::new(pattern), false));
        Self {
            patterns: unused.collect(),
        }
    }

    /// Whether a check is selected, by its id, by one of the other `names` it goes by (its case,
    /// its scenario), or by what it proves.
    pub fn select(&mut self, id: &CheckId, names: &[&str], requirements: &[RequirementId]) -> bool {
        let mut selected = self.patterns.is_empty();
        for (pattern, used) in &mut self.patterns {
            if pattern.matches(id, names, requirements) {
                *used = true;
                selected = true;
            }
        }
        selected
    }

    /// The patterns that have selected nothing so far.
    #[must_use]
    pub fn unmatched(&self) -> Vec<&str> {
        let unused = self.patterns.iter().filter(|(_, used)| !used);
        unused.map(|(pattern, _)| pattern.text()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn selects(pattern: &str, id: &str) -> bool {
        Patterns::new(&[pattern.to_owned()]).select(
            &CheckId(id.into()),
            &["queue/held@load=async", "queue/held"],
            &[RequirementId("QUEUE-ORDER".into())],
        )
    }

    #[test]
    fn pattern_matches_whole_ids_only() {
        for pattern in [
            "queue/held@load=async#once",
            "queue/held*",
            "*#once",
            "queue/held",
            "QUEUE-*",
        ] {
            assert!(selects(pattern, "queue/held@load=async#once"), "{pattern}");
        }
        for pattern in ["queue", "held", "once", "DEDUP-*"] {
            assert!(!selects(pattern, "queue/held@load=async#once"), "{pattern}");
        }
    }

    #[test]
    fn unmatched_pattern_is_known_beside_one_that_matches() {
        let mut patterns = Patterns::new(&["*".to_owned(), "nothing/*".to_owned()]);
        assert!(patterns.select(&CheckId("queue/held#once".into()), &["queue/held"], &[]));
        assert_eq!(patterns.unmatched(), ["nothing/*"]);
    }

    #[test]
    fn no_pattern_selects_every_check() {
        assert!(Patterns::new(&[]).select(&CheckId("any#once".into()), &["any"], &[]));
    }
}
