//! An SDK that is not ours, and has nothing where the reference SDK has it, is proved by its
//! profile alone.

mod support;

use std::fs;
use std::path::Path;

use rstest::rstest;
use support::{Alhena, CONFORMS, FAILS, USAGE, alhena, bundled, reference};
use tempfile::TempDir;

/// What the reference SDK does otherwise: batches, two scripts, a frame in a shadow root, cookies,
/// words of its own in the console.
const TELLING: [&str; 10] = [
    "company-key/on-cart-events@call=direct",
    "queue/held-events-keep-their-order@load=blocking",
    "queue/a-hundred-once-ready",
    "queue/called-when-the-widget-says-loaded",
    "backend/error500",
    "leaving/cart-event-then-navigate",
    "guest/adds-only-its-own-globals@interaction=chat",
    "guest/storage-refused@interaction=chat",
    "guest/strict-policy@interaction=chat",
    "validation/two-flaws-in-one-event",
];

fn run(folder: &Path, filter: &[&str]) -> Alhena {
    run_with(alhena("run").option("--profile", "courier"), folder, filter)
}

/// By a profile that adds `text` to the bundled one.
fn run_extended(folder: &Path, text: &str, filter: &[&str]) -> Alhena {
    let profile = folder.join("profile.toml");
    fs::write(
        &profile,
        format!("name = \"another courier\"\nextends = \"courier\"\n{text}"),
    )
    .expect("the profile can be written");
    run_with(alhena("run").option("--profile", profile), folder, filter)
}

fn run_with(run: Alhena, folder: &Path, filter: &[&str]) -> Alhena {
    let run = run
        .option("--sdk", folder)
        .option("--retries", "0")
        .with_report();
    filter
        .iter()
        .fold(run, |run, pattern| run.option("--filter", *pattern))
        .in_browsers(1)
}

fn courier() -> std::path::PathBuf {
    bundled().join("sdk/courier")
}

/// A copy of the SDK.
fn copy_of_courier() -> TempDir {
    let copy = tempfile::tempdir().expect("a temporary folder");
    for entry in fs::read_dir(courier()).expect("the SDK is there").flatten() {
        fs::copy(entry.path(), copy.path().join(entry.file_name())).expect("a file can be copied");
    }
    copy
}

/// With one place of one file replaced.
fn with(copy: TempDir, file: &str, sound: &str, broken: &str) -> TempDir {
    let path = copy.path().join(file);
    let text = fs::read_to_string(&path).expect("the file is there");
    assert_eq!(
        text.matches(sound).count(),
        1,
        "{file} has this exactly once: {sound}"
    );
    fs::write(path, text.replace(sound, broken)).expect("the file can be written");
    copy
}

#[test]
fn an_sdk_that_is_not_ours_conforms_and_the_report_says_what_it_does_not_claim() {
    let ended = run(&courier(), &TELLING).ends_with(CONFORMS);
    let report = ended.report();
    let reason = |check: &str| {
        report.check(check)["message"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    };
    let not_claimed = report.with_status("not_applicable");
    let called = "queue/called-when-the-widget-says-loaded";
    let of_called =
        ["delivered", "once", "no-uncaught-error"].map(|check| format!("{called}#{check}"));
    let direct = "company-key/on-cart-events@call=direct#company-key";
    assert_eq!(
        not_claimed,
        [&[direct.to_owned()][..], &of_called].concat(),
        "{ended}"
    );
    assert!(reason(direct).contains("direct_methods = true"), "{ended}");
    assert_eq!(
        report.check("guest/adds-only-its-own-globals@interaction=chat#page")["status"],
        "pass",
        "the profile names its global"
    );
    assert!(
        reason(&of_called[0]).contains("no gleenWidget.on()"),
        "{ended}"
    );
    assert_eq!(
        report.with_status("pass").len() + not_claimed.len(),
        report.checks().len(),
        "{ended}"
    );
    ended.prints("conforms — 4 not_applicable");
}

#[rstest]
#[case::a_batch_in_the_wrong_order(
    "courier-events.js",
    "${messages.map((message) => message.text).join(\",\")}",
    "${messages.map((message) => message.text).reverse().join(\",\")}",
    "queue/held-events-keep-their-order@load=blocking#in-order"
)]
#[case::nothing_flushed_as_the_page_goes(
    "courier-events.js",
    "if (!navigator.sendBeacon(",
    "if (waiting.length < 0 && !navigator.sendBeacon(",
    "leaving/cart-event-then-navigate#delivered"
)]
#[case::orders_forgotten(
    "courier-events.js",
    "orders.note(order);",
    "",
    "dedup/twice-in-a-row@call=queue#once"
)]
#[case::a_chat_that_lets_nobody_be_heard(
    "courier-room.js",
    "parent.postMessage({ courierAsk: question }, \"*\");",
    "",
    "install/chat-is-usable#steps-done"
)]
#[case::messages_without_the_field(
    "courier-events.js",
    "[\"productName\", \"product_name\", text]",
    "[\"productName\", \"a field\", text]",
    "validation/two-flaws-in-one-event#console"
)]
fn a_wrong_line_in_any_of_its_files_is_found_by_the_check_that_asks_for_it(
    #[case] file: &str,
    #[case] sound: &str,
    #[case] broken: &str,
    #[case] check: &str,
) {
    let ended = run(
        with(copy_of_courier(), file, sound, broken).path(),
        &[check],
    )
    .ends_with(FAILS);
    assert_eq!(
        ended.report().with_status("fail").first(),
        Some(&check),
        "{ended}"
    );
}

