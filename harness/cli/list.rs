use crate::contract::Requirement;
use crate::plan::{Case, Patterns};
use owo_colors::OwoColorize;
use serde_json::json;

use super::args::ListArguments;
use super::exit::Exit;
use super::{Failure, chosen, files, suite};
use crate::text::counted;

/// Prints the register with the checks that cover each requirement.
pub fn list(arguments: &ListArguments) -> Result<Exit, Failure> {
    let suite = suite(&files(arguments.fixtures.as_deref())?)?;
    let mut patterns = Patterns::new(&arguments.filter);
    // `run` always drives the prerequisites; a list shows what was asked for.
    let cases = suite.selected(&mut patterns);
    chosen::refuse_unmatched(&patterns)?;
    let covering = |requirement: &Requirement| -> Vec<String> {
        let checks = cases.iter().flat_map(|case: &Case| &case.checks);
        checks
            .filter(|check| check.requirements.contains(&requirement.id))
            .map(|check| check.id.to_string())
            .collect()
    };
    let shown: Vec<(&Requirement, Vec<String>)> = suite
        .register
        .iter()
        .map(|requirement| (requirement, covering(requirement)))
        .filter(|(_, checks)| arguments.filter.is_empty() || !checks.is_empty())
        .collect();
    if arguments.json {
        let list: Vec<_> = shown
            .iter()
            .map(|(requirement, checks)| {
                json!({
                    "id": requirement.id,
                    "level": requirement.level,
                    "statement": requirement.statement,
                    "source": requirement.source,
                    "excluded": requirement.excluded,
                    "checks": checks,
                })
            })
            .collect();
        anstream::println!(
            "{}",
            serde_json::to_string_pretty(&json!({ "requirements": list })).unwrap_or_default()
        );
        return Ok(Exit::Conforms);
    }
    for (requirement, checks) in &shown {
        anstream::println!(
            "{} {} {}",
            requirement.id.bold(),
            format!("({})", requirement.level).dimmed(),
            requirement.statement
        );
        anstream::println!("  {} {}", "source:".dimmed(), requirement.source);
        if let Some(reason) = &requirement.excluded {
            anstream::println!("  {} {reason}", "excluded:".yellow());
        }
        for check in checks {
            anstream::println!("  {check}");
        }
        anstream::println!();
    }
    let checks: usize = cases.iter().map(|case| case.checks.len()).sum();
    anstream::println!(
        "{}, {} in {}",
        counted(shown.len(), "requirement"),
        counted(checks, "check"),
        counted(cases.len(), "case")
    );
    Ok(Exit::Conforms)
}
