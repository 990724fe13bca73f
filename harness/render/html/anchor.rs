use std::fmt::Write as _;

/// A fragment for an id that may hold anything; two ids never share one.
pub fn anchor(kind: &str, id: &str) -> String {
    let mut name = format!("{kind}-");
    for letter in id.chars() {
        match letter {
            letter if letter.is_ascii_alphanumeric() || letter == '-' => name.push(letter),
            '/' => name.push('.'),
            other => {
                let _ = write!(name, "_{:x}_", u32::from(other));
            }
        }
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_becomes_a_fragment_that_needs_no_escape() {
        assert_eq!(
            anchor("case", "cart/item-added@call=push"),
            "case-cart.item-added_40_call_3d_push"
        );
        assert_eq!(anchor("case", "\"><x"), "case-_22__3e__3c_x");
    }

    #[test]
    fn ids_that_look_alike_stay_apart() {
        assert_ne!(anchor("case", "a.b"), anchor("case", "a/b"));
        assert_ne!(anchor("case", "a_2e_b"), anchor("case", "a.b"));
    }
}
