//! `serve` opens the shop for a person's own browser, and shows the requests to the backend and
//! their verdicts on a live page.
#![cfg(target_os = "linux")] // Processes are found below /proc.

use std::fs;
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::time::Duration;

use alhena_conformance::api::{Driver, Page, Session, Sessions, Until, default_engine, locate};
use rustix::process::Signal;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::{
    Alhena, CONFORMS, ENVIRONMENT, Permits, Running, USAGE, alhena, copy_of_the_fixtures, permits,
    reference, reference_with, until_nothing_is_left,
};

/// Guards against endless waiting; nothing here takes a tenth of it.
const DEADLINE: Duration = Duration::from_secs(30);

/// A product whose name is markup. It changes the title of a page that contains it as markup.
const MARKUP: &str = "<img src=x onerror=\"document.title='run'\"><b>bold</b>";

/// The served shop and ledger.
struct Served {
    running: Running,
    shop: String,
    second_shop: String,
    ledger: String,
}

impl Served {
    fn start(command: Alhena) -> Self {
        let running = command.start();
        let address = |line: String| {
            line.split_whitespace()
                .find(|word| word.starts_with("http"))
                .expect("an address")
                .to_owned()
        };
        let (shop, second_shop, ledger) = (
            address(running.prints("shop  ")),
            address(running.prints("second visitor")),
            address(running.prints("ledger  ")),
        );
        Self {
            running,
            shop,
            second_shop,
            ledger,
        }
    }
}

/// A person's browser, with the ledger in one window and a shop in the other.
struct Person {
    _driver: Driver,
    session: Session,
    _permits: Permits,
}

impl Person {
    async fn with(served: &Served) -> Self {
        let permits = permits(1);
        let located =
            locate(default_engine(), None, None, false).expect("a browser and its driver");
        let driver = Driver::start(&located).await.expect("the driver starts");
        let session = Sessions::running(located.engine, &driver.url, located.browser, false)
            .expect("a driver is no Grid")
            .open(None)
            .await
            .expect("a session");
        let person = Self {
            _driver: driver,
            session,
            _permits: permits,
        };
        person.ledger_opens(&served.ledger).await;
        person
    }

    async fn ledger_opens(&self, address: &str) {
        let mut page = self.page().await;
        page.visit(address, Until::Complete, DEADLINE)
            .await
            .expect("the ledger opens");
        page.await_true(
            "document.querySelector('[data-live=true]') !== null",
            DEADLINE,
        )
        .await
        .expect("the ledger is live");
    }

    async fn page(&self) -> Page<'_> {
        Page::current(&self.session).await.expect("a page")
    }

    /// Goes to the other window, which is opened if there is none.
    async fn turn(&self) {
        let current = self.session.window().await.expect("a window");
        let other = self
            .session
            .windows()
            .await
            .expect("windows")
            .into_iter()
            .find(|window| *window != current);
        let other = match other {
            Some(window) => window,
            None => self.session.new_window().await.expect("a window"),
        };
        self.session
            .switch_to(other)
            .await
            .expect("the other window");
    }

    async fn visits(&self, shop: &str, path: &str) {
        self.page()
            .await
            .visit(&format!("{shop}{path}"), Until::Snippet, DEADLINE)
            .await
            .expect("a page of the shop");
    }

    async fn clicks(&self, selector: &str) {
        self.page()
            .await
            .click(&[selector.to_owned()], DEADLINE)
            .await
            .unwrap_or_else(|error| panic!("{selector}: {error}"));
    }

    async fn chats(&self) {
        let (root, page) = ("#helix-chat-container ", self.page().await);
        self.clicks(&format!("{root}[data-part=launcher]")).await;
        page.type_into(
            &[format!("{root}[data-part=input]")],
            "Size?\u{e007}",
            DEADLINE,
        )
        .await
        .expect("the chat takes a message");
        page.await_there(&[format!("{root}[data-author=assistant]")], DEADLINE)
            .await
            .expect("the chat answers");
    }

    /// Calls an event as a shop does.
    async fn tracks(&self, method: &str, data: Value) {
        self.session
            .execute("trackAlhenaEvent(...arguments)", vec![json!(method), data])
            .await
            .expect("the call returns");
    }

    /// Waits until the expression holds on the page.
    async fn sees(&self, expression: &str) {
        if let Err(error) = self.page().await.await_true(expression, DEADLINE).await {
            let text = self
                .session
                .execute("return document.body.innerText", vec![])
                .await;
            panic!(
                "{error}\n{}",
                text.unwrap_or_default().as_str().unwrap_or_default()
            );
        }
    }

    async fn reads(&self, expression: &str) -> Value {
        self.session
            .execute(&format!("return {expression}"), vec![])
            .await
            .expect("the page answers")
    }

    /// Keeps a screenshot of the ledger, if `LEDGER_PICTURES=folder` asks for it.
    async fn shows(&self, name: &str) {
        let Some(folder) = std::env::var_os("LEDGER_PICTURES") else {
            return;
        };
        let picture = self.session.screenshot().await.expect("a page");
        let picture = picture.expect("a picture");
        std::fs::write(
            std::path::Path::new(&folder).join(format!("{name}.png")),
            picture,
        )
        .expect("it can be written");
    }
}

