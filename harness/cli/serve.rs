use std::sync::Arc;

use anyhow::Context;
use owo_colors::OwoColorize;

use super::args::ServeArguments;
use super::exit::Exit;
use super::interrupt::until_stopped;
use super::loading::files;
use super::{Failure, chosen};
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
    let session = ServeSession::open(view, &installation).await?;
    let door = Door::open(Arc::clone(&session), arguments.port).await;
    let door = door.with_context(|| match arguments.port {
        0 => "no port can be had on 127.0.0.1".to_owned(),
        port => format!(
            "cannot listen on 127.0.0.1:{port}; name another with --port, or none for a free one"
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
    stopped.await;
    Ok(Exit::Conforms)
}
