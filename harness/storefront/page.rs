use std::sync::Arc;

use axum::http::header::CONTENT_SECURITY_POLICY;
use axum::http::{HeaderName, HeaderValue};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use sha2::{Digest, Sha256};
use thiserror::Error;

use super::inline::inlined;
use crate::input::Files;
use crate::scenario::{Condition, Load, PageParts, SnippetPlace, Storage, StorefrontOptions};
use crate::sdk::{Install, Profile, ScriptKind, Snippet};

/// Where the storefront serves the files that lie beside the profile.
pub const BESIDE: &str = "/install/";

/// The line of a page that the SDK's installation replaces.
const SDK_MARKER: &str = "<!-- Alhena website SDK -->";

/// Builds the pages of a case: a page as it lies in `pages/`, with the snippet, the SDK and the
/// headers of the scenario's variant.
#[derive(Debug)]
pub struct Pages {
    bundled: Snippet,
    profile: Arc<Profile>,
}

/// A page that cannot be built. A fault of the harness's own files.
#[derive(Debug, Error)]
pub enum PageError {
    /// A file of `pages/` is not there.
    #[error("pages/{0} is missing")]
    Missing(String),
    /// The policy is no header that HTTP can carry.
    #[error("the Content-Security-Policy of a page cannot be sent: {0}")]
    Policy(String),
    /// A page does not hold what is to be replaced.
    #[error("pages/{page} does not hold {part} exactly once")]
    Part {
        /// The page.
        page: String,
        /// What it lacks, or has twice.
        part: &'static str,
    },
}

/// In what the pages of a case differ from those in `pages/`.
#[derive(Debug, Clone, Copy)]
pub struct Variant<'a> {
    /// What is unusual about the shop.
    pub options: &'a StorefrontOptions,
    /// How the SDK is loaded.
    pub load: Load,
    /// The condition that they are under.
    pub condition: Option<&'a Condition>,
    /// The company whose shop it is, where it is another than the profile's.
    pub company: Option<&'a str>,
    /// What stands in the place of the bundled snippet.
    pub snippet: &'a Snippet,
}

/// A page ready to be sent.
#[derive(Debug)]
pub struct BuiltPage {
    /// The HTML.
    pub html: String,
    /// The headers of the variant, with their values.
    pub headers: Vec<(HeaderName, HeaderValue)>,
}

impl Pages {
    /// Pages that install a build as `profile` describes.
    ///
    /// # Errors
    /// If the snippet is missing.
    pub fn new(profile: Arc<Profile>) -> Result<Self, PageError> {
        let bundled =
            Snippet::bundled().map_err(|_| PageError::Missing("install/snippet.html".into()))?;
        Ok(Self { bundled, profile })
    }

    /// How the build is installed.
    pub fn installed(&self) -> &Install {
        &self.profile.install
    }

    /// The text of a file of the profile's, by the path at which pages load it.
    pub fn beside(&self, path: &str) -> Option<&str> {
        self.profile
            .origin
            .beside
            .get(path.strip_prefix(BESIDE)?)
            .map(String::as_str)
    }

    /// Builds the page `file` for one variant; `api` is the API's base URL.
    ///
    /// # Errors
    /// If there is no such page, or it lacks the snippet.
    pub fn build(
        &self,
        file: &str,
        variant: Variant<'_>,
        api: &str,
    ) -> Result<BuiltPage, PageError> {
        let Variant {
            options,
            load,
            condition,
            company,
            snippet,
        } = variant;
        let page = text(file)?;
        if !page.contains(SDK_MARKER) {
            return Ok(BuiltPage {
                html: page,
                headers: Vec::new(),
            });
        }
        let (before, after) =
            split_once(&page, &self.bundled.html).ok_or_else(|| PageError::Part {
                page: file.into(),
                part: "the snippet",
            })?;
        let (between, after) = split_once(after, SDK_MARKER).ok_or_else(|| PageError::Part {
            page: file.into(),
            part: "the SDK's marker",
        })?;
        let sdk = self.install(load, api, company)?;
        let sdk = if options.sdk_twice {
            format!("{sdk}\n{sdk}")
        } else {
            sdk
        };
        let snippet: &str = &snippet.html;
        let head = match options.snippet {
            SnippetPlace::BeforeSdk => [snippet, &sdk].join(between),
            SnippetPlace::AfterSdk => [sdk.as_str(), snippet].join(between),
            SnippetPlace::Twice => [snippet, snippet, &sdk].join(between),
            SnippetPlace::Absent => sdk,
        };
        let script = |text: &String| format!("<script>{text}</script>\n");
        let first = condition.and_then(|own| own.page.first.as_ref());
        let prelude: String = first
            .into_iter()
            .chain(&options.prelude)
            .map(script)
            .collect();
        let after = match condition {
            Some(condition) => in_body(file, after, &condition.page)?,
            None => after.to_owned(),
        };
        let html = format!("{before}{prelude}{head}{after}");
        let mut headers: Vec<(HeaderName, HeaderValue)> =
            condition.map_or_else(Vec::new, |own| own.headers.clone());
        let policy = match (options.strict_policy, options.storage) {
            (true, _) => Some(strict_policy(&html, &self.vendors(api))?),
            (false, Storage::Blocked) => Some(HeaderValue::from_static(
                "sandbox allow-scripts allow-forms",
            )),
            (false, Storage::Allowed) => None,
        };
        headers.extend(policy.map(|policy| (CONTENT_SECURITY_POLICY, policy)));
        // A policy may allow files and not what stands in the page.
        let html = if headers.is_empty() {
            inlined(&html)?
        } else {
            html
        };
        Ok(BuiltPage { html, headers })
    }

