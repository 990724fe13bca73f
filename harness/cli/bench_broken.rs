//! `bench --broken`: how long broken builds take to their verdict, against the reference SDK.

use owo_colors::OwoColorize;
use serde::Deserialize;
use toml::Spanned;

use super::Failure;
use super::args::BenchArguments;
use super::bench_runs::Bench;
use super::exit::Exit;
use super::loading::Loaded;
use crate::input::{Files, InputError};
use crate::sdk::{Installation, Mutant};
use crate::text::counted;

const FILE: &str = "bench.toml";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BenchFile {
    broken: Vec<Spanned<String>>,
}

/// Runs the reference, each broken build and the reference again, and prints what they took.
pub async fn bench_broken(arguments: &BenchArguments, loaded: &Loaded) -> Result<Exit, Failure> {
    let cases = loaded.planned(&arguments.filter)?;
    let reference = Installation::reference(&loaded.files)?;
    let mutants = broken(&loaded.files, &loaded.mutants()?)?;
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

/// The mutants that are measured, in the order of the file.
fn broken(files: &Files, mutants: &[Mutant]) -> Result<Vec<Mutant>, InputError> {
    let source = files.fixture(FILE)?;
    let file: BenchFile = source.toml()?;
    let mutant = |id: Spanned<String>| {
        let line = source.line_of(&id.span());
        let id = id.into_inner();
        let found = mutants.iter().find(|mutant| mutant.id == id);
        found.cloned().ok_or_else(|| {
            let error = source.error(format!("`{id}` is not the id of a mutant"));
            error
                .at_line(line)
                .help("the mutants are in the folder `mutants` beside this file")
        })
    };
    file.broken.into_iter().map(mutant).collect()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use super::*;
    use crate::scenario::Suite;

    #[test]
    fn ten_mutants_of_the_fixtures_are_measured() {
        let files = Files::default();
        let register = Suite::load(&files).unwrap().register;
        let reference = Installation::reference(&files).unwrap();
        let mutants = Mutant::load_all(&files, &reference, &register).unwrap();
        assert_eq!(broken(&files, &mutants).unwrap().len(), 10);
    }

    #[test]
    fn unknown_mutant_is_reported_with_its_line() {
        let error = broken(&Files::default(), &[]).unwrap_err().to_string();
        assert!(
            error.contains("bench.toml:4") && error.contains("is not the id of a mutant"),
            "{error}"
        );
    }
}
