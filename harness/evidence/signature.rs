//! Console messages and exceptions, without what differs from run to run.

use super::console::without_hosts;

/// What messages with the same meaning share: the text with `#` for each number and each address.
pub fn signature(text: &str) -> String {
    let text = without_hosts(text);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_addresses_do_not_count() {
        assert_eq!(
            signature("order FF-5001 was not sent to https://x.example/1"),
            "order FF-# was not sent to #"
        );
    }
}
