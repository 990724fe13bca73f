//! `profile init` and `profile check`: from nothing to a profile that fits a build.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::sync::Arc;

use anyhow::anyhow;

use super::args::{
    BrowserArguments, FixturesArguments, ProfileCheckArguments, ProfileCommand,
    ProfileInitArguments, screen,
};
use super::exit::Exit;
use super::loading::Loaded;
use super::{Failure, chosen, init, provision};
use crate::evidence::Evidence;
use crate::input::Files;
use crate::plan::Case;
use crate::reading::Reading;
use crate::render::{self, Detail};
use crate::report::fit;
use crate::run::{Proxied, Sessions, Stage, drive};
use crate::scenario::{Interaction, ProfileCheck};
use crate::sdk::{Build, Installation, Profile};

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
    let template = Files::default().fixture(TEMPLATE)?;
    let name = arguments.file.display();
    let created = std::fs::File::create_new(&arguments.file);
    let written = created.and_then(|mut file| file.write_all(template.text.as_bytes()));
    written.map_err(|error| {
        let help = "name a file that is not there yet";
        Failure::usage(anyhow!("{name} cannot be written: {error}\n   = {help}"))
    })?;
    anstream::println!(
        "{name}: say what differs, then: alhena-conformance profile check {name} --sdk FILE"
    );
    Ok(Exit::Conforms)
}

async fn check(arguments: &ProfileCheckArguments) -> Result<Exit, Failure> {
    let ProfileCheckArguments {
        profile,
        sdk,
        browser,
        ..
    } = arguments;
    if proves(profile, sdk.as_deref(), browser).await? {
        return Ok(Exit::Conforms);
    }
    if let Some(sdk) = sdk.as_ref().filter(|sdk| !Build::is_url(sdk)) {
        let (text, _) = init::look(sdk, browser).await?;
        anstream::println!("\nWhat was seen of the build, to copy from:\n\n{text}");
    }
    Ok(Exit::Fails)
}

/// Prints which parts of a profile fit a build; whether all do.
pub async fn proves(
    profile: &str,
    sdk: Option<&str>,
    browser: &BrowserArguments,
) -> Result<bool, Failure> {
    let loaded = Loaded::of(&FixturesArguments::default())?;
    let profile = Arc::new(Profile::load(profile, &loaded.files)?);
    let installation = chosen::installation(sdk, None, &profile, &loaded.files)?;
    let cases = loaded.plan();
    let of_role = |role: ProfileCheck, way: Option<Interaction>| {
        let is_it = |case: &&Case| {
            case.scenario.profile_check == Some(role)
                && way.is_none_or(|way| case.axes.interaction == way)
        };
        let error = "no scenario of the fixtures declares the `profile_check` that is needed here";
        let found = cases.iter().find(is_it);
        found.ok_or_else(|| Failure::usage(anyhow!(error)))
    };
    let (sessions, stage) = provision::equipment(browser, &profile).await?;
    let case = of_role(ProfileCheck::Load, None)?;
    let loading = evidence(case, &stage, &sessions, &installation).await?;
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
    let used = used.iter();
    let used = used.map(|(way, case, evidence)| (*way, Reading::of(case, evidence, &profile)));
    let used: Vec<(Interaction, Reading<'_>)> = used.collect();
    let parts = fit(&Reading::of(case, &loading, &profile), &used);
    let (file, source) = (&profile.origin.file, &installation.build.source);
    let document = render::profile_check(&parts, file, source);
    anstream::print!(
        "{}",
        render::terminal::body(&document, screen(Detail::Summary))
    );
    Ok(parts.iter().all(|part| part.fits))
}

/// What one case leaves behind, on a session of its own.
async fn evidence(
    case: &Case,
    stage: &Stage,
    sessions: &Sessions,
    installation: &Installation,
) -> Result<Evidence, Failure> {
    let opened = Proxied::open(stage, sessions, &BTreeSet::new()).await;
    let proxied = opened.map_err(Failure::environment)?;
    let own = proxied.begin(stage, case, installation).await?;
    let driven = drive(case, stage, &own, &proxied.session, false).await;
    let mut evidence = driven.evidence;
    evidence.requests = own.account.requests();
    evidence.scripts = own.shop.fetches();
    stage.close(&own);
    proxied.session.close().await;
    match driven.error {
        None => Ok(evidence),
        Some(error) => Err(Failure::environment(anyhow!("{}: {error}", case.id))),
    }
}
