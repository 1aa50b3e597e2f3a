use std::time::Duration;

use serde::Deserialize;

use super::{Rate, SettingsError};

/// `[logout]`: what happens when sessions end.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LogoutSettings {
    /// Cookies of an earlier application on this origin that signing out removes as well.
    pub clear_cookies: Vec<String>,
    /// When to stop believing an upstream that refuses every token.
    pub brake: Rate,
}

impl Default for LogoutSettings {
    fn default() -> Self {
        Self {
            clear_cookies: ["authjs.session-token", "next-auth.session-token", "access_token"]
                .map(Into::into)
                .into(),
            brake: Rate { limit: 50, window: Duration::from_secs(10) },
        }
    }
}

impl LogoutSettings {
    pub(super) fn check(&self) -> Result<(), SettingsError> {
        if self.brake.is_nothing() {
            return Err(SettingsError::key(
                "logout.brake",
                "it would let no session end",
                "Write it like 50 in 10s.",
            ));
        }
        Ok(())
    }
}
