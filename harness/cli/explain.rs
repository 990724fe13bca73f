//! What an id in a report stands for.

use crate::explain::{Guides, Library};
use crate::plan::Patterns;
use crate::render;
use crate::sdk::Proofs;
use anyhow::anyhow;

use super::args::ExplainArguments;
use super::exit::Exit;
use super::{Failure, files, mutants, suite};
use crate::text::did_you_mean;

/// Explains a requirement, a check, a case or a scenario.
pub fn explain(arguments: &ExplainArguments) -> Result<Exit, Failure> {
    let files = files(arguments.fixtures.as_deref())?;
    let suite = suite(&files)?;
    let cases = suite.plan(&mut Patterns::new(&[]));
    let mutants = mutants(&files, &suite.register)?;
    let proofs = Proofs::load(&files).map_err(Failure::usage)?;
    let guides = Guides::load(&files).map_err(Failure::usage)?;
    let library = Library {
        suite: &suite,
        cases: &cases,
        mutants: &mutants,
        proofs: &proofs,
        guides: &guides,
    };
    let Some(document) = library.explain(&arguments.id) else {
        let like = did_you_mean(&arguments.id, library.ids());
        let list = "\n   = `alhena-conformance list` shows every requirement with its checks";
        return Err(Failure::usage(anyhow!(
            "no requirement, check or scenario is called {}{like}{list}",
            arguments.id
        )));
    };
    anstream::print!("{}", render::terminal::full(&document));
    Ok(Exit::Conforms)
}
