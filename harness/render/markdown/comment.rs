use std::fmt::Write as _;

use super::escape::{code, fence, text};
use crate::contract::Level;
use crate::render::compare::sections::verdict;
use crate::render::plain::{check_text, course_text};
use crate::report::Conclusion;
use crate::report::Stored;
use crate::report::{CaseReport, CheckReport, Report};
use crate::verdict::Status;
use crate::verdict::known::EntryState;

/// The first line: by it a bot finds its comment again.
const MARKER: &str = "<!-- alhena-conformance -->";

/// What a comment on GitHub may hold: 65536 letters. Counted in bytes here, of which there are
/// never fewer.
const LIMIT: usize = 65_536;

/// Kept free for the sentence that says what was left out.
const RESERVE: usize = 400;

/// Rows of the table of failures; the others are counted.
const ROWS: usize = 50;

/// Longer texts are cut; the report holds them whole.
const LETTERS: usize = 200;

/// Names in a list of names; the others are counted.
const NAMES: usize = 8;

/// Letters of a name in a list. With these, all but the table and what is folded below it is within
/// the limit, whatever its texts are.
const NAME_LETTERS: usize = 80;

/// The report as a comment: the verdict, what failed, and all that explains it folded away.
pub fn markdown(stored: &Stored) -> String {
    let report = &stored.report;
    let failed: Vec<&CheckReport> = report
        .checks
        .iter()
        .filter(|check| is_failed(report, check))
        .collect();
    let end = [undecided(report), known(report), hosts(report)].concat();
    let mut comment = Comment {
        text: head(stored),
        kept: end.len() + RESERVE,
    };
    let rows = failed
        .iter()
        .map(|check| row(report, check))
        .chain(report.wrong_entries().map(|entry| {
            let said = text(entry.message.as_deref().unwrap_or_default(), LETTERS);
            format!(
                "| known failure | | {said} | {}: {} | {} |\n",
                entry.state.word(),
                code(&entry.check, LETTERS),
                code(&entry.at, LETTERS)
            )
        }));
    comment.table(rows.collect());
    let cases: Vec<&CaseReport> = report
        .cases
        .iter()
        .filter(|case| report.checks_of(case).any(|check| is_failed(report, check)))
        .collect();
    comment.details(cases.iter().map(|case| details(stored, case)));
    comment.text + &end
}

/// What a reader must act on. That the rest could not be decided follows from it, and is told
/// apart.
fn is_failed(report: &Report, check: &CheckReport) -> bool {
    check.fails_the_run()
        && check.status != Status::NotTestable
        && !report.is_reported_by_an_entry(check)
}

struct Comment {
    text: String,
    /// Bytes that are spoken for.
    kept: usize,
}

impl Comment {
    fn has_room_for(&self, more: &str) -> bool {
        self.text.len() + self.kept + more.len() <= LIMIT
    }

    fn table(&mut self, rows: Vec<String>) {
        if rows.is_empty() {
            return;
        }
        self.text.push_str(
            "\n| requirement | level | what | check | where |\n| --- | --- | --- | --- | --- |\n",
        );
        let (all, mut shown) = (rows.len(), 0);
        for row in rows {
            if shown == ROWS || !self.has_room_for(&row) {
                break;
            }
            self.text.push_str(&row);
            shown += 1;
        }
        if shown < all {
            let _ = writeln!(
                self.text,
                "\n… and {} in the report.",
                counted(all - shown, "more row", "more rows")
            );
        }
    }

    /// The folded parts, as far as they have room. A short one may follow a long one that had none.
    fn details(&mut self, cases: impl Iterator<Item = String>) {
        let mut left_out = 0;
        for case in cases {
            if self.has_room_for(&case) {
                self.text.push_str(&case);
            } else {
                left_out += 1;
            }
        }
        if left_out > 0 {
            let _ = writeln!(
                self.text,
                "\nThe details of {} do not fit into a comment; the report folder holds them all.",
                counted(left_out, "more case", "more cases")
            );
        }
    }
}

