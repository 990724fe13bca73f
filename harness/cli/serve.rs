use std::io::Write as _;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, anyhow};
use owo_colors::OwoColorize;

use super::args::ServeArguments;
use super::changes::{changed, look};
use super::exit::Exit;
use super::interrupt::until_stopped;
use super::loading::files;
use super::{Failure, chosen, notes};
use crate::sdk::{Build, Installation};
use crate::serve::{Door, ServeSession, View};

/// Opens the shop for a person's own browser, until it is stopped.
pub async fn serve(arguments: &ServeArguments) -> Result<Exit, Failure> {
    let files = files(&arguments.fixtures)?;
    let (sdk, snippet) = (arguments.sdk.as_deref(), arguments.snippet.as_deref());
    let profile = chosen::profile(arguments.profile.as_deref(), sdk.is_none(), &files)?;
    let installation = chosen::installation(sdk, snippet, &profile, &files)?;
    let view = View::new(&files, Arc::new(profile), arguments.load)
        .map_err(|errors| Failure::all_of("fixtures", &errors))?;
    let stopped = until_stopped()?;
    if let Some(file) = arguments.record.as_ref().filter(|file| file.exists()) {
        let name = file.display();
        return Err(Failure::usage(anyhow!(
            "--record: {name} exists\n   = name a file that is not there yet"
        )));
    }
    let (bind, records) = (arguments.bind, arguments.record.is_some());
    let api = SocketAddr::new(bind, arguments.api_port);
    let session = ServeSession::open(view, &installation, api, records).await?;
    let door = Door::open(Arc::clone(&session), SocketAddr::new(bind, arguments.port)).await;
    let door = door.with_context(|| match arguments.port {
        0 => format!("no port can be had on {bind}"),
        port => format!(
            "cannot listen on {bind}:{port}; name another with --port, or none for a free one"
        ),
    });
    let door = door.map_err(Failure::environment)?;
    let state = session.state(door.address.port());
    anstream::println!("SDK      {} · sha256 {}", state.sdk.bold(), state.sha256);
    anstream::println!("profile  {}", state.profile.bold());
    anstream::println!("shop     {}", state.shop);
    anstream::println!("         {} (a second visitor's)", state.second_shop);
    anstream::println!("ledger   {}", door.ledger());
    anstream::eprintln!("Ctrl-C ends it");
    let paths = watched(sdk, snippet);
    let take = || chosen::installation(sdk, snippet, &session.view.profile, &files);
    tokio::select! {
        () = stopped => {}
        () = follow(&paths, &session, take) => {}
    }
    if let Some(file) = &arguments.record {
        save(file, session.recorded(&files))?;
    }
    Ok(Exit::Conforms)
}

/// The files that are served; none where a build is served by URL.
fn watched(sdk: Option<&str>, snippet: Option<&Path>) -> Vec<PathBuf> {
    let sdk = sdk.filter(|source| !Build::is_url(source));
    let paths = sdk.map(PathBuf::from).into_iter();
    paths.chain(snippet.map(PathBuf::from)).collect()
}

/// Serves each build that is saved, for ever.
async fn follow(
    paths: &[PathBuf],
    session: &ServeSession,
    take: impl Fn() -> Result<Installation, Failure>,
) {
    let mut seen = look(paths);
    loop {
        seen = changed(paths, &seen).await;
        match take() {
            Ok(installation) => {
                let sha256 = installation.build.sha256.clone();
                session.install(installation);
                anstream::println!("SDK      changed · sha256 {sha256}; reload the shop's page");
            }
            // Half written, perhaps: the next look shows it.
            Err(Failure { error, .. }) => notes::error(format_args!("{error:#}")),
        }
    }
}

/// Writes the recorded scenario.
fn save(file: &Path, recorded: Option<String>) -> Result<(), Failure> {
    let name = file.display();
    let Some(text) = recorded else {
        anstream::eprintln!("{name}: not written, as no page was opened");
        return Ok(());
    };
    let created = std::fs::File::create_new(file);
    let written = created.and_then(|mut created| created.write_all(text.as_bytes()));
    let written = written.with_context(|| format!("{name} cannot be written"));
    written.map_err(Failure::environment)?;
    anstream::println!("{name}: written; in scenarios/ of the fixtures, `run --filter` drives it");
    Ok(())
}