fn cart_event(name: &str) -> Value {
    json!({
        "type": "ITEM_ADDED",
        "productId": "X-1",
        "productName": name,
        "value": 10,
        "currency": "USD",
        "quantity": 1,
    })
}

/// The entry of the latest request of that fate, as an expression.
fn entry(fate: &str) -> String {
    format!("document.querySelector('.entry[data-fate={fate}]')")
}

/// How many verdicts of that status the entry holds, as an expression.
fn verdicts(fate: &str, status: &str) -> String {
    format!(
        "{}.querySelectorAll('[data-status={status}]').length",
        entry(fate)
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn click_appears_in_the_ledger_without_reload() {
    let served = Served::start(alhena("serve"));
    let person = Person::with(&served).await;
    let loaded = person.reads("performance.timeOrigin").await;
    person.turn().await;
    person.visits(&served.shop, "product?id=FL-200").await;
    person.chats().await;
    person.clicks("[data-action=add-to-cart]").await;
    person.turn().await;
    person
        .sees(&format!(
            "{}?.innerText.includes('FL-200')",
            entry("recorded")
        ))
        .await;
    assert_eq!(person.reads(&verdicts("recorded", "broken")).await, 0);
    for check in [
        "shape",
        "company-key",
        "fingerprints-present",
        "fingerprints-distinct",
        "not-recorded",
    ] {
        let held = format!(
            "{}.querySelector('[data-check={check}]').dataset.status",
            entry("recorded")
        );
        assert_eq!(person.reads(&held).await, "holds", "{check}");
    }
    person
        .sees(
            "document.querySelector('[data-role=latest]').textContent.startsWith('sendCartEvent \
             recorded; checks: ')",
        )
        .await;
    assert_eq!(
        person.reads("performance.timeOrigin").await,
        loaded,
        "the ledger was not loaded again"
    );
    person.shows("recorded").await;

    person.clicks("[data-action=clear]").await;
    person
        .sees(
            "document.querySelectorAll('.entry').length === 0 && \
             !document.querySelector('[data-role=empty]').hidden",
        )
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn call_before_the_sdk_arrives_once_released() {
    let served = Served::start(alhena("serve").option("--load", "async"));
    let person = Person::with(&served).await;
    person.turn().await;
    person.visits(&served.shop, "product").await;
    person.chats().await;
    person.turn().await;
    person.clicks("[value=held]").await;
    person
        .sees("document.querySelector('[value=held]').ariaPressed === 'true'")
        .await;
    person.turn().await;
    person.visits(&served.shop, "product?id=SK-010").await;
    person.clicks("[data-action=add-to-cart]").await;
    person.sees("_alhenaEventQueue.length === 1").await;
    person.turn().await;
    assert_eq!(
        person.reads(&entry("recorded")).await,
        Value::Null,
        "nothing is recorded while the SDK is held back"
    );
    person.clicks("[value=open]").await;
    person
        .sees(&format!(
            "{}?.innerText.includes('SK-010')",
            entry("recorded")
        ))
        .await;
    assert_eq!(person.reads(&verdicts("recorded", "broken")).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn build_that_is_saved_anew_is_served_and_announced() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("gleenWidget.js");
    fs::write(&file, reference()).expect("the build can be written");
    let command = alhena("serve").option("--sdk", &file);
    let served = Served::start(command.option("--profile", "reference"));
    let person = Person::with(&served).await;
    let is_announced = "document.querySelector('[data-role=served]').innerText.includes('Changed')";
    assert_eq!(person.reads(is_announced).await, false);
    let saved = format!("{}\nwindow.savedAnew = true;\n", reference());
    fs::write(&file, saved).expect("it is saved");
    person.sees(is_announced).await;
    person.turn().await;
    person.visits(&served.shop, "product").await;
    person.sees("window.savedAnew === true").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn refused_event_is_shown_with_its_fields() {
    let served = Served::start(alhena("serve"));
    let person = Person::with(&served).await;
    person.clicks("[value=error500]").await;
    person
        .sees("document.querySelector('[value=error500]').ariaPressed === 'true'")
        .await;
    person.turn().await;
    person.visits(&served.shop, "product?id=FL-200").await;
    person.chats().await;
    person.clicks("[data-action=add-to-cart]").await;
    person.turn().await;
    person
        .sees(&format!(
            "{}?.innerText.includes('Answered 500, and not recorded.')",
            entry("refused")
        ))
        .await;
    person
        .sees(&format!(
            "{}.innerText.includes('FL-200')",
            entry("refused")
        ))
        .await;
    assert_eq!(
        person.reads(&verdicts("refused", "holds")).await,
        0,
        "what is not recorded is not judged"
    );
    person.clicks("[value=drops-request]").await;
    person
        .sees("document.querySelector('[value=drops-request]').ariaPressed === 'true'")
        .await;
    person.turn().await;
    person.clicks("[data-action=add-to-cart]").await;
    person.turn().await;
    person.sees(&format!("{} !== null", entry("dropped"))).await;
    person.shows("refused").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn broken_promise_is_shown_at_its_event() {
    let broken = reference_with("if (hasInteracted()) return true;", "return true;");
    let served = Served::start(
        alhena("serve")
            .sdk(&broken)
            .option("--profile", "reference"),
    );
    let person = Person::with(&served).await;
    person.turn().await;
    person.visits(&served.shop, "product").await;
    person.tracks("sendCartEvent", cart_event(MARKUP)).await;
    person.turn().await;
    person
        .sees(&format!(
            "{}?.querySelector('[data-check=not-recorded]').dataset.status === 'broken'",
            entry("recorded")
        ))
        .await;
    person
        .sees(&format!(
            "{}.innerText.includes('GATE-NONE')",
            entry("recorded")
        ))
        .await;
    // A value from the shop is text everywhere on the page.
    person
        .sees(&format!(
            "{}.innerText.includes({})",
            entry("recorded"),
            json!("onerror=\\\"document.title='run'")
        ))
        .await;
    assert_eq!(
        person
            .reads("document.querySelectorAll('img, b').length")
            .await,
        0
    );
    assert_eq!(
        person.reads("document.title").await,
        "Ledger – alhena-conformance"
    );
    person.shows("broken").await;

    person.turn().await;
    let mut long = cart_event("Shoe");
    long["productId"] = json!("LONG".repeat(500));
    person.tracks("sendCartEvent", long).await;
    person.turn().await;
    person
        .sees(&format!(
            "{}.innerText.includes('LONGLONG')",
            entry("recorded")
        ))
        .await;
    assert_eq!(
        person
            .reads("document.documentElement.scrollWidth <= innerWidth")
            .await,
        true,
        "no text is wider than the page"
    );
    person.shows("long").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn repeated_order_and_unknown_request_are_shown() {
    let broken = reference_with(
        "if (hasOrderId && recall(\"localStorage\", orderKey)) {",
        "if (false) {",
    );
    let served = Served::start(
        alhena("serve")
            .sdk(&broken)
            .option("--profile", "reference"),
    );
    let person = Person::with(&served).await;
    person.turn().await;
    person.visits(&served.second_shop, "product").await;
    person.chats().await;
    let order = json!({"orderId": "FF-77", "value": 5, "currency": "USD"});
    person.tracks("sendCheckoutEvent", order.clone()).await;
    person.tracks("sendCheckoutEvent", order).await;
    let elsewhere = "fetch(document.gleenConfig.apiBaseUrl + '/v2/events', { method: 'POST', body: \
        JSON.stringify({ order_id: 'FF-78', value: 5, currency: 'USD' }) })";
    person
        .session
        .execute(elsewhere, vec![])
        .await
        .expect("the request is sent");
    person.turn().await;
    person
        .sees("document.querySelectorAll('.entry[data-fate=recorded]').length === 2")
        .await;
    person
        .sees(&format!(
            "{}.querySelector('[data-check=once]').innerText.includes('was recorded 2 times')",
            entry("recorded")
        ))
        .await;
    assert_eq!(
        person
            .reads(&format!(
                "{}.innerText.includes('second visitor')",
                entry("recorded")
            ))
            .await,
        true
    );
    person
        .sees(&format!(
            "{}?.querySelector('[data-check=nothing-else]').innerText.includes('carried FF-78 past \
             the event endpoints')",
            entry("unknown")
        ))
        .await;
    person.shows("twice").await;
}

/// The status that the server answers to a plain client.
fn answer(served: &Served, method: &str, path: &str, headers: &[(&str, &str)]) -> u16 {
    let agent = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .build()
        .new_agent();
    let address = served
        .ledger
        .trim_end_matches('/')
        .replace("localhost", "127.0.0.1");
    let request = headers.iter().fold(
        ureq::http::Request::builder()
            .method(method)
            .uri(format!("{address}{path}")),
        |request, (name, value)| request.header(*name, *value),
    );
    agent
        .run(request.body(()).expect("a request"))
        .expect("an answer")
        .status()
        .as_u16()
}

#[test]
fn controls_accept_only_the_ledger_and_known_states() {
    let served = Served::start(alhena("serve"));
    let own = served
        .ledger
        .trim_end_matches('/')
        .replace("localhost", "127.0.0.1");
    assert_eq!(answer(&served, "POST", "/script/held", &[]), 204);
    assert_eq!(
        answer(&served, "POST", "/script/held", &[("Origin", &own)]),
        204
    );
    assert_eq!(
        answer(
            &served,
            "POST",
            "/script/held",
            &[("Origin", served.shop.trim_end_matches('/'))]
        ),
        403,
        "the shop's page"
    );
    assert_eq!(
        answer(
            &served,
            "POST",
            "/script/held",
            &[("Host", "c0.shop.localhost")]
        ),
        404,
        "the shop's host"
    );
    assert_eq!(
        answer(
            &served,
            "POST",
            "/script/held",
            &[("Host", "elsewhere.test")]
        ),
        404,
        "another name of this machine"
    );
    assert_eq!(answer(&served, "GET", "/script/held", &[]), 405);
    assert_eq!(answer(&served, "POST", "/script/gone", &[]), 400);
    assert_eq!(answer(&served, "POST", "/backend/refused", &[]), 204);
    assert_eq!(answer(&served, "POST", "/backend/well", &[]), 204);
    assert_eq!(
        answer(&served, "GET", "/", &[("Host", "c0-2.shop.localhost")]),
        200
    );
}

#[test]
fn every_control_of_the_page_exists_on_the_server() {
    let served = Served::start(alhena("serve"));
    let page = ureq::get(served.ledger.replace("localhost", "127.0.0.1"))
        .call()
        .expect("the ledger answers")
        .body_mut()
        .read_to_string()
        .expect("text");
    let mut used = Vec::new();
    for control in page.split("data-control=\"").skip(1) {
        let name = control.split('"').next().expect("a name");
        for state in control
            .split("value=\"")
            .skip(1)
            .filter_map(|rest| rest.split('"').next())
        {
            assert_eq!(
                answer(&served, "POST", &format!("/{name}/{state}"), &[]),
                204,
                "{name}/{state}"
            );
            used.push(state.to_owned());
        }
    }
    assert_eq!(used.len(), 16, "{used:?}");
}

/// The updates of a listening page: the name and the data of each event.
fn updates(served: &Served) -> impl Iterator<Item = (String, Value)> + use<> {
    let address = served.ledger.replace("localhost", "127.0.0.1") + "updates";
    let stream = ureq::get(address)
        .call()
        .expect("the ledger answers")
        .into_body()
        .into_reader();
    let mut lines = BufReader::new(stream)
        .lines()
        .map(|line| line.expect("a line"));
    std::iter::from_fn(move || {
        let name = lines.find_map(|line| line.strip_prefix("event: ").map(str::to_owned))?;
        let data = lines.next()?;
        Some((
            name,
            serde_json::from_str(data.strip_prefix("data: ")?).expect("JSON"),
        ))
    })
}

/// Sends an event as an SDK does.
fn sends(served: &Served, body: &Value) -> u16 {
    let shop = ureq::get(served.ledger.replace("localhost", "127.0.0.1"))
        .header("Host", "c0.shop.localhost")
        .call();
    let shop = shop
        .expect("the shop answers")
        .body_mut()
        .read_to_string()
        .expect("text");
    let (_, api) = shop
        .split_once("c0.api.localhost:")
        .expect("the page names the API");
    let port: String = api.chars().take_while(char::is_ascii_digit).collect();
    let request = ureq::post(format!("http://127.0.0.1:{port}/analytics/cart_events"))
        .header("Host", "c0.api.localhost")
        .content_type("application/json");
    request
        .config()
        .http_status_as_error(false)
        .build()
        .send(body.to_string())
        .expect("the backend answers")
        .status()
        .as_u16()
}

#[test]
fn updates_hold_state_and_requests_since_the_clearing() {
    let served = Served::start(alhena("serve"));
    let mut events = updates(&served);
    let mut next = || events.next().expect("another event");
    let (name, state) = next();
    assert_eq!(
        (
            name.as_str(),
            &state["script"],
            &state["backend"],
            &state["sdk"]
        ),
        ("state", &json!("open"), &json!("well"), &json!("reference"))
    );

    assert_eq!(sends(&served, &json!({"product_id": "A"})), 200);
    let (name, entry) = next();
    assert_eq!(
        (name.as_str(), &entry["id"], &entry["fate"]),
        ("entry", &json!(0), &json!("recorded"))
    );

    assert_eq!(answer(&served, "POST", "/backend/error500", &[]), 204);
    assert_eq!(next().1["backend"], "error500");
    assert_eq!(sends(&served, &json!({"product_id": "B"})), 500);
    assert_eq!(next().1["fate"], "refused");

    assert_eq!(answer(&served, "POST", "/script/fails-once", &[]), 204);
    assert_eq!(next().1["script"], "fails-once");
    assert_eq!(
        answer(
            &served,
            "GET",
            "/sdk/gleenWidget.js",
            &[("Host", "c0.shop.localhost")]
        ),
        500
    );
    let state = std::iter::from_fn(|| Some(next().1))
        .find(|state| state["script_answers"] == 1)
        .expect("the state after the answer");
    assert_eq!(
        (&state["script"], &state["script_status"]),
        (&json!("open"), &json!(500))
    );

    assert_eq!(answer(&served, "POST", "/clear", &[]), 204);
    assert_eq!(next().1["cleared"], 2);
    assert_eq!(sends(&served, &json!({"product_id": "C"})), 500);
    let late: Vec<(String, Value)> = updates(&served).take(2).collect();
    assert_eq!((late[0].0.as_str(), &late[1].1["id"]), ("state", &json!(2)));
}

#[test]
fn ctrl_c_ends_cleanly_and_leaves_nothing() {
    let tmp: TempDir = tempfile::tempdir().expect("a temporary folder");
    let served = Served::start(alhena("serve").env("TMPDIR", tmp.path()));
    let mut listens = updates(&served);
    assert!(listens.next().is_some(), "a page listens");
    served
        .running
        .signal(Signal::INT)
        .ends()
        .with_code(CONFORMS);
    until_nothing_is_left(tmp.path());
}

#[test]
fn addresses_use_the_port_and_taken_port_is_reported() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = taken.local_addr().expect("an address").port().to_string();
    alhena("serve")
        .option("--port", &port)
        .ends_with(ENVIRONMENT)
        .warns(&format!("cannot listen on 127.0.0.1:{port}"));
    drop(taken);
    let served = Served::start(alhena("serve").option("--port", &port));
    assert_eq!(served.shop, format!("http://c0.shop.localhost:{port}/"));
    assert_eq!(
        served.second_shop,
        format!("http://c0-2.shop.localhost:{port}/")
    );
    assert_eq!(served.ledger, format!("http://localhost:{port}/"));
}

#[test]
fn invalid_fixtures_and_builds_are_refused() {
    alhena("serve")
        .option("--sdk", "nowhere.js")
        .ends_with(USAGE)
        .warns("nowhere.js");
    alhena("serve")
        .option("--load", "sideways")
        .ends_with(USAGE)
        .warns("injected-retry");
    let fixtures = copy_of_the_fixtures();
    std::fs::write(fixtures.path().join("serve.toml"), "title = 1").expect("it can be written");
    alhena("serve")
        .option("--fixtures", fixtures.path())
        .ends_with(USAGE)
        .warns("serve.toml");
}

#[tokio::test(flavor = "multi_thread")]
async fn recorded_visit_is_a_scenario_that_runs() {
    let fixtures = copy_of_the_fixtures();
    let file = fixtures.path().join("scenarios/own.toml");
    let served = Served::start(alhena("serve").option("--record", &file));
    let person = Person::with(&served).await;
    person.turn().await;
    person.visits(&served.shop, "product?id=TR-100").await;
    person.chats().await;
    person.clicks("[data-action=add-to-cart]").await;
    person.clicks("[data-action=go-to-cart]").await;
    person.sees("location.pathname === '/cart'").await;
    person
        .clicks("[data-role=line] [data-action=increase]")
        .await;
    person.turn().await;
    person
        .sees(&format!(
            "{}?.innerText.includes('INCREASED')",
            entry("recorded")
        ))
        .await;
    drop(person);
    let ended = served.running.signal(Signal::INT).ends();
    ended.with_code(CONFORMS).prints("own.toml: written");
    let text = std::fs::read_to_string(&file).expect("the scenario is there");
    for line in [
        "{ visit = \"product?id=TR-100\" },\n  { interact = \"chat\" },",
        "{ click = \"go-to-cart\", to = \"cart\" },",
        "{ click = \"increase\", line = \"TR-100\" },",
        "recorded = [\"cart/trail-runner-added\", \"cart/trail-runner-increased\"]",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
    alhena("run")
        .option("--fixtures", fixtures.path())
        .option("--filter", "own")
        .in_browsers(1)
        .ends_with(CONFORMS);
}

#[test]
fn served_addresses_can_be_bound_and_recordings_are_not_overwritten() {
    let served = Served::start(alhena("serve").option("--bind", "0.0.0.0"));
    assert!(served.ledger.starts_with("http://localhost:"));
    let file = tempfile::NamedTempFile::new().expect("a file");
    alhena("serve")
        .option("--record", file.path())
        .ends_with(USAGE)
        .warns("name a file that is not there yet");
}
