//! Judges stored evidence. Pure: the same evidence always gets the same findings, with no browser
//! near. May use `reading`.
//!
//! One small function a check, in the file of its subject. A check compares as little as it can:
//! one bug of an SDK must not fail forty checks.
//!
//! # Adding a check
//!
//! 1. A variant of [`CaseCheckName`], or of [`RowCheckName`] where it is asked of each row of a
//!    matrix, its line in `ALL`, and its facts in `contract/facts.rs`. The compiler then lists
//!    every place that must answer for it. In `serve/verdicts.rs` that is `None`, unless one
//!    request alone can answer it.
//! 2. A function here, from a [`Reading`] to a [`Finding`], with its line in `of_case` or `ask`.
//!    Where only the harness can be at fault, it returns a [`HarnessBug`].
//!    A test in `judge/tests/`; where it needs the console, a line in the test of `features.rs`.
//! 3. An entry in `fixtures/checks.toml`: what it asks, what a failure means, how to fix it.
//! 4. A scenario that makes it in `[checks]`, with a requirement (a new promise is a new entry in
//!    `fixtures/requirements.toml`), and a mutant in `fixtures/mutants/` that it catches.
//! 5. `coverage --update`, then `self-test --filter MUTANT`, and once at the end
//!    `self-test --update`.

mod defect;
mod delivery;
mod denied;
mod features;
mod finding;
mod identity;
mod matrix;
mod observe;
mod page;
mod shape;
#[cfg(test)]
mod tests;
mod words;

use std::panic::{AssertUnwindSafe, catch_unwind};

use self::denied::with_denied_hosts;
use self::features::{case_not_testable, not_testable};
use crate::contract::{AfterImpossibleStep, CaseCheckName, Question, RowCheckName};
use crate::evidence::Evidence;
use crate::plan::{Case, CaseCheck};
use crate::reading::Reading;
use crate::sdk::Profile;

pub use defect::{Automatic, Defect};
pub use finding::{Broken, Finding, HarnessBug};
#[cfg(test)]
pub use tests::bench::{Bench, event, on_the_wire, order};

/// Judges every selected check of `case`, in their order.
///
/// # Errors
/// Where the harness is wrong, or one of its checks panics: then nothing is known of the case.
pub fn judge<'c>(
    case: &'c Case,
    evidence: &Evidence,
    profile: &Profile,
) -> Result<Vec<(&'c CaseCheck, Finding)>, HarnessBug> {
    if let Some(why) = case_not_testable(&case.needs(), &evidence.missing_features) {
        let lost = |check| (check, Finding::NotTestable(why.clone()));
        return Ok(case.checks.iter().map(lost).collect());
    }
    let judged = catch_unwind(AssertUnwindSafe(|| {
        let reading = Reading::of(case, evidence, profile);
        let checks = case.checks.iter();
        checks
            .map(|check| Ok((check, answer(check.question, &reading)?)))
            .collect()
    }));
    judged.unwrap_or_else(|_| Err(HarnessBug("a check panicked".into())))
}

/// Asks one question of one reading, and adds what else may explain the finding.
///
/// # Errors
/// As [`judge`].
pub fn answer(question: Question, reading: &Reading<'_>) -> Result<Finding, HarnessBug> {
    let facts = question.facts();
    if let Some(why) = not_testable(facts.needs, &reading.evidence.missing_features) {
        return Ok(Finding::NotTestable(why));
    }
    let finding = match reading.evidence.impossible() {
        None => match page::not_given(reading) {
            Some(why) => return Ok(Finding::NotTestable(why)),
            None => ask(question, reading)?,
        },
        Some((step, why)) => {
            let why = format!("the step at line {} could not be done: {why}", step.line);
            match facts.after_impossible_step {
                AfterImpossibleStep::Breaks => {
                    Finding::broken(why, Defect::Step(step.what.clone()))
                }
                AfterImpossibleStep::ProvesNothing => Finding::nothing_to_judge(why),
                // Evidence that ends before its time is no bug of the harness.
                AfterImpossibleStep::BrokenIfBrokenBefore => match ask(question, reading) {
                    Ok(Finding::Broken(broken)) => Finding::Broken(broken),
                    Ok(
                        Finding::Holds
                        | Finding::NothingToJudge(_)
                        | Finding::NotTestable(_)
                        | Finding::Seen(_),
                    )
                    | Err(_) => Finding::nothing_to_judge(why),
                },
            }
        }
    };
    Ok(with_denied_hosts(finding, facts.explained_by, reading))
}

fn ask(question: Question, reading: &Reading<'_>) -> Result<Finding, HarnessBug> {
    match question {
        Question::OfCase(name) => of_case(name, reading),
        Question::OfRow(name, index) => {
            let Some(row) = matrix::CalledRow::of(reading, index)? else {
                return Ok(Finding::nothing_to_judge(
                    "a dialog stopped the page before this row was called",
                ));
            };
            Ok(match name {
                RowCheckName::NotSent => row.not_sent(),
                RowCheckName::ConsoleNamesField => row.console_names_field(),
                RowCheckName::ThrowsNothing => row.throws_nothing(),
                RowCheckName::ObserveRow => row.observed(),
            })
        }
    }
}

fn of_case(name: CaseCheckName, reading: &Reading<'_>) -> Result<Finding, HarnessBug> {
    Ok(match name {
        CaseCheckName::Ready => page::ready(reading),
        // A step that could not be done is seen before any check is asked.
        CaseCheckName::StepsDone => Finding::Holds,
        CaseCheckName::Delivered => delivery::delivered(reading),
        CaseCheckName::Once => delivery::once(reading),
        CaseCheckName::InOrder => delivery::in_order(reading),
        CaseCheckName::Immediate => delivery::immediate(reading),
        CaseCheckName::Unchanged => delivery::unchanged(reading),
        CaseCheckName::Shape => shape::shape(reading),
        CaseCheckName::NotRecorded => delivery::not_recorded(reading),
        CaseCheckName::NothingElse => delivery::nothing_else(reading),
        CaseCheckName::CompanyKey => identity::company_key(reading),
        CaseCheckName::FingerprintsPresent => identity::fingerprints_present(reading),
        CaseCheckName::FingerprintsAgree => identity::fingerprints_agree(reading)?,
        CaseCheckName::FingerprintsStable => identity::fingerprints_stable(reading),
        CaseCheckName::FingerprintsDistinct => identity::fingerprints_distinct(reading),
        CaseCheckName::FingerprintsDiffer => identity::fingerprints_differ(reading),
        CaseCheckName::Page => page::page(reading)?,
        CaseCheckName::ThrowsNothing => page::throws_nothing(reading),
        CaseCheckName::NoUncaughtError => page::no_uncaught_error(reading),
        CaseCheckName::NoDialog => page::no_dialog(reading),
        CaseCheckName::Console => page::console(reading),
        CaseCheckName::ObserveEvents => observe::events(reading),
        CaseCheckName::ObserveRequests => observe::requests(reading),
        CaseCheckName::ObservePage => observe::page(reading),
    })
}
