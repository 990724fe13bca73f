//! The documents that explain a requirement, a check and a scenario.

use std::collections::{BTreeMap, BTreeSet};

use super::Library;
use super::library::questions;
use crate::contract::{CheckId, Event, Guide, Level, Question, Requirement, RequirementId};
use crate::plan::{Case, CaseCheck};
use crate::render::document::{
    Anchor, Block, Depth, Document, Fact, Line, Mark, Section, SourceLine, Style, Text, Tone,
};
use crate::scenario::Scenario;
use crate::sdk::Mutant;
use crate::text::{counted, cut_to};

/// More names than these are counted only.
const SHOWN: usize = 12;

/// Longer data of events is cut; the event's file holds it whole.
const SHOWN_LETTERS: usize = 160;

/// The pages of the source tree that describe what an explanation is about.
const READ_ON: [(&str, &str); 3] = [
    ("fixtures/scenarios/README.md", "scenarios, steps, axes"),
    ("fixtures/mutants/README.md", "mutants"),
    ("harness/verdict/README.md", "verdicts, known failures"),
];

impl Library<'_> {
    /// What the id of a requirement, a check, a case or a scenario stands for; `None`: there is
    /// none of that id.
    pub fn explain(&self, id: &str) -> Option<Document> {
        if let Some(own) = self.suite.register.get(&RequirementId(id.to_owned())) {
            return Some(requirement(self, own));
        }
        if let Some((case, own)) = self.checks().find(|(_, check)| check.id.0 == id) {
            return Some(check(self, case, own));
        }
        let cases = self.cases.iter();
        let cases: Vec<&Case> = cases
            .filter(|case| case.id == id || case.scenario.id == id)
            .collect();
        let first = cases.first()?;
        Some(scenario(self, id, &first.scenario, &cases))
    }
}

/// A requirement: its promise, its checks, and how such a bug happens.
fn requirement(library: &Library<'_>, requirement: &Requirement) -> Document {
    let proves = |(_, check): &(&Case, &CaseCheck)| check.requirements.contains(&requirement.id);
    let checks: Vec<(&Case, &CaseCheck)> = library.checks().filter(proves).collect();
    let mut page = Page::new("");
    page.blocks(promise(requirement));
    page.section(&format!("Proved by {}", counted(checks.len(), "check")));
    let titles = checks
        .iter()
        .map(|(case, check)| (&check.id, case.scenario.title.as_str()));
    page.names(
        titles,
        &library.command(&["list", "--filter", &requirement.id.0]),
    );
    let breaks = |mutant: &&Mutant| mutant.breaks == requirement.id;
    page.mutants(&library.mutants.iter().filter(breaks).collect::<Vec<_>>());
    for (name, question) in questions(checks.iter().map(|(_, check)| *check)) {
        if let Some(Guide { asks, means, fix }) = library.suite.guides.of_check(question) {
            page.section(&format!("The check {name}"));
            page.text(asks);
            page.facts([
                Fact::new("a failure usually means", Line::new().prose(means)),
                Fact::new("how to fix it", Line::new().prose(fix)),
            ]);
        }
    }
    page.document(library, &requirement.id.0, "a requirement")
}

/// A check: its promises, its scenario, what proves it and what its failure usually means.
fn check(library: &Library<'_>, case: &Case, check: &CaseCheck) -> Document {
    let mut page = Page::new("");
    for id in &check.requirements {
        if let Some(requirement) = library.suite.register.get(id) {
            page.section(&format!("It proves {id}"));
            page.blocks(promise(requirement));
        }
    }
    let guide = library.suite.guides.of_check(check.question);
    if let Some(guide) = guide {
        page.section("What it asks");
        page.text(&guide.asks);
    }
    if let Question::OfRow(_, index) = check.question
        && let Some(matrix) = &case.scenario.matrix
        && let Some(row) = matrix.rows.get(index)
    {
        let (method, spoil) = (matrix.method, &row.spoil);
        page.text(&format!(
            "Here of {method}, where in otherwise valid data: {spoil}"
        ));
    }
    let needs = check.question.facts().needs;
    let needs: Vec<String> = needs.iter().map(|need| need.words()).collect();
    if !needs.is_empty() {
        page.text(&format!("It needs {}.", needs.join("; ")));
    }
    page.sources(&case.scenario, Some(check.line));
    page.mutants(&library.proving(&BTreeSet::from([&check.id])));
    if let Some(guide) = guide {
        page.section("What a failure usually means");
        page.text(&guide.means);
        page.section("How to fix it");
        page.text(&guide.fix);
    }
    let what = format!("a check of the scenario “{}”", case.scenario.title);
    page.document(library, &check.id.0, &what)
}