fn head(stored: &Stored) -> String {
    let report = &stored.report;
    let conclusion = Conclusion::of(report);
    let (mark, said) = match conclusion {
        Conclusion::Interrupted => ("❌", "was interrupted"),
        other => (if other.is_good() { "✅" } else { "❌" }, other.words()),
    };
    let mut head = format!(
        "{MARKER}\n## {mark} {} {said}\n\n",
        code(&report.sdk.source, LETTERS)
    );
    if let Some(comparison) = &stored.comparison {
        let since = format!("since {}: {}", comparison.old.source, verdict(comparison));
        let _ = writeln!(head, "{}\n", text(&since, LETTERS));
    }
    let count = |status: Status| report.totals.get(&status).copied().unwrap_or(0);
    let totals = Status::ALL
        .into_iter()
        .filter(|status| count(*status) > 0)
        .map(|status| format!("{} {}", count(status), text(status.word(), LETTERS)));
    let binding = report
        .requirements
        .iter()
        .filter(|requirement| requirement.level > Level::Observe && requirement.status.is_some());
    let (asked, hold) = binding.fold((0, 0), |(asked, hold), requirement| {
        (
            asked + 1,
            hold + usize::from(requirement.status == Some(Status::Pass)),
        )
    });
    let _ = writeln!(
        head,
        "**{}** · {hold} of {asked} requirements hold",
        totals.collect::<Vec<_>>().join(" · ")
    );
    let short = |sha256: &str| code(sha256.get(..12).unwrap_or(sha256), 12);
    let browser = report
        .environment
        .as_ref()
        .map_or("no browser".to_owned(), |browser| {
            text(
                &format!("{} {}", browser.browser, browser.browser_version),
                LETTERS,
            )
        });
    let _ = writeln!(
        head,
        "\nSDK {} · {browser} · profile {} · snippet {} {} · alhena-conformance {} · {:.1} s",
        short(&report.sdk.sha256),
        code(&report.profile.name, LETTERS),
        code(&report.snippet.source, LETTERS),
        short(&report.snippet.sha256),
        text(&report.harness.version, LETTERS),
        report.duration_ms / 1000.0
    );
    if !report.filter.is_empty() {
        let _ = writeln!(
            head,
            "\nOnly what matches {} was run.",
            listed(report.filter.iter().map(String::as_str))
        );
    }
    head
}

fn row(report: &Report, check: &CheckReport) -> String {
    let own = report
        .requirements
        .iter()
        .filter(|requirement| check.requirements.contains(&requirement.id));
    let statements = own.map(|requirement| {
        format!(
            "<b>{}</b> {}",
            text(&requirement.id.0, LETTERS),
            text(&requirement.statement, LETTERS)
        )
    });
    let what = format!(
        "{}: {}",
        text(&check.verdict(), LETTERS),
        text(
            check.message.as_deref().unwrap_or("no reason is known"),
            LETTERS
        )
    );
    let statements = statements.collect::<Vec<_>>().join("<br>");
    format!(
        "| {statements} | {} | {what} | {} | {} |\n",
        check.level,
        code(&check.id.0, LETTERS),
        code(&check.at, LETTERS)
    )
}

fn details(stored: &Stored, case: &CaseReport) -> String {
    let report = &stored.report;
    let checks: Vec<&CheckReport> = report
        .checks_of(case)
        .filter(|check| is_failed(report, check))
        .collect();
    let lines: String = checks
        .iter()
        .map(|check| check_text(report, case, check))
        .chain([course_text(stored, case)])
        .collect();
    let said: Vec<String> = checks
        .iter()
        .map(|check| text(&check.verdict(), LETTERS))
        .collect();
    format!(
        "\n<details><summary>{} {}</summary>\n\n{}\n</details>\n",
        said.join(", "),
        code(&case.id, LETTERS),
        fence(&lines)
    )
}

