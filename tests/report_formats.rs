//! A failed run in each format that CI systems read, parsed by an independent parser.

use std::fs;
use std::path::{Path, PathBuf};

use roxmltree::{Document, Node};
use rstest::rstest;
use serde_json::Value;

use crate::support::{Alhena, CONFORMS, Ended, FAILS, USAGE, alhena, prices_as_text, shared};

/// A failed run in every format that keeps all of its evidence, which holds fingerprints; and the
/// summary that it wrote for GitHub.
struct Run {
    ended: Ended,
    summary: String,
}

impl Run {
    fn made() -> Self {
        let home = shared("report-formats", |home| {
            let summary = home.join("summary.md");
            fs::write(&summary, "An earlier step.\n").expect("a file can be written");
            let run = failing(alhena("run").kept_in(home))
                .option("--keep-evidence", "all")
                .env("GITHUB_STEP_SUMMARY", summary);
            ["text", "junit", "markdown", "ctrf", "github", "junit"]
                .into_iter()
                .fold(run, |run, format| run.option("--format", format))
                .in_browsers(1)
                .ends_with(FAILS);
        });
        Self {
            ended: Ended::kept_in(&home),
            summary: fs::read_to_string(home.join("summary.md")).expect("the summary is there"),
        }
    }

    fn beside_the_report(&self, name: &str) -> String {
        let path = self.ended.report_folder().join(name);
        fs::read_to_string(&path)
            .unwrap_or_else(|error| panic!("{}: {error}\n{}", path.display(), self.ended))
    }
}

fn failing(run: Alhena) -> Alhena {
    run.sdk(&prices_as_text())
        .option("--profile", "reference")
        .option("--retries", "0")
        .with_report()
        .option("--filter", "cart/item-added#unchanged")
        .option("--filter", "fingerprints/are-those-of-the-getters")
        .option("--filter", "open/extra-fields")
}

fn children<'d>(node: Node<'d, 'd>) -> Vec<&'d str> {
    node.children()
        .filter(Node::is_element)
        .map(|child| child.tag_name().name())
        .collect()
}

#[rstest]
#[case::text("text", "report.txt")]
#[case::junit("junit", "junit.xml")]
#[case::markdown("markdown", "report.md")]
#[case::ctrf("ctrf", "ctrf.json")]
fn each_written_format_can_be_rendered_again(#[case] format: &str, #[case] name: &str) {
    let run = Run::made();
    let written = run.beside_the_report(name);
    let rendered = alhena("report")
        .arg(run.ended.report_folder())
        .option("--format", format)
        .ends_with(CONFORMS);
    assert_eq!(rendered.stdout(), written);
    let home = tempfile::tempdir().expect("a temporary folder");
    let file = home.path().join(name);
    alhena("report")
        .arg(run.ended.report_folder())
        .option("--format", format)
        .option("--output", &file)
        .ends_with(CONFORMS);
    assert_eq!(
        fs::read_to_string(file).expect("the file was written"),
        written
    );
}

