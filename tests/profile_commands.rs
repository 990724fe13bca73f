//! `profile init` writes a profile, and `profile check` reports where it does not fit a build.

use std::fs;

use rstest::rstest;

use crate::support::{CONFORMS, Ended, FAILS, USAGE, alhena, reference_with};

fn check(sdk: &str, profile: &str, exit: i32) -> Ended {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let own = folder.path().join("own.toml");
    fs::write(&own, format!("name = \"own\"\n{profile}")).expect("the profile can be written");
    alhena("profile")
        .arg("check")
        .arg(&own)
        .sdk(sdk)
        .in_a_browser()
        .ends_with(exit)
}

#[test]
fn new_profile_is_commented_and_fits_the_reference() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let own = folder.path().join("own.toml");
    alhena("profile")
        .arg("init")
        .arg(&own)
        .ends_with(CONFORMS)
        .prints("profile check");
    assert!(
        fs::read_to_string(&own)
            .expect("it was written")
            .contains("# A profile: where the things of your build are")
    );
    alhena("profile")
        .arg("init")
        .arg(&own)
        .ends_with(USAGE)
        .warns("name a file that is not there yet");
    alhena("profile")
        .arg("check")
        .arg(&own)
        .in_a_browser()
        .ends_with(CONFORMS)
        .prints("own.toml fits reference");
}

#[rstest]
#[case::another_path("/v2/cart", "POST /v2/cart carried TR-100: is that its path?")]
fn request_outside_the_profile_is_named(#[case] path: &str, #[case] message: &str) {
    let sdk = reference_with(
        "deliver(\"/analytics/cart_events\"",
        &format!("deliver(\"{path}\""),
    );
    check(&sdk, "", FAILS)
        .prints("[wire.events.sendCartEvent] does not fit")
        .prints(message);
}

#[test]
fn misplaced_field_is_named_with_the_actual_body() {
    let sdk = reference_with(
        "product_name: event.productName,",
        "title: event.productName,",
    );
    check(&sdk, "", FAILS)
        .prints("productName is not at product_name")
        .prints("\"title\":\"Trail");
}

#[test]
fn unusable_widget_is_reported_with_its_unanswered_request() {
    let sdk = reference_with("ask(\"/chat/messages\"", "ask(\"/v2/chat\"");
    let profile = "[chat]\nclicks = [\"#helix-chat-container [data-part=nobody]\"]\n\
        answer = \"p\"\n[waits]\nready_ms = 500\n";
    check(&sdk, profile, FAILS)
        .prints("[chat] does not fit")
        .prints("[data-part=nobody] is not there");
    let profile = "[chat]\ncall = \"gleenWidget.sendMessage({{message}})\"\nmessage = \"hi\"\n\
        answered = \"false\"\n[waits]\nready_ms = 500\n";
    check(&sdk, profile, FAILS).prints("POST /v2/chat was asked for, and no [[answer]] is for it");
}

#[test]
fn sdk_that_is_never_ready_is_reported_with_console() {
    let profile = "ready = \"window.nothingOfThatName === 1\"\n[waits]\nready_ms = 500\n";
    check("console.error('cannot start: no key');", profile, FAILS)
        .prints("ready does not fit")
        .prints("cannot start: no key");
}
