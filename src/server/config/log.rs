use std::{fmt, path::PathBuf};

use serde::{Deserialize, Deserializer, de};

/// `[log]`: how the server logs, and where its audit trail goes.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LogSettings {
    /// `text` for people, `json` for machines.
    pub format: LogFormat,
    /// A `tracing` filter, such as `info` or `vestibule=debug,warn`.
    pub filter: String,
    /// Where the audit trail goes besides the log. Not set: nowhere.
    pub audit: Option<AuditTarget>,
}

/// See [`LogSettings::format`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    Text,
    Json,
}

/// See [`LogSettings::audit`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AuditTarget {
    Stdout,
    /// A file, which is appended to.
    File(PathBuf),
}

impl Default for LogSettings {
    fn default() -> Self {
        Self { format: LogFormat::Text, filter: "vestibule=info,warn".into(), audit: None }
    }
}

impl<'de> Deserialize<'de> for AuditTarget {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(Name)
    }
}

struct Name;

impl de::Visitor<'_> for Name {
    type Value = AuditTarget;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("`stdout` or the path of a file")
    }

    fn visit_str<E: de::Error>(self, name: &str) -> Result<AuditTarget, E> {
        match name {
            "" => Err(E::invalid_value(de::Unexpected::Str(name), &self)),
            "stdout" => Ok(AuditTarget::Stdout),
            path => Ok(AuditTarget::File(path.into())),
        }
    }
}
