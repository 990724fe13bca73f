//! A small stored report with one of each, for the tests of the formats.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::model::{
    CaseReport, CauseReport, CheckReport, EnvironmentReport, EventReport, FieldChange,
    HarnessReport, KnownFailureReport, ProfileReport, Report, RequirementReport, SCHEMA, SdkReport,
    SnippetReport,
};
use super::stored::Stored;
use crate::contract::{CheckId, Event, Level, RequirementId};
use crate::evidence::{
    CaseRecord, Ended, Evidence, ExcerptLine, Millis, Spot, StepOutcome, StepRecord,
};
use crate::verdict::known::EntryState;
use crate::verdict::{CauseId, Status};

/// The case that failed.
pub const BROKEN: &str = "cart/item-added";

/// One that passed, one that failed with its evidence, one that came and went, one that could not
/// be tested and one observation.
pub fn sample() -> Stored {
    let checks = vec![
        check(
            "queue/order#in-order",
            "queue/order",
            "QUEUE-ORDER",
            Level::Must,
            Status::Pass,
        ),
        CheckReport {
            message: Some("value is a text, not a number".into()),
            expected: Some(json!(89.95)),
            actual: Some(json!("89.95")),
            evidence: Some(path("json")),
            ..check(
                "cart/item-added#unchanged",
                BROKEN,
                "CART-VALUE",
                Level::Must,
                Status::Fail,
            )
        },
        CheckReport {
            message: Some("the event never arrived".into()),
            attempts: Some(3),
            broken_attempts: Some(1),
            ..check(
                "leaving/close#delivered",
                "leaving/close",
                "EXIT-CLOSE",
                Level::Should,
                Status::Flaky,
            )
        },
        CheckReport {
            message: Some("the chat cannot be opened".into()),
            attempts: None,
            broken_attempts: None,
            ..check(
                "gate/chat#delivered",
                "gate/chat",
                "GATE-CHAT",
                Level::Must,
                Status::NotTestable,
            )
        },
        CheckReport {
            value: Some(json!(["a"])),
            ..check(
                "open/stored#observe-page",
                "open/stored",
                "OPEN-STORED",
                Level::Observe,
                Status::Pass,
            )
        },
    ];
    let mut totals: BTreeMap<Status, usize> =
        Status::ALL.into_iter().map(|status| (status, 0)).collect();
    for check in &checks {
        *totals.entry(check.status).or_default() += 1;
    }
    let report = Report {
        schema: SCHEMA.into(),
        harness: HarnessReport {
            version: "0.1.0".into(),
        },
        sdk: SdkReport {
            source: "dist/gleenWidget.js".into(),
            sha256: "ab".repeat(32),
            fetched: true,
        },
        snippet: SnippetReport {
            source: "the API page".into(),
            sha256: "cd".repeat(32),
        },
        profile: ProfileReport {
            name: "alhena".into(),
            file: "fixtures/profiles/alhena.toml".into(),
            sha256: "ef".repeat(32),
            policies: BTreeMap::new(),
        },
        environment: Some(EnvironmentReport {
            also: None,
            engine: Some("Chromium".into()),
            browser: "chrome".into(),
            browser_version: "140.0".into(),
            driver: "chromedriver 140.0".into(),
            arguments: vec!["--headless".into()],
            preferences: Vec::new(),
            console: Some("the log of the driver".into()),
            natives: BTreeMap::from([("fetch".into(), true)]),
            platform: "linux x86_64".into(),
        }),
        began: "2025-06-01T18:00:00Z".into(),
        command: vec!["--sdk".into(), "dist/gleenWidget.js".into()],
        filter: Vec::new(),
        shard: None,
        interrupted: false,
        bug: false,
        duration_ms: 4200.0,
        ready: None,
        totals,
        known_failures: Vec::new(),
        hosts: Vec::new(),
        wire: None,
        causes: vec![cause(&checks[1]), cause(&checks[2])],
        requirements: checks.iter().map(requirement).collect(),
        cases: checks.iter().map(case).collect(),
        checks,
    };
    Stored {
        report,
        records: BTreeMap::from([(path("json"), record())]),
        screenshots: BTreeMap::from([(path("png"), b"\x89PNG\r\n".to_vec())]),
        comparison: None,
    }
}

/// The cause of one failing check.
fn cause(check: &CheckReport) -> CauseReport {
    CauseReport {
        id: CauseId(format!("cause of {}", check.id)),
        sentence: match check.status {
            Status::Fail => "`value` arrives as a string in every sendCartEvent".into(),
            _ => "every event called as the page is left by closing the window is not recorded"
                .into(),
        },
        status: check.status,
        level: check.level,
        breaks: check.requirements.clone(),
        hides: Vec::new(),
        cases: vec![check.case.clone()],
        checks: vec![check.id.clone()],
        example: check.id.clone(),
        expected: check.expected.clone(),
        actual: check.actual.clone(),
        console: vec!["[Alhena] a price must be a number".into()],
        spot: (check.status == Status::Fail).then(spot),
        means: Some("Something between the call and the request improves the data.".into()),
        again: "alhena-conformance run --sdk dist/gleenWidget.js --filter cart/item-added".into(),
    }
}

