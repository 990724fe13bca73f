use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;

use super::declared::{Observed, ProfileCheck};
use super::format::{InteractWord, ScenarioFile, StepFile};
use super::matrix::Matrix;
use super::step::{CallStyle, Interaction, Load, Step, StorefrontOptions};
use crate::contract::{
    CaseCheckName, Event, EventReference, FieldTables, Level, Need, Register, RequirementId,
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
    /// What is unusual about the storefront.
    pub storefront: StorefrontOptions,
    /// What is done, each step with its line.
    pub steps: Vec<(usize, Step)>,
    /// The values of each axis; empty: the axis is not used.
    pub loads: Vec<Load>,
    /// As `loads`.
    pub interactions: Vec<Interaction>,
    /// As `loads`.
    pub calls: Vec<CallStyle>,
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
    /// What stands in a line of the file, as evidence and reports tell a step.
    #[must_use]
    pub fn words_at(&self, line: usize) -> &str {
        self.text
            .lines()
            .nth(line.saturating_sub(1))
            .unwrap_or_default()
            .trim()
            .trim_end_matches(',')
    }
}

/// What the checks of a scenario compare with.
#[derive(Debug, Clone, Default)]
pub struct Expectation {
    /// In the order of their calls.
    pub recorded: Vec<Event>,
    /// Called, and not to be recorded.
    pub not_recorded: Vec<Event>,
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

/// All scenarios, with the register and the tables they speak of.
#[derive(Debug)]
pub struct Suite {
    /// The promises.
    pub register: Register,
    /// Every scenario, by id.
    pub scenarios: Vec<Scenario>,
}

impl Suite {
    /// Reads all fixtures.
    ///
    /// # Errors
    /// Every unreadable file, not only the first.
    pub fn load(files: &Files) -> Result<Self, Vec<InputError>> {
        let paths = files.list("scenarios", "toml");
        if paths.is_empty() {
            return Err(vec![
                InputError::new("scenarios", "no scenario was found")
                    .help("put TOML files into `scenarios/` of the fixtures folder"),
            ]);
        }
        Self::of(&paths, files)
    }

    /// Reads just the scenarios at `paths`, relative to the fixtures folder.
    ///
    /// # Errors
    /// As `load`.
    pub fn of(paths: &[String], files: &Files) -> Result<Self, Vec<InputError>> {
        let (register, tables) = match (Register::load(files), FieldTables::load(files)) {
            (Ok(register), Ok(tables)) => (register, Arc::new(tables)),
            (register, tables) => {
                return Err(register.err().into_iter().chain(tables.err()).collect());
            }
        };
        let mut scenarios = Vec::new();
        let mut errors = Vec::new();
        for path in paths {
            match Reader::read(path, files, &register, &tables) {
                Ok(scenario) => scenarios.push(scenario),
                Err(error) => errors.push(error),
            }
        }
        if errors.is_empty() {
            Ok(Self {
                register,
                scenarios,
            })
        } else {
            Err(errors)
        }
    }
}

struct Reader<'a> {
    source: Source,
    files: &'a Files,
}

