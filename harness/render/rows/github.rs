//! Workflow commands of GitHub Actions: each failed row as an annotation at its line.

use std::fmt::Write as _;

use super::model::{Location, Note, NoteLevel, Row, Rows};
use crate::text::cut_to;

/// GitHub shows so many annotations of a kind and a step, and drops the others without a word.
const SHOWN: usize = 10;

/// Longer texts are cut; the report holds them whole.
const LETTERS: usize = 400;

/// The annotations, the worst first, and the verdict at last; each at its line where `has_file`
/// knows its file.
pub fn github(rows: &Rows, has_file: impl Fn(&str) -> bool) -> String {
    let error = |row| error(row, &has_file);
    let notes = |level: NoteLevel| rows.notes.iter().filter(move |note| note.level == level);
    let kinds: [(&str, Vec<String>); 3] = [
        ("errors", rows.failures().into_iter().map(error).collect()),
        ("warnings", notes(NoteLevel::Warning).map(note).collect()),
        ("notices", notes(NoteLevel::Notice).map(note).collect()),
    ];
    let (mut text, mut conclusion) = (String::new(), rows.conclusion.clone());
    for (kind, commands) in kinds {
        text.extend(commands.iter().take(SHOWN).map(String::as_str));
        if commands.len() > SHOWN {
            let _ = write!(
                conclusion,
                "\n{SHOWN} of {} {kind} are annotated, as GitHub shows no more of a step; the \
                 report holds all",
                commands.len()
            );
        }
    }
    text + &command("notice", None, rows.title, &conclusion)
}

fn error(row: &Row, has_file: impl Fn(&str) -> bool) -> String {
    let reason = row.reason.as_deref().unwrap_or("no reason is known");
    let message: Vec<String> = reason
        .lines()
        .map(str::to_owned)
        .chain(row.lines())
        .map(|line| cut_to(&line, LETTERS))
        .collect();
    command(
        "error",
        row.location.as_ref().filter(|own| has_file(&own.file)),
        &format!("{}: {}", row.verdict, row.id),
        &message.join("\n"),
    )
}

fn note(note: &Note) -> String {
    let name = match note.level {
        NoteLevel::Warning => "warning",
        NoteLevel::Notice => "notice",
    };
    command(name, None, &note.title, &cut_to(&note.text, LETTERS))
}

fn command(name: &str, location: Option<&Location>, title: &str, message: &str) -> String {
    let mut properties = Vec::new();
    if let Some(Location { file, line }) = location {
        properties.push(format!("file={}", property(file)));
        properties.extend(line.map(|line| format!("line={line}")));
    }
    properties.push(format!("title={}", property(title)));
    format!("::{name} {}::{}\n", properties.join(","), data(message))
}

/// Escapes a message: it ends with the line.
fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// Escapes a property: it ends with a comma, or with the colons before the message.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_text_begins_no_command() {
        assert_eq!(data("a\n::error::b\r%"), "a%0A::error::b%0D%25");
        assert_eq!(property("a:b,c"), "a%3Ab%2Cc");
    }
}