fn undecided(report: &Report) -> String {
    let checks: Vec<&CheckReport> = report
        .checks
        .iter()
        .filter(|check| check.fails_the_run() && check.status == Status::NotTestable)
        .collect();
    let Some(first) = checks.first() else {
        return String::new();
    };
    let why = text(
        first.message.as_deref().unwrap_or("no reason is known"),
        LETTERS,
    );
    let names = listed(checks.iter().map(|check| check.id.0.as_str()));
    format!(
        "\n<details><summary>{} not be made, the first because \
         {why}</summary>\n\n{names}\n\n</details>\n",
        counted(checks.len(), "check could", "checks could")
    )
}

fn known(report: &Report) -> String {
    let shown = report
        .known_failures
        .iter()
        .filter(|entry| !entry.state.is_wrong() && entry.state != EntryState::NotSelected);
    let lines: Vec<String> = shown
        .map(|entry| {
            let until = entry
                .expires
                .as_ref()
                .map(|day| format!(", until {}", text(day, LETTERS)))
                .unwrap_or_default();
            format!(
                "- {}: {} {}{until}\n",
                text(entry.state.word(), LETTERS),
                code(&entry.check, NAME_LETTERS),
                text(&entry.reason, NAME_LETTERS)
            )
        })
        .collect();
    if lines.is_empty() {
        return String::new();
    }
    let more = if lines.len() > NAMES {
        format!("- … and {} more\n", lines.len() - NAMES)
    } else {
        String::new()
    };
    let first: String = lines.iter().take(NAMES).map(String::as_str).collect();
    format!(
        "\n<details><summary>{} in the list of known \
         failures</summary>\n\n{first}{more}\n</details>\n",
        counted(lines.len(), "entry", "entries")
    )
}

fn hosts(report: &Report) -> String {
    let hosts: Vec<&str> = report
        .denied_hosts()
        .map(|host| host.host.as_str())
        .collect();
    if hosts.is_empty() {
        String::new()
    } else {
        format!(
            "\nThe SDK contacts {}: denied.\n",
            listed(hosts.into_iter())
        )
    }
}

fn counted(count: usize, one: &str, more: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { more })
}

