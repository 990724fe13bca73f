//! Console messages and exceptions, without what differs from run to run.

use super::console::message_of;

/// What messages with the same meaning share: without the place that the browser puts before it,
/// and with `#` for each number and each address.
pub fn signature(text: &str) -> String {
    let text = spoken(text);
    let mut signature = String::new();
    for word in text.split(' ') {
        if !signature.is_empty() {
            signature.push(' ');
        }
        if word.contains("://") {
            signature.push('#');
            continue;
        }
        let mut was_digit = false;
        for letter in word.chars() {
            let is_digit = letter.is_ascii_digit();
            match (is_digit, was_digit) {
                (true, true) => {}
                (true, false) => signature.push('#'),
                (false, _) => signature.push(letter),
            }
            was_digit = is_digit;
        }
    }
    signature
}

/// The message as the page gave it.
pub fn spoken(text: &str) -> String {
    let message = message_of(text);
    let rest = message.strip_prefix("Uncaught ").unwrap_or(&message);
    rest.strip_prefix("(in promise) ")
        .unwrap_or(rest)
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn caught_and_uncaught_exception_have_one_signature() {
        let uncaught = "http://c7.localhost:4123/sdk/a.js 14:46 Uncaught TypeError: x is null";
        assert_eq!(signature(uncaught), "TypeError: x is null");
        assert_eq!(signature("TypeError: x is null"), "TypeError: x is null");
    }

    #[test]
    fn numbers_and_addresses_do_not_count() {
        assert_eq!(
            signature("order FF-5001 was not sent to https://x.example/1"),
            "order FF-# was not sent to #"
        );
    }
}