fn spot() -> Spot {
    let line = |number, text: &str| ExcerptLine {
        number,
        text: text.into(),
    };
    Spot {
        file: "dist/gleenWidget.js".into(),
        line: 47,
        column: 9,
        caret: 8,
        excerpt: vec![
            line(46, "function improve(event) {"),
            line(47, "  event.value = String(event.value);"),
            line(48, "}"),
        ],
    }
}

fn path(extension: &str) -> String {
    format!("evidence/cart_item-added.{extension}")
}

fn check(id: &str, case: &str, requirement: &str, level: Level, status: Status) -> CheckReport {
    CheckReport {
        id: CheckId(id.into()),
        scenario: case.into(),
        case: case.into(),
        requirements: vec![RequirementId(requirement.into())],
        level,
        status,
        attempts: Some(1),
        broken_attempts: Some(usize::from(status == Status::Fail)),
        known: None,
        duration_ms: 120.0,
        at: format!("fixtures/scenarios/{case}.toml:12"),
        line: format!("delivered = [\"{requirement}\"]"),
        breaks: None,
        hides: Vec::new(),
        message: None,
        expected: None,
        actual: None,
        value: None,
        proved_by: if status == Status::Pass {
            vec!["queue-reversed".into()]
        } else {
            Vec::new()
        },
        evidence: None,
    }
}

fn requirement(check: &CheckReport) -> RequirementReport {
    RequirementReport {
        id: check.requirements[0].clone(),
        level: check.level,
        statement: format!("What {} promises.", check.requirements[0]),
        source: "Installation — “queues events”".into(),
        status: Some(check.status),
        excluded: None,
        checks: vec![check.id.clone()],
    }
}

fn case(check: &CheckReport) -> CaseReport {
    let is_broken = check.case == BROKEN;
    let change = FieldChange {
        path: "value".into(),
        called: Some(json!(89.95)),
        sent: Some(json!("89.95")),
    };
    let event = EventReport {
        fine: true,
        label: Some("cart/trail-runner-added".into()),
        called: Some(json!({"productId": "TR-1", "value": 89.95})),
        sent: Some(r#"{"product_id":"TR-1","value":"89.95"}"#.into()),
        changes: vec![change],
        ledger: "recorded at 85 ms".into(),
    };
    CaseReport {
        id: check.case.clone(),
        scenario: check.scenario.clone(),
        title: format!("What {} shows", check.case),
        condition: None,
        duration_ms: check.duration_ms,
        events: if is_broken { vec![event] } else { Vec::new() },
        hint: None,
        ready_ms: None,
        again: format!(
            "alhena-conformance run --sdk dist/gleenWidget.js --filter {}",
            check.case
        ),
        evidence: is_broken.then(|| path("json")),
        screenshot: is_broken.then(|| path("png")),
    }
}

fn record() -> CaseRecord {
    let event: Value = json!({"productId": "TR-1", "value": 89.95});
    let evidence = Evidence {
        case: BROKEN.into(),
        steps: vec![StepRecord {
            line: 3,
            what: "visit product".into(),
            at: Millis(1.0),
            until: Millis(40.0),
            outcome: StepOutcome::Done,
        }],
        calls: vec![crate::evidence::Call {
            at: Millis(50.0),
            event: Event {
                label: "cart/trail-runner-added".into(),
                method: crate::contract::Method::ALL[0],
                args: event,
            },
            threw: None,
            threw_at: None,
        }],
        ..Evidence::default()
    };
    CaseRecord::of(Ended::Whole, evidence, true)
}

/// The sample with texts in the place of what a page says, each of which breaks some format that
/// does not look out.
pub fn hostile() -> Stored {
    let mut stored = sample();
    let text = "]]><script>alert(1)</script>&amp;\u{FFFE}\0\u{1b}[2J\n\
        | `x` %0A ```` @everyone #1 </details> <!-- -->\r\n::error::x\u{202e}\u{85}\\|";
    let report = &mut stored.report;
    report.sdk.source = text.into();
    let check = &mut report.checks[1];
    (check.message, check.expected, check.actual) = (
        Some(text.into()),
        Some(json!(text)),
        Some(json!({ text: text })),
    );
    let case = &mut report.cases[1];
    (case.title, case.again, case.hint) = (
        text.into(),
        format!("alhena-conformance run --sdk '{text}'"),
        Some(text.into()),
    );
    case.events[0].sent = Some(text.into());
    report.checks[4].value = Some(json!(text));
    let attempts = stored
        .records
        .values_mut()
        .flat_map(|record| &mut record.attempts);
    attempts.for_each(|attempt| {
        attempt.evidence.dialogs.push(crate::evidence::Dialog {
            at: Millis(60.0),
            text: text.into(),
        });
    });
    stored
}

/// The sample with a list of known failures that is not so any more.
pub fn with_a_stale_entry() -> Stored {
    let mut stored = sample();
    stored.report.checks[0].status = Status::UnexpectedPass;
    stored.report.known_failures.push(KnownFailureReport {
        at: "known-failures.toml:2".into(),
        engine: None,
        check: "queue/*".into(),
        reason: "The queue is emptied from its end.".into(),
        link: None,
        expires: None,
        flaky: false,
        state: EntryState::Stale,
        message: Some("this known failure does not fail any more".into()),
        checks: vec![stored.report.checks[0].id.clone()],
        not_selected: 0,
    });
    stored
}
