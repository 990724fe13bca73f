use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::entry::{Entry, KnownFailures, Standing};
use super::target::Target;
use crate::contract::{CheckId, Level, Register};
use crate::plan::{Case, CaseCheck};
use crate::verdict::{Bearing, Expected, Status};

/// A check of the run with its verdict.
#[derive(Debug, Clone, Copy)]
pub struct Checked<'a> {
    /// Its case.
    pub case: &'a Case,
    /// The check.
    pub check: &'a CaseCheck,
    /// The verdict; `None`: it is part of the full plan, and was not selected.
    pub status: Option<Status>,
}

/// What became of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum EntryState {
    /// What it says is so: its checks fail.
    Failing,
    /// It says that its checks come and go, and this time they held.
    Held,
    /// None of its checks fails any more. Fails the run.
    Stale,
    /// Some of its checks fail, and some hold. Fails the run.
    TooWide,
    /// It matches no check. Fails the run.
    Unmatched,
    /// Its day has passed. Fails the run.
    Expired,
    /// It is about another browser or another build.
    NotApplicable,
    /// Its checks were not selected.
    NotSelected,
    /// Its checks were selected, and could not be judged.
    Undecided,
}

/// An entry and what became of it.
#[derive(Debug, Clone)]
pub struct EntryVerdict<'k> {
    /// The entry.
    pub entry: &'k Entry,
    /// `file:line` of it.
    pub at: String,
    /// What became of it.
    pub state: EntryState,
    /// Why, in a sentence, where it is not as it should be.
    pub message: Option<String>,
    /// The selected checks that it matches, each with its verdict.
    pub checks: Vec<(CheckId, Status)>,
    /// How many more it matches in the full plan.
    pub not_selected: usize,
}

impl EntryState {
    /// Whether it matters, and to whom. Failures of its checks that it excuses, and checks that
    /// could not be judged, have their own verdicts.
    pub fn bearing(self) -> Bearing {
        match self {
            Self::Stale | Self::TooWide | Self::Unmatched | Self::Expired => Bearing::SdkFault,
            Self::Failing
            | Self::Held
            | Self::NotApplicable
            | Self::NotSelected
            | Self::Undecided => Bearing::Excused,
        }
    }

    fn because(self, why: impl Into<String>) -> (Self, Option<String>) {
        (self, Some(why.into()))
    }

    /// Whether it makes the run fail.
    pub fn is_wrong(self) -> bool {
        self.bearing().fails_the_run()
    }

    /// The word in reports.
    pub fn word(self) -> &'static str {
        match self {
            Self::Failing => "failing",
            Self::Held => "held",
            Self::Stale => "stale",
            Self::TooWide => "too_wide",
            Self::Unmatched => "unmatched",
            Self::Expired => "expired",
            Self::NotApplicable => "not_applicable",
            Self::NotSelected => "not_selected",
            Self::Undecided => "undecided",
        }
    }
}

/// What is known of a build before it is run, on one target.
#[derive(Debug, Clone, Copy)]
pub struct Knowledge<'a> {
    /// The list.
    pub known: &'a KnownFailures,
    /// The promises.
    pub register: &'a Register,
    /// The browser, the build and the day.
    pub target: Target<'a>,
}

impl<'a> Knowledge<'a> {
    /// What is expected of a check, and `file:line` of the entry that says so.
    ///
    /// Of two entries for one check, the one that calls it flaky counts.
    pub fn expected(&self, case: &Case, check: &CaseCheck) -> (Expected, Option<String>) {
        if self.register.level_of(&check.requirements) == Level::Observe {
            return (Expected::Either, None);
        }
        if !self.can_be_known(case, check) {
            return (Expected::Holds, None);
        }
        let in_force = |entry: &&Entry| {
            entry.is_of(case, check) && entry.standing(&self.target) == Standing::InForce
        };
        let in_force = self.known.entries.iter().filter(in_force);
        match in_force.max_by_key(|entry| entry.flaky) {
            None => (Expected::Holds, None),
            Some(entry) => {
                let expected = if entry.flaky {
                    Expected::Either
                } else {
                    Expected::Breaks
                };
                (expected, Some(self.known.at(entry)))
            }
        }
    }

