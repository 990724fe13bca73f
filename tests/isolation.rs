//! No state that a case leaves in a browser is visible to the next case on the same session.

use std::collections::BTreeMap;
use std::fs;
use std::sync::Arc;

use alhena_conformance::api::{
    Case, Driver, Files, Installation, Patterns, Profile, Session, Stage, Suite, drive,
};
use rstest::rstest;
use serde_json::{Value, json};

use crate::support::{CONFORMS, Engine, Permits, alhena, empty_suite, permits_on};

type Reads = BTreeMap<String, Value>;

/// An SDK that does nothing, in a page and as a service worker.
const SDK: &str = "void 0;";

/// Opens a window and leaves it open.
const SECOND_WINDOW: &str =
    "  { window = \"second\" },\n  { visit = \"cart\" },\n  { window = \"first\" },\n";

const GEOLOCATION: &str =
    "navigator.permissions.query({ name: 'geolocation' }).then((status) => status.state)";

/// A store of the browser that a page can fill: how to fill it, how to read it, and the value
/// before and after that.
struct Store {
    name: &'static str,
    fill: &'static str,
    read: &'static str,
    filled: Value,
    empty: Value,
}

fn stores() -> Vec<Store> {
    let store = |name, fill, read, filled, empty| Store {
        name,
        fill,
        read,
        filled,
        empty,
    };
    vec![
        store(
            "a cookie of the host",
            "document.cookie = 'host=1; max-age=9999'",
            "/host=1/.test(document.cookie)",
            json!(true),
            json!(false),
        ),
        store(
            "a cookie of the domain above all hosts",
            "document.cookie = 'domain=1; domain=shop.localhost; max-age=9999'",
            "/domain=1/.test(document.cookie)",
            json!(true),
            json!(false),
        ),
        store(
            "local storage",
            "localStorage.setItem('a', '1')",
            "localStorage.length",
            json!(1),
            json!(0),
        ),
        store(
            "session storage",
            "sessionStorage.setItem('a', '1')",
            "sessionStorage.length",
            json!(1),
            json!(0),
        ),
        store(
            "a database",
            "new Promise((done, failed) => Object.assign(indexedDB.open('a'), { onsuccess: () => \
             done('made'), onerror: failed }))",
            "indexedDB.databases().then((all) => all.length)",
            json!(1),
            json!(0),
        ),
        store(
            "a cache",
            "caches.open('a').then((cache) => cache.put('/a', new Response('1')))",
            "caches.keys().then((all) => all.length)",
            json!(1),
            json!(0),
        ),
        store(
            "a service worker",
            "navigator.serviceWorker.register('/sdk/gleenWidget.js').then(() => 'registered')",
            "navigator.serviceWorker.getRegistrations().then((all) => all.length)",
            json!(1),
            json!(0),
        ),
        store(
            "the window's name",
            "window.name = 'a'",
            "window.name",
            json!("a"),
            json!(""),
        ),
        store(
            "the session history",
            "[1, 2, 3].forEach((entry) => history.pushState(entry, ''))",
            "history.length > 3",
            json!(true),
            json!(false),
        ),
        store(
            "a script's variable",
            "window.planted = 1",
            "typeof window.planted",
            json!("number"),
            json!("undefined"),
        ),
    ]
}

/// A browser session, the servers, and two cases: `a-fills` fills every store and reads it,
/// `b-looks` only reads.
struct OneSession {
    driver: Driver,
    session: Session,
    stage: Stage,
    installation: Installation,
    cases: Vec<Case>,
    _permits: Permits,
}

impl OneSession {
    async fn open(engine: Engine) -> Self {
        let permits = permits_on(engine, 1);
        let fixtures = empty_suite();
        let read = |expression: &str, name: &str| {
            format!(
                "  {{ read = {}, as = {} }},\n",
                json!(expression),
                json!(name)
            )
        };
        let fill: String = stores()
            .iter()
            .map(|store| read(store.fill, &format!("filling {}", store.name)))
            .collect();
        let look: String = stores()
            .iter()
            .map(|store| read(store.read, store.name))
            .collect::<String>()
            + &read(GEOLOCATION, "geolocation");
        for (name, steps) in [
            ("a-fills", format!("{fill}{look}{SECOND_WINDOW}")),
            ("b-looks", look),
        ] {
            let scenario = format!(
                "title = \"{name}\"\nsteps = [\n  {{ visit = \"product\" }},\n{steps}]\n\n\
                 [checks]\nobserve-page = [\"OPEN-STORED\"]\n"
            );
            fs::write(
                fixtures.path().join(format!("scenarios/{name}.toml")),
                scenario,
            )
            .expect("a scenario can be written");
        }
        let sdk = fixtures.path().join("sdk.js");
        fs::write(&sdk, SDK).expect("the SDK can be written");

        let files = Files::in_folder(fixtures.path()).expect("the fixtures are there");
        let cases = Suite::load(&files)
            .expect("the fixtures can be read")
            .plan(&mut Patterns::new(&[]));
        let profile = Profile::load("reference", &files).expect("the profile can be read");
        let installation =
            Installation::take(sdk.to_str(), &profile, &files).expect("the SDK is there");
        let stage = Stage::start(Arc::new(profile))
            .await
            .expect("the servers start");
        let (driver, sessions) = engine.start().await;
        let session = sessions.open(None).await.expect("a session");
        Self {
            driver,
            session,
            stage,
            installation,
            cases,
            _permits: permits,
        }
    }

