/// The parts of a JavaScript expression that must all be true: `a && b && c`. An expression in
/// which something binds less than `&&`, or that is not understood, is one part.
pub fn parts(expression: &str) -> Vec<&str> {
    split(expression).unwrap_or_else(|| vec![expression.trim()])
}

fn split(expression: &str) -> Option<Vec<&str>> {
    let (mut parts, mut start) = (Vec::new(), 0);
    // The letters that close what is open.
    let mut open: Vec<char> = Vec::new();
    let mut letters = expression.char_indices().peekable();
    while let Some((index, letter)) = letters.next() {
        let next = letters.peek().map(|(_, next)| *next);
        if open.last() == Some(&letter) {
            open.pop();
            continue;
        }
        if let Some('\'' | '"' | '`') = open.last() {
            if letter == '\\' {
                letters.next();
            } else if (open.last(), letter, next) == (Some(&'`'), '$', Some('{')) {
                letters.next();
                open.push('}');
            }
            continue;
        }
        match letter {
            '\'' | '"' | '`' => open.push(letter),
            '(' => open.push(')'),
            '[' => open.push(']'),
            '{' => open.push('}'),
            ')' | ']' | '}' => return None,
            _ if !open.is_empty() => {}
            '&' if next == Some('&') => {
                letters.next();
                parts.push(expression.get(start..index)?.trim());
                start = index + 2;
            }
            '|' if next == Some('|') => return None,
            '=' if next == Some('>') => return None,
            // `a?.b` is an access.
            '?' if next != Some('.') => return None,
            ',' | ';' => return None,
            _ => {}
        }
    }
    parts.push(expression.get(start..)?.trim());
    let is_whole = open.is_empty() && parts.iter().all(|part| !part.is_empty());
    is_whole.then_some(parts)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::one("window.a", &["window.a"])]
    #[case::several("typeof a === 'object' && b() && c", &["typeof a === 'object'", "b()", "c"])]
    #[case::in_a_string(r#"a("x && 'y") && 'it\'s && so'"#, &[r#"a("x && 'y")"#, r"'it\'s && so'"])]
    #[case::in_brackets("(a && b) && c[d && e]", &["(a && b)", "c[d && e]"])]
    #[case::in_a_template("`${a && `}`} &&` && b", &["`${a && `}`} &&`", "b"])]
    #[case::optional_access("a?.b && c", &["a?.b", "c"])]
    #[case::or_inside("(a || b) && c", &["(a || b)", "c"])]
    fn top_level_parts_are_split(#[case] expression: &str, #[case] expected: &[&str]) {
        assert_eq!(parts(expression), expected);
    }

    #[rstest]
    #[case::or("a && b || c")]
    #[case::nullish("a && b ?? c")]
    #[case::choice("a && b ? c : d")]
    #[case::function("() => a && b")]
    #[case::sequence("a && b, c")]
    #[case::regular_expression("/'/.test(a) && b")]
    #[case::unbalanced("a) && (b")]
    #[case::missing_part("a && ")]
    fn what_is_no_conjunction_stays_whole(#[case] expression: &str) {
        assert_eq!(parts(expression), [expression.trim()]);
    }
}
