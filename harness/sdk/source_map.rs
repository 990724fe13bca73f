//! Source maps, version 3: which line of a source a line of a built script was made from.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;

/// What a built script says of its map.
const LINK: &str = "sourceMappingURL=";

/// Where the map of a script is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MapLink {
    /// It stands in the script itself.
    Inline(Vec<u8>),
    /// It is a file, by its path from the script.
    File(String),
}

/// A source map, ready to be asked.
#[derive(Debug, Default)]
pub struct SourceMap {
    sources: Vec<Source>,
    /// What a generated position was made from: by line and column, both from 0.
    mappings: BTreeMap<(usize, usize), Option<Mapping>>,
}

/// A source file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Its path, as the map names it.
    pub name: String,
    /// Its text, where the map holds it.
    pub text: Option<String>,
}

#[derive(Debug, Clone, Copy)]
struct Mapping {
    source: usize,
    line: usize,
    column: usize,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[derive(Default)]
struct File {
    source_root: Option<String>,
    sources: Vec<Option<String>>,
    sources_content: Vec<Option<String>>,
    mappings: String,
    /// The parts of an index map.
    sections: Vec<Section>,
}

#[derive(Deserialize)]
struct Section {
    offset: Offset,
    map: File,
}

#[derive(Deserialize)]
struct Offset {
    line: usize,
    column: usize,
}

impl MapLink {
    /// The link in the last lines of a script; absent where it has none that can be followed.
    pub fn of(script: &str) -> Option<Self> {
        let is_link = |line: &&str| line.starts_with("//# ") || line.starts_with("//@ ");
        let line = script.lines().rev().take(4).map(str::trim).find(is_link)?;
        let (_, url) = line.split_once(LINK)?;
        match url.strip_prefix("data:") {
            None => Some(Self::File(url.to_owned())),
            Some(data) => {
                let (_, data) = data.split_once(";base64,")?;
                STANDARD.decode(data).ok().map(Self::Inline)
            }
        }
    }
}

impl SourceMap {
    /// Reads a map; absent where it cannot be read.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        // A line that keeps a map from being run as a script may stand before it.
        let text = std::str::from_utf8(bytes).ok()?;
        let text = match text.strip_prefix(")]}'") {
            Some(rest) => rest.split_once('\n')?.1,
            None => text,
        };
        let mut map = Self::default();
        map.add(serde_json::from_str(text).ok()?, (0, 0))?;
        Some(map)
    }

    /// The source of a generated position, with the position in it; all lines and columns from 0.
    pub fn source_of(&self, line: usize, column: usize) -> Option<(&Source, usize, usize)> {
        let until = (line, column);
        let (_, mapping) = self.mappings.range((line, 0)..=until).next_back()?;
        let mapping = (*mapping)?;
        let source = self.sources.get(mapping.source)?;
        Some((source, mapping.line, mapping.column))
    }

    fn add(&mut self, file: File, (line, column): (usize, usize)) -> Option<()> {
        let first = self.sources.len();
        let root = file.source_root.unwrap_or_default();
        let root = root.trim_end_matches('/');
        let mut texts = file.sources_content.into_iter();
        for name in file.sources {
            let name = name.unwrap_or_default();
            let name = if root.is_empty() {
                name
            } else {
                format!("{root}/{name}")
            };
            let text = texts.next().flatten();
            self.sources.push(Source { name, text });
        }
        let (mut source, mut source_line, mut source_column) = (0, 0, 0);
        for (index, segments) in file.mappings.split(';').enumerate() {
            let mut at = 0;
            for segment in segments.split(',').filter(|segment| !segment.is_empty()) {
                let fields = numbers(segment)?;
                at = i64::checked_add(at, *fields.first()?)?;
                let mapping = if let [_, of_source, of_line, of_column, ..] = fields[..] {
                    source = i64::checked_add(source, of_source)?;
                    source_line = i64::checked_add(source_line, of_line)?;
                    source_column = i64::checked_add(source_column, of_column)?;
                    Some(Mapping {
                        source: first.checked_add(usize::try_from(source).ok()?)?,
                        line: usize::try_from(source_line).ok()?,
                        column: usize::try_from(source_column).ok()?,
                    })
                } else {
                    None
                };
                let shift = if index == 0 { column } else { 0 };
                let at = usize::try_from(at).ok()?.checked_add(shift)?;
                self.mappings
                    .insert((line.checked_add(index)?, at), mapping);
            }
        }
        for Section { offset, map } in file.sections {
            let line = line.checked_add(offset.line)?;
            self.add(map, (line, column.checked_add(offset.column)?))?;
        }
        Some(())
    }
}

