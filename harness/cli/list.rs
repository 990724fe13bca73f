use owo_colors::OwoColorize;
use serde_json::json;

use super::Failure;
use super::areas::Areas;
use super::args::ListArguments;
use super::exit::Exit;
use super::loading::Loaded;
use crate::contract::Requirement;
use crate::plan::{CaseCheck, Durations};
use crate::text::counted;

/// Prints the register with the checks that cover each requirement.
pub fn list(arguments: &ListArguments) -> Result<Exit, Failure> {
    let loaded = Loaded::of(&arguments.fixtures)?;
    // `run` always drives the prerequisites; a list shows what was asked for.
    let words = arguments.selection.words(&loaded.files)?;
    let cases = loaded.selected(&words)?;
    let areas = Areas::of(&cases, &Durations::default());
    let checks: Vec<&CaseCheck> = cases.iter().flat_map(|case| &case.checks).collect();
    let covering = |requirement: &Requirement| -> Vec<String> {
        let covers = |check: &&&CaseCheck| check.requirements.contains(&requirement.id);
        let covering = checks.iter().filter(covers);
        covering.map(|check| check.id.to_string()).collect()
    };
    let shown = loaded.suite.register.iter();
    let shown: Vec<(&Requirement, Vec<String>)> = shown
        .map(|requirement| (requirement, covering(requirement)))
        .filter(|(_, checks)| words.is_empty() || !checks.is_empty())
        .collect();
    if arguments.json {
        let list = shown.iter().map(|(requirement, checks)| {
            json!({
                "id": requirement.id,
                "level": requirement.level,
                "statement": requirement.statement,
                "source": requirement.source,
                "excluded": requirement.excluded,
                "checks": checks,
            })
        });
        let list = json!({ "requirements": list.collect::<Vec<_>>(), "areas": areas });
        anstream::println!("{list:#}");
        return Ok(Exit::Conforms);
    }
    for (requirement, checks) in &shown {
        let level = format!("({})", requirement.level);
        let (id, level) = (requirement.id.bold(), level.dimmed());
        anstream::println!("{id} {level} {}", requirement.statement);
        anstream::println!("  {} {}", "source:".dimmed(), requirement.source);
        if let Some(reason) = &requirement.excluded {
            anstream::println!("  {} {reason}", "excluded:".yellow());
        }
        for check in checks {
            anstream::println!("  {check}");
        }
        anstream::println!();
    }
    anstream::print!("{}", areas.text());
    anstream::println!(
        "{}, {} in {}",
        counted(shown.len(), "requirement"),
        counted(checks.len(), "check"),
        counted(cases.len(), "case")
    );
    Ok(Exit::Conforms)
}
