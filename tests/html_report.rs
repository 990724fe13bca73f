//! The HTML report in a real browser, as wide as a phone and as a desktop, with hostile texts
//! wherever a page or an SDK can put them.

use std::path::{Path, PathBuf};
use std::time::Duration;

use alhena_conformance::api::{Driver, Page, Session, Sessions, Until, default_engine, locate};
use rstest::rstest;
use serde_json::{Value, json};

use crate::support::{
    Alhena, CONFORMS, Ended, FAILS, Permits, USAGE, alhena, permits, reference_with,
};

/// Guards against endless waiting; nothing here takes a tenth of it.
const DEADLINE: Duration = Duration::from_secs(30);

/// It changes the title of a page that contains it as markup.
const HOSTILE: &str = "</style></script><script>document.title='run'</script>\"><img src=x \
    onerror=\"document.title='run'\">\u{202e}";

/// A run of a build that sends values as text, and prints markup to the console.
fn broken() -> Ended {
    let sdk = reference_with(
        "value: event.value,",
        "value: (console.error(\"</script><img src=x onerror=alert(1)>\"), String(event.value)),",
    );
    let run = alhena("run")
        .sdk(&sdk)
        .option("--profile", "reference")
        .option("--filter", "cart/markup")
        .option("--retries", "0");
    run.with_report().in_browsers(1).ends_with(FAILS)
}

/// Adds hostile texts and very long words to the report.
fn make_hostile(folder: &Path) {
    let file = folder.join("report.json");
    let mut report: Value =
        serde_json::from_slice(&std::fs::read(&file).expect("the report")).expect("JSON");
    let text = |old: &Value| {
        json!(format!(
            "{}{HOSTILE}{}",
            old.as_str().unwrap_or_default(),
            "W".repeat(3_000)
        ))
    };
    for pointer in [
        "/sdk/source",
        "/snippet/source",
        "/profile/name",
        "/environment/browser",
        "/cases/0/title",
        "/cases/0/again",
        "/cases/0/hint",
    ] {
        let value = report
            .pointer_mut(pointer)
            .unwrap_or_else(|| panic!("{pointer}"));
        *value = text(value);
    }
    for list in ["checks", "requirements"] {
        for entry in report[list].as_array_mut().expect("a list") {
            for name in [
                "message",
                "line",
                "at",
                "expected",
                "actual",
                "statement",
                "source",
            ] {
                if let Some(value) = entry.get_mut(name) {
                    *value = text(value);
                }
            }
        }
    }
    std::fs::write(&file, report.to_string()).expect("it can be written");
}

fn rendered(folders: &[PathBuf], home: &Path) -> PathBuf {
    let file = home.join("report.html");
    let command = folders.iter().fold(alhena("report"), Alhena::arg);
    command
        .option("--format", "html")
        .option("--output", &file)
        .ends_with(CONFORMS);
    file
}

/// Expects what the run printed in the rendered report, alone and beside another.
fn holds_what_was_printed(ran: &Ended, home: &Path) {
    let html =
        |folders: &[PathBuf]| std::fs::read_to_string(rendered(folders, home)).expect("the file");
    let page = html(&[ran.report_folder()]);
    for text in [
        "does not conform",
        " arrives as a string in every sendCartEvent",
        "cart/markup#unchanged",
    ] {
        ran.prints(text);
        assert!(page.contains(text), "{text}");
    }
    assert!(
        page.contains("data:image/png;base64,") && page.contains("sendCartEvent("),
        "its screenshot and its calls are there"
    );
    let both = html(&[ran.report_folder(), ran.report_folder()]);
    assert!(
        both.contains("2 conformance reports, side by side")
            && both.contains("id=\"2-requirements\"")
    );
}

struct Reader {
    _driver: Driver,
    session: Session,
    _permits: Permits,
}

impl Reader {
    async fn of(file: &Path) -> Self {
        let permits = permits(1);
        let located =
            locate(default_engine(), None, None, false).expect("a browser and its driver");
        let driver = Driver::start(&located).await.expect("the driver starts");
        let session = Sessions::running(located.engine, &driver.url, located.browser, false)
            .expect("a driver is no Grid")
            .open(None)
            .await
            .expect("a session");
        let reader = Self {
            _driver: driver,
            session,
            _permits: permits,
        };
        reader
            .page()
            .await
            .visit(
                &format!("file://{}", file.display()),
                Until::Complete,
                DEADLINE,
            )
            .await
            .expect("the report opens");
        reader
    }

