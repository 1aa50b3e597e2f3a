use serde::Deserialize;
use url::Url;

use super::SettingsError;

/// `[trace]`: where traces go.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TraceSettings {
    /// The address of an OpenTelemetry collector that takes OTLP over HTTP. Not set: nowhere.
    pub otlp: Option<Url>,
}

impl TraceSettings {
    pub(super) fn check(&self) -> Result<(), SettingsError> {
        if self.otlp.as_ref().is_none_or(|url| matches!(url.scheme(), "http" | "https")) {
            return Ok(());
        }
        let why = "its address is neither http nor https";
        Err(SettingsError::key("trace.otlp", why, "Write it like http://127.0.0.1:4318."))
    }
}