/// By the rules of Jenkins's schema of JUnit reports, and of Ant's where they are stricter; except
/// `system-out`, which Ant's schema does not permit in a test case.
#[test]
fn junit_report_has_the_shape_that_ci_reads() {
    let xml = Run::made().beside_the_report("junit.xml");
    let document = Document::parse(&xml).unwrap_or_else(|error| panic!("{error}\n{xml}"));
    let root = document.root_element();
    assert_eq!(root.tag_name().name(), "testsuites");
    assert!(children(root).iter().all(|name| *name == "testsuite"));
    let has_all = |node: Node<'_, '_>, expected: &[&str]| {
        let mut names: Vec<&str> = node
            .attributes()
            .map(|attribute| attribute.name())
            .collect();
        names.sort_unstable();
        assert_eq!(names, expected, "{:?}", node.range());
    };
    let (mut failures, mut seconds) = (0, 0.0);
    for suite in root.children().filter(Node::is_element) {
        has_all(
            suite,
            &[
                "errors",
                "failures",
                "hostname",
                "id",
                "name",
                "package",
                "skipped",
                "tests",
                "time",
                "timestamp",
            ],
        );
        let names = children(suite);
        assert_eq!(
            (names[0], &names[names.len() - 2..]),
            ("properties", &["system-out", "system-err"][..])
        );
        assert!(
            names[1..names.len() - 2]
                .iter()
                .all(|name| *name == "testcase"),
            "{names:?}"
        );
        let stamp = suite.attribute("timestamp").unwrap_or_default();
        assert!(stamp.len() == 19 && stamp.as_bytes()[10] == b'T', "{stamp}");
        for case in suite
            .children()
            .filter(|node| node.has_tag_name("testcase"))
        {
            has_all(case, &["classname", "name", "time"]);
            let inside = children(case);
            assert!(
                [
                    &[][..],
                    &["failure", "system-out"],
                    &["skipped"],
                    &["system-out"]
                ]
                .contains(&inside.as_slice()),
                "{inside:?}"
            );
            failures += usize::from(inside.contains(&"failure"));
            seconds += case
                .attribute("time")
                .and_then(|time| time.parse::<f64>().ok())
                .expect("a time in seconds");
        }
    }
    assert_eq!((failures, root.attribute("failures")), (1, Some("1")));
    assert!(
        (seconds
            - root
                .attribute("time")
                .and_then(|time| time.parse::<f64>().ok())
                .unwrap_or_default())
        .abs()
            < 0.001
    );
    let failure = document
        .descendants()
        .find(|node| node.has_tag_name("failure"))
        .and_then(|node| node.parent())
        .expect("the failed check");
    assert_eq!(
        (failure.attribute("classname"), failure.attribute("name")),
        (Some("cart/item-added"), Some("unchanged"))
    );
}

#[test]
fn ctrf_report_fits_its_schema() {
    let schema =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/schemas/ctrf.json"))
            .expect("the schema is there");
    let validator = jsonschema::validator_for(&serde_json::from_str(&schema).expect("it is JSON"))
        .expect("it is a schema");
    let report: Value = serde_json::from_str(&Run::made().beside_the_report("ctrf.json"))
        .expect("the report is JSON");
    let errors: Vec<String> = validator
        .iter_errors(&report)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{}", errors.join("\n"));
    assert_eq!(report["results"]["summary"]["failed"], 1, "{report}");
}

#[test]
fn annotations_follow_the_text_and_summary_is_appended() {
    let run = Run::made();
    let stdout = run.ended.stdout();
    let (text, annotations) = stdout
        .split_once("\n::error file=fixtures/scenarios/cart/item-added.toml,line=")
        .unwrap_or_else(|| panic!("{}", run.ended));
    assert_eq!(format!("{text}\n"), run.beside_the_report("report.txt"));
    assert!(
        annotations
            .lines()
            .skip(1)
            .all(|line| line.starts_with("::")),
        "{annotations}"
    );
    assert_eq!(
        run.summary,
        format!("An earlier step.\n{}", run.beside_the_report("report.md"))
    );
}

#[test]
fn markdown_starts_with_the_mark_for_bots() {
    let comment = Run::made().beside_the_report("report.md");
    assert!(
        comment.starts_with("<!-- alhena-conformance -->\n")
            && comment.contains("does not conform"),
        "{comment}"
    );
}

#[test]
fn single_format_replaces_the_text() {
    let ended = alhena("run")
        .option("--filter", "cart/emoji#delivered")
        .option("--format", "ctrf")
        .in_browsers(1)
        .ends_with(CONFORMS);
    let report: Value =
        serde_json::from_str(&ended.stdout()).unwrap_or_else(|error| panic!("{error}\n{ended}"));
    assert_eq!(report["results"]["summary"]["failed"], 0, "{ended}");
}

