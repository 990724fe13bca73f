use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};
use thiserror::Error;

use crate::input::Files;
use crate::scenario::{Load, SnippetPlace, Storage, StorefrontOptions};
use crate::sdk::Snippet;

/// The line of a page at whose place the SDK is installed.
const SDK_MARKER: &str = "<!-- Alhena website SDK -->";

/// Builds the pages of a case: a page as it lies in `pages/`, with the snippet, the SDK and the headers of the scenario's variant.
#[derive(Debug)]
pub struct Pages {
    snippet: Snippet,
    company: String,
    script: String,
}

/// A page that cannot be built. The harness's own files at fault.
#[derive(Debug, Error)]
pub enum PageError {
    /// A file of `pages/` is not there.
    #[error("pages/{0} is missing")]
    Missing(String),
    /// A page does not hold what is to be replaced.
    #[error("pages/{page} does not hold {part} exactly once")]
    Part {
        /// The page.
        page: String,
        /// What it lacks, or has twice.
        part: &'static str,
    },
}

/// A page ready to be sent.
#[derive(Debug)]
pub struct BuiltPage {
    /// The HTML.
    pub html: String,
    /// The `Content-Security-Policy` header, if the variant has one.
    pub policy: Option<String>,
}

impl Pages {
    /// `company` is the shop's key, `script` the path of the SDK below the API's base URL.
    ///
    /// # Errors
    /// If the snippet is missing.
    pub fn new(company: &str, script: &str) -> Result<Self, PageError> {
        let snippet = Snippet::bundled().map_err(|_| PageError::Missing("install/snippet.html".into()))?;
        Ok(Self { snippet, company: company.to_owned(), script: script.to_owned() })
    }

    /// Builds the page `file` for one variant, with `snippet` in the place of the bundled one; `api` is the API's base URL.
    ///
    /// # Errors
    /// If there is no such page, or it lacks the snippet.
    pub fn build(&self, file: &str, options: &StorefrontOptions, snippet: &Snippet, load: Load, api: &str) -> Result<BuiltPage, PageError> {
        let page = text(file)?;
        if !page.contains(SDK_MARKER) {
            return Ok(BuiltPage { html: page, policy: None });
        }
        let (before, after) = split_once(&page, &self.snippet.html).ok_or_else(|| PageError::Part { page: file.into(), part: "the snippet" })?;
        let (between, after) = split_once(after, SDK_MARKER).ok_or_else(|| PageError::Part { page: file.into(), part: "the SDK's marker" })?;
        let sdk = self.install(load, api)?;
        let sdk = if options.sdk_twice { format!("{sdk}\n{sdk}") } else { sdk };
        let snippet: &str = &snippet.html;
        let head = match options.snippet {
            SnippetPlace::BeforeSdk => [snippet, &sdk].join(between),
            SnippetPlace::AfterSdk => [sdk.as_str(), snippet].join(between),
            SnippetPlace::Twice => [snippet, snippet, &sdk].join(between),
            SnippetPlace::Absent => sdk,
        };
        let prelude = options.prelude.as_ref().map(|script| format!("<script>{script}</script>\n")).unwrap_or_default();
        let html = format!("{before}{prelude}{head}{after}");
        let policy = match (options.strict_policy, options.storage) {
            (true, _) => Some(strict_policy(&html, api)),
            (false, Storage::Blocked) => Some("sandbox allow-scripts allow-forms".to_owned()),
            (false, Storage::Allowed) => None,
        };
        Ok(BuiltPage { html, policy })
    }

    fn install(&self, load: Load, api: &str) -> Result<String, PageError> {
        let file = match load {
            Load::Blocking => "blocking",
            Load::Async => "async",
            Load::Defer => "defer",
            Load::Injected => "injected",
            Load::InjectedRetry => "injected-retry",
        };
        let fragment = text(&format!("install/{file}.html"))?;
        Ok(fragment
            .trim_end()
            .replace("{{company}}", &self.company)
            .replace("{{api}}/sdk/gleenWidget.js", &format!("{{{{api}}}}{}", self.script))
            .replace("{{api}}", api))
    }
}

/// Splits at `part`, if it stands there exactly once.
fn split_once<'t>(text: &'t str, part: &str) -> Option<(&'t str, &'t str)> {
    text.split_once(part).filter(|(_, after)| !after.contains(part))
}

fn text(file: &str) -> Result<String, PageError> {
    Files::page(file).and_then(|bytes| String::from_utf8(bytes).ok()).ok_or_else(|| PageError::Missing(file.to_owned()))
}

/// Allows the page's own files, its inline scripts by their hashes, and the API's origin; nothing else.
fn strict_policy(html: &str, api: &str) -> String {
    let hashes = inline_scripts(html).map(|script| format!("'sha256-{}'", STANDARD.encode(Sha256::digest(script)))).collect::<Vec<_>>().join(" ");
    format!("default-src 'none'; script-src 'self' {api} {hashes}; style-src 'self'; img-src 'self'; connect-src {api}; base-uri 'none'; form-action 'self'")
}

fn inline_scripts(html: &str) -> impl Iterator<Item = &str> {
    html.split("<script>").skip(1).filter_map(|rest| rest.split_once("</script>")).map(|(script, _)| script)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use super::*;

    const PAGES: [&str; 7] = ["index.html", "product.html", "cart.html", "checkout.html", "thank-you.html", "faq.html", "single-page.html"];

    fn build(options: &StorefrontOptions) -> BuiltPage {
        let pages = Pages::new("KEY", "/sdk/gleenWidget.js").unwrap();
        pages.build("product.html", options, &pages.snippet, Load::Blocking, "http://api.test").unwrap()
    }

    #[test]
    fn every_page_of_the_shop_holds_the_snippet_byte_for_byte_and_once() {
        let pages = Pages::new("KEY", "/sdk/gleenWidget.js").unwrap();
        for page in PAGES {
            assert_eq!(text(page).unwrap().matches(&*pages.snippet.html).count(), 1, "{page}");
        }
    }

    #[test]
    fn the_snippet_comes_first_as_documented() {
        let html = build(&StorefrontOptions::default()).html;
        assert!(html.find("_alhenaEventQueue").unwrap() < html.find("http://api.test/sdk/gleenWidget.js").unwrap());
    }

    #[test]
    fn the_snippet_can_stand_after_the_sdk_or_twice_or_not_at_all() {
        let count = |snippet| build(&StorefrontOptions { snippet, ..Default::default() }).html.matches("!(function (w) {").count();
        assert_eq!([count(SnippetPlace::AfterSdk), count(SnippetPlace::Twice), count(SnippetPlace::Absent)], [1, 2, 0]);
        let html = build(&StorefrontOptions { snippet: SnippetPlace::AfterSdk, ..Default::default() }).html;
        assert!(html.find("_alhenaEventQueue").unwrap() > html.find("http://api.test/sdk/gleenWidget.js").unwrap());
    }

    #[test]
    fn a_strict_policy_allows_each_inline_script_by_its_hash() {
        let page = build(&StorefrontOptions { strict_policy: true, ..Default::default() });
        assert_eq!(page.policy.unwrap().matches("'sha256-").count(), inline_scripts(&page.html).count());
    }
}