/// A scenario, or one case of it: its steps and its checks.
fn scenario(library: &Library<'_>, id: &str, scenario: &Scenario, cases: &[&Case]) -> Document {
    let mut page = Page::new("");
    page.text(&scenario.title);
    page.sources(scenario, None);
    let checks: Vec<&CaseCheck> = cases.iter().flat_map(|case| &case.checks).collect();
    let (all, of) = (counted(checks.len(), "check"), counted(cases.len(), "case"));
    page.section(&format!("{all} in {of}"));
    let statements: Vec<(&CheckId, String)> = checks
        .iter()
        .map(|check| (&check.id, library.statements(check)))
        .collect();
    let lines = statements.iter().map(|(id, said)| (*id, said.as_str()));
    page.names(lines, &library.command(&["list", "--filter", id]));
    page.mutants(&library.proving(&checks.iter().map(|check| &check.id).collect()));
    page.section("What its checks ask");
    let guides = questions(checks.into_iter()).into_iter();
    page.facts(guides.filter_map(|(name, question)| {
        let asks = &library.suite.guides.of_check(question)?.asks;
        Some(Fact::new(name, Line::new().prose(asks)))
    }));
    page.text(
        "The explanation of one check says what its failure usually means, and how to fix it.",
    );
    let what = if scenario.prerequisite {
        "a scenario, without which nothing else can be tested"
    } else {
        "a scenario"
    };
    page.document(library, id, what)
}

/// Sections, one after the other.
struct Page(Vec<Section>);

impl Page {
    fn new(title: &str) -> Self {
        let mut page = Self(Vec::new());
        page.section(title);
        page
    }

    fn section(&mut self, title: &str) {
        self.0.push(Section {
            anchor: Anchor::section("explain").within(Some(self.0.len())),
            title: Text::from(title),
            tone: Tone::Neutral,
            depth: Depth::Summary,
            blocks: Vec::new(),
        });
    }

    fn blocks(&mut self, blocks: Vec<Block>) {
        if let Some(last) = self.0.last_mut() {
            last.blocks.extend(blocks);
        }
    }

    fn text(&mut self, text: &str) {
        self.blocks(vec![Block::Paragraph(Line::new().prose(text))]);
    }

    fn command(&mut self, command: &str) {
        let line = Line::new().with(Style::Command, command);
        self.blocks(vec![Block::Paragraph(line)]);
    }

    fn facts(&mut self, facts: impl IntoIterator<Item = Fact>) {
        self.blocks(vec![Block::Facts(facts.into_iter().collect())]);
    }