#[rstest]
#[case::two_formats(
    &["--format", "junit", "--format", "markdown"],
    "it then holds, beside report.json, junit.xml, report.md"
)]
#[case::annotations_within_xml(
    &["--format", "junit", "--format", "github"],
    "only `text` and `github` go together"
)]
#[case::several_builds(
    &["--format", "junit", "--sdk", "1.js", "--sdk", "2.js"],
    "each of them has a folder there, with junit.xml"
)]
fn formats_unfit_for_standard_output_are_refused(#[case] words: &[&str], #[case] message: &str) {
    let ended = words
        .iter()
        .fold(alhena("run"), Alhena::arg)
        .ends_with(USAGE);
    ended.warns(message).warns("add --report DIR");
}

#[test]
fn mask_with_verify_is_refused() {
    alhena("run")
        .arg("--mask")
        .option("--verify", "2")
        .ends_with(USAGE)
        .warns("--mask");
}

/// The UUIDs in a text. The fingerprints of the reference SDK are UUIDs.
fn uuids(text: &str) -> Vec<&str> {
    let starts = text
        .match_indices('-')
        .filter_map(|(dash, _)| dash.checked_sub(8));
    starts
        .filter_map(|start| text.get(start..start + 36))
        .filter(|text| uuid::Uuid::try_parse(text).is_ok())
        .collect()
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder)
        .expect("the folder is there")
        .flatten()
        .map(|entry| entry.path());
    entries
        .flat_map(|path| {
            if path.is_dir() {
                files_below(&path)
            } else {
                vec![path]
            }
        })
        .collect()
}

#[test]
fn masked_run_prints_and_writes_no_fingerprint() {
    let run = failing(alhena("run"))
        .arg("--mask")
        .option("--keep-evidence", "all");
    let run = ["text", "junit", "markdown", "ctrf"]
        .into_iter()
        .fold(run, |run, format| run.option("--format", format));
    let ended = run.in_browsers(1).ends_with(FAILS);
    let files = files_below(&ended.report_folder());
    assert!(files.len() > 8, "{files:?}");
    for file in files {
        let bytes = fs::read(&file).expect("a file that can be read");
        assert_eq!(
            uuids(&String::from_utf8_lossy(&bytes)),
            Vec::<&str>::new(),
            "{}",
            file.display()
        );
    }
    assert_eq!(
        uuids(&format!("{}{}", ended.stdout(), ended.stderr())),
        Vec::<&str>::new()
    );
    ended.report();
    let evidence = fs::read_to_string(ended.report_folder().join("evidence/cart_item-added.json"))
        .expect("the case was kept");
    let evidence: Value = serde_json::from_str(&evidence).expect("it is still JSON");
    let requests = evidence["attempts"][0]["evidence"]["requests"]
        .as_array()
        .expect("requests");
    let sent: Vec<Value> = requests
        .iter()
        .filter_map(|request| serde_json::from_str(request["body"].as_str()?).ok())
        .collect();
    let [chat, event] = sent.as_slice() else {
        panic!("a chat and an event: {sent:?}")
    };
    assert!(
        event["user_fingerprint"]
            .as_str()
            .is_some_and(|name| name.starts_with("fingerprint-")),
        "{event}"
    );
    assert_eq!(
        event["user_fingerprint"], chat["user_fingerprint"],
        "equal ones stay equal"
    );
    assert_ne!(
        event["user_fingerprint"], event["user_faq_fingerprint"],
        "different ones stay different"
    );
}

#[rstest]
#[case("text")]
#[case("junit")]
#[case("markdown")]
#[case("ctrf")]
#[case("github")]
fn stored_report_is_masked_when_rendered(#[case] format: &str) {
    let folder = Run::made().ended.report_folder();
    assert!(
        !uuids(&fs::read_to_string(folder.join("report.json")).expect("the report is there"))
            .is_empty(),
        "there is something to mask"
    );
    let shown = alhena("report")
        .arg(&folder)
        .arg("--mask")
        .option("--format", format)
        .ends_with(CONFORMS)
        .stdout();
    assert_eq!(uuids(&shown), Vec::<&str>::new());
}
