/// `1 check`, `2 checks`.
pub fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

/// The first `shown` of `names`, with how many more there are.
pub fn few(names: &[&str], shown: usize) -> String {
    let more = names.len().saturating_sub(shown);
    let first = names[..names.len() - more].join(", ");
    if more == 0 {
        first
    } else {
        format!("{first}, … and {more} more")
    }
}
