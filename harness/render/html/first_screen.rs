//! What a reader sees of a report before they open anything.

use super::{SCRIPT, STYLE};
use crate::contract::CheckId;
use crate::evidence::{Evidence, Frame, Millis};
use crate::render::html;
use crate::report::Stored;
use crate::report::sample::{BROKEN, sample};
use crate::verdict::Status;

/// A build that does not load: one prerequisite fails, and a thousand checks are not run.
fn not_loading() -> Stored {
    let mut stored = sample();
    let report = &mut stored.report;
    for index in [0, 2, 3, 4] {
        let check = &mut report.checks[index];
        (check.status, check.attempts) = (Status::NotRun, None);
        check.message = Some(format!("the prerequisite {BROKEN} does not hold"));
        report.requirements[index].status = Some(Status::NotRun);
    }
    let (check, case) = (report.checks[0].clone(), report.cases[0].clone());
    for number in 0..1_000 {
        let (mut check, mut case) = (check.clone(), case.clone());
        case.id = format!("queue/{number}");
        check.case.clone_from(&case.id);
        check.id = CheckId(format!("{}#in-order", case.id));
        report.requirements[0].checks.push(check.id.clone());
        report.checks.push(check);
        report.cases.push(case);
    }
    for status in Status::ALL {
        let alike = report.checks.iter().filter(|check| check.status == status);
        report.totals.insert(status, alike.count());
    }
    report.causes.truncate(1);
    stored
}

/// What a reader sees before they open anything: the page without what closed details hold.
fn seen_at_first(page: &str) -> String {
    let (mut seen, mut depth) = (String::new(), 0_usize);
    for part in page.split_inclusive('>') {
        if part.ends_with("</details>") {
            depth -= 1;
        } else if depth == 0 {
            seen.push_str(part);
        }
        if part.contains("<details") && !part.contains(" open") {
            depth += 1;
        }
    }
    seen
}

#[test]
fn build_that_does_not_load_is_one_small_screen() {
    let page = html(&[&not_loading()]);
    let fixed = STYLE.len() + SCRIPT.len();
    let own = page.len() - fixed;
    assert!(own < 100_000, "{own} bytes beyond the fixed part");
    assert!(
        page.contains("Not run because of this: 1004 checks"),
        "{page}"
    );
    let seen = seen_at_first(&page);
    let (_, body) = seen.split_once("<body>").expect("a body");
    let (body, _) = body.split_once("<script>").expect("the script");
    for list in ["<table", "class=\"item", "class=\"case", "<ol", "data-tool"] {
        assert!(!body.contains(list), "{list} is not closed: {body}");
    }
    assert_eq!(body.matches("class=\"cause\"").count(), 1);
}

#[test]
fn pictures_of_a_build_that_does_not_load_are_left_out() {
    let mut stored = not_loading();
    for record in stored.records.values_mut() {
        let frame = Frame {
            step: 0,
            at: Millis(1.0),
            picture: Some("iVBORw==".to_owned()),
            dom: Some("<p>the shop</p>".to_owned()),
        };
        record.trace = Some(Box::new(Evidence {
            frames: vec![frame],
            ..Evidence::default()
        }));
    }
    let page = html(&[&stored]);
    assert!(page.contains("the shop") && !page.contains("data:image/png"));
}

#[test]
fn causes_stand_before_the_tools_and_the_requirements() {
    let page = html(&[&sample()]);
    let at = |text: &str| page.find(text).unwrap_or_else(|| panic!("{text}: {page}"));
    let order = [
        "class=\"verdict",
        "class=\"cause\"",
        "class=\"tools\"",
        "id=\"requirements\"",
    ];
    assert!(order.map(at).is_sorted(), "{page}");
}
