//! The end of what a driver has written, for the message about its own end.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// No more is kept, whatever a driver writes.
const BYTES: usize = 8 << 10;

/// No more lines are shown.
const LINES: usize = 20;

/// The last that a driver wrote, in the order in which it came.
#[derive(Debug, Clone, Default)]
pub(super) struct LastWords(Arc<Mutex<VecDeque<u8>>>);

impl LastWords {
    /// Keeps the end of this and of what came before it.
    pub fn hear(&self, words: &[u8]) {
        let mut kept = self.kept();
        kept.extend(words);
        let more = kept.len().saturating_sub(BYTES);
        kept.drain(..more);
    }

    /// The last lines.
    pub fn text(&self) -> String {
        let kept: Vec<u8> = self.kept().iter().copied().collect();
        let text = String::from_utf8_lossy(&kept);
        let lines: Vec<&str> = text.trim().lines().collect();
        let more = lines.len().saturating_sub(LINES);
        lines[more..].join("\n")
    }

    fn kept(&self) -> MutexGuard<'_, VecDeque<u8>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_last_lines_are_shown() {
        let words = LastWords::default();
        for number in 1..=LINES + 3 {
            words.hear(format!("line {number}\n").as_bytes());
        }
        let text = words.text();
        assert_eq!(text.lines().count(), LINES);
        assert!(text.starts_with("line 4\n") && text.ends_with("line 23"));
    }

    #[test]
    fn line_without_an_end_is_cut() {
        let words = LastWords::default();
        for _ in 0..100 {
            words.hear(&[b'a'; 4096]);
        }
        assert_eq!(words.text().len(), BYTES);
    }
}
