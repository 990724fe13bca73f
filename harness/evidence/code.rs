use std::collections::BTreeMap;
use std::ops::Range;

/// Which code of a build ran.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Code(BTreeMap<String, ScriptCode>);

/// Which code of one script ran.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ScriptCode {
    /// How long the script is, in UTF-16 units.
    pub length: usize,
    /// The parts of its text that ran, in UTF-16 units.
    ran: Vec<Range<usize>>,
}

impl ScriptCode {
    /// That of a script so long, of which these parts ran. They may overlap.
    pub fn new(length: usize, mut ran: Vec<Range<usize>>) -> Self {
        ran.sort_unstable_by_key(|part| (part.start, part.end));
        let mut joined: Vec<Range<usize>> = Vec::new();
        for part in ran {
            match joined.last_mut() {
                Some(last) if part.start <= last.end => last.end = last.end.max(part.end),
                Some(_) | None => joined.push(part),
            }
        }
        joined.retain(|part| !part.is_empty());
        Self {
            length,
            ran: joined,
        }
    }
}

impl Code {
    /// Adds what ran of the script of this name; returns whether some of that is new.
    pub fn note(&mut self, script: &str, code: ScriptCode) -> bool {
        let own = self.0.entry(script.to_owned()).or_default();
        let length = own.length.max(code.length);
        let all = ScriptCode::new(length, [own.ran.clone(), code.ran].concat());
        let is_new = all.ran != own.ran;
        *own = all;
        is_new
    }

    /// Adds what ran elsewhere; returns whether some of that is new.
    pub fn add(&mut self, other: Self) -> bool {
        let mut is_new = false;
        for (script, code) in other.0 {
            is_new |= self.note(&script, code);
        }
        is_new
    }

    /// How much of it ran, from 0 to 1; `None` where nothing is known of any script.
    pub fn share(&self) -> Option<f64> {
        let (ran, length) = self.0.values().fold((0, 0), |(ran, length), own| {
            let parts = own.ran.iter().map(ExactSizeIterator::len);
            (ran + parts.sum::<usize>(), length + own.length)
        });
        #[expect(
            clippy::cast_precision_loss,
            reason = "a build is shorter than 2^52 letters"
        )]
        let share = ran as f64 / length as f64;
        (length > 0).then_some(share)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(parts: &[(usize, usize)]) -> ScriptCode {
        let parts = parts.iter().map(|(start, end)| *start..*end);
        ScriptCode::new(100, parts.collect())
    }

    #[test]
    fn parts_that_touch_are_one() {
        assert_eq!(code(&[(10, 20), (0, 10), (15, 18)]), code(&[(0, 20)]));
        assert_ne!(code(&[(0, 10), (11, 20)]), code(&[(0, 20)]));
    }

    #[test]
    fn what_ran_before_is_not_new() {
        let mut all = Code::default();
        assert!(all.note("sdk.js", code(&[(0, 10), (30, 40)])));
        assert!(!all.note("sdk.js", code(&[(5, 10)])));
        assert!(all.note("sdk.js", code(&[(5, 11)])));
        assert!(all.note("part.js", code(&[(5, 11)])));
    }

    #[test]
    fn script_that_was_loaded_and_did_not_run_is_nothing_new() {
        let mut all = Code::default();
        assert!(!all.note("sdk.js", code(&[])));
        assert_eq!(all.share(), Some(0.0));
    }

    #[test]
    fn share_is_of_all_scripts() {
        let mut all = Code::default();
        assert_eq!(all.share(), None);
        all.note("sdk.js", code(&[(0, 50)]));
        all.note("part.js", code(&[(0, 100)]));
        assert_eq!(all.share(), Some(0.75));
    }
}
