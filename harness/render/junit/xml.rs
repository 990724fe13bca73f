use std::borrow::Cow;
use std::io;

use quick_xml::Writer;
use quick_xml::escape::partial_escape;
use quick_xml::events::{BytesDecl, BytesText, Event};

use super::suites::{Suite, Test, suites};
use crate::render::ci::{Told, area, facts};
use crate::report::Report;
use crate::report::Stored;

type Xml = Writer<Vec<u8>>;

/// The report as JUnit XML: a suite for each folder of scenarios, a test case for each check.
pub fn junit(stored: &Stored) -> String {
    let mut xml = Writer::new_with_indent(Vec::new(), b' ', 2);
    write(&mut xml, &stored.report, &suites(stored)).expect("memory can be written to");
    let mut text = String::from_utf8_lossy(&xml.into_inner()).into_owned();
    text.push('\n');
    text
}

fn write(xml: &mut Xml, report: &Report, suites: &[Suite<'_>]) -> io::Result<()> {
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let all = || suites.iter().flat_map(|suite| &suite.tests);
    let attributes = [
        ("name", "alhena-conformance".to_owned()),
        ("tests", all().count().to_string()),
        ("failures", count(all(), Told::Failed)),
        ("errors", count(all(), Told::Errored)),
        ("time", seconds(all())),
    ];
    let root = xml.create_element("testsuites").with_attributes(
        attributes
            .iter()
            .map(|(name, value)| (*name, value.as_str())),
    );
    root.write_inner_content(|xml| {
        suites
            .iter()
            .enumerate()
            .try_for_each(|(index, suite)| write_suite(xml, report, index, suite))
    })?;
    Ok(())
}

fn write_suite(xml: &mut Xml, report: &Report, index: usize, suite: &Suite<'_>) -> io::Result<()> {
    let attributes = [
        ("id", index.to_string()),
        ("name", suite.name.to_owned()),
        ("package", "alhena-conformance".to_owned()),
        ("hostname", "localhost".to_owned()),
        // As in Ant's reports: in UTC, and without a word about that.
        ("timestamp", report.began.trim_end_matches('Z').to_owned()),
        ("tests", suite.tests.len().to_string()),
        ("failures", count(&suite.tests, Told::Failed)),
        ("errors", count(&suite.tests, Told::Errored)),
        ("skipped", count(&suite.tests, Told::Skipped)),
        ("time", seconds(&suite.tests)),
    ];
    let attributes: Vec<(&str, Cow<'_, str>)> = attributes
        .iter()
        .map(|(name, value)| (*name, legal(value)))
        .collect();
    xml.create_element("testsuite")
        .with_attributes(attributes)
        .write_inner_content(|xml| {
            write_properties(xml, report, suite)?;
            suite
                .tests
                .iter()
                .try_for_each(|test| write_test(xml, test))?;
            xml.create_element("system-out").write_empty()?;
            xml.create_element("system-err").write_empty()?;
            Ok(())
        })?;
    Ok(())
}

fn write_properties(xml: &mut Xml, report: &Report, suite: &Suite<'_>) -> io::Result<()> {
    let in_suite = |scenario: &str| area(scenario) == suite.name;
    let proved = |requirement: &str| {
        report.checks.iter().any(|check| {
            in_suite(&check.scenario) && check.requirements.iter().any(|own| own.0 == requirement)
        })
    };
    let requirements = report
        .requirements
        .iter()
        .filter(|requirement| proved(&requirement.id.0));
    let requirements = requirements.map(|requirement| {
        (
            format!("requirement {}", requirement.id),
            format!("{}: {}", requirement.level, requirement.statement),
        )
    });
    xml.create_element("properties")
        .write_inner_content(|xml| {
            facts(report)
                .into_iter()
                .chain(requirements)
                .try_for_each(|(name, value)| {
                    xml.create_element("property")
                        .with_attributes([("name", legal(&name)), ("value", legal(&value))])
                        .write_empty()
                        .map(|_| ())
                })
        })?;
    Ok(())
}

fn write_test(xml: &mut Xml, test: &Test<'_>) -> io::Result<()> {
    let time = in_seconds(test.microseconds);
    let case = xml.create_element("testcase").with_attributes([
        ("classname", legal(test.class)),
        ("name", legal(test.name)),
        ("time", Cow::Borrowed(&time)),
    ]);
    if test.told == Told::Passed && test.output.is_empty() {
        case.write_empty()?;
        return Ok(());
    }
    case.write_inner_content(|xml| {
        let element = match test.told {
            Told::Passed => None,
            Told::Failed => Some("failure"),
            Told::Errored => Some("error"),
            Told::Skipped => Some("skipped"),
        };
        if let Some(element) = element {
            let element = xml.create_element(element).with_attributes([
                ("type", legal(test.kind)),
                ("message", legal(&test.message)),
            ]);
            write_text(element, &test.body)?;
        }
        if !test.output.is_empty() {
            write_text(xml.create_element("system-out"), &test.output)?;
        }
        Ok(())
    })?;
    Ok(())
}

fn write_text(
    element: quick_xml::writer::ElementWriter<'_, Vec<u8>>,
    text: &str,
) -> io::Result<()> {
    if text.is_empty() {
        element.write_empty()?;
    } else {
        // Quotes stay readable for whoever opens the file itself.
        element.write_text_content(BytesText::from_escaped(partial_escape(legal(text))))?;
    }
    Ok(())
}

fn count<'t, 'a: 't>(tests: impl IntoIterator<Item = &'t Test<'a>>, told: Told) -> String {
    tests
        .into_iter()
        .filter(|test| test.told == told)
        .count()
        .to_string()
}

fn seconds<'t, 'a: 't>(tests: impl IntoIterator<Item = &'t Test<'a>>) -> String {
    in_seconds(tests.into_iter().map(|test| test.microseconds).sum())
}

fn in_seconds(microseconds: u64) -> String {
    format!(
        "{}.{:06}",
        microseconds / 1_000_000,
        microseconds % 1_000_000
    )
}

/// The text with a sign for each character that XML 1.0 does not allow, not even as a reference.
pub fn legal(text: &str) -> Cow<'_, str> {
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
