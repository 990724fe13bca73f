//! JUnit XML, as Jenkins, GitLab and the test reporters for GitHub read it.
//!
//! Valid by the schema of Jenkins (`junit-10.xsd`), whose xUnit plugin refuses any other file: no
//! `skipped` on the root, no `file` on a test case. Ant's older schema differs in one thing: there,
//! only a suite has a `system-out`. GitLab's own flavour has `file` and `line`, and names pictures.

use std::borrow::Cow;
use std::io;
use std::path::Path;

use quick_xml::Writer;
use quick_xml::escape::partial_escape;
use quick_xml::events::{BytesDecl, BytesText, Event};
use quick_xml::writer::ElementWriter;

use super::model::{Row, Rows, Suite};
use crate::verdict::Bearing;

type Memory = Vec<u8>;
type Xml = Writer<Memory>;

/// The rows as JUnit XML: a test suite for each suite, a test case for each row.
pub fn junit(rows: &Rows) -> String {
    text(rows, None)
}

/// The rows as GitLab shows them, where their attachments are in `folder`, seen from the top of the
/// repository.
pub fn gitlab(rows: &Rows, folder: &Path) -> String {
    text(rows, Some(folder))
}

/// With the files of checks and the attachments in this folder, where one is given.
fn text(rows: &Rows, folder: Option<&Path>) -> String {
    let mut xml = Writer::new_with_indent(Vec::new(), b' ', 2);
    write(&mut xml, rows, folder).expect("memory can be written to");
    String::from_utf8_lossy(&xml.into_inner()).into_owned() + "\n"
}

fn write(xml: &mut Xml, rows: &Rows, folder: Option<&Path>) -> io::Result<()> {
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let totals = Totals::of(rows.all());
    let attributes = [
        ("name", rows.title.to_owned()),
        ("tests", totals.tests.to_string()),
        ("failures", totals.failures.to_string()),
        ("errors", totals.errors.to_string()),
        ("time", seconds(totals.milliseconds)),
    ];
    element(xml, "testsuites", &attributes).write_inner_content(|xml| {
        rows.suites
            .iter()
            .enumerate()
            .try_for_each(|(index, suite)| write_suite(xml, rows, index, suite, folder))
    })?;
    Ok(())
}

fn write_suite(
    xml: &mut Xml,
    rows: &Rows,
    index: usize,
    suite: &Suite,
    folder: Option<&Path>,
) -> io::Result<()> {
    let totals = Totals::of(&suite.rows);
    // As in Ant's reports: in UTC, and without a word about that.
    let began = rows
        .began
        .as_deref()
        .map(|began| began.trim_end_matches('Z'));
    let attributes: Vec<(&str, String)> = [
        ("id", index.to_string()),
        ("name", suite.name.clone()),
        ("package", "alhena-conformance".to_owned()),
        ("hostname", "localhost".to_owned()),
        ("tests", totals.tests.to_string()),
        ("failures", totals.failures.to_string()),
        ("errors", totals.errors.to_string()),
        ("skipped", totals.skipped.to_string()),
        ("time", seconds(totals.milliseconds)),
    ]
    .into_iter()
    .chain(began.map(|began| ("timestamp", began.to_owned())))
    .collect();
    element(xml, "testsuite", &attributes).write_inner_content(|xml| {
        write_properties(xml, rows.facts.iter().chain(&suite.facts))?;
        let mut own = suite.rows.iter();
        own.try_for_each(|row| write_row(xml, row, folder))?;
        xml.create_element("system-out").write_empty()?;
        xml.create_element("system-err").write_empty()?;
        Ok(())
    })?;
    Ok(())
}

fn write_properties<'f>(
    xml: &mut Xml,
    mut facts: impl Iterator<Item = &'f (String, String)>,
) -> io::Result<()> {
    xml.create_element("properties")
        .write_inner_content(|xml| {
            facts.try_for_each(|(name, value)| {
                let attributes = [("name", name.clone()), ("value", value.clone())];
                element(xml, "property", &attributes)
                    .write_empty()
                    .map(drop)
            })
        })?;
    Ok(())
}

