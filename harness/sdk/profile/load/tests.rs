use rstest::rstest;

use super::*;

pub fn profile(text: &str) -> Result<Profile, InputError> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("own.toml");
    std::fs::write(&file, text).unwrap();
    std::fs::write(folder.path().join("glue.js"), "window.glue = 1;").unwrap();
    std::fs::write(folder.path().join("snippet.html"), "<script></script>").unwrap();
    Profile::load(file.to_str().unwrap(), &Files::default())
}

fn refused(text: &str) -> String {
    profile(text).unwrap_err().to_string()
}

#[test]
fn documented_profile_knows_where_the_chat_stands() {
    let documented = Profile::load("alhena", &Files::default()).unwrap();
    assert_eq!(documented.chat_place(), Some("#helix-chat-container"));
}

#[test]
fn bundled_profiles_load() {
    for name in ["alhena", "courier", "mixpanel", "reference"] {
        assert_eq!(Profile::load(name, &Files::default()).unwrap().name, name);
    }
}

#[test]
fn committed_schema_matches_the_type() {
    let committed = Files::default()
        .fixture("profile.schema.json")
        .unwrap()
        .json::<serde_json::Value>()
        .unwrap();
    assert_eq!(
        committed,
        Profile::json_schema(),
        "alhena-conformance schema profile > fixtures/profile.schema.json"
    );
}

#[test]
fn profile_inherits_what_it_does_not_set() {
    let own = profile(
        "name = \"own\"\n[wire.events.sendCartEvent]\npath = \"/v2/cart\"\n[install]\n\
         before = [\"glue.js\"]\n",
    )
    .unwrap();
    assert_eq!(
        (
            own.wire.event(Method::SendCartEvent).path.as_str(),
            own.company_key.as_str()
        ),
        ("/v2/cart", "CONFORMANCE-COMPANY-KEY")
    );
    assert_eq!(
        own.wire.event(Method::SendCartEvent).fields["productId"].text(),
        "product_id"
    );
    assert_eq!(own.origin.beside["glue.js"], "window.glue = 1;");
}

#[test]
fn profile_inherits_through_two_levels() {
    let own = profile("name = \"own\"\nextends = \"reference\"\nready = \"true\"\n").unwrap();
    assert_eq!(
        (
            own.ready.as_str(),
            own.wire.event(Method::SendCartEvent).path.as_str()
        ),
        ("true", "/analytics/cart_events")
    );
    assert!(
        own.chat.unwrap().input.is_some(),
        "as the reference SDK is used"
    );
}

#[test]
fn profile_drops_the_tables_it_goes_without() {
    let own =
        profile("name = \"own\"\nextends = \"reference\"\nwithout = [\"faq\", \"identifiers\"]\n")
            .unwrap();
    assert!(own.faq.is_none() && own.identifiers.is_none() && own.chat.is_some());
    assert!(refused("name = \"own\"\nwithout = [\"wire\"]\n").contains("unknown variant `wire`"));
}

#[test]
fn files_beside_a_bundled_profile_are_inherited() {
    let own = profile("name = \"own\"\nextends = \"mixpanel\"\n").unwrap();
    assert!(own.origin.beside["mixpanel/shim.js"].contains("trackAlhenaEvent"));
}

#[test]
fn conversation_is_replaced_as_a_whole() {
    let own =
        profile("name = \"own\"\n[chat]\nclicks = [\"#a >>> b\"]\nanswer = \"#c\"\n").unwrap();
    let chat = own.chat.unwrap();
    assert_eq!((chat.clicks[0].parts().len(), chat.call), (2, None));
}

#[test]
fn own_hosts_replace_the_documented_ones() {
    let documented = Profile::load("alhena", &Files::default()).unwrap();
    assert!(
        ["app.alhena.ai", "eu.alhena.ai", "app.gleen.ai"]
            .into_iter()
            .all(|host| documented.names_host(host))
    );
    let own = profile("name = \"own\"\nhosts = [\"*.shop.example\"]\n").unwrap();
    assert_eq!(
        [
            own.names_host("sdk.shop.example"),
            own.names_host("app.alhena.ai")
        ],
        [true, false]
    );
}

#[test]
fn comments_do_not_change_the_hash() {
    let hash = |text: &str| profile(text).unwrap().origin.hash;
    assert_eq!(hash("name = \"own\""), hash("# mine\nname = \"own\""));
    assert_ne!(
        hash("name = \"own\""),
        hash("name = \"own\"\nready = \"true\"")
    );
}

#[test]
fn error_names_the_line_of_the_users_file() {
    let message = refused("name = \"own\"\n\n[chat]\nlauncher = \"#a\"\nanswer = \"#b\"\n");
    assert!(
        message.contains("unknown field `launcher`") && message.contains("own.toml:4"),
        "{message}"
    );
    let message = refused("name = \"own\"\n[policies]\ngate = \"sometimes\"\n");
    assert!(
        message.contains("sometimes") && message.contains("own.toml:3"),
        "{message}"
    );
    let message = refused(
        "name = \"own\"\nhosts = [\n  \"app.alhena.ai\",\n  \"https://eu.alhena.ai\",\n]\n",
    );
    assert!(
        message.contains("`https://eu.alhena.ai` is no host") && message.contains("own.toml:2"),
        "{message}"
    );
}

#[rstest]
#[case::no_events(
    "extends = \"none\"\ncompany_key = \"K\"\nready = \"true\"\n[wire]\ncompany_key = \"/k\"\n\
     user_fingerprint = \"/u\"\nuser_faq_fingerprint = \"/f\"\n[wire.events]",
    9,
    "[wire.events.sendCartEvent] is missing"
)]
#[case::no_script("[install]\nscripts = []", 3, "[install] names no script")]
#[case::asks_but_sees_nothing("[chat]\nclicks = [\"#a\"]", 2, "nobody knows when it has answered")]
#[case::asks_nothing("[chat]\nanswer = \"#a\"", 2, "it asks nothing")]
#[case::no_widget("without = [\"chat\", \"faq\"]", 2, "no visitor can interact")]
#[case::no_such_file(
    "[install]\nbefore = [\"none.js\"]",
    3,
    "the file beside this profile cannot be used"
)]
#[case::server_that_knows_nobody(
    "[policies]\ngate = \"server\"\n[[answer]]\npath = \"/chat\"",
    3,
    "must have `interaction` and `fingerprint`"
)]
#[case::misspelt_base("extends = \"referense\"", 2, "it extends `referense`")]
fn profile_that_cannot_work_is_refused_at_its_line(
    #[case] lines: &str,
    #[case] line: usize,
    #[case] found: &str,
) {
    let message = refused(&format!("name = \"own\"\n{lines}\n"));
    assert!(
        message.contains(found)
            && message.contains(&format!("own.toml:{line}\n"))
            && message.contains("\n   = "),
        "{message}"
    );
}

#[test]
fn misspelt_base_is_answered_with_the_ones_there_are() {
    let message = refused("name = \"own\"\nextends = \"referense\"\n");
    assert!(
        message.contains("did you mean reference?")
            && message.contains("alhena, courier, mixpanel"),
        "{message}"
    );
}
