//! Visits a page with the build, uses it as a shopper would, and notes what came of it.

use std::io::Write as _;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use thiserror::Error;

use super::config;
use super::globals;
use super::messages;
use super::observed::{Identity, Observed, Talk};
use super::page::LookedAt;
use super::sources::Sources;
use super::traffic::{self, Traffic};
use crate::backend::SessionProxy;
use crate::browser::{BrowserError, Session};
use crate::contract::{Method, Visitor};
use crate::evidence::{Decision, Request};
use crate::input::{Files, InputError};
use crate::plan::Case;
use crate::run::{CaseStage, SessionError, Sessions, Stage, StageError};
use crate::sdk::{Build, BuildError, Installation, Profile, Snippet};

/// What a shopper asks: one word, however it travels.
const QUESTION: &str = "Probe-question-4471";

/// Every text of the backend's answers begins with it; the name of its field follows.
const MARK: &str = "probe-answer";

/// What is called so in a response may stand for a failure.
const NOT_ANSWERED: [&str; 8] = [
    "error", "errors", "fail", "failed", "failure", "status", "code", "then",
];

/// A build asks for no more names than this in earnest.
const MOST_NAMES: usize = 3000;

/// A page of the shop that has a place for the Product FAQs.
const PAGE: &str = "product";

/// More of what can be clicked is not tried.
const MOST_CLICKS: usize = 4;

/// A request that follows a click comes within this time.
const FOLLOWS: Duration = Duration::from_millis(1500);

/// The key of WebDriver's that sends what was typed.
const ENTER: &str = "\u{E007}";

/// Below the API's base URL.
pub const FOLDER: &str = "/sdk/";

