//! `self-test --generated` in a program that was built without the feature `generated-mutants`.

use super::Failure;
use super::args::SelfTestArguments;
use super::exit::Exit;

/// Reports how to build the program with it.
#[expect(clippy::unused_async, reason = "as where the feature is there")]
pub async fn generated(_: &SelfTestArguments) -> Result<Exit, Failure> {
    let error = anyhow::anyhow!(
        "this build generates no mutants\n   = build it with: cargo build --features \
         generated-mutants\n     or run:        cargo run --features generated-mutants -- \
         self-test --generated"
    );
    Err(Failure::usage(error))
}
