use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;
use toml::Spanned;

use super::axes::Axes;
use super::condition::{Condition, Conditions};
use super::declared::{Observed, ProfileCheck};
use super::format::ScenarioFile;
use super::line::Line;
use super::matrix::Matrix;
use super::step::Step;
use super::world::StorefrontOptions;
use crate::contract::{
    BrowserFeature, CaseCheckName, Event, EventFiles, FieldTables, Level, Need, Register,
    RequirementId,
};
use crate::input::{Files, InputError, Source};

/// One scenario, read and understood.
#[derive(Debug, Clone)]
pub struct Scenario {
    /// Its path below `fixtures/scenarios/`, without the extension: `queue/held-in-order`.
    pub id: String,
    /// What it shows, as a sentence.
    pub title: String,
    /// The file, as a person knows it.
    pub file: String,
    /// The file's text, for messages that show a line.
    pub text: String,
    /// Nothing else can be tested where it fails.
    pub prerequisite: bool,
    /// Which values of its `read` steps a report keeps as observations of the build.
    pub observes: Vec<Observed>,
    /// What `profile check` reads from it.
    pub profile_check: Option<ProfileCheck>,
    /// What it needs of the browser.
    pub needs: Vec<BrowserFeature>,
    /// What is unusual about the storefront.
    pub storefront: StorefrontOptions,
    /// What is done, each step with its line.
    pub steps: Vec<(usize, Step)>,
    /// By what it is multiplied into cases.
    pub axes: Axes,
    /// The conditions of its condition axis.
    pub conditions: Vec<Arc<Condition>>,
    /// What the checks compare with.
    pub expect: Expectation,
    /// The checks made on each of its cases.
    pub checks: Vec<PlannedCheck>,
    /// The validation matrix, where a step calls it.
    pub matrix: Option<Matrix>,
    /// The tables that its events must fit.
    pub tables: Arc<FieldTables>,
}

impl Scenario {
    /// The text of a line of the file: how evidence and reports name a step.
    pub fn words_at(&self, line: usize) -> &str {
        let line = self.text.lines().nth(line.saturating_sub(1));
        line.unwrap_or_default().trim().trim_end_matches(',')
    }
}

/// What the checks of a scenario compare with.
#[derive(Debug, Clone, Default)]
pub struct Expectation {
    /// In the order of their calls.
    pub recorded: Vec<Event>,
    /// Called, and not to be recorded.
    pub not_recorded: Vec<Event>,
    /// Values of `read` steps that show that the case came about.
    pub given: BTreeMap<String, Value>,
    /// Values of `read` steps.
    pub page: BTreeMap<String, Value>,
    /// Texts in the console.
    pub console: Vec<String>,
}

/// One check of a scenario.
#[derive(Debug, Clone)]
pub struct PlannedCheck {
    /// The question.
    pub name: CaseCheckName,
    /// The line of the scenario that asks it.
    pub line: usize,
    /// What it proves.
    pub requirements: Vec<RequirementId>,
}

/// Reads one scenario file.
pub(super) struct Reader<'a> {
    source: Source,
    events: &'a EventFiles<'a>,
}