    /// The API's origin, and the vendor's hosts by name: what a shop with a policy allows.
    fn vendors(&self, api: &str) -> String {
        let hosts = self
            .profile
            .hosts
            .iter()
            .map(|host| format!(" https://{}", host.text()));
        std::iter::once(api.to_owned()).chain(hosts).collect()
    }

    fn install(&self, load: Load, api: &str, company: Option<&str>) -> Result<String, PageError> {
        let file = match load {
            Load::Blocking => "blocking",
            // The attribute alone runs them in the order in which they come.
            Load::Async if self.profile.install.scripts.len() > 1 => "async-in-order",
            Load::Async => "async",
            Load::Defer => "defer",
            Load::Injected => "injected",
            Load::InjectedRetry => "injected-retry",
        };
        let install = &self.profile.install;
        let scripts: Vec<String> = install
            .scripts
            .iter()
            .map(|script| format!("{api}{}{script}", install.path))
            .collect();
        let (kind, of_kind) = match install.kind {
            ScriptKind::Classic => ("text/javascript", ""),
            ScriptKind::Module => ("module", " type=\"module\""),
        };
        let config = install
            .config
            .trim()
            .replace("{{company}}", company.unwrap_or(&self.profile.company_key))
            .replace("{{api}}", api);
        let one_a_script = |line: &str| {
            if line.contains("{{script}}") {
                scripts
                    .iter()
                    .map(|script| line.replace("{{script}}", script))
                    .collect::<Vec<_>>()
                    .join("\n")
            } else {
                line.to_owned()
            }
        };
        let fragment = text(&format!("install/{file}.html"))?
            .trim_end()
            .lines()
            .map(one_a_script)
            .collect::<Vec<_>>()
            .join("\n");
        let fragment = fragment
            .replace("{{type}}", of_kind)
            .replace("{{kind}}", kind)
            .replace("{{scripts}}", &json!(scripts).to_string());
        let beside = |name: &String| format!("<script src=\"{BESIDE}{name}\"></script>");
        let lines = install
            .before
            .iter()
            .map(beside)
            .chain([fragment.replace("{{config}}", &config)])
            .chain(install.after.iter().map(beside));
        Ok(lines.collect::<Vec<_>>().join("\n"))
    }
}

/// What follows the SDK on the page `file`, with the parts of a condition in the body.
fn in_body(file: &str, after: &str, parts: &PageParts) -> Result<String, PageError> {
    let lacks = |part| PageError::Part {
        page: file.to_owned(),
        part,
    };
    let (head, body) = split_once(after, "<body>\n").ok_or_else(|| lacks("<body>"))?;
    let (body, end) = split_once(body, "</body>").ok_or_else(|| lacks("</body>"))?;
    let begin = parts.body.as_deref().unwrap_or_default();
    let last = parts.last.as_ref();
    let last = last.map(|script| format!("<script>{script}</script>\n"));
    let last = last.unwrap_or_default();
    Ok(format!("{head}<body>\n{begin}{body}{last}</body>{end}"))
}

/// Splits at `part`, if it stands there exactly once.
fn split_once<'t>(text: &'t str, part: &str) -> Option<(&'t str, &'t str)> {
    text.split_once(part)
        .filter(|(_, after)| !after.contains(part))
}

pub(super) fn text(file: &str) -> Result<String, PageError> {
    Files::page(file)
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .ok_or_else(|| PageError::Missing(file.to_owned()))
}

