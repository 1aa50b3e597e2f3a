//! Does what the command line says. Everything else is in the library.

use std::process::ExitCode;

use tikv_jemallocator::Jemalloc;
use vestibule::server::cli;

#[global_allocator]
static ALLOCATOR: Jemalloc = Jemalloc;

#[tokio::main]
async fn main() -> ExitCode {
    cli::run().await.unwrap_or_else(|error| cli::report(&error))
}
