use std::fmt;

use serde::Deserialize;
use url::Url;

use super::{SettingsError, units};

/// `[trace]`: where traces go.
#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TraceSettings {
    /// The address of an OpenTelemetry collector that takes OTLP over HTTP. Not set: nowhere.
    #[serde(deserialize_with = "units::address")]
    pub otlp: Option<Url>,
}

impl fmt::Debug for TraceSettings {
    /// Who signs in there stays out.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let origin = self.otlp.as_ref().map(|url| url.origin().ascii_serialization());
        f.debug_struct("TraceSettings").field("otlp", &origin).finish()
    }
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