#[test]
fn the_same_sdk_as_modules_conforms_by_a_profile_that_adds_a_few_lines() {
    let copy = with(
        copy_of_courier(),
        "courier-widget.js",
        "document.currentScript?.src ?? \"\"",
        "import.meta.url",
    );
    fs::write(
        copy.path().join("courier.js"),
        "import './courier-events.js';\nimport './courier-widget.js';\n",
    )
    .expect("the entry can be written");
    let text = "[install]\nkind = \"module\"\nscripts = [\"courier.js\"]\n";
    let cases = [
        "queue/sdk-comes-at-the-second-try",
        "snippet/after-the-sdk@load=blocking",
        "guest/strict-policy@interaction=chat",
    ];
    run_extended(copy.path(), text, &cases)
        .ends_with(CONFORMS)
        .prints("conforms — ");
}

/// As a widget does that draws itself anew once it knows the shopper. What was typed into the first
/// frame is lost, so this chat sends nothing too.
#[test]
fn a_chat_that_puts_another_frame_in_its_place_can_be_used() {
    let again = "if (!frame.srcdoc) setTimeout(() => { frame.remove(); root.prepend(frame); }, \
        60);\n      // The first time, and not before";
    let copy = with(
        copy_of_courier(),
        "courier-widget.js",
        "// The first time, and not before",
        again,
    );
    let copy = with(
        copy,
        "courier-room.js",
        "if (question === \"\") return;",
        "",
    );
    run(copy.path(), &["cart/item-added", "gate/chat-*"]).ends_with(CONFORMS);
}

/// A backend with the policies of the profile records what it should. (Not asked is what it must
/// keep out: this SDK sends late, and a question may overtake the event before it. That is its own
/// fault, and found.)
#[test]
fn the_same_sdk_leaving_gate_and_dedup_to_the_server_conforms() {
    let copy = with(
        copy_of_courier(),
        "courier-events.js",
        "if (remembered(\"talked\") === undefined) return undefined;",
        "",
    );
    let copy = with(
        copy,
        "courier-events.js",
        "if (orders.has(order)) return undefined;",
        "",
    );
    let check = "dedup/twice-in-a-row@call=queue";
    let cases = [
        "gate/somebody-else-interacted#delivered",
        "gate/new-session",
        check,
    ];
    let policies = "[policies]\ngate = \"server\"\ndedup = \"server\"\n";
    let answer = |path: &str, kind: &str| {
        format!(
            "[[answer]]\npath = \"{path}\"\ninteraction = \"{kind}\"\nfingerprint = \"from\"\n\
             body = {{ reply = \"{{{{/question}}}}\" }}\n"
        )
    };
    let text = [
        policies,
        &answer("/talk", "chat"),
        &answer("/questions", "faq"),
    ]
    .concat();
    let ended = run_extended(copy.path(), &text, &cases).ends_with(CONFORMS);
    assert_eq!(
        ended.report().with_status("not_applicable"),
        ["gate/new-session#not-recorded"],
        "{ended}"
    );
    run(copy.path(), &[check]).ends_with(FAILS);
}

/// Requests of a frame are in no resource timing of the page's own; each is an event here, sent
/// within milliseconds of the next.
#[test]
fn events_sent_from_a_frame_in_the_wrong_order_are_found() {
    let frame = "document.querySelector('iframe.post') ?? \
        document.documentElement.appendChild(Object.assign(document.createElement('iframe'), { \
        className: 'post' }))";
    let copy = with(
        copy_of_courier(),
        "courier-events.js",
        "new XMLHttpRequest()",
        &format!("new ({frame}).contentWindow.XMLHttpRequest()"),
    );
    let copy = with(
        copy,
        "courier-events.js",
        "MOST_IN_A_BATCH = 25",
        "MOST_IN_A_BATCH = 1",
    );
    let check = "queue/held-events-keep-their-order@load=blocking#in-order";
    run(copy.path(), &[check]).ends_with(CONFORMS);
    let copy = with(
        copy,
        "courier-events.js",
        "waiting.splice(0, MOST_IN_A_BATCH)",
        "waiting.splice(-MOST_IN_A_BATCH)",
    );
    assert_eq!(
        run(copy.path(), &[check])
            .ends_with(FAILS)
            .report()
            .with_status("fail"),
        [check]
    );
}

#[test]
fn a_build_under_the_profile_of_another_is_told_where_to_look() {
    let build = TempDir::new().expect("a temporary folder");
    fs::write(build.path().join("courier-widget.js"), reference()).expect("the SDK can be written");
    let ended = run(build.path(), &["gate/no-interaction"]).ends_with(FAILS);
    ended
        .prints("courier is not defined")
        .prints("courier-events.js - Failed to load resource");
    ended.prints(
        "does this profile fit this build? look at `ready` and [install] in \
         fixtures/profiles/courier.toml",
    );
    assert_eq!(
        ended
            .report()
            .check("gate/no-interaction@call=queue#not-recorded")["status"],
        "not_testable",
        "{ended}"
    );
}

#[test]
fn a_folder_without_the_script_that_the_profile_names_is_refused() {
    let ended = alhena("run")
        .option("--sdk", bundled().join("sdk/reference"))
        .option("--profile", "courier")
        .ends_with(USAGE);
    ended
        .warns("this folder holds no courier-widget.js")
        .warns("[install] scripts");
}
