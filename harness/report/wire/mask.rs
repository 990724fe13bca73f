use serde_json::Value;
use uuid::Uuid;

use crate::reading::Reading;

/// Shorter order ids are not looked for: they stand in names by chance.
const SHORTEST_ID: usize = 4;

/// So many digits in a row are a time or a number of something.
const DIGITS: usize = 9;

/// So many hexadecimal digits in a row are an id.
const HEXADECIMAL: usize = 16;

/// Letters of a UUID.
const UUID: usize = 36;

/// Puts a name in the place of what differs from run to run, in paths and in the names of things.
#[derive(Debug, Default)]
pub struct Mask {
    /// What is known to be an id, and what stands for it; the longest first.
    words: Vec<(String, &'static str)>,
}

impl Mask {
    /// Of what one attempt called, and what the getters returned to it.
    pub fn new(reading: &Reading<'_>) -> Self {
        let called = reading.called.iter();
        let orders = called.filter_map(|called| called.event.args.get("orderId"));
        let identities = reading.evidence.identities.iter();
        let fingerprints = identities
            .flat_map(|identity| [&identity.user_fingerprint, &identity.user_faq_fingerprint]);
        let is_id = |text: &&str| {
            text.chars().count() >= SHORTEST_ID
                && text.contains(|letter: char| letter.is_ascii_digit())
        };
        let named = |value: &Value, name: &'static str| {
            Some((value.as_str().filter(is_id)?.to_owned(), name))
        };
        let words = orders
            .filter_map(|value| named(value, "{order}"))
            .chain(fingerprints.filter_map(|value| named(value, "{fingerprint}")));
        let mut words: Vec<_> = words.collect();
        words.sort_by(|(a, _), (b, _)| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
        words.dedup();
        Self { words }
    }

    /// `text` with names in the place of ids, times and random parts.
    pub fn masked(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for (word, name) in &self.words {
            text = text.replace(word, name);
        }
        without_numbers(&without_uuids(&text))
    }
}

fn without_uuids(text: &str) -> String {
    let (mut masked, mut rest) = (String::new(), text);
    while let Some(first) = rest.chars().next() {
        let start = rest.get(..UUID);
        if start.is_some_and(|part| Uuid::try_parse(part).is_ok()) {
            masked.push_str("{uuid}");
            rest = &rest[UUID..];
        } else {
            masked.push(first);
            rest = &rest[first.len_utf8()..];
        }
    }
    masked
}

fn without_numbers(text: &str) -> String {
    let words = runs(text, |letter| letter.is_ascii_alphanumeric());
    words.map(without_number).collect()
}

/// `word`, of letters and digits alone.
fn without_number(word: &str) -> String {
    if word.len() >= HEXADECIMAL
        && word.chars().all(|letter| letter.is_ascii_hexdigit())
        && word.contains(|letter: char| letter.is_ascii_digit())
    {
        return "{id}".to_owned();
    }
    let masked = |run: &str| {
        let is_number = run.len() >= DIGITS && run.chars().all(|letter| letter.is_ascii_digit());
        if is_number { "{number}" } else { run }.to_owned()
    };
    runs(word, |letter| letter.is_ascii_digit())
        .map(masked)
        .collect()
}

/// Cuts a text wherever letters of a kind begin or end.
fn runs(text: &str, is_of_the_kind: fn(char) -> bool) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let first = is_of_the_kind(rest.chars().next()?);
        let end = rest.find(|letter| is_of_the_kind(letter) != first);
        let (run, after) = rest.split_at(end.unwrap_or(rest.len()));
        rest = after;
        Some(run)
    })
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::an_order("alhena.order.FF-5001", "alhena.order.{order}")]
    #[case::a_longer_order_before_the_one_it_holds("seen-FF-50012", "seen-{order}")]
    #[case::a_uuid("/t/8cab8e1c-c5bf-4b25-ba98-38569094c21e/x", "/t/{uuid}/x")]
    #[case::two_uuids(
        "8cab8e1c-c5bf-4b25-ba98-38569094c21e8cab8e1c-c5bf-4b25-ba98-38569094c21e",
        "{uuid}{uuid}"
    )]
    #[case::a_time("/pixel/1717243200000.gif", "/pixel/{number}.gif")]
    #[case::a_time_in_a_word("at1717243200000ms", "at{number}ms")]
    #[case::a_hash("/assets/0123456789abcdef0123", "/assets/{id}")]
    #[case::what_is_always_the_same("/v2/cart_events.2024", "/v2/cart_events.2024")]
    #[case::letters_of_other_scripts("/é/größe", "/é/größe")]
    fn what_differs_from_run_to_run_is_masked(#[case] text: &str, #[case] masked: &str) {
        let mask = Mask {
            words: vec![
                ("FF-50012".into(), "{order}"),
                ("FF-5001".into(), "{order}"),
            ],
        };
        assert_eq!(mask.masked(text), masked);
    }
}
