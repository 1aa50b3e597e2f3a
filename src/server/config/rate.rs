use std::time::Duration;

use serde::Deserialize;

use super::units;

/// At most `limit` times within `window`. Written `50 in 10s`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Rate {
    pub limit: u32,
    pub window: Duration,
}

impl Rate {
    /// Whether it lets nothing happen, ever or in no time at all.
    pub(super) fn is_nothing(&self) -> bool {
        self.limit == 0 || self.window.is_zero()
    }
}

impl TryFrom<String> for Rate {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        const WRONG: &str = "it must be a number and a time, like 50 in 10s";
        let (limit, window) = text.split_once(" in ").or_else(|| text.split_once('/')).ok_or(WRONG)?;
        let limit = limit.trim().parse().map_err(|_| WRONG)?;
        let window = units::parse_duration(window).ok_or(WRONG)?;
        Ok(Self { limit, window })
    }
}