fn write_row(xml: &mut Xml, row: &Row, folder: Option<&Path>) -> io::Result<()> {
    let attributes = [
        ("classname", row.within.last().cloned().unwrap_or_default()),
        ("name", row.name.clone()),
        ("time", seconds(row.milliseconds)),
    ];
    let location = row.location.as_ref().filter(|_| folder.is_some());
    let file = location.map(|own| ("file", own.file.clone()));
    let line = location.and_then(|own| own.line);
    let line = line.map(|line| ("line", line.to_string()));
    let attributes: Vec<_> = attributes.into_iter().chain(file).chain(line).collect();
    let output = output(row, folder);
    let case = element(xml, "testcase", &attributes);
    let outcome = match row.bearing {
        Bearing::Holds => None,
        Bearing::SdkFault => Some("failure"),
        Bearing::MachineFault => Some("error"),
        Bearing::Undecided | Bearing::Excused => Some("skipped"),
    };
    if outcome.is_none() && output.is_empty() {
        case.write_empty()?;
        return Ok(());
    }
    case.write_inner_content(|xml| {
        if let Some(outcome) = outcome {
            let attributes = [("type", row.kind.to_owned()), ("message", row.headline())];
            write_text(element(xml, outcome, &attributes), &row.details)?;
        }
        if !output.is_empty() {
            write_text(xml.create_element("system-out"), &output)?;
        }
        Ok(())
    })?;
    Ok(())
}

/// What a row prints; with its attachments, where they are in a folder.
fn output<'r>(row: &'r Row, folder: Option<&Path>) -> Cow<'r, str> {
    let Some(folder) = folder.filter(|_| !row.attachments.is_empty()) else {
        return row.output.as_str().into();
    };
    let attached = row.attachments.iter().map(|own| {
        let path = folder.join(&own.path);
        format!("[[ATTACHMENT|{}]]\n", path.display())
    });
    attached
        .chain([row.output.clone()])
        .collect::<String>()
        .into()
}

fn element<'x>(
    xml: &'x mut Xml,
    name: &'static str,
    attributes: &[(&str, String)],
) -> ElementWriter<'x, Memory> {
    xml.create_element(name)
        .with_attributes(attributes.iter().map(|(name, value)| (*name, legal(value))))
}

fn write_text(element: ElementWriter<'_, Memory>, text: &str) -> io::Result<()> {
    if text.is_empty() {
        element.write_empty()?;
    } else {
        // Quotes stay readable for whoever opens the file itself.
        element.write_text_content(BytesText::from_escaped(partial_escape(legal(text))))?;
    }
    Ok(())
}

/// How many rows of each kind there are, and how long they took.
#[derive(Default)]
struct Totals {
    tests: usize,
    failures: usize,
    errors: usize,
    skipped: usize,
    milliseconds: u64,
}

impl Totals {
    fn of<'r>(rows: impl IntoIterator<Item = &'r Row>) -> Self {
        let mut totals = Self::default();
        for row in rows {
            totals.tests += 1;
            totals.milliseconds += row.milliseconds;
            match row.bearing {
                Bearing::Holds => {}
                Bearing::SdkFault => totals.failures += 1,
                Bearing::MachineFault => totals.errors += 1,
                Bearing::Undecided | Bearing::Excused => totals.skipped += 1,
            }
        }
        totals
    }
}

fn seconds(milliseconds: u64) -> String {
    format!("{}.{:03}", milliseconds / 1000, milliseconds % 1000)
}

/// The text with a sign for each character that XML 1.0 does not allow, not even as a reference.
fn legal(text: &str) -> Cow<'_, str> {
    let is_legal =
        |letter: char| matches!(letter, '\t' | '\n' | '\r' | ' '..='\u{FFFD}' | '\u{10000}'..);
    if text.chars().all(is_legal) {
        return Cow::Borrowed(text);
    }
    // U+2400 and the following are the pictures of the control characters.
    let picture = |letter: char| {
        char::from_u32(0x2400 + u32::from(letter))
            .filter(|_| letter < ' ')
            .unwrap_or(char::REPLACEMENT_CHARACTER)
    };
    text.chars()
        .map(|letter| {
            if is_legal(letter) {
                letter
            } else {
                picture(letter)
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_that_xml_forbids_become_pictures() {
        assert_eq!(
            legal("a\u{1}\u{1b}\u{ffff}\n"),
            "a\u{2401}\u{241b}\u{fffd}\n"
        );
    }
}
