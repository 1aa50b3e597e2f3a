//! Does what the command line says. Everything else is in the library.

use std::process::ExitCode;

use mimalloc::MiMalloc;
use vestibule::server::cli;

/// What a request allocates on one thread and frees on another is dear with the system's.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

#[tokio::main]
async fn main() -> ExitCode {
    cli::run().await.unwrap_or_else(|error| cli::report(&error))
}