impl Reader<'_> {
    /// The scenario at `path`, relative to the fixtures folder.
    ///
    /// # Errors
    /// If it cannot be read, or a check of it can prove nothing.
    pub fn read(
        path: &str,
        files: &Files,
        events: &EventFiles<'_>,
        register: &Register,
        tables: &Arc<FieldTables>,
        conditions: &Conditions,
    ) -> Result<Scenario, InputError> {
        let id = path.trim_start_matches("scenarios/");
        let id = id.trim_end_matches(".toml");
        Self::of(
            id,
            files.fixture(path)?,
            events,
            register,
            tables,
            conditions,
        )
    }

    /// The scenario `id`, whose file is `source`.
    ///
    /// # Errors
    /// As `read`.
    pub fn of(
        id: &str,
        source: Source,
        events: &EventFiles<'_>,
        register: &Register,
        tables: &Arc<FieldTables>,
        conditions: &Conditions,
    ) -> Result<Scenario, InputError> {
        let file: ScenarioFile = source.toml()?;
        let reader = Reader { source, events };
        let conditions = reader.conditions(&file.axes.condition, conditions)?;
        let mut steps = Vec::new();
        for step in file.steps {
            let line = reader.source.line_of(&step.span());
            steps.push((line, step.into_inner().step(reader.line(line))?));
        }
        let mut given = file.given.keys();
        if let Some(name) = given.find(|name| !is_read(name.get_ref(), &steps)) {
            let (line, name) = (reader.source.line_of(&name.span()), name.get_ref());
            let found = format!("no `read` step reads `{name}`, which [given] compares");
            let help = format!("add a `read` step with `as = \"{name}\"`");
            return Err(reader.line(line).error(found).help(help));
        }
        let given = file.given.into_iter();
        let given = given.map(|(name, value)| (name.into_inner(), value));
        let mut expect = Expectation {
            given: reader.values(given)?,
            page: reader.values(file.expect.page.into_iter())?,
            console: file.expect.console,
            ..Expectation::default()
        };
        for (list, events) in [
            (file.expect.recorded, &mut expect.recorded),
            (file.expect.not_recorded, &mut expect.not_recorded),
        ] {
            for reference in list {
                let line = reader.source.line_of(&reference.span());
                events.extend(reader.line(line).events(&[reference.into_inner()])?);
            }
        }
        let of_step = |(line, step): &(usize, Step)| Some((*line, step.facts().matrix?));
        let mut matrices = steps.iter().filter_map(of_step);
        let matrix = matrices.next().map(|(_, method)| method);
        if let Some((second, _)) = matrices.next() {
            return Err(reader
                .line(second)
                .error("this scenario calls two matrices")
                .help("make two scenarios of it: each page load has one"));
        }
        let matrix = matrix.map(|method| Matrix::new(method, tables, register));
        let mut observes = Vec::new();
        for declared in file.observes {
            let line = reader.source.line_of(&declared.span());
            let value = declared.into_inner();
            let mut reads = value.reads().iter();
            if let Some(name) = reads.find(|name| !is_read(name, &steps)) {
                let found = format!("no `read` step reads `{name}`, which is observed here");
                let help = format!("add a `read` step with `as = \"{name}\"`");
                return Err(reader.line(line).error(found).help(help));
            }
            observes.push(value);
        }
        let mut checks = Vec::new();
        for (name, requirements) in file.checks {
            let line = reader.source.line_of(&name.span());
            for id in &requirements {
                register.demand(id, &reader.source, line)?;
            }
            let name = name.into_inner();
            if let Some(why) = can_prove_nothing(name, &requirements, &steps, &expect, register) {
                let found = format!("the check `{name}` can prove nothing here: {why}");
                return Err(reader.line(line).error(found));
            }
            checks.push(PlannedCheck {
                name,
                line,
                requirements,
            });
        }
        if checks.is_empty() && matrix.is_none() {
            let help = "add a `[checks]` table: the name of a check = the requirements it proves";
            return Err(reader
                .source
                .error("this scenario checks nothing")
                .at_line(reader.source.line_of_key(&["checks"]))
                .help(help));
        }
        checks.sort_by_key(|check| check.line);
        Ok(Scenario {
            id: id.to_owned(),
            title: file.title,
            file: reader.source.name.clone(),
            text: reader.source.text.clone(),
            prerequisite: file.prerequisite,
            observes,
            profile_check: file.profile_check,
            needs: file.needs,
            storefront: file.storefront,
            steps,
            axes: file.axes,
            conditions,
            expect,
            checks,
            matrix,
            tables: Arc::clone(tables),
        })
    }

    /// The conditions of these names.
    fn conditions(
        &self,
        names: &[Spanned<String>],
        known: &Conditions,
    ) -> Result<Vec<Arc<Condition>>, InputError> {
        let mut conditions = Vec::new();
        for name in names {
            let meant = known.named(name.as_ref());
            if meant.is_empty() {
                let all: Vec<&str> = known.names().collect();
                return Err(self
                    .line(self.source.line_of(&name.span()))
                    .error(format!("`{}` is not a condition", name.as_ref()))
                    .help(format!("the conditions are {}", all.join(", "))));
            }
            conditions.extend(meant);
        }
        Ok(conditions)
    }

    fn line(&self, number: usize) -> Line<'_> {
        Line {
            source: &self.source,
            events: self.events,
            number,
        }
    }

    /// What the values that were read are compared with.
    fn values(
        &self,
        values: impl Iterator<Item = (String, toml::Value)>,
    ) -> Result<BTreeMap<String, Value>, InputError> {
        let json = |(name, value)| match serde_json::to_value(value) {
            Ok(value) => Ok((name, value)),
            Err(error) => {
                let found = format!("`{name}` cannot be compared with a value: {error}");
                Err(self.source.error(found))
            }
        };
        values.map(json).collect()
    }
}

