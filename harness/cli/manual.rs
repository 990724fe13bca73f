//! What a machine installs beside the program: completions and man pages, both made from the flags
//! themselves.

use anyhow::Context as _;
use clap::builder::PossibleValuesParser;
use clap::{Arg, Command, CommandFactory};
use clap_mangen::Man;

use super::Failure;
use super::args::{Arguments, CompletionsArguments, FixturesArguments, ManArguments};
use super::exit::Exit;
use super::loading::Loaded;
use crate::output::write_file;
use crate::sdk::Profile;

/// Prints the completions of a shell.
pub fn completions(arguments: &CompletionsArguments) -> Result<Exit, Failure> {
    let loaded = Loaded::of(&FixturesArguments::default())?;
    let mut command = with_ids(Arguments::command(), &loaded);
    let name = command.get_name().to_owned();
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut command, name, &mut script);
    anstream::print!("{}", String::from_utf8_lossy(&script));
    Ok(Exit::Conforms)
}

/// The command with the ids that its arguments take: a shell completes those of scenarios and
/// requirements, and the names of the bundled profiles.
fn with_ids(command: Command, loaded: &Loaded) -> Command {
    let suite = &loaded.suite;
    let requirements = suite.register.iter();
    let requirements: Vec<String> = requirements.map(|own| own.id.0.clone()).collect();
    let scenarios = suite.scenarios.iter().map(|scenario| scenario.id.clone());
    let ids: Vec<String> = scenarios.chain(requirements.iter().cloned()).collect();
    let profiles = Profile::bundled(&loaded.files);
    let one_of = |values: &[String]| PossibleValuesParser::new(values.iter().cloned());
    let completed = |arg: Arg| match arg.get_id().as_str() {
        "filter" | "id" => arg.value_parser(one_of(&ids)),
        "requirement" => arg.value_parser(one_of(&requirements)),
        "profile" => arg.value_parser(one_of(&profiles)),
        _ => arg,
    };
    // Those of `self-test` are the ids of mutants.
    let commands = ["run", "list", "bench", "explain", "serve"];
    let command = commands.into_iter().fold(command, |command, name| {
        command.mut_subcommand(name, |own| own.mut_args(completed))
    });
    command.mut_subcommand("profile", |profile| {
        profile.mut_subcommand("check", |own| own.mut_args(completed))
    })
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
