use wildmatch::WildMatch;

use super::CheckId;
use crate::contract::RequirementId;

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

    /// Whether a check is selected.
    pub fn select(&mut self, id: &CheckId, scenario: &str, requirements: &[RequirementId]) -> bool {
        let mut selected = self.patterns.is_empty();
        let id = id.to_string();
        for (_, pattern, used) in &mut self.patterns {
            if pattern.matches(&id) || pattern.matches(scenario) || requirements.iter().any(|requirement| pattern.matches(&requirement.0)) {
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
