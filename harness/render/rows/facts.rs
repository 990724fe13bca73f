use crate::report::{Report, typed};

/// What a run was made on and with, by name.
pub fn facts(report: &Report) -> Vec<(String, String)> {
    let filters = report
        .filter
        .iter()
        .flat_map(|pattern| ["--filter".to_owned(), pattern.clone()]);
    let command: Vec<String> = ["run".to_owned()]
        .into_iter()
        .chain(report.command.iter().cloned())
        .chain(filters)
        .collect();
    let mut facts = vec![
        (
            "harness",
            format!("alhena-conformance {}", report.harness.version),
        ),
        ("sdk", report.sdk.source.clone()),
        ("sdk.sha256", report.sdk.sha256.clone()),
        ("snippet", report.snippet.source.clone()),
        ("snippet.sha256", report.snippet.sha256.clone()),
        ("profile", report.profile.name.clone()),
        ("profile.file", report.profile.file.clone()),
        ("profile.sha256", report.profile.sha256.clone()),
        ("began", report.began.clone()),
        ("command", typed(&command)),
        ("interrupted", report.interrupted.to_string()),
    ];
    if let Some(environment) = &report.environment {
        if let Some(engine) = &environment.engine {
            facts.push(("engine", engine.clone()));
        }
        facts.push(("browser", environment.browser.clone()));
        facts.push(("browser.version", environment.browser_version.clone()));
        facts.push(("browser.arguments", environment.arguments.join(" ")));
        if let Some(also) = &environment.also {
            facts.push(("browser.second", also.clone()));
        }
        if !environment.preferences.is_empty() {
            facts.push(("browser.preferences", environment.preferences.join(" ")));
        }
        facts.push(("driver", environment.driver.clone()));
        if let Some(console) = &environment.console {
            facts.push(("console", console.clone()));
        }
        facts.push(("platform", environment.platform.clone()));
    }
    let denied: Vec<&str> = report
        .denied_hosts()
        .map(|host| host.host.as_str())
        .collect();
    if !denied.is_empty() {
        facts.push(("denied hosts", denied.join(", ")));
    }
    let policies = report
        .profile
        .policies
        .iter()
        .map(|(policy, value)| (format!("profile.policy.{policy}"), value.clone()));
    facts
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .chain(policies)
        .collect()
}

/// The requirements that checks of scenarios in `folder` prove, by name.
pub fn requirements(report: &Report, folder: &str) -> Vec<(String, String)> {
    let is_proved = |requirement: &crate::report::RequirementReport| {
        report.checks.iter().any(|check| {
            area(&check.scenario) == folder && check.requirements.contains(&requirement.id)
        })
    };
    report
        .requirements
        .iter()
        .filter(|requirement| is_proved(requirement))
        .map(|requirement| {
            (
                format!("requirement {}", requirement.id),
                format!("{}: {}", requirement.level, requirement.statement),
            )
        })
        .collect()
}

/// The folder of a scenario.
pub fn area(scenario: &str) -> &str {
    scenario
        .rsplit_once('/')
        .map_or("scenarios", |(area, _)| area)
}
