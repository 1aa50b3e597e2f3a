use std::path::PathBuf;

use serde::Deserialize;

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
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
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

impl TryFrom<String> for AuditTarget {
    type Error = &'static str;

    fn try_from(name: String) -> Result<Self, Self::Error> {
        match name.as_str() {
            "" => Err("it must be `stdout` or the path of a file"),
            "stdout" => Ok(Self::Stdout),
            _ => Ok(Self::File(name.into())),
        }
    }
}
