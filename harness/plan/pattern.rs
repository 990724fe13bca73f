use wildmatch::WildMatch;

use crate::contract::{CheckId, Level, RequirementId};

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

/// One word of a selection.
#[derive(Debug)]
enum Word {
    /// `PATTERN`: what it matches is selected.
    Select(Pattern),
    /// `!PATTERN`: what it matches is not.
    Exclude(Pattern),
    /// `level:LEVEL`: nothing of another level is.
    Level(Level),
    /// `within:PATTERN`: nothing that it does not match is.
    Within(Pattern),
    /// `requirement:ID`: nothing that does not prove it is.
    Requirement(RequirementId),
}

impl Word {
    fn of(text: &str) -> Self {
        let level = text.strip_prefix(LEVEL);
        let level = level.and_then(|name| Level::ALL.into_iter().find(|own| own.name() == name));
        if let Some(level) = level {
            Self::Level(level)
        } else if let Some(id) = text.strip_prefix(REQUIREMENT) {
            Self::Requirement(RequirementId(id.to_owned()))
        } else if let Some(pattern) = text.strip_prefix(WITHIN) {
            Self::Within(Pattern::new(pattern))
        } else if let Some(pattern) = text.strip_prefix('!') {
            Self::Exclude(Pattern::new(pattern))
        } else {
            Self::Select(Pattern::new(text))
        }
    }
}

/// What the words begin with that restrict a selection.
const LEVEL: &str = "level:";
const REQUIREMENT: &str = "requirement:";
const WITHIN: &str = "within:";

/// The word that restricts a selection to checks of this level.
pub fn level_word(level: Level) -> String {
    format!("{LEVEL}{level}")
}

/// The word that restricts a selection to checks that prove this requirement.
pub fn requirement_word(id: &str) -> String {
    format!("{REQUIREMENT}{id}")
}

/// The word that restricts a selection to what this pattern matches.
pub fn within_word(pattern: &str) -> String {
    format!("{WITHIN}{pattern}")
}

/// A selection, as reports record it: patterns, and what restricts them. Several words of one kind
/// widen each other, and words of different kinds narrow each other.
///
/// Counts its matches, so that a word which selects nothing is an error at no cost.
#[derive(Debug)]
pub struct Patterns {
    words: Vec<(Word, String, bool)>,
    selected: usize,
}

impl Patterns {
    /// No word at all selects everything.
    #[must_use]
    pub fn new(words: &[String]) -> Self {
        let unused = words.iter();
        let unused = unused.map(|text| (Word::of(text), text.clone(), false));
        Self {
            words: unused.collect(),
            selected: 0,
        }
    }

    /// Whether a check is selected, by its id, by one of the other `names` it goes by (its case,
    /// its scenario), by what it proves, or by its level, where that is known.
    pub fn select(
        &mut self,
        id: &CheckId,
        names: &[&str],
        requirements: &[RequirementId],
        level: Option<Level>,
    ) -> bool {
        let (mut chosen, mut of_level, mut proving, mut within) = (None, None, None, None);
        let mut excluded = false;
        for (word, _, used) in &mut self.words {
            let (kind, matches) = match word {
                Word::Select(pattern) => (&mut chosen, pattern.matches(id, names, requirements)),
                Word::Within(pattern) => (&mut within, pattern.matches(id, names, requirements)),
                Word::Level(own) => (&mut of_level, level == Some(*own)),
                Word::Requirement(own) => (&mut proving, requirements.contains(own)),
                Word::Exclude(pattern) => {
                    let matches = pattern.matches(id, names, requirements);
                    *used |= matches;
                    excluded |= matches;
                    continue;
                }
            };
            *used |= matches;
            *kind = Some(kind.unwrap_or(false) || matches);
        }
        // A kind without a word restricts nothing.
        let is_let_through = |kind: Option<bool>| kind.unwrap_or(true);
        let kinds = [chosen, of_level, proving, within];
        let selected = kinds.into_iter().all(is_let_through) && !excluded;
        self.selected += usize::from(selected);
        selected
    }

    /// The words that have matched nothing so far.
    #[must_use]
    pub fn unmatched(&self) -> Vec<&str> {
        let unused = self.words.iter().filter(|(_, _, used)| !used);
        unused.map(|(_, text, _)| text.as_str()).collect()
    }

    /// How many checks were selected so far.
    #[must_use]
    pub fn selected(&self) -> usize {
        self.selected
    }

    /// The words other than plain patterns.
    #[must_use]
    pub fn restrictions(&self) -> Vec<String> {
        let words = self.words.iter();
        let restricting = words.filter(|(word, _, _)| match word {
            Word::Select(_) => false,
            Word::Exclude(_) | Word::Level(_) | Word::Requirement(_) | Word::Within(_) => true,
        });
        restricting.map(|(_, text, _)| text.clone()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn selection(words: &[&str]) -> Patterns {
        let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        Patterns::new(&words)
    }

    fn takes(patterns: &mut Patterns, id: &str) -> bool {
        patterns.select(
            &CheckId(id.into()),
            &["queue/held@load=async", "queue/held"],
            &[RequirementId("QUEUE-ORDER".into())],
            Some(Level::Must),
        )
    }

    fn selects(pattern: &str, id: &str) -> bool {
        takes(&mut selection(&[pattern]), id)
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
        let mut patterns = selection(&["*", "nothing/*", "!none/*", "requirement:CART-VALUE"]);
        assert!(!takes(&mut patterns, "queue/held#once"));
        assert_eq!(
            patterns.unmatched(),
            ["nothing/*", "!none/*", "requirement:CART-VALUE"]
        );
        assert_eq!(patterns.selected(), 0);
    }

    #[test]
    fn no_pattern_selects_every_check() {
        assert!(takes(&mut selection(&[]), "any#once"));
    }

    #[test]
    fn negated_pattern_takes_away_from_what_others_select() {
        assert!(takes(&mut selection(&["!*#twice"]), "queue/held#once"));
        assert!(!takes(&mut selection(&["!*#once"]), "queue/held#once"));
        assert!(!takes(
            &mut selection(&["queue/*", "!QUEUE-*"]),
            "queue/held#once"
        ));
    }

    #[test]
    fn level_and_requirement_restrict_what_patterns_select() {
        for words in [
            &["queue/*", "level:must"][..],
            &["level:should", "level:must"],
            &["requirement:QUEUE-ORDER", "requirement:CART-VALUE"],
        ] {
            assert!(takes(&mut selection(words), "queue/held#once"), "{words:?}");
        }
        for words in [
            &["queue/*", "level:should"][..],
            &["level:must", "cart/*"],
            &["queue/*", "requirement:CART-VALUE"],
            &["level:sometimes"],
        ] {
            assert!(
                !takes(&mut selection(words), "queue/held#once"),
                "{words:?}"
            );
        }
    }

    #[test]
    fn restrictions_are_the_words_beside_patterns() {
        let patterns = selection(&["cart/*", "!*@load=async*", "level:must"]);
        assert_eq!(patterns.restrictions(), ["!*@load=async*", "level:must"]);
    }
}
