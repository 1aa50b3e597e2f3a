//! Does what the command line says. Everything else is in the library.

use std::process::ExitCode;

use vestibule::server::cli;

#[tokio::main]
async fn main() -> ExitCode {
    cli::run().await.unwrap_or_else(|error| cli::report(&error))
}