impl Reader<'_> {
    fn read(
        path: &str,
        files: &Files,
        register: &Register,
        tables: &Arc<FieldTables>,
    ) -> Result<Scenario, InputError> {
        let source = files.fixture(path)?;
        let file: ScenarioFile = source.toml()?;
        let reader = Reader { source, files };
        let mut steps = Vec::new();
        for step in file.steps {
            let line = reader.source.line_of(&step.span());
            steps.push((line, reader.step(step.into_inner(), line)?));
        }
        let mut expect = Expectation {
            page: file
                .expect
                .page
                .into_iter()
                .map(|(name, value)| Ok((name, reader.json(value)?)))
                .collect::<Result<_, InputError>>()?,
            console: file.expect.console,
            ..Expectation::default()
        };
        for (list, events) in [
            (file.expect.recorded, &mut expect.recorded),
            (file.expect.not_recorded, &mut expect.not_recorded),
        ] {
            for reference in list {
                let line = reader.source.line_of(&reference.span());
                events.extend(reader.events(&[reference.into_inner()], line)?);
            }
        }
        if steps
            .iter()
            .filter(|(_, step)| matches!(step, Step::Matrix(_)))
            .count()
            > 1
        {
            return Err(reader
                .source
                .error("this scenario calls two matrices")
                .help("make two scenarios of it: each page load has one"));
        }
        let matrix = steps.iter().find_map(|(_, step)| {
            if let Step::Matrix(method) = step {
                Some(Matrix::new(*method, tables, register))
            } else {
                None
            }
        });
        let unread = |observed: &Observed| {
            let mut reads = observed.reads().iter().copied();
            reads.find(|name| !is_read(name, &steps))
        };
        if let Some(name) = file.observes.iter().find_map(unread) {
            return Err(reader
                .source
                .error(format!(
                    "no `read` step reads what `observes` declares: `{name}`"
                ))
                .help(format!(
                    "add a `read` step with `as = \"{name}\"`, or declare less"
                )));
        }
        let mut checks = Vec::new();
        for (name, requirements) in file.checks {
            let line = reader.source.line_of(&name.span());
            if let Some(unknown) = requirements.iter().find(|id| register.get(id).is_none()) {
                return Err(reader
                    .error(format!("`{unknown}` is not a requirement"), line)
                    .help(format!("the requirements are in {}", register.file())));
            }
            let name = name.into_inner();
            if let Some(why) = can_prove_nothing(name, &requirements, &steps, &expect, register) {
                return Err(reader.error(
                    format!("the check `{name}` can prove nothing here: {why}"),
                    line,
                ));
            }
            checks.push(PlannedCheck {
                name,
                line,
                requirements,
            });
        }
        if checks.is_empty() && matrix.is_none() {
            return Err(reader
                .source
                .error("this scenario checks nothing")
                .help("add a `[checks]` table: the name of a check = the requirements it proves"));
        }
        checks.sort_by_key(|check| check.line);
        Ok(Scenario {
            id: path
                .trim_start_matches("scenarios/")
                .trim_end_matches(".toml")
                .to_owned(),
            title: file.title,
            file: reader.source.name.clone(),
            text: reader.source.text.clone(),
            prerequisite: file.prerequisite,
            observes: file.observes,
            profile_check: file.profile_check,
            storefront: file.storefront,
            steps,
            loads: file.axes.load,
            interactions: file.axes.interaction,
            calls: file.axes.call,
            expect,
            checks,
            matrix,
            tables: Arc::clone(tables),
        })
    }

    fn step(&self, file: StepFile, line: usize) -> Result<Step, InputError> {
        let (by, then, during) = (
            file.by,
            file.then,
            file.during
                .map(|text| self.events(&[text], line))
                .transpose()?
                .and_then(|events| events.into_iter().next()),
        );
        let (product, to, name) = (file.line, file.to, file.name);
        let extras = [
            ("by", by.is_some()),
            ("then", then.is_some()),
            ("during", during.is_some()),
            ("line", product.is_some()),
            ("to", to.is_some()),
            ("as", name.is_some()),
        ];
        let allowed: &[&str] = match (&file.track, &file.click, &file.read) {
            (Some(_), _, _) => &["by", "then", "during"],
            (_, Some(_), _) => &["line", "to"],
            (_, _, Some(_)) => &["as"],
            _ => &[],
        };
        if let Some((extra, _)) = extras
            .iter()
            .find(|(word, given)| *given && !allowed.contains(word))
        {
            return Err(self
                .error(format!("`{extra}` does not go with this step"), line)
                .help(
                    "`by`, `then` and `during` go with `track`, `line` and `to` with `click`, \
                     `as` with `read`",
                ));
        }
        let verbs = [
            file.visit.map(Step::Visit),
            file.interact.map(|word| {
                Step::Interact(match word {
                    InteractWord::Chat => Some(Interaction::Chat),
                    InteractWord::Faq => Some(Interaction::Faq),
                    InteractWord::Any => None,
                })
            }),
            file.open.map(|_| Step::OpenChat),
            file.track
                .map(|list| {
                    Ok(Step::Track {
                        events: self.events(&list.0, line)?,
                        style: by,
                        exit: then,
                        during,
                    })
                })
                .transpose()?,
            file.save_reference.map(|_| Step::SaveReference),
            file.push_raw.map(Step::PushRaw),
            file.click.map(|action| Step::Click {
                action,
                line: product,
                to,
            }),
            file.go.map(Step::Go),
            file.sdk.map(Step::Sdk),
            file.backend.map(Step::Backend),
            file.window.map(Step::Window),
            file.close.map(Step::Close),
            file.visitor.map(Step::Visitor),
            file.new_session.map(|_| Step::NewSession),
            file.until_ready.map(|_| Step::UntilReady),
            file.until_recorded
                .map(|list| self.events(&list.0, line).map(Step::UntilRecorded))
                .transpose()?,
            file.until_answered.map(Step::UntilAnswered),
            file.stay_ms.map(Step::Stay),
            file.read
                .map(|expression| match name {
                    Some(name) => Ok(Step::Read { expression, name }),
                    None => Err(self
                        .error("a `read` step needs a name for its value", line)
                        .help("add `as = \"…\"`")),
                })
                .transpose()?,
            file.identify.map(|_| Step::Identify),
            file.matrix.map(Step::Matrix),
        ];
        let mut given = verbs.into_iter().flatten();
        match (given.next(), given.next()) {
            (Some(step), None) => Ok(step),
            (None, _) => Err(self
                .error("this step does nothing", line)
                .help("name a verb: visit, interact, track, click, …")),
            (Some(_), Some(_)) => Err(self
                .error("this step does two things", line)
                .help("one verb a step: make two steps of it")),
        }
    }

    fn events(&self, references: &[String], line: usize) -> Result<Vec<Event>, InputError> {
        let mut events = Vec::new();
        for text in references {
            let reference = EventReference::parse(text).map_err(|found| self.error(found, line))?;
            events.extend(reference.resolve(self.files).map_err(|error| {
                self.error(format!("event `{text}` cannot be used: {error}"), line)
            })?);
        }
        Ok(events)
    }

    fn json(&self, value: toml::Value) -> Result<Value, InputError> {
        serde_json::to_value(value).map_err(|error| {
            self.source.error(format!(
                "a value of [expect.page] cannot be compared: {error}"
            ))
        })
    }

    fn error(&self, found: impl Into<String>, line: usize) -> InputError {
        self.source.error(found).at_line(line)
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
    let unmet = facts
        .needs
        .iter()
        .find_map(|need| unmet(*need, steps, expect));
    let is_observed = register.level_of(requirements) == Level::Observe;
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
        Need::ReadyStep => lacks(|step| matches!(step, Step::UntilReady))
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
        Need::Requests | Need::StartTimes | Need::Console => None,
    }
}

/// Whether a `read` step keeps a value by this name.
fn is_read(name: &str, steps: &[(usize, Step)]) -> bool {
    steps
        .iter()
        .any(|(_, step)| matches!(step, Step::Read { name: read, .. } if read == name))
}
