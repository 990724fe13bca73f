//! Lines, and what of them is a link, a badge or a bar.

use maud::{Markup, html};
use url::Url;

use super::visible::cut;
use crate::render::document::{Anchor, Badge, Escape, Line, Span, Style, Tone};

/// A longer text is cut; the report holds it whole.
pub const LETTERS: usize = 1_200;

/// What stands with others is cut earlier.
pub const LINE: usize = 240;

/// A text of at most so many letters, and how many are left out.
pub struct Html(pub usize);

impl Escape for Html {
    type Output = Markup;
    fn escape(&self, raw: &str) -> Markup {
        let (shown, missing) = cut(raw, self.0);
        html! { (shown) @if missing > 0 { "… " i { "and " (missing) " more letters" } } }
    }
}

/// A sentence of ours: what stands between backticks is code. Texts of an SDK may have a backtick,
/// too; one that has no other is a letter.
pub struct Prose;

impl Escape for Prose {
    type Output = Markup;
    fn escape(&self, raw: &str) -> Markup {
        let parts: Vec<&str> = raw.split('`').collect();
        if parts.len().is_multiple_of(2) || raw.chars().count() > LETTERS {
            return Html(LETTERS).escape(raw);
        }
        let shown = |(index, part): (usize, &&str)| {
            let text = Html(LETTERS).escape(part);
            html! { @if !index.is_multiple_of(2) { code { (text) } } @else { (text) } }
        };
        html! { @for part in parts.iter().enumerate().map(shown) { (part) } }
    }
}

/// A link, where it leads to the web; else its text. Nothing on the page follows it by itself.
struct Web;

impl Escape for Web {
    type Output = Markup;
    fn escape(&self, raw: &str) -> Markup {
        let is_web = Url::parse(raw).is_ok_and(|url| matches!(url.scheme(), "http" | "https"));
        let text = Html(LINE).escape(raw);
        html! {
            @if is_web { a href=(raw) rel="noopener noreferrer nofollow" { (text) } }
            @else { (text) }
        }
    }
}

/// One line.
pub fn line(line: &Line) -> Markup {
    html! { @for span in line.spans() { (linked(span)) } }
}

fn linked(span: &Span) -> Markup {
    match &span.link {
        None => styled(span),
        Some(anchor) => html! { a href={ "#" (anchor) } { (styled(span)) } },
    }
}

fn styled(span: &Span) -> Markup {
    let text = span.text.escaped(&Html(LETTERS));
    match span.style {
        Style::Plain => text,
        Style::Strong => html! { strong { (text) } },
        Style::Code => html! { code { (text) } },
        Style::Prose => html! { (text) },
        Style::Soft => html! { span.soft { (text) } },
        Style::Hash => html! { code.hash { (text) } },
        Style::Web => span.text.escaped(&Web),
        Style::Command => html! { code.once { (span.text.escaped(&Html(usize::MAX))) } },
        Style::Expected => html! { span.expected { (text) } },
        Style::Actual => html! { span.actual { (text) } },
        Style::Badge(tone) => labelled(tone, &text),
    }
}

/// How to take something, as a sign and a word: never by colour alone.
pub fn badge(badge: &Badge) -> Markup {
    labelled(badge.tone, &badge.words.escaped(&Html(LINE)))
}

fn labelled(tone: Tone, words: &Markup) -> Markup {
    html! {
        span class={ "badge " (class(tone)) } {
            span aria-hidden="true" { (sign(tone)) } " " (words)
        }
    }
}

/// The class of a tone.
pub fn class(tone: Tone) -> &'static str {
    match tone {
        Tone::Bad => "bad",
        Tone::Careful => "careful",
        Tone::Neutral => "neutral",
        Tone::Seen => "seen",
        Tone::Good => "good",
    }
}

/// The sign of a tone.
pub fn sign(tone: Tone) -> &'static str {
    match tone {
        Tone::Bad => "✕",
        Tone::Careful => "?",
        Tone::Neutral => "–",
        Tone::Seen => "◉",
        Tone::Good => "✓",
    }
}

/// A heading of a level from 2 on.
pub fn heading(level: u8, id: Option<&Anchor>, body: &Markup) -> Markup {
    match level {
        2 => html! { h2 id=[id] { (body) } },
        3 => html! { h3 id=[id] { (body) } },
        4 => html! { h4 id=[id] { (body) } },
        _ => html! { h5 id=[id] { (body) } },
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("`a` is missing", "<code>a</code> is missing")]
    #[case("no \"a`b\"", "no &quot;a`b&quot;")]
    #[case("`<b>`", "<code>&lt;b&gt;</code>")]
    fn names_in_a_sentence_are_code(#[case] text: &str, #[case] shown: &str) {
        assert_eq!(Prose.escape(text).into_string(), shown);
    }

    #[rstest]
    #[case("https://github.com/your/sdk/issues/12", true)]
    #[case("http://tracker.test/1", true)]
    #[case("javascript:alert(1)", false)]
    #[case(" javascript:alert(1)", false)]
    #[case("data:text/html,<script>alert(1)</script>", false)]
    #[case("//elsewhere.test", false)]
    #[case("SDK-12", false)]
    fn only_addresses_on_the_web_are_links(#[case] text: &str, #[case] is_link: bool) {
        let shown = Web.escape(text).into_string();
        assert_eq!(shown.contains("href"), is_link, "{text}");
    }
}