/// The numbers of one segment: base-64 digits of five bits, the lowest first, with a sign in the
/// lowest bit of the first.
fn numbers(segment: &str) -> Option<Vec<i64>> {
    const DIGITS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let (mut numbers, mut value, mut shift) = (Vec::new(), 0_i64, 0_u32);
    for letter in segment.chars() {
        let digit = i64::try_from(DIGITS.find(letter)?).ok()?;
        value += (digit & 31).checked_shl(shift).filter(|_| shift < 50)?;
        shift += 5;
        if digit & 32 == 0 {
            let magnitude = value >> 1;
            numbers.push(if value & 1 == 1 {
                -magnitude
            } else {
                magnitude
            });
            (value, shift) = (0, 0);
        }
    }
    (shift == 0).then_some(numbers)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;

    /// Column 0 of line 0 is line 0 of `a.ts`, column 9 its line 2, column 4; from column 20 it is
    /// nobody's. Line 2 is line 1 of `b.ts`.
    const MAPPINGS: &str = "AAAA,SAEI,W;;ACDJ";

    fn map(value: &serde_json::Value) -> SourceMap {
        SourceMap::read(value.to_string().as_bytes()).unwrap()
    }

    fn found(map: &SourceMap, line: usize, column: usize) -> Option<(String, usize, usize)> {
        let (source, line, column) = map.source_of(line, column)?;
        Some((source.name.clone(), line, column))
    }

    #[rstest]
    #[case::at_a_mapping((0, 9), Some(("a.ts", 2, 4)))]
    #[case::after_a_mapping((0, 12), Some(("a.ts", 2, 4)))]
    #[case::before_the_next((0, 8), Some(("a.ts", 0, 0)))]
    #[case::of_no_source((0, 30), None)]
    #[case::on_an_empty_line((1, 0), None)]
    #[case::of_another_source((2, 5), Some(("b.ts", 1, 0)))]
    #[case::past_the_end((9, 0), None)]
    fn generated_position_leads_to_its_source(
        #[case] (line, column): (usize, usize),
        #[case] expected: Option<(&str, usize, usize)>,
    ) {
        let map = map(&json!({"version": 3, "sources": ["a.ts", "b.ts"], "mappings": MAPPINGS}));
        let expected = expected.map(|(name, line, column)| (name.to_owned(), line, column));
        assert_eq!(found(&map, line, column), expected);
    }

    #[test]
    fn section_of_an_index_map_begins_at_its_offset() {
        let part = json!({"sources": ["a.ts"], "sourceRoot": "src", "mappings": "AAAA;AACA"});
        let map = map(&json!({"version": 3, "sections": [
            {"offset": {"line": 0, "column": 0}, "map": part},
            {"offset": {"line": 5, "column": 7}, "map": part},
        ]}));
        assert_eq!(found(&map, 5, 7), Some(("src/a.ts".into(), 0, 0)));
        assert_eq!(found(&map, 6, 0), Some(("src/a.ts".into(), 1, 0)));
        assert_eq!(found(&map, 5, 6), None);
    }

    #[test]
    fn text_of_a_source_belongs_to_it() {
        let map = map(
            &json!({"sources": ["a.ts", "b.ts"], "sourcesContent": [null, "let b;"],
            "mappings": MAPPINGS}),
        );
        let (source, ..) = map.source_of(2, 0).unwrap();
        assert_eq!(source.text.as_deref(), Some("let b;"));
    }

    #[rstest]
    #[case::no_json("nothing")]
    #[case::cut_number(r#"{"sources": ["a"], "mappings": "g"}"#)]
    #[case::no_digit(r#"{"sources": ["a"], "mappings": "A!AA"}"#)]
    #[case::endless_number(r#"{"sources": ["a"], "mappings": "ggggggggggggggggggA"}"#)]
    #[case::line_past_all_numbers(
        r#"{"sections": [{"offset": {"line": 18446744073709551615, "column": 0},
            "map": {"sources": ["a"], "mappings": ";AAAA"}}]}"#
    )]
    #[case::column_past_all_numbers(
        r#"{"sections": [{"offset": {"line": 0, "column": 18446744073709551615},
            "map": {"sources": ["a"], "mappings": "CAAA"}}]}"#
    )]
    #[case::section_past_all_numbers(
        r#"{"sections": [{"offset": {"line": 1, "column": 0}, "map": {"sections": [
            {"offset": {"line": 18446744073709551615, "column": 0}, "map": {}}]}}]}"#
    )]
    #[case::before_the_file(r#"{"sources": ["a"], "mappings": "AADA"}"#)]
    fn broken_map_is_no_map(#[case] text: &str) {
        assert!(SourceMap::read(text.as_bytes()).is_none());
    }

    #[rstest]
    #[case::file("a();\n//# sourceMappingURL=a.js.map\n", MapLink::File("a.js.map".into()))]
    #[case::inline(
        "a();\n//# sourceMappingURL=data:application/json;charset=utf-8;base64,e30=",
        MapLink::Inline(b"{}".to_vec())
    )]
    fn link_stands_in_the_last_lines(#[case] script: &str, #[case] expected: MapLink) {
        assert_eq!(MapLink::of(script), Some(expected));
    }

    #[test]
    fn script_without_a_link_has_no_map() {
        assert_eq!(MapLink::of("a();"), None);
    }

    #[test]
    fn guard_before_a_map_is_skipped() {
        assert!(SourceMap::read(b")]}'\n{\"mappings\": \"AAAA\"}").is_some());
    }
}
