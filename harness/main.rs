//! The command line of alhena-conformance.

mod cli;

use cli::Exit;

fn main() -> Exit {
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => {
            anstream::eprintln!("error: cannot start: {error}");
            return Exit::Environment;
        }
    };
    // In a task of its own, so that a panic of ours unwinds, cleans up, and is told from a failing
    // SDK by its exit code.
    runtime
        .block_on(async { tokio::spawn(cli::main()).await })
        .unwrap_or_else(|panic| {
            anstream::eprintln!(
                "error: this is a bug of alhena-conformance, not of the SDK: {panic}"
            );
            Exit::Bug
        })
}
