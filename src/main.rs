//! Starts the server. Everything else is in the library.

use std::process::ExitCode;

use vestibule::server::{self, Application};

#[tokio::main]
async fn main() -> ExitCode {
    let started = match server::cli::settings() {
        Ok(settings) => Application::build(settings).await,
        Err(error) => Err(error),
    };
    let finished = match started {
        Ok(application) => application.run_until_stopped().await,
        Err(error) => Err(error),
    };
    match finished {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => server::cli::report(&error),
    }
}
