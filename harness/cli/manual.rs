//! What a machine installs beside the program: completions and man pages, both made from the flags themselves.

use std::io::Write as _;

use anyhow::Context;
use clap::CommandFactory;

use super::Failure;
use super::args::{Arguments, CompletionsArguments, ManArguments};
use super::exit::Exit;

/// Prints the completions of a shell.
pub fn completions(arguments: &CompletionsArguments) -> Result<Exit, Failure> {
    let mut command = Arguments::command();
    let name = command.get_name().to_owned();
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut command, name, &mut script);
    std::io::stdout().write_all(&script).context("cannot print the completions").map_err(Failure::environment)?;
    Ok(Exit::Conforms)
}

/// Writes `alhena-conformance.1`, and a page for each command and each command of those.
pub fn man(arguments: &ManArguments) -> Result<Exit, Failure> {
    let folder = &arguments.folder;
    let written = std::fs::create_dir_all(folder).and_then(|()| clap_mangen::generate_to(Arguments::command(), folder));
    written.with_context(|| format!("cannot write the man pages into {}", folder.display())).map_err(Failure::environment)?;
    anstream::println!("{}", folder.join("alhena-conformance.1").display());
    Ok(Exit::Conforms)
}
