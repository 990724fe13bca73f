use std::sync::Arc;

use crate::contract::Visitor;
use crate::run::StageError;
use crate::serve::{Door, ServeSession, View};
use anyhow::{Context, anyhow};
use owo_colors::OwoColorize;

use super::args::ServeArguments;
use super::exit::Exit;
use super::interrupt::until_stopped;
use super::{Failure, chosen, files};

/// Opens the shop for a person's own browser, until it is stopped.
pub async fn serve(arguments: &ServeArguments) -> Result<Exit, Failure> {
    let files = files(arguments.fixtures.as_deref())?;
    let profile = Arc::new(chosen::profile(
        arguments.profile.as_deref(),
        arguments.sdk.is_none(),
        &files,
    )?);
    let installations = chosen::installations(
        arguments.sdk.as_slice(),
        arguments.snippet.as_slice(),
        &profile,
        &files,
    )?;
    let installation = installations
        .first()
        .ok_or_else(|| Failure::usage(anyhow!("there is nothing to serve")))?;
    let view = View::new(&files, profile, arguments.load)
        .map_err(|errors| Failure::all_of("fixtures", &errors))?;
    let stopped = until_stopped()?;
    let session = ServeSession::open(view, installation)
        .await
        .map_err(|error: StageError| Failure::environment(error))?;
    let door = Door::open(Arc::clone(&session), arguments.port)
        .await
        .with_context(|| match arguments.port {
            0 => "no port can be had on 127.0.0.1".to_owned(),
            port => format!(
                "cannot listen on 127.0.0.1:{port}; name another with \
                 --port, or none for a free one"
            ),
        })
        .map_err(Failure::environment)?;
    let state = session.state(door.address.port());
    anstream::println!("SDK      {} · sha256 {}", state.sdk.bold(), state.sha256);
    anstream::println!("profile  {}", state.profile.bold());
    anstream::println!(
        "shop     {}",
        session.shop(Visitor::First, door.address.port())
    );
    anstream::println!(
        "         {} (a second visitor's)",
        session.shop(Visitor::Second, door.address.port())
    );
    anstream::println!("ledger   {}", door.ledger());
    anstream::eprintln!("Ctrl-C ends it");
    stopped.await;
    Ok(Exit::Conforms)
}
