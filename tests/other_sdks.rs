//! An SDK that differs from the reference SDK wherever it can is judged by its profile alone.

use std::fs;
use std::path::Path;

use rstest::rstest;
use tempfile::TempDir;

use crate::support::{Alhena, CONFORMS, FAILS, USAGE, alhena, bundled, reference};

/// Cases of what this SDK does differently: batches, two scripts, a frame in a shadow root,
/// cookies, its own console messages.
const SELECTED: [&str; 10] = [
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

/// With a profile that adds `text` to the bundled one.
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
fn with(copy: TempDir, file: &str, original: &str, replacement: &str) -> TempDir {
    let path = copy.path().join(file);
    let text = fs::read_to_string(&path).expect("the file is there");
    assert_eq!(
        text.matches(original).count(),
        1,
        "{file} has this exactly once: {original}"
    );
    fs::write(path, text.replace(original, replacement)).expect("the file can be written");
    copy
}

#[test]
fn other_sdk_conforms_and_unclaimed_checks_are_reported() {
    let ended = run(&courier(), &SELECTED).ends_with(CONFORMS);
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
#[case::no_flush_as_the_page_is_left(
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
#[case::a_chat_that_sends_nothing(
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
fn wrong_line_in_any_file_fails_its_check(
    #[case] file: &str,
    #[case] original: &str,
    #[case] replacement: &str,
    #[case] check: &str,
) {
    let ended = run(
        with(copy_of_courier(), file, original, replacement).path(),
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
fn sdk_as_modules_conforms_with_an_extended_profile() {
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

/// Some widgets render again once they know that the shopper is there. This one does so at the
/// first focus in its frame, while the first key is typed, so that the key has no element any more.
#[test]
fn chat_that_replaces_its_frame_can_be_used() {
    let replacing = "if (!frame.srcdoc) frame.onload = () => {\n\
        frame.onload = null;\n\
        const anew = () => { frame.remove(); root.prepend(frame); };\n\
        frame.contentDocument.addEventListener(\"focusin\", anew, { once: true });\n\
      };\n      // The first time, and not before";
    let copy = with(
        copy_of_courier(),
        "courier-widget.js",
        "// The first time, and not before",
        replacing,
    );
    run(copy.path(), &["cart/item-added", "gate/chat-*"]).ends_with(CONFORMS);
}

/// A backend with the policies of the profile records the expected events. The events that it must
/// reject are not asked for: this SDK sends late, so a question may overtake the event before it,
/// which is a fault of its own.
#[test]
fn sdk_without_gate_and_dedup_conforms_when_declared() {
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

/// The page's resource timing does not list the requests of a frame. Here each request holds one
/// event, and they are sent within milliseconds.
#[test]
fn wrong_order_of_events_from_a_frame_fails() {
    let frame = "document.querySelector('iframe.post') ?? \
        document.documentElement.appendChild(Object.assign(document.createElement('iframe'), { \
        className: 'post' }))";
    let copy = with(
        copy_of_courier(),
        "courier-events.js",
        "const request = fetch(",
        &format!("const request = ({frame}).contentWindow.fetch("),
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
fn unfit_profile_is_suspected_in_the_failure() {
    let build = TempDir::new().expect("a temporary folder");
    fs::write(build.path().join("courier-widget.js"), reference()).expect("the SDK can be written");
    let ended = run(build.path(), &["gate/no-interaction"]).ends_with(FAILS);
    ended
        .prints("the SDK does not become ready: the console says")
        .prints("courier-events.js - Failed to load resource");
    ended.prints(
        "The profile may not fit this build: look at `ready` and [install] in \
         fixtures/profiles/courier.toml",
    );
    assert_eq!(
        ended
            .report()
            .check("gate/no-interaction@call=queue#not-recorded")["status"],
        "not_run",
        "{ended}"
    );
}

#[test]
fn sdk_folder_without_the_profiles_script_is_refused() {
    let ended = alhena("run")
        .option("--sdk", bundled().join("sdk/reference"))
        .option("--profile", "courier")
        .ends_with(USAGE);
    ended
        .warns("this folder holds no courier-widget.js")
        .warns("[install] scripts");
}
