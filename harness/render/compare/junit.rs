use std::fmt::Write as _;

use quick_xml::escape::escape;

use super::{semver, verdict};
use crate::render::junit::legal;
use crate::report::compare::{CheckChange, Comparison};

/// The comparison as tests: each check whose verdict changed is one, and fails where that is a
/// regression.
pub fn junit(comparison: &Comparison) -> String {
    let changes: Vec<&CheckChange> = comparison.check_changes().collect();
    let failures = changes
        .iter()
        .filter(|change| change.regression.is_some())
        .count();
    // The whole is a test too, so that there is one where nothing changed.
    let counts = format!(
        "tests=\"{}\" failures=\"{failures}\" errors=\"0\" skipped=\"0\"",
        changes.len() + 1
    );
    let mut text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"alhena-conformance \
         compare\" {counts}>\n"
    );
    let _ = writeln!(
        text,
        "  <testsuite name=\"{}\" {counts}>",
        escaped(&format!(
            "{} → {}",
            comparison.old.source, comparison.new.source
        ))
    );
    let said = escaped(&format!("{}\n{}", verdict(comparison), semver(comparison)));
    let _ = writeln!(
        text,
        "    <testcase classname=\"compare\" name=\"the \
         whole\"><system-out>{said}</system-out></testcase>"
    );
    for change in changes {
        write_case(&mut text, change);
    }
    text.push_str("  </testsuite>\n</testsuites>\n");
    text
}

fn write_case(text: &mut String, change: &CheckChange) {
    let (scenario, name) = change
        .check
        .0
        .split_once('#')
        .unwrap_or((&change.check.0, "check"));
    let verdict = format!(
        "{} → {}",
        change.old.map_or("not made", |status| status.word()),
        change.new.map_or("not made", |status| status.word())
    );
    let _ = write!(
        text,
        "    <testcase classname=\"{}\" name=\"{}\">",
        escaped(scenario),
        escaped(name)
    );
    match change.regression {
        None => {
            let _ = write!(text, "<system-out>{}</system-out>", escaped(&verdict));
        }
        Some(kind) => {
            let again = change
                .again
                .as_ref()
                .map(|again| format!("\nagain: {again}"))
                .unwrap_or_default();
            let at = change
                .at
                .as_ref()
                .map(|at| format!("\nat: {at}"))
                .unwrap_or_default();
            let said = format!(
                "{verdict}\n{}{at}{again}",
                change.message.as_deref().unwrap_or_default()
            );
            let _ = write!(
                text,
                "<failure message=\"{}\">{}</failure>",
                escaped(&kind.words(1)),
                escaped(&said)
            );
        }
    }
    text.push_str("</testcase>\n");
}

/// Text in XML. What XML cannot hold at all is replaced.
fn escaped(text: &str) -> String {
    escape(legal(text)).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hostile_text_stays_text() {
        assert_eq!(
            escaped("]]><a b='\"'>\u{1}\u{ffff}\n&"),
            "]]&gt;&lt;a b=&apos;&quot;&apos;&gt;\u{2401}\u{fffd}\n&amp;"
        );
    }
}
