use super::args::RunArguments;
use super::chosen::Chosen;
use super::exit::Exit;
use super::{Failure, build_matrix, driving, dry_run, verify, watch};

/// Plans, drives, judges and reports.
pub async fn run(arguments: &RunArguments) -> Result<Exit, Failure> {
    if arguments.dry_run {
        return dry_run::dry_run(arguments);
    }
    if let Some(times) = arguments.verify {
        return verify::verify(arguments, times).await;
    }
    if arguments.watch {
        return watch::watch(arguments).await;
    }
    let chosen = Chosen::of(arguments)?;
    match chosen.installations.as_slice() {
        [installation] => Ok(driving::one(arguments, &chosen, installation).await?.1),
        [] | [_, _, ..] => build_matrix::build_matrix(arguments, &chosen).await,
    }
}
