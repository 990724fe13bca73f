use super::Failure;
use super::args::BenchArguments;
use super::exit::Exit;

pub async fn bench(_: &BenchArguments) -> Result<Exit, Failure> {
    Ok(Exit::Conforms)
}