    /// The first of some checks, and the command that lists them all.
    fn names<'n>(&mut self, all: impl Iterator<Item = (&'n CheckId, &'n str)>, list: &str) {
        let mut facts: Vec<Fact> = all.map(|(id, said)| Fact::new(id, said)).collect();
        let more = facts.len().saturating_sub(SHOWN);
        facts.truncate(SHOWN);
        self.facts(facts);
        if more > 0 {
            self.text(&format!("… and {more} more:"));
            self.command(list);
        }
    }

    fn mutants(&mut self, mutants: &[&Mutant]) {
        if mutants.is_empty() {
            return;
        }
        self.section("How such a bug happens: breakages of the reference SDK that are caught here");
        let fact = |mutant: &&Mutant| {
            let how = format!("{} ({})", mutant.how, mutant.at);
            Fact::new(&mutant.id, Line::from(how))
        };
        self.facts(mutants.iter().take(SHOWN).map(fact));
        let more = mutants.len().saturating_sub(SHOWN);
        if more > 0 {
            self.text(&format!("… and {more} more below fixtures/mutants/"));
        }
    }

    /// The scenario as it is written, and the events it speaks of.
    fn sources(&mut self, scenario: &Scenario, marked: Option<usize>) {
        match marked {
            Some(line) => self.section(&format!("{}:{line}", scenario.file)),
            None => self.section(&scenario.file),
        }
        let lines = (1..).zip(scenario.text.lines());
        let lines = lines.map(|(number, text)| SourceLine {
            number: Text::from(number),
            text: Text::from(text),
            mark: if marked == Some(number) {
                Mark::Asked
            } else {
                Mark::Around
            },
        });
        self.blocks(vec![Block::Source(lines.collect())]);
        let events = events(scenario);
        if events.is_empty() {
            return;
        }
        self.section("The events");
        let fact = |(name, (event, count)): (String, (&Event, usize))| {
            let name = if count > 1 {
                format!("{name}, {count} of a series")
            } else {
                name
            };
            let data = cut_to(&event.args.to_string(), SHOWN_LETTERS);
            Fact::new(name, Line::new().code(format!("{}({data})", event.method)))
        };
        self.facts(events.into_iter().map(fact));
    }

    fn document(mut self, library: &Library<'_>, id: &str, what: &str) -> Document {
        self.section("To run it");
        self.command(&library.command(&["run", "--filter", id]));
        self.section("To read on, in the source tree");
        self.facts(READ_ON.map(|(file, about)| Fact::new(file, about)));
        let heading = Line::new().strong(id).plain("  ").soft(what);
        self.0.retain(|section| !section.blocks.is_empty());
        Document::new("explain", heading, None, self.0)
    }
}

fn promise(requirement: &Requirement) -> Vec<Block> {
    let mut lines = vec![
        requirement.statement.clone(),
        format!("source: {}", requirement.source),
        format!("level: {}", meaning(requirement.level)),
    ];
    lines.extend(requirement.under.iter().map(|(policy, values)| {
        let values = values.join(" or ");
        format!("only where the profile says {policy} = {values}")
    }));
    let excluded = requirement.excluded.iter();
    lines.extend(excluded.map(|why| format!("no check covers it: {why}")));
    let lines = lines.into_iter();
    let lines = lines.map(|line| Block::Paragraph(Line::new().prose(line)));
    lines.collect()
}

fn meaning(level: Level) -> &'static str {
    match level {
        Level::Must => "must. The API page says so, and a run fails where it is broken.",
        Level::Should => {
            "should. A promise of the API page implies it, and a run fails where it is broken."
        }
        Level::Observe => {
            "observe. The API page is silent: what happens is recorded and compared, and \
             never fails a run."
        }
    }
}

/// Every event that a scenario calls or expects, by the name of its file, with how many of a series
/// there are.
fn events(scenario: &Scenario) -> BTreeMap<String, (&Event, usize)> {
    let steps = scenario.steps.iter();
    let steps = steps.flat_map(|(_, step)| step.facts().named());
    let expected = scenario.expect.recorded.iter();
    let all = steps.chain(expected).chain(&scenario.expect.not_recorded);
    let (mut labels, mut events) = (BTreeSet::new(), BTreeMap::new());
    for event in all.filter(|event| labels.insert(&event.label)) {
        let name = event.label.split('#').next().unwrap_or_default();
        events.entry(name.to_owned()).or_insert((event, 0)).1 += 1;
    }
    events
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use crate::explain::Library;
    use crate::input::Files;
    use crate::plan::Patterns;
    use crate::render::{Screen, html_body, markdown, terminal};
    use crate::scenario::Suite;
    use crate::sdk::Proofs;

    #[test]
    fn explained_check_looks_like_its_snapshots() {
        let files = Files::default();
        let suite = Suite::load(&files).unwrap();
        let library = Library {
            suite: &suite,
            cases: &suite.plan(&mut Patterns::new(&["cart/item-added".to_owned()])),
            mutants: &[],
            proofs: &Proofs::load(&files).unwrap(),
            options: &[],
        };
        let document = library.explain("cart/item-added#unchanged").unwrap();
        let text = terminal::plain(&terminal::text(&document, Screen::default()));
        insta::assert_snapshot!("check.text", text);
        insta::assert_snapshot!("check.md", markdown::markdown(&document));
        insta::assert_snapshot!("check.html", html_body(&document));
    }
}