/// Why a check could only pass, or only fail by the author's mistake; `None`: it can do both.
fn can_prove_nothing(
    name: CaseCheckName,
    requirements: &[RequirementId],
    steps: &[(usize, Step)],
    expect: &Expectation,
    register: &Register,
) -> Option<String> {
    let facts = name.facts();
    let is_observed = register.level_of(requirements) == Level::Observe;
    let unmet = facts
        .needs
        .iter()
        .find_map(|need| unmet(*need, steps, expect));
    if unmet.is_some() {
        return unmet;
    }
    if requirements.is_empty() {
        return Some("it names no requirement".to_owned());
    }
    (facts.is_observation != is_observed).then(|| {
        "an `observe-…` check goes with requirements of the level `observe`, any other with a \
         `should` or a `must`"
            .to_owned()
    })
}

/// Why the scenario does not give a check what it needs; `None`: it does.
fn unmet(need: Need, steps: &[(usize, Step)], expect: &Expectation) -> Option<String> {
    let lacks = |is_it: fn(&Step) -> bool| !steps.iter().any(|(_, step)| is_it(step));
    match need {
        Need::ReadyStep => lacks(|step| step.facts().awaits_ready)
            .then(|| "there is no `until_ready` step".to_owned()),
        Need::ExpectedEvents(least) => {
            (expect.recorded.len() < least).then(|| match expect.recorded.len() {
                0 => "`expect.recorded` is empty".to_owned(),
                count => format!("`expect.recorded` holds {count} of {least} events"),
            })
        }
        Need::ForbiddenEvents => expect
            .not_recorded
            .is_empty()
            .then(|| "`expect.not_recorded` is empty".to_owned()),
        Need::ExpectedPage if expect.page.is_empty() => Some("`expect.page` is empty".to_owned()),
        Need::ExpectedPage => expect
            .page
            .keys()
            .find(|name| !is_read(name, steps))
            .map(|name| format!("`expect.page` names a value that no `read` step reads: `{name}`")),
        Need::ExpectedConsole => expect
            .console
            .is_empty()
            .then(|| "`expect.console` is empty".to_owned()),
        Need::ReadStep => lacks(|step| matches!(step, Step::Read { .. }))
            .then(|| "there is no `read` step".to_owned()),
        Need::Getters => lacks(|step| matches!(step, Step::Identify))
            .then(|| "there is no `identify` step".to_owned()),
        Need::SecondVisitor => lacks(|step| matches!(step, Step::Visitor(_)))
            .then(|| "there is no second visitor".to_owned()),
        // Every scenario has them: the harness provides them.
        Need::Requests | Need::Browser(_) => None,
    }
}

/// Whether a `read` step keeps a value by this name.
fn is_read(name: &str, steps: &[(usize, Step)]) -> bool {
    let is_it = |step: &Step| matches!(step, Step::Read { name: read, .. } if read == name);
    steps.iter().any(|(_, step)| is_it(step))
}
