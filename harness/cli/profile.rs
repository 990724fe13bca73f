//! `profile init` and `profile check`: from nothing to a profile that fits a build.

use std::sync::Arc;

use crate::evidence::Evidence;
use crate::input::Files;
use crate::plan::{Case, Patterns};
use crate::reading::Reading;
use crate::render;
use crate::report::fit;
use crate::run::{Sessions, Stage, drive};
use crate::scenario::{Interaction, ProfileCheck};
use crate::sdk::{Installation, Profile};
use anyhow::anyhow;

use super::args::{ProfileCheckArguments, ProfileCommand, ProfileInitArguments};
use super::exit::Exit;
use super::{Failure, chosen, provision, suite};

/// The commented profile, below the fixtures.
const TEMPLATE: &str = "profile-template.toml";

/// Writes a profile, or proves one.
pub async fn profile(command: &ProfileCommand) -> Result<Exit, Failure> {
    match command {
        ProfileCommand::Init(arguments) => init(arguments),
        ProfileCommand::Check(arguments) => check(arguments).await,
    }
}

fn init(arguments: &ProfileInitArguments) -> Result<Exit, Failure> {
    let template = Files::default().fixture(TEMPLATE).map_err(Failure::usage)?;
    let file = &arguments.file;
    let mut options = std::fs::OpenOptions::new();
    let written = options
        .write(true)
        .create_new(true)
        .open(file)
        .and_then(|mut file| std::io::Write::write_all(&mut file, template.text.as_bytes()));
    written.map_err(|error| {
        Failure::usage(anyhow!(
            "{} cannot be written: {error}\n   = name a file that is not there yet",
            file.display()
        ))
    })?;
    anstream::println!(
        "{}: say what differs, then: alhena-conformance profile check {} --sdk FILE",
        file.display(),
        file.display()
    );
    Ok(Exit::Conforms)
}

async fn check(arguments: &ProfileCheckArguments) -> Result<Exit, Failure> {
    let files = Files::default();
    let profile = Arc::new(Profile::load(&arguments.profile, &files).map_err(Failure::usage)?);
    let installation = chosen::installation(arguments.sdk.as_deref(), &profile, &files)?;
    let cases = suite(&files)?.plan(&mut Patterns::new(&[]));
    let of_role = |role: ProfileCheck, way: Option<Interaction>| {
        let is_it = |case: &&Case| {
            case.scenario.profile_check == Some(role)
                && way.is_none_or(|way| case.axes.interaction == way)
        };
        cases.iter().find(is_it).ok_or_else(|| {
            Failure::usage(anyhow!(
                "no scenario of the fixtures declares the `profile_check` that is needed here"
            ))
        })
    };
    let sessions = Arc::new(provision::sessions(&arguments.browser)?);
    let stage = Stage::start(Arc::clone(&profile))
        .await
        .map_err(Failure::environment)?;
    let case = of_role(ProfileCheck::Load, None)?;
    let loaded = (
        case,
        evidence(case, &stage, &sessions, &installation).await?,
    );
    let mut used = Vec::new();
    for way in [Interaction::Chat, Interaction::Faq] {
        let has_it = match way {
            Interaction::Chat => profile.chat.is_some(),
            Interaction::Faq => profile.faq.is_some(),
        };
        if has_it || used.is_empty() && way == Interaction::Faq {
            let case = of_role(ProfileCheck::Use, Some(way))?;
            let evidence = evidence(case, &stage, &sessions, &installation).await?;
            used.push((way, case, evidence));
        }
    }
    let used: Vec<(Interaction, Reading<'_>)> = used
        .iter()
        .map(|(way, case, evidence)| (*way, Reading::of(case, evidence, &profile)))
        .collect();
    let parts = fit(&Reading::of(loaded.0, &loaded.1, &profile), &used);
    let (file, source) = (&profile.origin.file, &installation.build.source);
    let document = render::profile_check(&parts, file, source);
    anstream::print!("{}", render::terminal::summary(&document));
    if parts.iter().all(|part| part.fits) {
        return Ok(Exit::Conforms);
    }
    Ok(Exit::Fails)
}

/// What one case leaves behind, on a session of its own.
async fn evidence(
    case: &Case,
    stage: &Stage,
    sessions: &Sessions,
    installation: &Installation,
) -> Result<Evidence, Failure> {
    let proxy = stage.session_proxy().await.map_err(Failure::environment)?;
    let session = sessions
        .open(Some(proxy.address))
        .await
        .map_err(Failure::environment)?;
    let own = stage
        .open(case, installation)
        .await
        .map_err(Failure::environment)?;
    proxy.set_case(&own.label);
    let driven = drive(case, stage, &own, &session, false).await;
    let mut evidence = driven.evidence;
    evidence.requests = own.account.requests();
    evidence.scripts = own.shop.fetches();
    stage.close(&own);
    session.close().await;
    match driven.error {
        None => Ok(evidence),
        Some(error) => Err(Failure::environment(anyhow!("{}: {error}", case.id))),
    }
}
