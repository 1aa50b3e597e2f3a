use std::{path::PathBuf, time::Duration};

use secrecy::SecretString;
use serde::Deserialize;

use super::{SettingsError, units};

/// `[session]`: where sessions are kept and how long they live.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SessionSettings {
    pub store: StoreLocation,
    /// A session nobody uses for this long is over.
    #[serde(deserialize_with = "units::duration")]
    pub idle_timeout: Duration,
    /// A session is over this long after signing in, however busy it is.
    #[serde(deserialize_with = "units::duration")]
    pub absolute_timeout: Duration,
    /// The server's key, 32 bytes in base64 or hex. Not set: generated once, beside the `SQLite` file.
    pub secret: Option<SecretString>,
}

/// Where session records are kept.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub enum StoreLocation {
    /// In this process; a restart signs everybody out.
    Memory,
    /// In a file, for one node.
    Sqlite(PathBuf),
}

impl TryFrom<String> for StoreLocation {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        if text == "memory" {
            return Ok(Self::Memory);
        }
        match text.strip_prefix("sqlite:") {
            Some(path) if !path.is_empty() => Ok(Self::Sqlite(path.into())),
            _ => Err("session.store must be `memory` or `sqlite:` and a file, like sqlite:data/vestibule.db"
                .into()),
        }
    }
}

impl Default for SessionSettings {
    fn default() -> Self {
        Self {
            store: StoreLocation::Sqlite("data/vestibule.db".into()),
            idle_timeout: Duration::from_mins(30),
            absolute_timeout: Duration::from_hours(12),
            secret: None,
        }
    }
}

impl SessionSettings {
    pub(super) fn check(&self) -> Result<(), SettingsError> {
        const LONGEST: Duration = Duration::from_hours(400 * 24);
        if self.idle_timeout.is_zero() {
            return Err(SettingsError::key("session.idle_timeout", "it is zero", "Write it like 30 min."));
        }
        if self.absolute_timeout < self.idle_timeout || self.absolute_timeout > LONGEST {
            return Err(SettingsError::key(
                "session.absolute_timeout",
                "it is shorter than session.idle_timeout or longer than 400 days",
                "Write it like 12 h.",
            ));
        }
        Ok(())
    }
}
