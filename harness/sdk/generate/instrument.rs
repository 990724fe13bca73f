use std::collections::BTreeMap;

use super::change::{Site, SiteKind};
use super::site::SiteId;

/// Begins what an instrumented build says of a site: on the console, whose log outlives
/// navigations; and while its page goes away, when the console is no longer heard, or where a
/// shop's own console cannot say it, as the path of a beacon to the backend, which writes every
/// request down.
const COVERED: &str = "alhena-conformance-covered-";

/// The name that an instrumented build adds to the page.
const FUNCTION: &str = "alhenaConformanceCovered";

/// In one line, so that the SDK's own lines keep their numbers. Where the script comes from is
/// where the backend is.
const PRELUDE: &str = include_str!("prelude.js");

/// Texts to be put into a source, in its order.
#[derive(Debug)]
pub(super) struct Insertions(Vec<(usize, String)>);

impl Insertions {
    /// The source with them.
    pub fn apply(&self, source: &str) -> String {
        let mut text = String::with_capacity(source.len() * 2);
        let mut done = 0;
        for (at, inserted) in &self.0 {
            text.push_str(&source[done..*at]);
            text.push_str(inserted);
            done = *at;
        }
        text + &source[done..]
    }
}

/// What makes each site say that it is executed. The function that says it stands after the
/// directives, and once, however often the script is loaded.
pub(super) fn insertions(sites: &BTreeMap<Site, SiteId>, after_directives: usize) -> Insertions {
    let mut all = Vec::new();
    for (site, SiteId(id)) in sites {
        let (start, end, kind) = (to_signed(site.start), to_signed(site.end), site.kind);
        let called = format!("{FUNCTION}({id})");
        // Where several meet: what ends comes before what begins; the inner ends first, and the
        // outer begins first.
        let opening = |at: usize, text: String| (at, true, -end, kind as i64, text);
        let closing = |text: &str| (site.end, false, -start, -(kind as i64), text.to_owned());
        match kind {
            SiteKind::Block => all.push(opening(site.start + 1, format!("{called};"))),
            SiteKind::Statement => {
                all.extend([opening(site.start, format!("{{{called};")), closing("}")]);
            }
            SiteKind::Expression => {
                all.extend([opening(site.start, format!("({called},")), closing(")")]);
            }
        }
    }
    all.sort();
    let prelude = PRELUDE
        .replace("FUNCTION", FUNCTION)
        .replace("COVERED", COVERED)
        .replace('\n', " ");
    let all = all.into_iter().map(|(at, _, _, _, text)| (at, text));
    let prelude = std::iter::once((after_directives, prelude));
    Insertions(prelude.chain(all).collect())
}

/// The site that a console message, or the path of a request, names.
pub(super) fn executed(message: &str) -> Option<SiteId> {
    let (_, id) = message.split_once(COVERED)?;
    let digits: String = id.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok().map(SiteId)
}

fn to_signed(at: usize) -> i64 {
    i64::try_from(at).expect("a source of at most 64 MiB has places that fit")
}