    /// Whether a failure of a check can be known. Not where an observation is made, which never
    /// fails, nor of a prerequisite, without which nothing is tested.
    pub fn can_be_known(&self, case: &Case, check: &CaseCheck) -> bool {
        self.register.level_of(&check.requirements) > Level::Observe && !case.scenario.prerequisite
    }

    /// What became of each entry. `checked` is the full plan, each check with its verdict if it was
    /// selected.
    pub fn verdicts(&self, checked: &[Checked<'_>]) -> Vec<EntryVerdict<'a>> {
        let candidates: Vec<&Checked<'_>> = checked
            .iter()
            .filter(|checked| self.can_be_known(checked.case, checked.check))
            .collect();
        let verdict = |entry| verdict(entry, self.known.at(entry), &candidates, &self.target);
        self.known.entries.iter().map(verdict).collect()
    }
}

/// What was seen of the checks of one entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Those that were selected.
    pub selected: usize,
    /// Those of the full plan that were not.
    pub not_selected: usize,
    /// Those selected that hold.
    pub holding: usize,
    /// Those selected that fail, always or sometimes.
    pub failing: usize,
}

impl Counts {
    /// Of these verdicts, where so many more checks were not selected.
    pub fn of(verdicts: &[Status], not_selected: usize) -> Self {
        let count = |bearing: Bearing| {
            let has = |status: &&Status| Bearing::of_found(**status) == bearing;
            verdicts.iter().filter(has).count()
        };
        Self {
            selected: verdicts.len(),
            not_selected,
            holding: count(Bearing::Holds),
            failing: count(Bearing::SdkFault),
        }
    }

    /// What becomes of an entry, and why, where it is not as it should be or is about something
    /// else.
    pub fn state(self, standing: Standing, flaky: bool) -> (EntryState, Option<String>) {
        let Self {
            selected,
            not_selected,
            holding,
            failing,
        } = self;
        match standing {
            Standing::Elsewhere(why) => EntryState::NotApplicable.because(why),
            Standing::Expired(day) => {
                let now = match selected {
                    0 => String::new(),
                    _ => format!("; of its {selected} checks {failing} fail now"),
                };
                let why = format!("this known failure was to be fixed by {day}{now}");
                EntryState::Expired.because(why)
            }
            Standing::InForce if selected + not_selected == 0 => EntryState::Unmatched.because(
                "this known failure matches no check (those of a prerequisite and observations do \
                 not count)",
            ),
            Standing::InForce if selected == 0 => (EntryState::NotSelected, None),
            Standing::InForce => match (holding, failing) {
                (0, 0) => EntryState::Undecided.because("its checks could not be judged"),
                (_, 0) if flaky => (EntryState::Held, None),
                (_, _) if flaky => (EntryState::Failing, None),
                (0, _) => (EntryState::Failing, None),
                (_, 0) if holding == selected + not_selected => {
                    EntryState::Stale.because("this known failure does not fail any more")
                }
                (_, _) => {
                    let rest = match not_selected {
                        0 => String::new(),
                        more => format!("; {more} more are not of this run"),
                    };
                    EntryState::TooWide.because(format!(
                        "of the {selected} checks of this known failure {holding} hold{rest}"
                    ))
                }
            },
        }
    }
}

fn verdict<'k>(
    entry: &'k Entry,
    at: String,
    known: &[&Checked<'_>],
    target: &Target<'_>,
) -> EntryVerdict<'k> {
    let own: Vec<&&Checked<'_>> = known
        .iter()
        .filter(|checked| entry.is_of(checked.case, checked.check))
        .collect();
    let checks: Vec<(CheckId, Status)> = own
        .iter()
        .filter_map(|checked| Some((checked.check.id.clone(), checked.status?)))
        .collect();
    let not_selected = own.len() - checks.len();
    let verdicts: Vec<Status> = checks.iter().map(|(_, status)| *status).collect();
    let (state, message) =
        Counts::of(&verdicts, not_selected).state(entry.standing(target), entry.flaky);
    EntryVerdict {
        entry,
        at,
        state,
        message,
        checks,
        not_selected,
    }
}