/// A build that cannot be looked at.
#[derive(Debug, Error)]
pub enum LookError {
    /// It cannot be had.
    #[error(transparent)]
    Build(#[from] BuildError),
    /// It cannot be read.
    #[error(transparent)]
    Input(#[from] InputError),
    /// There is no session.
    #[error(transparent)]
    Session(#[from] SessionError),
    /// The session ended.
    #[error("the page cannot be looked at: {0}")]
    Browser(#[from] BrowserError),
    /// There are no servers.
    #[error(transparent)]
    Stage(#[from] StageError),
    /// No file, or no port.
    #[error(transparent)]
    Io(#[from] std::io::Error),
}

/// Looks at the build at `source`, on the pages of `case`.
///
/// # Errors
/// If the build cannot be had, or the machine fails. What the build does not do is no error.
pub async fn look(
    source: &str,
    sources: &Sources,
    case: &Case,
    sessions: &Sessions,
    files: &Files,
) -> Result<Observed, LookError> {
    let folder = tempfile::tempdir()?;
    let names: Vec<String> = sources.of_document().into_iter().collect();
    let profile = probing(sources, &names, folder.path(), files)?;
    let nothing = folder.path().join("nothing.js");
    std::fs::File::create(&nothing)?.write_all(b"// nothing\n")?;
    let nothing = nothing.display().to_string();
    let entry = sources.scripts.last().map_or("", String::as_str);
    let mut probe = Probe {
        case,
        sessions,
        stage: Stage::start(Arc::new(profile)).await?,
        snippet: Snippet::bundled()?,
    };
    let before = probe
        .before(Build::take(Some(&nothing), entry, files)?)
        .await?;
    let build = tokio::task::block_in_place(|| Build::take(Some(source), entry, files))?;
    probe.observe(build, before, sources).await
}

/// A profile for a build of which nothing is known: every name of its configuration and every
/// field of a response has a value of its own.
fn probing(
    sources: &Sources,
    names: &[String],
    folder: &std::path::Path,
    files: &Files,
) -> Result<Profile, LookError> {
    let is_answered = |name: &String| !NOT_ANSWERED.contains(&name.as_str());
    let fields = sources.properties().into_iter().filter(is_answered);
    let body = fields.take(MOST_NAMES).map(|name| {
        let text = format!("{MARK} {name}");
        (name, Value::from(text))
    });
    let event = |path: &str| json!({ "path": path, "fields": {} });
    let profile = json!({
        "name": "probe",
        "extends": "none",
        "company_key": "CONFORMANCE-COMPANY-KEY",
        "ready": "true",
        "install": {
            "path": FOLDER,
            "scripts": sources.scripts,
            "kind": if sources.is_module { "module" } else { "classic" },
            "config": config::probing(names),
        },
        "policies": { "gate": "none", "dedup": "none", "attribution": "session" },
        "wire": {
            "company_key": "company_key",
            "user_fingerprint": "user_fingerprint",
            "user_faq_fingerprint": "user_faq_fingerprint",
            "events": {
                "sendCartEvent": event("/_nothing/cart"),
                "sendCheckoutEvent": event("/_nothing/checkout"),
            },
        },
        "answer": [{ "path": "*", "body": Value::Object(body.collect()) }],
    });
    let text = toml::to_string(&profile).map_err(std::io::Error::other)?;
    let path = folder.join("probe.toml");
    std::fs::write(&path, text)?;
    Ok(Profile::load(&path.display().to_string(), files)?)
}

/// What is looked with.
struct Probe<'a> {
    case: &'a Case,
    sessions: &'a Sessions,
    stage: Stage,
    snippet: Snippet,
}

impl Probe<'_> {
    /// What the page has without the build.
    async fn before(&mut self, nothing: Build) -> Result<Value, LookError> {
        let (session, own, _proxy) = self.open(nothing).await?;
        let page = LookedAt::visit(&session, &own.url(PAGE, Visitor::First)).await?;
        let before = page.look("before").await?;
        self.stage.close(&own);
        session.close().await;
        Ok(before)
    }

    async fn observe(
        &mut self,
        build: Build,
        before: Value,
        sources: &Sources,
    ) -> Result<Observed, LookError> {
        let (session, own, _proxy) = self.open(build).await?;
        let page = LookedAt::visit(&session, &own.url(PAGE, Visitor::First)).await?;
        let page = page.after(before);
        let globals: Vec<String> = page.look("globals").await?;
        let roots: Vec<String> = page.look("roots").await?;
        let known = json!({ "names": globals });
        let properties: Vec<globals::Property> = page.look_with("properties", known).await?;
        page.call(Method::SendCartEvent.name(), traffic::early())
            .await?;
        page.quiet().await?;
        let chat = chat(&page, &own).await?;
        let faq = faq(&page, &own).await?;
        let cart = traffic::called(Method::SendCartEvent);
        let checkout = traffic::called(Method::SendCheckoutEvent);
        page.call(Method::SendCartEvent.name(), cart).await?;
        page.call(Method::SendCheckoutEvent.name(), checkout.clone())
            .await?;
        came(&own, |all| {
            all.iter().any(|own| text(own).contains(traffic::ORDER))
        })
        .await;
        page.call(Method::SendCheckoutEvent.name(), checkout)
            .await?;
        page.quiet().await?;
        let is_getter = |own: &&globals::Property| {
            let name = own.name.to_lowercase();
            own.is_method
                && name.starts_with("get")
                && (name.ends_with("fingerprint") || name.ends_with("id"))
        };
        let getters = properties.iter().filter(is_getter);
        let getters: Vec<&str> = getters.map(|own| own.expression.as_str()).collect();
        let identities: Vec<Identity> = page
            .look_with("identities", json!({ "getters": getters }))
            .await?;
        session.take_console().await?;
        for method in Method::ALL {
            page.call(method.name(), messages::flawed(method)).await?;
        }
        page.quiet().await?;
        let said = session.take_console().await?;
        let said: Vec<String> = said.into_iter().map(|entry| entry.text).collect();
        let configured: Vec<String> = page.look("configured").await?;
        // What is held back is sent when the page is left.
        session.goto("about:blank").await?;
        tokio::time::sleep(self.stage.profile.waits.settle()).await;
        let requests = own.account.requests();
        self.stage.close(&own);
        session.close().await;
        let config = config::found(&configured, &requests);
        let requests: Vec<Request> = requests.iter().map(config::below_the_base).collect();
        Ok(Observed {
            config,
            ready: globals::ready(&properties, &roots, sources),
            version: globals::version(&properties),
            globals,
            identities,
            chat,
            faq,
            traffic: Traffic::of(&requests),
            words: messages::names(&said),
            sources: sources.clone(),
        })
    }

    async fn open(&self, build: Build) -> Result<(Session, CaseStage, SessionProxy), LookError> {
        let proxy = self.stage.session_proxy().await?;
        let session = self.sessions.open(Some(proxy.address)).await?;
        let installation = Installation {
            snippet: self.snippet.clone(),
            build,
        };
        let own = self.stage.open(self.case, &installation).await?;
        proxy.set_case(&own.label);
        Ok((session, own, proxy))
    }
}

/// Uses what may be a chat: something that opens an input, into which a question is typed.
async fn chat(page: &LookedAt<'_>, own: &CaseStage) -> Result<Talk, LookError> {
    let place = json!({ "place": "page" });
    let controls: Vec<String> = page.look_with("controls", place).await?;
    let mut talk = Talk::default();
    let mut inputs: Vec<String> = page.look("inputs").await?;
    for control in controls.iter().take(MOST_CLICKS) {
        if !inputs.is_empty() {
            break;
        }
        if !page.click(control).await? {
            continue;
        }
        page.quiet().await?;
        inputs = page.look("inputs").await?;
        talk.clicks = vec![control.clone()];
    }
    let Some(input) = inputs.first() else {
        return Ok(Talk::default());
    };
    talk.input = Some(input.clone());
    page.type_into(input, &format!("{QUESTION}{ENTER}")).await?;
    let known = json!({ "input": input });
    let senders: Vec<String> = page.look_with("senders", known).await?;
    let is_question = |own: &Request| text(own).contains(QUESTION);
    let mut has_come = came(own, |all| all.iter().any(is_question)).await;
    for sender in senders.iter().rev().take(MOST_CLICKS) {
        if has_come {
            break;
        }
        page.click(sender).await?;
        has_come = came(own, |all| all.iter().any(is_question)).await;
        talk.send = Some(sender.clone());
    }
    let asked = own.account.requests().into_iter().find(is_question);
    talk.asked = asked.map(|own| endpoint(&own));
    talk.answer = answer(page, "page").await?;
    talk.dismiss = dismiss(page, &talk.clicks).await?;
    Ok(talk)
}

/// What opened the chat, where it closes it, too.
async fn dismiss(page: &LookedAt<'_>, clicks: &[String]) -> Result<Option<String>, LookError> {
    let Some(opener) = clicks.first() else {
        return Ok(None);
    };
    let is_clicked = page.click(opener).await?;
    page.quiet().await?;
    let inputs: Vec<String> = page.look("inputs").await?;
    Ok((is_clicked && inputs.is_empty()).then(|| opener.clone()))
}

/// Clicks the first question in the place for Product FAQs.
async fn faq(page: &LookedAt<'_>, own: &CaseStage) -> Result<Talk, LookError> {
    let controls: Vec<String> = page
        .look_with("controls", json!({ "place": "faq" }))
        .await?;
    let mut talk = Talk::default();
    let before = own.account.requests().len();
    // A browser may ask first whether it may ask.
    let is_question = |own: &&Request| own.decision != Decision::Preflight;
    for control in controls.iter().take(MOST_CLICKS) {
        let has_come = |all: &[Request]| all.iter().skip(before).any(|own| is_question(&own));
        if !page.click(control).await? || !came(own, has_come).await {
            continue;
        }
        let asked = own.account.requests();
        talk.clicks = vec![control.clone()];
        talk.asked = asked.iter().skip(before).find(is_question).map(endpoint);
        talk.answer = answer(page, "faq").await?;
        break;
    }
    Ok(talk)
}

/// Where an answer of the backend is shown in this place, and by which field.
async fn answer(page: &LookedAt<'_>, place: &str) -> Result<Option<(String, String)>, LookError> {
    page.quiet().await?;
    let found: Vec<(String, String, String)> =
        page.look_with("answers", json!({ "mark": MARK })).await?;
    let own = found.into_iter().find(|(_, _, own)| own == place);
    Ok(own.map(|(selector, field, _)| (selector, field)))
}

/// Waits until enough requests have come; whether they have.
async fn came(own: &CaseStage, enough: impl Fn(&[Request]) -> bool) -> bool {
    let arrived = own.account.wait_until(enough);
    tokio::time::timeout(FOLLOWS, arrived).await.is_ok()
}

fn endpoint(request: &Request) -> (String, String) {
    let below = config::below_the_base(request);
    (below.method.clone(), below.endpoint().to_owned())
}

fn text(request: &Request) -> String {
    format!("{} {}", request.path, request.body)
}
