use std::collections::{BTreeSet, HashMap};

/// Which case is the likeliest to catch a mutant: learned from those that were caught.
#[derive(Debug)]
pub struct Likely {
    /// Of mutants in one function, by case.
    nearby: HashMap<(String, usize), usize>,
    /// Of all mutants, by case.
    all: Vec<usize>,
    /// How long each case takes, in milliseconds.
    took: Vec<f64>,
}

impl Likely {
    pub fn new(took: Vec<f64>) -> Self {
        Self {
            nearby: HashMap::new(),
            all: vec![0; took.len()],
            took,
        }
    }

    /// `case` caught a mutant in `function`.
    pub fn learn(&mut self, function: &str, case: usize) {
        *self.nearby.entry((function.to_owned(), case)).or_default() += 1;
        self.all[case] += 1;
    }

    /// The case to try next: what caught the neighbours, then what caught most, then what is quick.
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
    fn what_caught_a_neighbour_comes_first_then_what_caught_most_then_what_is_quick() {
        let mut likely = Likely::new(vec![30.0, 20.0, 10.0]);
        let ahead = BTreeSet::from([0, 1, 2]);
        assert_eq!(likely.next("post", &ahead), Some(2));
        likely.learn("other", 1);
        assert_eq!(likely.next("post", &ahead), Some(1));
        likely.learn("post", 0);
        assert_eq!(likely.next("post", &ahead), Some(0));
        assert_eq!(likely.next("post", &BTreeSet::new()), None);
    }
}
