//! What a machine installs beside the program: completions and man pages, both made from the flags
//! themselves.

use std::io::Write as _;

use anyhow::Context;
use clap::{Command, CommandFactory};
use clap_mangen::Man;

use super::Failure;
use super::args::{Arguments, CompletionsArguments, ManArguments};
use super::exit::Exit;
use crate::output::write_file;

/// Prints the completions of a shell.
pub fn completions(arguments: &CompletionsArguments) -> Result<Exit, Failure> {
    let mut command = Arguments::command();
    let name = command.get_name().to_owned();
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut command, name, &mut script);
    std::io::stdout()
        .write_all(&script)
        .context("cannot print the completions")
        .map_err(Failure::environment)?;
    Ok(Exit::Conforms)
}

/// Writes `alhena-conformance.1`, and a page for each command and each command of those.
pub fn man(arguments: &ManArguments) -> Result<Exit, Failure> {
    let mut pages = Vec::new();
    let mut command = Arguments::command().disable_help_subcommand(true);
    command.build();
    add_pages(command, &mut pages)
        .context("cannot make the man pages")
        .map_err(Failure::bug)?;
    for (name, page) in &pages {
        write_file(&arguments.folder.join(name), page)?;
    }
    let first = arguments.folder.join("alhena-conformance.1");
    anstream::println!("{}", first.display());
    Ok(Exit::Conforms)
}

fn add_pages(command: Command, pages: &mut Vec<(String, Vec<u8>)>) -> std::io::Result<()> {
    let shown = command.get_subcommands().filter(|own| !own.is_hide_set());
    for own in shown.cloned() {
        add_pages(own, pages)?;
    }
    let page = Man::new(command);
    let mut text = Vec::new();
    page.render(&mut text)?;
    pages.push((page.get_filename(), text));
    Ok(())
}
