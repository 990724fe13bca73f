use super::model::Comparison;
use super::outline::{Item, Section, Tone};
use super::sections::{circumstances, sections, semver, side, verdict};

/// Nothing is loaded, and no script runs.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'";

const STYLE: &str = "body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1c2024;background:#fff}\
code{font:13px/1.5 ui-monospace,monospace;overflow-wrap:anywhere}li{margin:.4rem 0}ul ul{color:#4b5563}h1{font-size:1.3rem}h2{font-size:1.05rem;margin-top:2rem}\
.bad{color:#b42318}.careful{color:#8a5a00}.good{color:#147a3d}.neutral{color:inherit}\
@media(prefers-color-scheme:dark){body{color:#e6e8ea;background:#16181b}ul ul{color:#a9b0b7}.bad{color:#ff8a80}.careful{color:#f0c060}.good{color:#6fd69a}}";

/// Text in a page: everything in it is escaped, and nothing else can be put into one.
#[derive(Debug, Default)]
struct Page(String);

impl Page {
    fn markup(&mut self, ours: &'static str) {
        self.0.push_str(ours);
    }

    fn text(&mut self, text: &str) {
        for letter in text.chars() {
            match letter {
                '&' => self.0.push_str("&amp;"),
                '<' => self.0.push_str("&lt;"),
                '>' => self.0.push_str("&gt;"),
                '"' => self.0.push_str("&quot;"),
                '\'' => self.0.push_str("&#39;"),
                letter if letter.is_control() && letter != '\n' => self.0.push(' '),
                letter => self.0.push(letter),
            }
        }
    }

    fn toned(&mut self, tone: Tone, text: &str) {
        self.markup("<b class=\"");
        self.markup(class(tone));
        self.markup("\">");
        self.text(text);
        self.markup("</b> ");
    }

    fn code(&mut self, text: &str) {
        self.markup("<code>");
        self.text(text);
        self.markup("</code>");
    }
}

/// The comparison as one page.
pub(super) fn html(comparison: &Comparison) -> String {
    let mut page = Page::default();
    page.markup("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta http-equiv=\"Content-Security-Policy\" content=\"");
    page.markup(POLICY);
    page.markup("\"><meta name=\"viewport\" content=\"width=device-width\"><title>");
    page.text(&verdict(comparison));
    page.markup("</title><style>");
    page.markup(STYLE);
    page.markup("</style></head><body>\n<h1>");
    page.toned(if comparison.has_regressed() { Tone::Bad } else { Tone::Good }, &verdict(comparison));
    page.markup("</h1>\n<p>");
    page.text(&semver(comparison));
    page.markup("</p>\n<ul>");
    for (name, of) in [("old", &comparison.old), ("new", &comparison.new)] {
        page.markup("<li>");
        page.text(&format!("{name} "));
        page.code(&side(of));
        page.markup("</li>\n");
    }
    for item in circumstances(comparison) {
        write_item(&mut page, &item);
    }
    page.markup("</ul>\n");
    for section in sections(comparison) {
        write_section(&mut page, &section);
    }
    page.markup("</body></html>\n");
    page.0
}

fn write_section(page: &mut Page, section: &Section) {
    page.markup("<h2>");
    page.toned(section.tone, &section.heading());
    page.markup("</h2>\n");
    if let Some(note) = &section.note {
        page.markup("<p>");
        page.text(note);
        page.markup("</p>\n");
    }
    page.markup("<ul>");
    for item in &section.items {
        write_item(page, item);
    }
    page.markup("</ul>\n");
}

fn write_item(page: &mut Page, item: &Item) {
    page.markup("<li>");
    page.toned(item.tone, &item.mark);
    page.code(&item.subject);
    page.markup("<ul>");
    for detail in &item.details {
        page.markup("<li>");
        if !detail.label.is_empty() {
            page.text(&format!("{}: ", detail.label));
        }
        page.code(&detail.text);
        page.markup("</li>");
    }
    page.markup("</ul></li>\n");
}

fn class(tone: Tone) -> &'static str {
    match tone {
        Tone::Bad => "bad",
        Tone::Careful => "careful",
        Tone::Good => "good",
        Tone::Neutral => "neutral",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hostile_text_stays_text() {
        let mut page = Page::default();
        page.code("</code><script>alert('x\u{0}')</script>&\"");
        assert_eq!(page.0, "<code>&lt;/code&gt;&lt;script&gt;alert(&#39;x &#39;)&lt;/script&gt;&amp;&quot;</code>");
    }
}
