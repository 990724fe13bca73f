use std::collections::{BTreeSet, HashMap};

/// Which case to drive next on a mutant, learned from those that were caught.
#[derive(Debug)]
pub struct Priority {
    /// Kills of mutants in one function, by case.
    nearby: HashMap<(String, usize), usize>,
    /// Kills of all mutants, by case.
    all: Vec<usize>,
    /// How long each case takes, in milliseconds.
    took: Vec<f64>,
}

impl Priority {
    pub fn new(took: Vec<f64>) -> Self {
        Self {
            nearby: HashMap::new(),
            all: vec![0; took.len()],
            took,
        }
    }

    /// Notes that `case` caught a mutant in `function`.
    pub fn learn(&mut self, function: &str, case: usize) {
        *self.nearby.entry((function.to_owned(), case)).or_default() += 1;
        self.all[case] += 1;
    }

    /// The case to drive next: what caught the most in the same function, then what caught the
    /// most, then the fastest.
    pub fn next(&self, function: &str, ahead: &BTreeSet<usize>) -> Option<usize> {
        let caught = |case: usize| {
            (
                self.nearby
                    .get(&(function.to_owned(), case))
                    .copied()
                    .unwrap_or(0),
                self.all[case],
            )
        };
        ahead.iter().copied().max_by(|&one, &other| {
            caught(one)
                .cmp(&caught(other))
                .then(self.took[other].total_cmp(&self.took[one]))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kills_in_the_same_function_decide_first() {
        let mut priority = Priority::new(vec![30.0, 20.0, 10.0]);
        let ahead = BTreeSet::from([0, 1, 2]);
        assert_eq!(priority.next("post", &ahead), Some(2));
        priority.learn("other", 1);
        assert_eq!(priority.next("post", &ahead), Some(1));
        priority.learn("post", 0);
        assert_eq!(priority.next("post", &ahead), Some(0));
        assert_eq!(priority.next("post", &BTreeSet::new()), None);
    }
}
