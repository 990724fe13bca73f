//! `bench --broken`: how long broken builds take to their verdict, against the reference SDK.

use owo_colors::OwoColorize;

use super::Failure;
use super::args::BenchArguments;
use super::bench_file::BenchFile;
use super::bench_runs::Bench;
use super::exit::Exit;
use super::loading::Loaded;
use crate::sdk::Installation;
use crate::text::counted;

/// Runs the reference, each broken build and the reference again, and prints what they took.
pub async fn bench_broken(arguments: &BenchArguments, loaded: &Loaded) -> Result<Exit, Failure> {
    let cases = loaded.planned(&arguments.filter)?;
    let reference = Installation::reference(&loaded.files)?;
    let mutants = BenchFile::load(&loaded.files)?.broken(&loaded.mutants()?)?;
    let bench = Bench::new(&arguments.browser, loaded, cases, None).await?;
    let before = bench.seconds(&reference).await?;
    let mut taken = Vec::new();
    for mutant in mutants {
        let seconds = bench.seconds(&mutant.installation(&reference)).await?;
        taken.push((mutant.id, seconds));
    }
    // Twice, as a machine gets faster or slower meanwhile.
    let good = f64::midpoint(before, bench.seconds(&reference).await?);
    let cases = counted(bench.cases.len(), "case");
    anstream::println!("{cases}, the reference in {good:.1} s");
    anstream::println!(
        "\n{}",
        "seconds to the verdict, against the reference".bold()
    );
    for (id, seconds) in taken {
        anstream::println!("  {id:<34}{seconds:8.1}   {:5.2} ×", seconds / good);
    }
    Ok(Exit::Conforms)
}
