//! What somebody may have meant who typed something else.

/// More than these are no help.
const SHOWN: usize = 3;

/// Names less alike than this are no help either.
const ALIKE: f64 = 0.65;

/// The names most like `typed`, the likest first, as a line of help; empty where none is like it.
pub fn did_you_mean<'n>(typed: &str, names: impl IntoIterator<Item = &'n str>) -> String {
    let question = near_match(typed, names);
    question.map_or_else(String::new, |question| format!("\n   = {question}"))
}

/// The same as a question; `None` where none is like it.
pub fn near_match<'n>(typed: &str, names: impl IntoIterator<Item = &'n str>) -> Option<String> {
    let lower = typed.to_lowercase();
    let mut alike: Vec<(f64, &str)> = names
        .into_iter()
        .map(|name| {
            (
                strsim::normalized_damerau_levenshtein(&lower, &name.to_lowercase()),
                name,
            )
        })
        .collect();
    alike.retain(|(likeness, _)| *likeness >= ALIKE);
    // Of equals the shorter: it is the more general.
    alike.sort_by(|(a, one), (b, other)| {
        b.total_cmp(a)
            .then(one.len().cmp(&other.len()))
            .then(one.cmp(other))
    });
    alike.dedup_by_key(|(_, name)| *name);
    let shown: Vec<&str> = alike
        .into_iter()
        .take(SHOWN)
        .map(|(_, name)| name)
        .collect();
    (!shown.is_empty()).then(|| format!("did you mean {}?", shown.join(", or ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: [&str; 4] = [
        "QUEUE-ORDER",
        "QUEUE-ONCE",
        "cart/item-added",
        "cart/item-added#unchanged",
    ];

    #[test]
    fn a_slip_of_the_finger_is_understood() {
        assert_eq!(
            did_you_mean("queue-oder", NAMES),
            "\n   = did you mean QUEUE-ORDER, or QUEUE-ONCE?"
        );
        assert_eq!(
            did_you_mean("cart/item-aded#unchanged", NAMES),
            "\n   = did you mean cart/item-added#unchanged?"
        );
    }

    #[test]
    fn what_is_like_nothing_is_not_guessed_at() {
        assert_eq!(did_you_mean("weather", NAMES), "");
    }
}
