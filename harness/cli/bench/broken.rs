//! `bench --broken`: how long broken builds take to their verdict, against the reference SDK.

use std::fmt::Write as _;

use super::file::BenchFile;
use super::runs::Bench;
use super::{Lab, Measured, title};
use crate::cli::Failure;
use crate::cli::in_engine::testable;
use crate::plan::Case;
use crate::report::bench::{Aim, Ratio};
use crate::sdk::Installation;
use crate::text::counted;

/// A verdict on a broken build is not to be waited for much longer: each failure is seen again.
const AIM: Aim = Aim::AtMost(2.0);

/// Runs the reference, each broken build and the reference again.
pub async fn measure(lab: &Lab<'_>) -> Result<Measured, Failure> {
    let loaded = lab.loaded;
    let reference = Installation::reference(&loaded.files)?;
    let mutants = BenchFile::load(&loaded.files)?.broken(&loaded.mutants()?)?;
    let engines = [lab.arguments.browser.engine.first()];
    let mut cases = lab.cases(&engines, |_| true)?;
    if lab.arguments.all {
        // Each build is to fail.
        let kills = |case: &Case| {
            let mut checks = case.checks.iter();
            checks.any(|check| mutants.iter().any(|own| own.killed_by == check.id))
        };
        let known: Vec<String> = cases.iter().map(|case| case.id.clone()).collect();
        let more = loaded.planned(&lab.arguments.filter)?;
        let more = testable(more, &engines, &loaded.files)?;
        cases.extend(
            more.into_iter()
                .filter(|case| kills(case) && !known.contains(&case.id)),
        );
    }
    let bench = Bench::new(lab, &lab.arguments.browser, cases, None).await?;
    let before = bench.seconds(&reference).await?;
    let mut taken = Vec::new();
    for mutant in mutants {
        let seconds = bench.seconds(&mutant.installation(&reference)).await?;
        taken.push((mutant.id, seconds));
    }
    // Twice, as a machine gets faster or slower meanwhile.
    let good = f64::midpoint(before, bench.seconds(&reference).await?);
    let cases = counted(bench.cases.len(), "case");
    let mut text = format!("{cases}, the reference in {good:.1} s\n");
    text += &title("seconds to the verdict, against the reference");
    for (id, seconds) in &taken {
        let _ = writeln!(text, "  {id:<34}{seconds:8.1}   {:5.2} ×", seconds / good);
    }
    let slowest = taken
        .into_iter()
        .max_by(|one, other| one.1.total_cmp(&other.1));
    let slowest = slowest.map(|(id, seconds)| Ratio {
        id: "broken".to_owned(),
        what: format!("the slowest broken build (`{id}`), against the reference"),
        value: seconds / good,
        aim: Some(AIM),
    });
    Ok(Measured {
        text,
        ratios: slowest.into_iter().collect(),
    })
}
