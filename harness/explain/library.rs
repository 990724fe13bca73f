use std::collections::{BTreeMap, BTreeSet};

use crate::contract::{CheckId, Question, RequirementId};
use crate::plan::{Case, CaseCheck};
use crate::report::typed;
use crate::scenario::Suite;
use crate::sdk::{Mutant, Proofs};

/// All that is known of what the harness asks.
#[derive(Debug)]
pub struct Library<'a> {
    /// The promises, and the scenarios.
    pub suite: &'a Suite,
    /// The whole plan.
    pub cases: &'a [Case],
    /// The mutants of the reference SDK.
    pub mutants: &'a [Mutant],
    /// Which of them a check catches that none of them names.
    pub proofs: &'a Proofs,
    /// The options that name the same fixtures to another command.
    pub options: &'a [String],
}

impl Library<'_> {
    /// Every id that can be explained.
    pub fn ids(&self) -> BTreeSet<&str> {
        let requirements = self.suite.register.iter();
        let requirements = requirements.map(|requirement| requirement.id.0.as_str());
        let cases = self.cases.iter();
        let cases = cases.flat_map(|case| [case.id.as_str(), case.scenario.id.as_str()]);
        let checks = self.checks().map(|(_, check)| check.id.0.as_str());
        requirements.chain(cases).chain(checks).collect()
    }

    /// Every check with its case.
    pub fn checks(&self) -> impl Iterator<Item = (&Case, &CaseCheck)> {
        let cases = self.cases.iter();
        cases.flat_map(|case| case.checks.iter().map(move |check| (case, check)))
    }

    /// The mutants that prove one of these checks.
    pub fn proving(&self, checks: &BTreeSet<&CheckId>) -> Vec<&Mutant> {
        let proving = |check: &&CheckId| self.proofs.proving(check, self.mutants);
        let ids: BTreeSet<String> = checks.iter().flat_map(proving).collect();
        let all = self.mutants.iter();
        all.filter(|mutant| ids.contains(&mutant.id)).collect()
    }

    /// A command with these words, on the same fixtures.
    pub fn command(&self, words: &[&str]) -> String {
        let words = words.iter().copied().map(str::to_owned);
        let words: Vec<String> = words.chain(self.options.iter().cloned()).collect();
        typed(&words)
    }

    /// The promises that a check proves, in one line.
    pub fn statements(&self, check: &CaseCheck) -> String {
        let of = |id: &RequirementId| {
            let own = self.suite.register.get(id)?;
            Some(format!("{id} ({}): {}", own.level, own.statement))
        };
        let all = check.requirements.iter().filter_map(of);
        all.collect::<Vec<_>>().join(" ")
    }
}

/// The questions of checks by their names, each once.
pub fn questions<'c>(checks: impl Iterator<Item = &'c CaseCheck>) -> BTreeMap<String, Question> {
    checks
        .map(|check| (check.question.to_string(), check.question))
        .collect()
}
