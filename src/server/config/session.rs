use std::{path::PathBuf, time::Duration};

use secrecy::SecretString;
use serde::Deserialize;

use super::{RedisLocation, SettingsError, units};

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
    /// Ending another session asks whoever has signed in longer ago than this to sign in again.
    #[serde(deserialize_with = "units::duration")]
    pub confirm_after: Duration,
    /// The server's key, 32 bytes in base64 or hex. Not set: generated once, beside the `SQLite` file.
    pub secret: Option<SecretString>,
    /// How many replicas of Redis must have a write before anybody is told of it.
    pub replicas: u32,
}

/// Where session records are kept.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub enum StoreLocation {
    /// In this process; a restart signs everybody out.
    Memory,
    /// In a file, for one node.
    Sqlite(PathBuf),
    /// In Redis or Valkey, for many nodes.
    Redis(Box<RedisLocation>),
}

impl TryFrom<String> for StoreLocation {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        if text == "memory" {
            return Ok(Self::Memory);
        }
        if text.starts_with("redis") {
            return RedisLocation::parse(&text).map(|location| Self::Redis(Box::new(location))).ok_or_else(|| {
                "session.store is no address of Redis: write it like rediss://user:password@redis.example.org:6379"
                    .into()
            });
        }
        match text.strip_prefix("sqlite:") {
            Some(path) if !path.is_empty() => Ok(Self::Sqlite(path.into())),
            _ => Err("session.store must be `memory`, `redis://…`, or `sqlite:` and a file, \
                      like sqlite:data/vestibule.db"
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
            confirm_after: Duration::from_mins(10),
            secret: None,
            replicas: 0,
        }
    }
}

impl SessionSettings {
    pub(super) fn check(&self) -> Result<(), SettingsError> {
        const LONGEST: Duration = Duration::from_hours(400 * 24);
        units::check_not_zero("session.idle_timeout", self.idle_timeout, "Write it like 30 min.")?;
        if self.absolute_timeout < self.idle_timeout || self.absolute_timeout > LONGEST {
            return Err(SettingsError::key(
                "session.absolute_timeout",
                "it is shorter than session.idle_timeout or longer than 400 days",
                "Write it like 12 h.",
            ));
        }
        if self.confirm_after.is_zero() {
            return Err(SettingsError::key(
                "session.confirm_after",
                "it is zero, and nobody could sign in that fast",
                "Write it like 10 min.",
            ));
        }
        let is_redis = matches!(self.store, StoreLocation::Redis(_));
        if is_redis && self.secret.is_none() {
            return Err(SettingsError::key(
                "session.secret",
                "it is not set, and all nodes that share a Redis need the same one",
                "Set it to 32 random bytes, for example from `openssl rand -base64 32`.",
            ));
        }
        if self.replicas > 0 && !is_redis {
            return Err(SettingsError::key(
                "session.replicas",
                "it is set, and session.store is not Redis",
                "Take it away, or set session.store to the address of Redis.",
            ));
        }
        Ok(())
    }
}
