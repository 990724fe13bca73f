//! A profile describes a build: where its parts are, and which decisions it leaves to the server.

use std::fs;

use rstest::rstest;
use serde_json::json;
use tempfile::TempDir;

use crate::support::{CONFORMS, Ended, FAILS, Report, USAGE, alhena, reference, reference_with};

/// A folder with an SDK and a profile.
fn folder(sdk: &str, profile: &str) -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    fs::write(folder.path().join("sdk.js"), sdk).expect("the SDK can be written");
    fs::write(
        folder.path().join("own.toml"),
        format!("name = \"own\"\n{profile}"),
    )
    .expect("the profile can be written");
    folder
}

fn run(folder: &TempDir, filters: &[&str], exit: i32) -> (Ended, Report) {
    let mut command = alhena("run")
        .option("--retries", "0")
        .option("--sdk", folder.path().join("sdk.js"))
        .option("--profile", folder.path().join("own.toml"));
    for filter in filters {
        command = command.option("--filter", filter);
    }
    let report = folder.path().join("report");
    let ended = command
        .option("--report", &report)
        .in_browsers(1)
        .ends_with(exit);
    (
        ended,
        Report::read(&report).expect("the report was written"),
    )
}

/// The reference SDK with each of these texts replaced.
fn edited(edits: &[(&str, &str)]) -> String {
    edits
        .iter()
        .fold(reference(), |text, (original, replacement)| {
            assert_eq!(
                text.matches(original).count(),
                1,
                "the reference SDK has this exactly once: {original}"
            );
            text.replace(original, replacement)
        })
}

/// An SDK that leaves both decisions to the server.
fn without_policies() -> String {
    edited(&[
        ("if (hasInteracted()) return true;", "return true;"),
        (
            "if (hasOrderId && recall(\"localStorage\", orderKey)) {",
            "if (false) {",
        ),
    ])
}

const SERVER: &str = "[policies]\ngate = \"server\"\ndedup = \"server\"\n";

#[test]
fn declared_server_policies_conform() {
    let folder = folder(&without_policies(), SERVER);
    let (_, report) = run(
        &folder,
        &[
            "gate/no-interaction*",
            "gate/before-a-chat",
            "gate/queued-before*",
            "dedup/again-*",
            "dedup/no-ids*",
        ],
        CONFORMS,
    );
    assert_eq!(
        report.0["profile"]["policies"],
        json!({"attribution": "session", "dedup": "server", "gate": "server"})
    );
    assert!(
        report.0["totals"]["pass"]
            .as_u64()
            .is_some_and(|passed| passed > 30),
        "{}",
        report.0["totals"]
    );
}

#[test]
fn undeclared_server_policies_fail() {
    let folder = folder(&without_policies(), "");
    let (ended, _) = run(
        &folder,
        &[
            "gate/no-interaction-by-clicks",
            "dedup/again-after-a-reload*",
        ],
        FAILS,
    );
    ended.prints("GATE-NONE");
}

#[test]
fn missing_method_fails_the_step_and_names_the_profile() {
    let chat =
        "[chat]\ncall = \"gleenWidget.ask({{message}})\"\nmessage = \"hi\"\nanswered = \"true\"\n";
    let (ended, _) = run(
        &folder(&reference(), chat),
        &["install/chat-is-usable"],
        FAILS,
    );
    ended.prints(
        "`gleenWidget.ask(\"hi\")` of the profile own: javascript error: gleenWidget.ask \
         is not a function",
    );
}

#[test]
fn server_gate_fails_without_fingerprints_from_the_chat() {
    let sdk = edited(&[
        ("if (hasInteracted()) return true;", "return true;"),
        (
            "user_fingerprint: fingerprint(CHAT_FINGERPRINT),\n      user_faq",
            "user_fingerprint: newUuid(),\n      user_faq",
        ),
    ]);
    let (ended, _) = run(
        &folder(&sdk, SERVER),
        &["cart/added-by-a-click@interaction=chat"],
        FAILS,
    );
    ended.prints(
        "a server would not record it: its fingerprints are in no chat or FAQ request that came \
         before it",
    );
}

#[test]
fn events_are_read_where_the_profile_locates_them() {
    let sdk = edited(&[(
        "deliver(\"/analytics/cart_events\", payload, () => {});",
        "deliver(\"/collect\", { meta: { key: companyKey }, events: [{ kind: \"cart\", payload \
         }] }, () => {});",
    )])
    .replace(
        "company_key: companyKey,\n      user_fingerprint: \
         fingerprint(CHAT_FINGERPRINT),\n      user_faq",
        "user_fingerprint: fingerprint(CHAT_FINGERPRINT),\n      user_faq",
    );
    let profile = r#"
[wire]
company_key = "/meta/key"
user_fingerprint = "/payload/user_fingerprint"
user_faq_fingerprint = "/payload/user_faq_fingerprint"
[wire.events.sendCartEvent]
path = "/collect"
batch = "/events"
when = { "/kind" = "cart" }
[wire.events.sendCartEvent.fields]
type = "/payload/type"
productId = "/payload/product_id"
productName = "/payload/product_name"
value = "/payload/value"
currency = "/payload/currency"
quantity = "/payload/quantity"
"#;
    let (_, report) = run(
        &folder(&sdk, profile),
        &["cart/item-*", "cart/added-by-a-click@*"],
        CONFORMS,
    );
    assert!(
        report.0["totals"]["pass"]
            .as_u64()
            .is_some_and(|passed| passed > 10),
        "{}",
        report.0["totals"]
    );
}

