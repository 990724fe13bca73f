//! Visits a page with the build, uses it as a shopper would, and notes what came of it.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::sync::Arc;

use serde_json::{Value, json};

use super::config;
use super::error::LookError;
use super::globals;
use super::messages;
use super::observed::{Identity, MARK, Observed};
use super::page::LookedAt;
use super::sources::Sources;
use super::talking::{came, chat, faq, text};
use super::traffic::{self, Traffic};
use crate::contract::{Method, Visitor};
use crate::evidence::Request;
use crate::input::Files;
use crate::plan::Case;
use crate::run::{CaseStage, Proxied, Sessions, Stage};
use crate::sdk::{Build, Installation, Profile, Snippet};

/// What is called so in a response may stand for a failure.
const NOT_ANSWERED: [&str; 8] = [
    "error", "errors", "fail", "failed", "failure", "status", "code", "then",
];

/// A build asks for no more names than this in earnest.
const MOST_NAMES: usize = 3000;

/// A page of the shop that has a place for the Product FAQs.
const PAGE: &str = "product";

/// Below the API's base URL.
pub const FOLDER: &str = "/sdk/";

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
        let (proxied, own) = self.open(nothing).await?;
        let session = &proxied.session;
        let page = LookedAt::visit(session, &own.url(PAGE, Visitor::First)).await?;
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
        let (proxied, own) = self.open(build).await?;
        let session = &proxied.session;
        let page = LookedAt::visit(session, &own.url(PAGE, Visitor::First)).await?;
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

    async fn open(&self, build: Build) -> Result<(Proxied, CaseStage), LookError> {
        let proxied = Proxied::open(&self.stage, self.sessions, &BTreeSet::new()).await?;
        let installation = Installation {
            snippet: self.snippet.clone(),
            build,
        };
        let begun = proxied.begin(&self.stage, self.case, &installation);
        let own = begun.await?;
        Ok((proxied, own))
    }
}
