use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::Source;

impl Source {
    /// The line, counted from 1, at which a TOML file has `path`: names of keys, and numbers into
    /// lists. Of a path that it has in part, that of the last key which is there.
    pub fn line_of_key(&self, path: &[&str]) -> Option<usize> {
        let table = DeTable::parse(&self.text).ok()?;
        let (first, below) = path.split_first()?;
        let (key, mut value) = table.get_ref().get_key_value(*first)?;
        let mut span = key.span();
        for name in below {
            let next = match value.get_ref() {
                DeValue::Table(table) => {
                    let own = table.get_key_value(*name);
                    own.map(|(key, value)| (key.span(), value))
                }
                DeValue::Array(list) => {
                    let own = name.parse().ok().and_then(|n: usize| list.get(n));
                    own.map(|own: &Spanned<DeValue<'_>>| (own.span(), own))
                }
                DeValue::String(_)
                | DeValue::Integer(_)
                | DeValue::Float(_)
                | DeValue::Boolean(_)
                | DeValue::Datetime(_) => None,
            };
            let Some(next) = next else { break };
            (span, value) = next;
        }
        Some(self.line_of(&span))
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    const TEXT: &str =
        "a = 1\n\n[b.c]\nd = [\n  \"x\",\n  \"y\",\n]\n\n[[e]]\nf = 1\n\n[[e]]\nf = 2\n";

    #[rstest]
    #[case::value(&["a"], Some(1))]
    #[case::table(&["b", "c"], Some(3))]
    #[case::item_of_a_list(&["b", "c", "d", "1"], Some(6))]
    #[case::table_of_a_list(&["e", "1"], Some(12))]
    #[case::key_of_such_a_table(&["e", "1", "f"], Some(13))]
    #[case::part_of_a_path(&["b", "c", "none", "none"], Some(3))]
    #[case::past_the_end_of_a_list(&["b", "c", "d", "2"], Some(4))]
    #[case::nothing_of_it(&["none"], None)]
    fn key_is_found_at_its_line(#[case] path: &[&str], #[case] expected: Option<usize>) {
        let source = Source {
            name: "own.toml".to_owned(),
            text: TEXT.to_owned(),
        };
        assert_eq!(source.line_of_key(path), expected);
    }
}
