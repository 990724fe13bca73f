//! What several sections are made of.

use maud::{Markup, html};
use url::Url;

use super::visible::cut;
use crate::contract::Level;
use crate::verdict::Status;

/// A longer text is cut; the report holds it whole.
const LETTERS: usize = 1_200;

/// A name is cut without a word.
const NAME: usize = 80;

/// What stands in one line with others is cut earlier.
const LINE: usize = 240;

/// One part of the page, and of its contents.
pub struct Section {
    /// Its fragment.
    pub id: String,
    /// Its heading.
    pub title: String,
    /// How many it holds, in words; absent where that says nothing.
    pub count: Option<String>,
    /// All below the heading.
    pub body: Markup,
}

/// The status as a sign and a word: never by colour alone.
pub fn badge(status: Status, level: Level) -> Markup {
    let word = if status == Status::Pass && level == Level::Observe {
        "seen"
    } else {
        status.word()
    };
    labelled(word, word)
}

/// A badge of that status with other words in it.
pub fn labelled(class: &str, words: &str) -> Markup {
    html! {
        span class={ "badge " (class) } {
            span aria-hidden="true" { (sign(class)) } " " (words.replace('_', " "))
        }
    }
}

/// What a check or a requirement without a status of its own shows.
pub fn sign(word: &str) -> &'static str {
    match word {
        "pass" => "✓",
        "seen" => "◉",
        "fail" => "✕",
        "flaky" => "≈",
        "unexpected_pass" => "≠",
        "error" => "!",
        "not_testable" => "?",
        "known_failure" => "◐",
        _ => "–",
    }
}

/// Milliseconds in the unit a person would say.
pub fn duration(ms: f64) -> String {
    match ms {
        ms if ms < 999.5 => format!("{ms:.0} ms"),
        ms if ms < 99_950.0 => format!("{:.1} s", ms / 1000.0),
        ms => format!(
            "{:.0} min {:02.0} s",
            (ms / 60_000.0).floor(),
            (ms % 60_000.0) / 1000.0
        ),
    }
}

/// The last part of a path or a URL.
pub fn short(source: &str) -> &str {
    let path = source
        .split(['?', '#'])
        .next()
        .unwrap_or(source)
        .trim_end_matches(['/', '\\']);
    let name = path
        .rsplit(['/', '\\'])
        .next()
        .filter(|name| !name.is_empty())
        .unwrap_or(source);
    cut(name, NAME).0
}

/// A text of bearable length.
pub fn text_cut(text: &str) -> Markup {
    cut_to(text, LETTERS)
}

/// A text of bearable length, for a line that holds more than that.
pub fn line_cut(text: &str) -> Markup {
    cut_to(text, LINE)
}

fn cut_to(text: &str, letters: usize) -> Markup {
    let (shown, missing) = cut(text, letters);
    html! { (shown) @if missing > 0 { "… " i { "and " (missing) " more letters" } } }
}

/// A link, where it leads to the web; else its text. Nothing on the page follows it by itself.
pub fn link(text: &str) -> Markup {
    let is_web = Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https"));
    html! {
        @if is_web { a href=(text) rel="noopener noreferrer nofollow" { bdi { (line_cut(text)) } } }
        @else { bdi { (line_cut(text)) } }
    }
}

/// A part of a whole, as a bar. The number stands beside it.
pub fn bar(part: f64, whole: f64) -> Markup {
    let width = if whole > 0.0 {
        (part / whole * 100.0).clamp(0.0, 100.0)
    } else {
        0.0
    };
    html! {
        svg.bar viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true" {
            rect.track width="100" height="10" {}
            rect.part width=(format!("{width:.1}")) height="10" {}
        }
    }
}

/// Something to copy.
pub fn command(text: &str) -> Markup {
    html! { pre.command translate="no" { code { (text) } } }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("https://github.com/your/sdk/issues/12", true)]
    #[case("http://tracker.test/1", true)]
    #[case("javascript:alert(1)", false)]
    #[case(" javascript:alert(1)", false)]
    #[case("data:text/html,<script>alert(1)</script>", false)]
    #[case("//elsewhere.test", false)]
    #[case("SDK-12", false)]
    fn only_what_leads_to_the_web_is_a_link(#[case] text: &str, #[case] is_link: bool) {
        assert_eq!(link(text).into_string().contains("href"), is_link, "{text}");
    }

    #[rstest]
    #[case(0.4, "0 ms")]
    #[case(950.0, "950 ms")]
    #[case(4_200.0, "4.2 s")]
    #[case(153_400.0, "2 min 33 s")]
    fn a_duration_is_said_as_a_person_says_it(#[case] ms: f64, #[case] said: &str) {
        assert_eq!(duration(ms), said);
    }

    #[test]
    fn a_source_is_called_by_its_last_part() {
        assert_eq!(
            short("https://app.test/sdk/gleenWidget.js?v=2"),
            "gleenWidget.js"
        );
        assert_eq!(short("dist/"), "dist");
        assert_eq!(short("reference"), "reference");
        assert_eq!(short("/"), "/");
    }
}
