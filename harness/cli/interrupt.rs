use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;

use super::Failure;
use super::exit::Exit;

/// Ctrl-C and SIGTERM.
struct Signals {
    interrupt: Signal,
    terminate: Signal,
}

impl Signals {
    fn new() -> Result<Self, Failure> {
        let on = |kind| signal(kind).map_err(Failure::environment);
        Ok(Self {
            interrupt: on(SignalKind::interrupt())?,
            terminate: on(SignalKind::terminate())?,
        })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

/// Ends with the first Ctrl-C or SIGTERM.
pub fn until_stopped() -> Result<impl Future<Output = ()>, Failure> {
    let mut signals = Signals::new()?;
    Ok(async move { signals.next().await })
}

/// Becomes true with the first Ctrl-C or SIGTERM. The second ends the program at once; the guard of
/// the driver cleans up then.
pub fn interruptions() -> Result<watch::Receiver<bool>, Failure> {
    let mut signals = Signals::new()?;
    let (sender, interrupt) = watch::channel(false);
    tokio::spawn(async move {
        signals.next().await;
        anstream::eprintln!(
            "stopping: what was found so far is reported; once more to stop at once"
        );
        sender.send_replace(true);
        signals.next().await;
        std::process::exit(i32::from(Exit::Interrupted as u8));
    });
    Ok(interrupt)
}
