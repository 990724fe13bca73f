#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

use serde_json::json;

use super::ComparisonFormat;
use crate::report::compare::Comparison;
use crate::report::compare::tests::{changed, compared, timed};
use crate::verdict::Status;

#[test]
fn hostile_text_is_escaped_in_every_format() {
    let hostile = "</script><b>`x`\u{1b}[2J\n::error::pwned ]]> @everyone";
    let found = changed(|new| {
        new.checks[0].status = Status::Fail;
        new.checks[0].message = Some(hostile.into());
        new.checks[0].actual = Some(json!(hostile));
    });
    let markdown = found.rendered(ComparisonFormat::Markdown);
    assert!(
        !markdown.contains(['`', '\u{1b}']) && !markdown.contains("@everyone"),
        "{markdown}"
    );
    let html = found.rendered(ComparisonFormat::Html);
    assert!(
        !html.contains("</script><b>") && html.contains("&lt;/script&gt;"),
        "{html}"
    );
    let junit = found.rendered(ComparisonFormat::Junit);
    assert!(
        junit.contains("&lt;/script&gt;")
            && junit.contains("failures=\"1\"")
            && !junit.contains('\u{1b}'),
        "{junit}"
    );
    let github = found.rendered(ComparisonFormat::Github);
    assert!(
        github.starts_with("::error file=fixtures/scenarios/queue/order.toml,line=12,title=")
            && !github.contains("\n::error::pwned"),
        "{github}"
    );
    let again: Comparison = serde_json::from_str(&found.rendered(ComparisonFormat::Json)).unwrap();
    assert_eq!(again, found);
}

#[test]
fn comment_is_never_longer_than_github_takes() {
    let mut old = timed(&[400.0; 400]);
    let mut new = old.clone();
    for (index, check) in new.checks.iter_mut().enumerate() {
        let statuses = [
            Status::Fail,
            Status::Flaky,
            Status::Error,
            Status::NotApplicable,
        ];
        check.status = statuses[index % 4];
        check.message = Some("ü`".repeat(5000));
    }
    old.filter = vec!["`x`".repeat(5000)];
    let markdown = compared(&old, &new).rendered(ComparisonFormat::Markdown);
    assert!(
        markdown.len() < 65_536 && markdown.contains("… and 80 more"),
        "{}",
        markdown.len()
    );
}

#[test]
fn verdict_names_the_two_engines_that_are_compared() {
    let in_webkit = |status: Status| {
        changed(|new| {
            new.checks[0].status = status;
            new.environment.as_mut().unwrap().engine = Some("WebKit".to_owned());
        })
    };
    let failed = in_webkit(Status::Fail).rendered(ComparisonFormat::Text);
    assert!(
        failed.contains("worse in WebKit than in Chromium: 1 new failure"),
        "{failed}"
    );
    let unlike = in_webkit(Status::NotApplicable).rendered(ComparisonFormat::Text);
    assert!(
        unlike.contains("nothing is worse in WebKit than in Chromium")
            && unlike.contains("1 not applicable in one of them")
            && !unlike.contains("version ("),
        "{unlike}"
    );
}
