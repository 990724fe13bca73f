//! Uses what may be a chat or a place for Product FAQs, as a shopper would.

use std::time::Duration;

use serde_json::json;

use super::config;
use super::error::LookError;
use super::observed::{MARK, Talk};
use super::page::LookedAt;
use crate::evidence::{Decision, Request};
use crate::run::CaseStage;

/// What a shopper asks: one word, however it travels.
const QUESTION: &str = "Probe-question-4471";

/// More of what can be clicked is not tried.
const MOST_CLICKS: usize = 4;

/// A request that follows a click comes within this time.
const FOLLOWS: Duration = Duration::from_millis(1500);

/// The key of WebDriver's that sends what was typed.
const ENTER: &str = "\u{E007}";

/// Uses what may be a chat: something that opens an input, into which a question is typed.
pub async fn chat(page: &LookedAt<'_>, own: &CaseStage) -> Result<Talk, LookError> {
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
pub async fn faq(page: &LookedAt<'_>, own: &CaseStage) -> Result<Talk, LookError> {
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
pub async fn came(own: &CaseStage, enough: impl Fn(&[Request]) -> bool) -> bool {
    let arrived = own.account.wait_until(enough);
    tokio::time::timeout(FOLLOWS, arrived).await.is_ok()
}

fn endpoint(request: &Request) -> (String, String) {
    let below = config::below_the_base(request);
    (below.method.clone(), below.endpoint().to_owned())
}

pub fn text(request: &Request) -> String {
    format!("{} {}", request.path, request.body)
}
