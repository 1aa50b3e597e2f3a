//! The command line, and what an operator reads when the start fails.

use std::{path::PathBuf, process::ExitCode};

use super::{StartError, config::Settings, logging};

/// Where the settings are read from, and what they say.
pub struct Loaded {
    pub file: PathBuf,
    pub settings: Settings,
}

/// The settings of the file that the command line or the environment names, or of `Leptos.toml`.
///
/// # Errors
/// When the command line or a setting cannot be used.
pub fn settings() -> Result<Loaded, StartError> {
    let file = file(std::env::args().skip(1))?;
    let settings = Settings::load(&file)?;
    logging::start(&settings.log)?;
    Ok(Loaded { file, settings })
}

fn file(mut arguments: impl Iterator<Item = String>) -> Result<PathBuf, StartError> {
    match (arguments.next().as_deref(), arguments.next(), arguments.next()) {
        (None, None, None) => Ok(named_by_environment().unwrap_or_else(|| "Leptos.toml".into())),
        (Some("--config"), Some(path), None) => Ok(path.into()),
        _ => Err(StartError::Usage),
    }
}

#[expect(clippy::disallowed_methods, reason = "this names the settings' file, and is no setting itself")]
fn named_by_environment() -> Option<PathBuf> {
    std::env::var("VESTIBULE_CONFIG").ok().filter(|path| !path.is_empty()).map(Into::into)
}

/// Says why the server does not run: a sentence on standard error, and exit code 2.
pub fn report(error: &StartError) -> ExitCode {
    use std::error::Error;
    eprintln!("vestibule: {error}");
    let mut cause = error.source();
    while let Some(error) = cause {
        eprintln!("  because: {error}");
        cause = error.source();
    }
    ExitCode::from(2)
}
