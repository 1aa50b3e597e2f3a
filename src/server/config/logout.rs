use std::time::Duration;

use serde::Deserialize;

use super::{SettingsError, units};

/// `[logout]`: what happens when sessions end.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LogoutSettings {
    /// Cookies of an earlier application on this origin that signing out removes as well.
    pub clear_cookies: Vec<String>,
    /// When to stop believing an upstream that refuses every token.
    pub brake: Brake,
}

/// At most `limit` forced logouts within `window`. Written `50 in 10s`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Brake {
    pub limit: u32,
    pub window: Duration,
}

impl TryFrom<String> for Brake {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        const WRONG: &str = "logout.brake must be a number and a time, like 50 in 10s";
        let (limit, window) = text.split_once(" in ").or_else(|| text.split_once('/')).ok_or(WRONG)?;
        let limit = limit.trim().parse().map_err(|_| WRONG)?;
        let window = units::parse_duration(window).ok_or(WRONG)?;
        Ok(Self { limit, window })
    }
}

impl Default for LogoutSettings {
    fn default() -> Self {
        Self {
            clear_cookies: ["authjs.session-token", "next-auth.session-token", "access_token"]
                .map(Into::into)
                .into(),
            brake: Brake { limit: 50, window: Duration::from_secs(10) },
        }
    }
}

impl LogoutSettings {
    pub(super) fn check(&self) -> Result<(), SettingsError> {
        if self.brake.limit == 0 || self.brake.window.is_zero() {
            return Err(SettingsError::key(
                "logout.brake",
                "it would let no session end",
                "Write it like 50 in 10s.",
            ));
        }
        Ok(())
    }
}
