//! The program. All of it is in the library: [`alhena_conformance::cli`].

fn main() -> std::process::ExitCode {
    alhena_conformance::cli::main()
}
