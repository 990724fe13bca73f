use crate::evidence::Spot;
use crate::render::document::{Block, Mark, SourceLine, Text};

/// The excerpt of a spot with a caret below its column; absent where it has none.
pub fn spot(spot: &Spot) -> Option<Block> {
    let digits = spot
        .excerpt
        .iter()
        .map(|line| line.number.to_string().len());
    let width = digits.max().unwrap_or_default();
    let row = |number: &str, text: &str, mark| SourceLine {
        number: Text::from(format!("{number:>width$}")),
        text: Text::from(text),
        mark,
    };
    let lines = spot.excerpt.iter().flat_map(|line| {
        let is_asked = line.number == spot.line;
        let mark = if is_asked { Mark::Asked } else { Mark::Around };
        let own = row(&line.number.to_string(), &line.text, mark);
        let caret = || row("", &format!("{}^", " ".repeat(spot.caret)), Mark::Caret);
        [Some(own), is_asked.then(caret)]
    });
    let lines: Vec<SourceLine> = lines.flatten().collect();
    (!lines.is_empty()).then_some(Block::Source(lines))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use super::*;
    use crate::evidence::ExcerptLine;
    use crate::render::document::{Document, Section, Tone};
    use crate::render::{Screen, markdown, terminal};

    fn document() -> Document {
        let line = |number, text: &str| ExcerptLine {
            number,
            text: text.into(),
        };
        let own = Spot {
            file: "dist/gleenWidget.js".into(),
            line: 1_000,
            column: 3,
            caret: 2,
            excerpt: vec![line(999, "start();"), line(1_000, "  lost();")],
        };
        let blocks = spot(&own).into_iter().collect();
        let section = Section::new("spot", "Spot", Tone::Bad, blocks).unwrap();
        Document::new("", "Spot", None, vec![section])
    }

    /// The columns of the line and of the caret below it.
    fn columns(text: &str) -> (Option<usize>, Option<usize>) {
        let mut lines = text.lines().skip_while(|line| !line.contains("lost"));
        let line = lines.next().unwrap();
        (line.find("lost"), lines.next().unwrap().find('^'))
    }

    #[test]
    fn caret_stands_below_its_column() {
        let document = document();
        let terminal = terminal::plain(&terminal::text(&document, Screen::default()));
        for text in [terminal, markdown::markdown(&document)] {
            let (line, caret) = columns(&text);
            assert_eq!(line, caret, "{text}");
        }
    }

    #[test]
    fn page_shows_the_caret_in_a_row_of_its_own() {
        let page = crate::render::html::html(&document());
        let number = |text| format!("<span class=\"number\" aria-hidden=\"true\">{text}</span> ");
        let line = format!("<span class=\"row asked\">{}  lost();", number("1000"));
        let caret = format!("<span class=\"row caret\">{}  ^", number("    "));
        assert!(page.contains(&line) && page.contains(&caret), "{page}");
    }
}