/// Allows the page's own files, its inline scripts by their hashes, and the vendor's origins;
/// nothing else.
fn strict_policy(html: &str, vendors: &str) -> Result<HeaderValue, PageError> {
    let hashes = inline_scripts(html)
        .map(|script| format!("'sha256-{}'", STANDARD.encode(Sha256::digest(script))))
        .collect::<Vec<_>>()
        .join(" ");
    let policy = format!(
        "default-src 'none'; script-src 'self' {vendors} {hashes}; style-src 'self'; img-src \
         'self'; connect-src {vendors}; base-uri 'none'; form-action 'self'"
    );
    policy.parse().map_err(|_| PageError::Policy(policy))
}

fn inline_scripts(html: &str) -> impl Iterator<Item = &str> {
    html.split("<script>")
        .skip(1)
        .filter_map(|rest| rest.split_once("</script>"))
        .map(|(script, _)| script)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use super::*;

    const PAGES: [&str; 7] = [
        "index.html",
        "product.html",
        "cart.html",
        "checkout.html",
        "thank-you.html",
        "faq.html",
        "single-page.html",
    ];

    fn pages(profile: &str) -> Pages {
        Pages::new(Arc::new(Profile::load(profile, &Files::default()).unwrap())).unwrap()
    }

    fn build(options: &StorefrontOptions) -> BuiltPage {
        let pages = pages("alhena");
        pages
            .build(
                "product.html",
                Variant {
                    options,
                    load: Load::Blocking,
                    condition: None,
                    company: None,
                    snippet: &pages.bundled,
                },
                "http://api.test",
            )
            .unwrap()
    }

    #[test]
    fn every_page_holds_the_snippet_once() {
        let pages = pages("alhena");
        for page in PAGES {
            assert_eq!(
                text(page).unwrap().matches(&*pages.bundled.html).count(),
                1,
                "{page}"
            );
        }
    }

    #[test]
    fn snippet_comes_before_the_sdk() {
        let html = build(&StorefrontOptions::default()).html;
        assert!(
            html.find("_alhenaEventQueue").unwrap()
                < html.find("http://api.test/sdk/gleenWidget.js").unwrap()
        );
    }

    #[test]
    fn snippet_position_follows_the_option() {
        let count = |snippet| {
            build(&StorefrontOptions {
                snippet,
                ..Default::default()
            })
            .html
            .matches("!(function (w) {")
            .count()
        };
        assert_eq!(
            [
                count(SnippetPlace::AfterSdk),
                count(SnippetPlace::Twice),
                count(SnippetPlace::Absent)
            ],
            [1, 2, 0]
        );
        let html = build(&StorefrontOptions {
            snippet: SnippetPlace::AfterSdk,
            ..Default::default()
        })
        .html;
        assert!(
            html.find("_alhenaEventQueue").unwrap()
                > html.find("http://api.test/sdk/gleenWidget.js").unwrap()
        );
    }

    #[test]
    fn modules_load_in_order_after_the_configuration() {
        let mut profile = Profile::load("alhena", &Files::default()).unwrap();
        profile.install.scripts = vec!["runtime.js".into(), "widget.js".into()];
        profile.install.kind = ScriptKind::Module;
        profile.install.before = vec!["glue.js".into()];
        let html = Pages::new(Arc::new(profile))
            .unwrap()
            .install(Load::Defer, "http://api.test", None)
            .unwrap();
        let index = |part: &str| {
            html.find(part)
                .unwrap_or_else(|| panic!("{part} in {html}"))
        };
        assert!(index("/install/glue.js") < index("document.gleenConfig"));
        assert!(
            index("document.gleenConfig")
                < index("type=\"module\" defer src=\"http://api.test/sdk/runtime.js\"")
        );
        assert!(index("sdk/runtime.js") < index("sdk/widget.js"));
        assert!(!html.contains("{{"), "{html}");
    }

    #[test]
    fn several_scripts_run_in_order_where_no_page_waits_for_them() {
        let mut profile = Profile::load("alhena", &Files::default()).unwrap();
        profile.install.scripts = vec!["runtime.js".into(), "widget.js".into()];
        let pages = Pages::new(Arc::new(profile)).unwrap();
        let html = pages.install(Load::Async, "http://api.test", None).unwrap();
        assert!(html.contains("script.async = false"), "{html}");
    }

    #[test]
    fn strict_policy_allows_inline_scripts_by_hash() {
        let page = build(&StorefrontOptions {
            strict_policy: true,
            ..Default::default()
        });
        let policy = &page.headers[0].1;
        assert_eq!(
            policy.to_str().unwrap().matches("'sha256-").count(),
            inline_scripts(&page.html).count()
        );
    }
}
