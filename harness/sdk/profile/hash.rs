//! The identity of a profile.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::{Value, json};

use crate::sdk::sha256;

/// Begins each hash that is made of the content. Earlier ones, which begin with nothing, were made
/// of how the harness held a profile in memory.
const OF_CONTENT: &str = "content:";

/// Keys that say how the content comes about, and are none of it.
const NO_CONTENT: [&str; 2] = ["extends", "without"];

/// As many digits as a person compares.
const SHORT: usize = 12;

/// SHA-256 over what a profile says: its tables with all that they inherit, and the files that it
/// names. Comments, the order of keys, and where something is inherited from do not matter.
///
/// Reports hold it as `content:` and hexadecimal digits. Reports of earlier versions hold digits
/// only, which say nothing about a hash of today.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProfileHash(String);

/// What two hashes show of their profiles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Likeness {
    /// They are the same.
    Same,
    /// They differ.
    Different,
    /// Nothing: the hashes were made in different ways.
    Unknown,
}

impl ProfileHash {
    /// Of the merged tables, and of the texts of the files beside the profile, by name.
    pub(super) fn of(mut tables: Value, beside: &BTreeMap<String, String>) -> Self {
        if let Some(tables) = tables.as_object_mut() {
            tables.retain(|key, _| !NO_CONTENT.contains(&key.as_str()));
        }
        let hashed = beside
            .iter()
            .map(|(name, text)| (name, sha256(text.as_bytes())));
        let files: BTreeMap<&String, String> = hashed.collect();
        let mut content = json!({ "profile": tables, "files": files });
        content.sort_all_objects();
        let sha256 = sha256(content.to_string().as_bytes());
        Self(format!("{OF_CONTENT}{sha256}"))
    }

    /// One that a report or a baseline holds.
    pub fn stored(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// Whether it is that of the same profile as `other`.
    pub fn compare(&self, other: &Self) -> Likeness {
        let is_of_content = |hash: &Self| hash.0.starts_with(OF_CONTENT);
        if is_of_content(self) != is_of_content(other) {
            Likeness::Unknown
        } else if self == other {
            Likeness::Same
        } else {
            Likeness::Different
        }
    }

    /// Its first digits, for texts that show two.
    pub fn short(&self) -> String {
        let digits = self.0.strip_prefix(OF_CONTENT).unwrap_or(&self.0);
        digits.chars().take(SHORT).collect()
    }
}

impl fmt::Display for ProfileHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hash(tables: Value, file: &str) -> ProfileHash {
        ProfileHash::of(
            tables,
            &BTreeMap::from([("glue.js".to_owned(), file.to_owned())]),
        )
    }

    #[test]
    fn content_decides_and_not_its_order_or_origin() {
        let own = json!({ "name": "own", "waits": { "ready_ms": 1, "settle_ms": 2 } });
        let other = json!({
            "waits": { "settle_ms": 2, "ready_ms": 1 },
            "extends": "none",
            "without": ["faq"],
            "name": "own",
        });
        assert_eq!(hash(own.clone(), "a"), hash(other.clone(), "a"));
        assert_ne!(hash(own, "a"), hash(other, "b"));
    }

    #[test]
    fn a_hash_is_stable_across_versions() {
        // A change here makes every stored hash another: begin them with another word then.
        let hash = hash(json!({ "name": "own" }), "window.glue = 1;");
        assert_eq!(
            hash.to_string(),
            "content:48ad942e50086560560dfaf044faea4cde1584acea9ed0ac8eed258cf3086d6f"
        );
    }

    #[test]
    fn hashes_of_different_ways_compare_as_unknown() {
        let [old, other] = ["ab", "cd"].map(ProfileHash::stored);
        let [new, changed] = ["content:ab", "content:cd"].map(ProfileHash::stored);
        assert_eq!(old.compare(&new), Likeness::Unknown);
        assert_eq!(old.compare(&old), Likeness::Same);
        assert_eq!(old.compare(&other), Likeness::Different);
        assert_eq!(new.compare(&changed), Likeness::Different);
        assert_eq!(new.short(), "ab");
    }
}