#[test]
fn unclaimed_check_is_not_applicable_with_its_reason() {
    let profile = "[policies]\nattribution = \"24h\"\n[[not_claimed]]\n\
        checks = [\"cart/added-by-a-click@interaction=faq#unchanged\"]\n\
        reason = \"This shop sells by weight.\"\n";
    let (_, report) = run(
        &folder(&reference(), profile),
        &["gate/new-session", "cart/added-by-a-click@*"],
        CONFORMS,
    );
    let unclaimed = report.0["checks"]
        .as_array()
        .expect("checks")
        .iter()
        .filter(|check| check["status"] == "not_applicable");
    let reasons: Vec<&str> = unclaimed
        .filter_map(|check| check["message"].as_str())
        .collect();
    assert!(
        reasons.contains(&"This shop sells by weight."),
        "{reasons:?}"
    );
    assert!(
        reasons.iter().any(|reason| reason
            .contains("GATE-NEW-SESSION is promised only with attribution = session")),
        "{reasons:?}"
    );
}

#[test]
fn build_of_several_scripts_is_loaded_from_its_folder() {
    let folder = folder("", "[install]\nscripts = [\"runtime.js\", \"widget.js\"]\n");
    let build = folder.path().join("build");
    fs::create_dir(&build).expect("a folder can be made");
    fs::write(build.join("runtime.js"), "window.runtimeWasThere = true;")
        .expect("a script can be written");
    fs::write(
        build.join("widget.js"),
        format!(
            "if (!window.runtimeWasThere) throw new Error(\"too early\");\n{}",
            reference()
        ),
    )
    .expect("a script can be written");
    let profile = folder.path().join("own.toml");
    alhena("run")
        .option("--sdk", &build)
        .option("--profile", profile)
        .option("--filter", "install/each-way*")
        .in_browsers(1)
        .ends_with(CONFORMS);
}

#[rstest]
#[case::an_unknown_key("launcher = \"#a\"\n", "unknown field `launcher`")]
#[case::an_unknown_requirement(
    "[[not_claimed]]\nchecks = [\"CARD-VALUE\"]\nreason = \"a typo\"\n",
    "`CARD-VALUE` in [[not_claimed]] matches no check"
)]
#[case::an_unknown_policy("[policies]\ngate = \"perhaps\"\n", "unknown variant `perhaps`")]
fn invalid_profile_is_refused_at_its_line(#[case] profile: &str, #[case] message: &str) {
    let folder = folder(&reference(), profile);
    let own = folder.path().join("own.toml");
    alhena("run")
        .sdk("x")
        .option("--profile", &own)
        .ends_with(USAGE)
        .warns(message)
        .warns(&format!("{}:", own.display()));
}

#[test]
fn snippets_and_builds_make_one_build_matrix() {
    let folder = folder(&reference(), "");
    let put = |name: &str, text: &str| {
        fs::write(folder.path().join(name), text).expect("a file can be written");
    };
    put(
        "eager.js",
        &reference_with(
            "while (queue.length > 0) handle(queue.shift());",
            "queue.length = 0;",
        ),
    );
    put(
        "old.html",
        "<script>\nwindow._alhenaEventQueue = window._alhenaEventQueue || [];\n\
         window.trackAlhenaEvent = function (method, data) {\n  \
         window._alhenaEventQueue.push([method, data]);\n};\n</script>",
    );
    let bundled = concat!(env!("CARGO_MANIFEST_DIR"), "/pages/install/snippet.html");
    let report = folder.path().join("report");
    let command = alhena("run")
        .option("--retries", "0")
        .option("--sdk", folder.path().join("sdk.js"))
        .option("--sdk", folder.path().join("eager.js"));
    let command = command
        .option("--snippet", bundled)
        .option("--snippet", folder.path().join("old.html"));
    let ended = command
        .option(
            "--filter",
            "queue/held-events-arrive-once-ready@load=blocking",
        )
        .option("--format", "junit")
        .option("--report", &report)
        .in_browsers(1)
        .ends_with(FAILS);
    ended
        .warns("4 of 4")
        .prints("conforms")
        .prints("breaks QUEUE-FLUSH");
    let matrix = fs::read_to_string(report.join("report.json")).expect("the table was written");
    let matrix: serde_json::Value = serde_json::from_str(&matrix).expect("it is JSON");
    let cells: Vec<bool> = matrix["pairings"]
        .as_array()
        .expect("pairings")
        .iter()
        .map(|pairing| pairing["broken"] == json!([]))
        .collect();
    assert_eq!(
        cells,
        [true, false, false, false],
        "only the documented snippet with the sound build works"
    );
    assert!(
        report.join("pairing-2/report.json").is_file()
            && report.join("pairing-2/junit.xml").is_file()
    );
    let refused = alhena("report").arg(&report).ends_with(USAGE);
    refused
        .warns("a report of its own")
        .warns("report/pairing-4")
        .warns("eager.js with the snippet");
}