    async fn page(&self) -> Page<'_> {
        Page::current(&self.session).await.expect("a page")
    }

    async fn reads(&self, expression: &str) -> Value {
        self.session
            .execute(&format!("return {expression}"), vec![])
            .await
            .expect("the page answers")
    }

    /// Opens the same file in a window of that width.
    async fn in_a_window_of(&self, width: u32) {
        let before = self.session.windows().await.expect("windows");
        let open =
            format!("window.open(location.href, '_blank', 'popup,width={width},height=800')");
        self.session.execute(&open, vec![]).await.expect("a window");
        let fresh = self
            .session
            .windows()
            .await
            .expect("windows")
            .into_iter()
            .find(|window| !before.contains(window))
            .expect("the window");
        self.session.switch_to(fresh).await.expect("the window");
        self.page()
            .await
            .await_true(
                "document.readyState === 'complete' && document.querySelector('.tools')",
                DEADLINE,
            )
            .await
            .expect("the report opens");
    }

    /// Expects that no injected script ran, that nothing is wider than the window with all details
    /// open, and that the console is empty.
    async fn sees_a_sound_page(&self) {
        self.session
            .execute(
                "document.querySelectorAll('details').forEach((part) => (part.open = true))",
                vec![],
            )
            .await
            .expect("all is open");
        assert_eq!(
            self.reads("document.documentElement.scrollWidth <= innerWidth")
                .await,
            true,
            "the page does not scroll sideways"
        );
        let wide = "[...document.querySelectorAll('main *')].filter((part) => \
            !part.closest('.scroll') && part.getBoundingClientRect().right > innerWidth + 1)\
            .map((part) => part.outerHTML.slice(0, 80))";
        assert_eq!(
            self.reads(wide).await,
            json!([]),
            "nothing reaches out of the window"
        );
        assert_ne!(self.reads("document.title").await, "run");
        assert_eq!(
            self.reads("document.querySelectorAll('script, style').length")
                .await,
            2
        );
        assert_eq!(
            self.reads("[...document.images].every((image) => image.src.startsWith('data:'))")
                .await,
            true
        );
        assert_eq!(
            self.reads(
                "performance.getEntriesByType('resource').filter((entry) => \
                 !entry.name.startsWith('data:')).length"
            )
            .await,
            0
        );
        let console = self.session.take_console().await.expect("the console");
        assert!(console.is_empty(), "{console:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_report_is_readable_on_phone_and_desktop() {
    let (ran, home) = (broken(), tempfile::tempdir().expect("a temporary folder"));
    holds_what_was_printed(&ran, home.path());
    make_hostile(&ran.report_folder());
    let reader = Reader::of(&rendered(&[ran.report_folder()], home.path())).await;
    assert_eq!(
        reader
            .reads(
                "document.body.innerText.includes('‹U+202E›') && \
                 document.body.innerText.includes(\"<script>document.title='run'\")"
            )
            .await,
        true
    );
    reader.sees_a_sound_page().await;

    // The policy permits the report's own script: the filter hides requirements, and a link opens
    // its target.
    reader
        .page()
        .await
        .type_into(&["[data-tool=filter]".to_owned()], "CART-VALUE", DEADLINE)
        .await
        .expect("the filter");
    assert_eq!(
        reader
            .reads("document.querySelectorAll('.item:not([hidden])').length < 20")
            .await,
        true
    );
    reader
        .session
        .execute(
            "document.querySelectorAll('.case').forEach((part) => (part.open = false))",
            vec![],
        )
        .await
        .expect("closed");
    reader
        .session
        .execute(
            "document.querySelector('.cause a[href*=case]').click()",
            vec![],
        )
        .await
        .expect("a link");
    reader
        .page()
        .await
        .await_true("document.querySelector('.case:target').open", DEADLINE)
        .await
        .expect("its case is open");

    reader.in_a_window_of(390).await;
    assert_eq!(reader.reads("innerWidth").await, 390);
    reader.sees_a_sound_page().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn trace_of_a_failed_case_steps_by_keys() {
    let ran = broken();
    ran.warns("traced 1 case");
    let reader = Reader::of(&ran.report_folder().join("report.html")).await;
    reader.sees_a_sound_page().await;
    let shown = "document.querySelector('.trace output').textContent";
    let frames = reader
        .reads("document.querySelectorAll('[data-frame]').length")
        .await;
    let frames = frames.as_u64().expect("a number");
    assert!(frames >= 3, "{frames} frames");
    assert_eq!(reader.reads(shown).await, format!("1 of {frames}"));
    let trace = [".trace".to_owned()];
    for (key, expected) in [
        ("\u{e014}", 2),
        ("\u{e010}", frames),
        ("\u{e012}", frames - 1),
    ] {
        let page = reader.page().await;
        page.type_into(&trace, key, DEADLINE).await.expect("a key");
        assert_eq!(reader.reads(shown).await, format!("{expected} of {frames}"));
    }
    let visible = "[...document.querySelectorAll('[data-frame]')].filter((own) => !own.hidden)";
    assert_eq!(reader.reads(&format!("{visible}.length")).await, 1);
    assert_eq!(
        reader
            .reads(&format!("{visible}[0].querySelectorAll('img').length"))
            .await,
        1,
        "a frame that looks as before shows the picture before it"
    );
}

/// The last one needs the browser that keeps a page to come back to; the others, of which three
/// are prerequisites, do not.
#[test]
fn every_case_is_traced_in_the_browser_that_it_needs() {
    let restored = "field/back-and-called@interaction=chat";
    let ran = alhena("run")
        .option("--filter", "cart/item-added")
        .option("--filter", restored)
        .arg("--trace")
        .option("--keep-evidence", "all")
        .with_report()
        .in_browsers(1)
        .ends_with(CONFORMS);
    ran.warns("traced 5 cases");
    let name = format!("{}.json", restored.replace('/', "_"));
    let evidence = std::fs::read(ran.report_folder().join("evidence").join(name));
    let evidence: Value =
        serde_json::from_slice(&evidence.expect("its evidence is kept")).expect("JSON");
    let read = &evidence["trace"]["reads"];
    assert_eq!(*read, json!({ "times_restored": 1 }), "{ran}");
}

/// Repeats the cases of a report, under names of their own and without evidence each time.
fn repeat_cases(folder: &Path, times: usize) {
    let file = folder.join("report.json");
    let text = std::fs::read(&file).expect("the report");
    let mut report: Value = serde_json::from_slice(&text).expect("JSON");
    for (list, id) in [("cases", "/id"), ("checks", "/case")] {
        let once = report[list].as_array().expect("a list").clone();
        let copy = |number: usize| {
            once.iter().map(move |entry| {
                let case = entry.pointer(id).and_then(Value::as_str).expect("an id");
                let own = format!("{case}~{number}");
                let check = entry["id"].as_str().expect("an id").replace(case, &own);
                let mut entry = entry.clone();
                entry["id"] = check.into();
                for kept in ["evidence", "screenshot"] {
                    if let Some(kept) = entry.get_mut(kept) {
                        *kept = Value::Null;
                    }
                }
                *entry.pointer_mut(id).expect("an id") = own.into();
                entry
            })
        };
        let more: Vec<Value> = (1..times).flat_map(copy).collect();
        report[list].as_array_mut().expect("a list").extend(more);
    }
    std::fs::write(&file, report.to_string()).expect("it can be written");
}

#[tokio::test(flavor = "multi_thread")]
async fn report_of_ten_thousand_cases_opens() {
    let (ran, home) = (broken(), tempfile::tempdir().expect("a temporary folder"));
    let folder = ran.report_folder();
    let text = std::fs::read(folder.join("report.json")).expect("the report");
    let report: Value = serde_json::from_slice(&text).expect("JSON");
    let cases = report["cases"].as_array().expect("a list").len();
    repeat_cases(&folder, 10_000 / cases);
    let reader = Reader::of(&rendered(&[folder], home.path())).await;
    let in_full = "document.querySelectorAll('.case').length";
    assert_eq!(reader.reads(in_full).await, 300);
    let says = reader.reads("document.body.textContent").await;
    let says = says.as_str().expect("a text");
    assert!(
        says.contains("more cases not shown: report.json lists every case."),
        "{says:.3000}"
    );
    assert!(says.contains("does not conform"), "{says:.3000}");
}

#[rstest]
#[case::no_report(&["tests"], "tests/report.json")]
#[case::none_at_all(&[], "<DIR>...")]
fn folder_without_report_is_refused(#[case] folders: &[&str], #[case] message: &str) {
    let command = folders.iter().fold(alhena("report"), Alhena::arg);
    command
        .option("--format", "html")
        .ends_with(USAGE)
        .warns(message);
}