    /// What the case reads.
    async fn drive(&self, id: &str) -> Reads {
        let case = self
            .cases
            .iter()
            .find(|case| case.id == id)
            .expect("the case is planned");
        let own = self
            .stage
            .open(case, &self.installation)
            .await
            .expect("hosts of its own");
        let driven = drive(case, &self.stage, &own, &self.session, false).await;
        assert!(
            driven.error.is_none(),
            "the case can be driven: {:?}",
            driven.error
        );
        self.stage.close(&own);
        driven.evidence.reads
    }

    /// Grants geolocation to the current page's host, as a shopper's click on “Allow” does.
    async fn allow_geolocation(&self) -> Value {
        let id = self.session.id();
        let permissions = format!("{}session/{id}/permissions", self.driver.url);
        tokio::task::block_in_place(|| {
            let granted =
                json!({ "descriptor": { "name": "geolocation" }, "state": "granted" }).to_string();
            let sent = ureq::post(permissions).content_type("application/json");
            sent.send(granted).expect("the driver grants it");
        });
        let script = format!("const [done] = arguments; {GEOLOCATION}.then(done)");
        self.session
            .execute_async(&script, vec![])
            .await
            .expect("the page answers")
    }
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn stored_state_is_invisible_to_the_next_case(
    #[values(Engine::Chromium, Engine::Firefox, Engine::WebKit)] engine: Engine,
) {
    let one = OneSession::open(engine).await;
    let (filled, next) = (one.drive("a-fills").await, one.drive("b-looks").await);
    for store in stores() {
        assert_eq!(
            filled.get(store.name),
            Some(&store.filled),
            "{} was not filled: {filled:#?}",
            store.name
        );
        assert_eq!(
            next.get(store.name),
            Some(&store.empty),
            "{} was left behind",
            store.name
        );
    }
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn used_session_reads_the_same_as_a_fresh_one(
    #[values(Engine::Chromium, Engine::Firefox, Engine::WebKit)] engine: Engine,
) {
    let one = OneSession::open(engine).await;
    let (first, second) = (one.drive("b-looks").await, {
        one.drive("a-fills").await;
        one.drive("b-looks").await
    });
    assert_eq!(first, second);
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn open_window_is_closed_before_the_next_case(
    #[values(Engine::Chromium, Engine::Firefox, Engine::WebKit)] engine: Engine,
) {
    let one = OneSession::open(engine).await;
    one.drive("a-fills").await;
    assert_eq!(
        one.session
            .windows()
            .await
            .expect("the session lives")
            .len(),
        1
    );
}

/// The driver of `WebKit` grants no permission, and its browser's own question cannot be clicked.
#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn granted_permission_is_invisible_to_the_next_case(
    #[values(Engine::Chromium, Engine::Firefox)] engine: Engine,
) {
    let one = OneSession::open(engine).await;
    assert_eq!(one.drive("a-fills").await["geolocation"], "prompt");
    assert_eq!(one.allow_geolocation().await, "granted");
    assert_eq!(one.drive("b-looks").await["geolocation"], "prompt");
}

#[rstest]
fn download_leaves_no_file_in_the_working_directory(
    #[values(Engine::Chromium, Engine::Firefox, Engine::WebKit)] engine: Engine,
) {
    let folder = tempfile::tempdir().expect("a folder");
    alhena("run")
        .on(engine)
        .option("--filter", "field/a-download-and-still-there")
        .option("--profile", "reference")
        .in_folder(folder.path())
        .in_browsers(1)
        .ends_with(CONFORMS);
    let mut left = folder.path().read_dir().expect("the folder is there");
    assert!(left.next().is_none(), "{left:?}");
}
