//! The command line, and what an operator reads when something fails.

mod arguments;
pub mod sessions;
mod table;

use std::{
    error::Error,
    io,
    path::{Path, PathBuf},
    process::ExitCode,
};

use super::{
    Application, StartError,
    config::{AuditTarget, Settings, SettingsError},
    logging,
    session::{seal::SealError, store::StoreError},
};
use arguments::{Command, USAGE, UsageError};

/// Where the settings are read from, and what they say.
pub struct Loaded {
    pub file: PathBuf,
    pub settings: Settings,
}

/// Why a command fails. `Display` is the sentence that the operator reads.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    #[error(transparent)]
    Usage(#[from] UsageError),
    #[error(transparent)]
    Start(#[from] StartError),
    #[error(
        "Sessions in memory are known to the running server alone. Set session.store to a file or to Redis."
    )]
    InMemory,
    #[error(
        "There are no sessions at {0}. Name the settings of the server with --config, and go to its folder."
    )]
    NoFile(PathBuf),
    #[error("The session store does not answer. Try again.")]
    Store(#[from] StoreError),
    #[error("The keys of sessions cannot be made.")]
    Seal(#[from] SealError),
    #[error("The sessions cannot be printed.")]
    Output(#[from] io::Error),
}

impl From<SettingsError> for CommandError {
    fn from(error: SettingsError) -> Self {
        Self::Start(error.into())
    }
}

/// Does what the command line says: serves until the server is stopped, or sees to sessions.
///
/// # Errors
/// See [`CommandError`].
pub async fn run() -> Result<ExitCode, CommandError> {
    let arguments = arguments::read(std::env::args_os().skip(1))?;
    let file = || arguments.config.or_else(named_by_environment).unwrap_or_else(|| "Leptos.toml".into());
    match arguments.command {
        Command::Help => println!("{USAGE}"),
        Command::Serve => Application::build(load(file())?).await?.run_until_stopped().await?,
        Command::Sessions(task) => return sessions::run(&settings(&file())?, &task).await,
    }
    Ok(ExitCode::SUCCESS)
}

fn load(file: PathBuf) -> Result<Loaded, SettingsError> {
    let settings = Settings::load(&file)?;
    logging::start(&settings.log)?;
    Ok(Loaded { file, settings })
}

/// The settings of the running server. Its standard output, which may hold the audit trail, is not this command's.
fn settings(file: &Path) -> Result<Settings, SettingsError> {
    let mut settings = Settings::load(file)?;
    settings.log.audit = settings.log.audit.filter(|audit| !matches!(audit, AuditTarget::Stdout));
    logging::start(&settings.log)?;
    Ok(settings)
}

#[expect(clippy::disallowed_methods, reason = "this names the settings' file, and is no setting itself")]
fn named_by_environment() -> Option<PathBuf> {
    std::env::var("VESTIBULE_CONFIG").ok().filter(|path| !path.is_empty()).map(Into::into)
}

/// Says why a command failed: a sentence on standard error, and exit code 2.
pub fn report(error: &CommandError) -> ExitCode {
    eprintln!("vestibule: {error}");
    let mut cause = error.source();
    while let Some(error) = cause {
        eprintln!("  because: {error}");
        cause = error.source();
    }
    ExitCode::from(2)
}