/// The first of some names, and how many there are more.
fn listed<'n>(names: impl Iterator<Item = &'n str>) -> String {
    let names: Vec<&str> = names.collect();
    let more = if names.len() > NAMES {
        format!(" and {} more", names.len() - NAMES)
    } else {
        String::new()
    };
    format!(
        "{}{more}",
        names
            .iter()
            .take(NAMES)
            .map(|name| code(name, NAME_LETTERS))
            .collect::<Vec<_>>()
            .join(", ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::Asker;
    use crate::report::model::HostReport;
    use crate::report::sample::{hostile, sample, with_a_stale_entry};

    /// Markdown without what is in fences.
    fn outside(comment: &str) -> String {
        let (mut text, mut open): (String, Option<usize>) = (String::new(), None);
        for line in comment.lines() {
            let ticks = line.len() - line.trim_start_matches('`').len();
            match open {
                None if ticks >= 3 => open = Some(ticks),
                Some(fence) if ticks >= fence && line.trim_matches('`').is_empty() => open = None,
                None => text.extend([line, "\n"]),
                Some(_) => {}
            }
        }
        assert_eq!(open, None, "a fence is left open:\n{comment}");
        text
    }

    #[test]
    fn the_verdict_comes_first_and_then_what_failed() {
        let comment = markdown(&sample());
        assert!(
            comment.starts_with(
                "<!-- alhena-conformance -->\n## ❌ <code>dist/gleenWidget.js</code> \
                 does not conform\n"
            ),
            "{comment}"
        );
        assert!(
            comment.contains(
                "**1 fail · 1 flaky · 1 not&#95;testable · 2 pass** · 1 of 4 requirements hold"
            ),
            "{comment}"
        );
        assert!(
            comment.contains("SDK <code>abababababab</code> · chrome 140.0 · profile"),
            "{comment}"
        );
        let row = "| <b>CART-VALUE</b> What CART-VALUE promises. | must | fail: value is a text, \
            not a number | <code>cart/item-added&#35;unchanged</code> |";
        assert!(comment.contains(row), "{comment}");
        assert!(
            comment.contains("flaky (1 of 3): the event never arrived"),
            "{comment}"
        );
        assert!(
            comment
                .contains("1 check could not be made, the first because the chat cannot be opened"),
            "{comment}"
        );
    }

    #[test]
    fn what_explains_a_failure_is_folded_away() {
        let comment = markdown(&sample());
        let (_, folded) = comment
            .split_once(
                "<details><summary>fail <code>cart/item-added</code></summary>\n\n```text\n",
            )
            .unwrap_or_default();
        let (folded, _) = folded.split_once("```\n\n</details>").unwrap_or_default();
        assert!(
            folded.contains("expected: 89.95")
                && folded.contains("visit product")
                && folded.contains("again: alhena-conformance run"),
            "{comment}"
        );
    }

    #[test]
    fn what_passed_is_only_counted() {
        assert!(!markdown(&sample()).contains("QUEUE-ORDER"));
    }

    #[test]
    fn an_entry_of_the_known_failures_that_is_not_so_is_in_the_table() {
        let comment = markdown(&with_a_stale_entry());
        assert!(
            comment.contains(
                "| known failure | | this known failure does not fail any more | stale: \
                 <code>queue/&#42;</code> |"
            ),
            "{comment}"
        );
    }

    #[test]
    fn no_text_from_a_page_is_markup_or_ends_a_cell_or_a_fence() {
        let comment = markdown(&hostile());
        let outside = outside(&comment);
        for markup in [
            "<script",
            "@everyone",
            "`",
            "::error",
            "\u{202e}",
            "\u{1b}",
            "\r",
        ] {
            assert!(!outside.contains(markup), "{markup:?} in\n{outside}");
        }
        assert!(
            outside
                .lines()
                .filter(|line| line.starts_with('|'))
                .all(|row| row.matches('|').count() == 6),
            "{outside}"
        );
        assert_eq!(outside.matches("<!--").count(), 1, "{outside}");
        assert_eq!(
            outside.matches("</details>").count(),
            outside.matches("<details>").count(),
            "{outside}"
        );
    }

    #[test]
    fn a_comment_is_never_longer_than_github_takes_and_says_what_is_missing() {
        let mut stored = hostile();
        let long = "@".repeat(300);
        (
            stored.report.sdk.source,
            stored.report.profile.name,
            stored.report.snippet.source,
        ) = (long.clone(), long.clone(), long);
        let (check, case) = (
            stored.report.checks[1].clone(),
            stored.report.cases[1].clone(),
        );
        for number in 0..500 {
            let name = format!("{}{number}", "@".repeat(300));
            let mut entry = with_a_stale_entry().report.known_failures.remove(0);
            (entry.check, entry.state) = (
                name.clone(),
                if number % 2 == 0 {
                    EntryState::Stale
                } else {
                    EntryState::Failing
                },
            );
            entry.reason = name.clone();
            stored.report.known_failures.push(entry);
            stored.report.filter.push(name.clone());
            let host = HostReport {
                host: name.clone(),
                asked_by: Asker::Page,
                ours: false,
                requests: 1,
                cases: Vec::new(),
                example: None,
            };
            stored.report.hosts.push(host);
            let mut check = check.clone();
            (check.case, check.id.0) = (name.clone(), format!("{name}#unchanged"));
            stored.report.checks.push(check.clone());
            check.status = Status::NotTestable;
            stored.report.checks.push(check);
            stored.report.cases.push(CaseReport {
                id: name,
                ..case.clone()
            });
        }
        let comment = markdown(&stored);
        assert!(comment.len() <= LIMIT, "{}", comment.len());
        assert!(
            comment.contains("more rows in the report")
                && comment.contains("more cases do not fit into a comment"),
            "{comment}"
        );
        outside(&comment);
    }
}
