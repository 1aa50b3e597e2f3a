//! Where the log and the audit trail go.

use std::{
    fs::{File, OpenOptions},
    io::{self, IsTerminal},
    os::unix::fs::OpenOptionsExt,
    path::Path,
    sync::Mutex,
};

use tracing::{Subscriber, level_filters::LevelFilter};
use tracing_subscriber::{
    EnvFilter, Layer,
    filter::filter_fn,
    fmt::{self, MakeWriter},
    layer::SubscriberExt,
    registry::LookupSpan,
    util::SubscriberInitExt,
};

use super::{
    audit,
    config::{AuditTarget, LogFormat, LogSettings, SettingsError},
};

/// Logs from now on as `settings` say. A second call, as in tests, keeps what is there.
///
/// # Errors
/// When the file of the audit trail cannot be written.
pub fn start(settings: &LogSettings) -> Result<(), SettingsError> {
    let audit = match &settings.audit {
        Some(AuditTarget::Stdout) => Some(audit_trail(io::stdout)),
        Some(AuditTarget::File(path)) => Some(audit_trail(Mutex::new(open(path)?))),
        None => None,
    };
    let _ = tracing_subscriber::registry().with(log(settings)).with(audit).try_init();
    Ok(())
}

fn log<S: Subscriber + for<'s> LookupSpan<'s>>(settings: &LogSettings) -> impl Layer<S> + use<S> {
    let lines = fmt::layer().with_writer(io::stderr).with_ansi(io::stderr().is_terminal());
    let lines = match settings.format {
        LogFormat::Text => lines.boxed(),
        LogFormat::Json => lines.json().boxed(),
    };
    lines.with_filter(EnvFilter::new(&settings.filter))
}

/// One line of JSON for each event, with the id of the request that it belongs to.
fn audit_trail<S, W>(writer: W) -> Box<dyn Layer<S> + Send + Sync>
where
    S: Subscriber + for<'s> LookupSpan<'s>,
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    let lines = fmt::layer().with_writer(writer).json().flatten_event(true);
    let lines = lines.with_target(false).with_level(false).with_span_list(false);
    let events = filter_fn(|metadata| metadata.is_span() || metadata.target() == audit::TARGET);
    lines.with_filter(events.with_max_level_hint(LevelFilter::INFO)).boxed()
}

/// Opened once, and only appended to: whoever rotates it copies it and cuts it off.
fn open(path: &Path) -> Result<File, SettingsError> {
    OpenOptions::new().append(true).create(true).mode(0o600).open(path).map_err(|error| {
        let why = format!("{} cannot be written: {error}", path.display());
        SettingsError::key("log.audit", why, "Name a file in a folder that may be written, or stdout.")
    })
}
