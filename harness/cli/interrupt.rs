use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

use super::Failure;
use super::exit::Exit;

/// Ends with the first Ctrl-C or SIGTERM.
pub fn until_stopped() -> Result<impl Future<Output = ()>, Failure> {
    let mut terminate = signal(SignalKind::terminate()).map_err(Failure::environment)?;
    let mut interrupted = signal(SignalKind::interrupt()).map_err(Failure::environment)?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupted.recv() => {}
        }
    })
}

/// Becomes true with the first Ctrl-C or SIGTERM. The second ends the program at once; the guard of
/// the driver cleans up then.
pub fn interruptions() -> Result<watch::Receiver<bool>, Failure> {
    let (tell, interrupt) = watch::channel(false);
    let mut terminate = signal(SignalKind::terminate()).map_err(Failure::environment)?;
    let mut interrupted = signal(SignalKind::interrupt()).map_err(Failure::environment)?;
    tokio::spawn(async move {
        let mut next = async || {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupted.recv() => {}
            }
        };
        next().await;
        anstream::eprintln!(
            "stopping: what was found so far is reported; once more to stop at once"
        );
        tell.send_replace(true);
        next().await;
        std::process::exit(i32::from(Exit::Interrupted as u8));
    });
    Ok(interrupt)
}
