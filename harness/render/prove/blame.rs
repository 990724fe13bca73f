//! How precisely the checks blame: what got worse, the mutants that were not measured or whose own
//! requirement holds, the worst ten, then the totals.

use std::collections::BTreeMap;

use super::{fail, section};
use crate::contract::RequirementId;
use crate::prove::{BlameReport, FEW, MutantBlame};
use crate::render::document::{
    Badge, Block, Document, Line, Problem, Section, Text, Tone, Verdict,
};
use crate::text::counted;

/// So many requirements fit into a line.
const A_LINE: usize = 4;

/// The document of a measurement.
pub fn document(report: &BlameReport) -> Document {
    let regressions = report.worse.iter();
    let lock = &report.lock;
    let regressions = regressions.map(|what| fail(format!("worse than {lock}: {what}"), what));
    let mutants = report.mutants.iter();
    let missed = mutants.filter(|own| own.is_missed());
    let missed = missed.map(|own| {
        let message = format!(" does not fail {}, which it breaks", own.breaks);
        problem(Badge::new(Tone::Bad, "missed"), own, message)
    });
    let unmeasured = unmeasured(&report.mutants);
    let wrong = section(
        "What is wrong",
        regressions.chain(missed).chain(unmeasured).collect(),
    );
    let worst = report.worst().into_iter().map(imprecise);
    let worst = worst.map(Block::Problem).collect();
    let worst = Section::new("worst", "Where most fails", Tone::Careful, worst);
    let sections = wrong.into_iter().chain(worst).collect();
    Document::new("blame", "Blame", Some(verdict(report)), sections)
}

/// The mutants that were not measured; those for one reason together.
fn unmeasured(mutants: &[MutantBlame]) -> Vec<Problem> {
    let mut by_reason: BTreeMap<&str, Vec<&MutantBlame>> = BTreeMap::new();
    for own in mutants {
        if let Some(why) = &own.error {
            by_reason.entry(why).or_default().push(own);
        }
    }
    let badge = || Badge::new(Tone::Careful, "error");
    let of_reason = |(why, mutants): (&str, Vec<&MutantBlame>)| match mutants.as_slice() {
        [own] => problem(badge(), own, format!(" was not measured: {why}")),
        several => {
            let count = counted(several.len(), "mutant");
            let message = format!("{count} were not measured: {why}");
            let ids: Vec<&str> = several.iter().map(|own| own.id.as_str()).collect();
            let lines = ids.chunks(A_LINE).map(|ids| ids.join(", "));
            Problem {
                body: lines.map(Block::paragraph).collect(),
                ..Problem::new(badge(), Line::from(message), count)
            }
        }
    };
    by_reason.into_iter().map(of_reason).collect()
}

fn imprecise(own: &MutantBlame) -> Problem {
    let count = own.further.len();
    let tone = if own.is_unexplained() {
        Tone::Bad
    } else {
        Tone::Careful
    };
    let badge = Badge::new(tone, format!("{count} further"));
    let message = format!(" breaks {} and more", own.breaks);
    let mut problem = problem(badge, own, message);
    let further = own.further.chunks(A_LINE).map(names);
    let further = further.map(|names| Block::paragraph(format!("beside it: {names}")));
    problem.body.extend(further);
    let why = own.why.iter().map(Block::note);
    problem.body.extend(why);
    problem
}

fn problem(badge: Badge, own: &MutantBlame, message: String) -> Problem {
    let message = Line::from("mutant ").strong(&own.id).plain(message);
    Problem {
        location: Some(Text::from(&own.at)),
        body: vec![Block::paragraph(&own.how)],
        ..Problem::new(badge, message, &own.id)
    }
}

fn verdict(report: &BlameReport) -> Verdict {
    let totals = report.totals;
    let share = (totals.precise * 100).checked_div(totals.measured);
    let share = share.map_or(String::new(), |share| format!(" ({share} %)"));
    let words = format!(
        "{} of {} mutants fail what they break; further ones: median {}, at most {FEW} for \
             {}{share}",
        totals.hits, totals.measured, totals.median, totals.precise,
    );
    let tone = match (report.worse.is_empty(), totals.meet_the_aim()) {
        (false, _) => Tone::Bad,
        (true, false) => Tone::Careful,
        (true, true) => Tone::Good,
    };
    Verdict::new(tone, words)
}

fn names(requirements: &[RequirementId]) -> String {
    let names: Vec<&str> = requirements.iter().map(|id| id.0.as_str()).collect();
    names.join(", ")
}
