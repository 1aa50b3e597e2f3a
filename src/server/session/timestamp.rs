//! The one clock type of the session store.

use std::ops::Add;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

/// Milliseconds since the Unix epoch.
///
/// Stores never read a clock: callers pass the time in, so a test can travel instead of sleeping. Arithmetic
/// saturates, so no lifetime, however large, wraps into the past.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(u64);

impl Timestamp {
    /// The system clock's time; the epoch itself if the clock stands before it.
    #[must_use]
    pub fn now() -> Self {
        Self(0) + SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
    }

    /// The time `millis` milliseconds after the epoch.
    #[must_use]
    pub const fn from_millis(millis: u64) -> Self {
        Self(millis)
    }

    /// Milliseconds since the epoch.
    #[must_use]
    pub const fn as_millis(self) -> u64 {
        self.0
    }

    /// How long after `earlier` this is; zero if it is not.
    #[must_use]
    pub const fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(self.0.saturating_sub(earlier.0))
    }
}

impl Add<Duration> for Timestamp {
    type Output = Self;

    fn add(self, span: Duration) -> Self {
        Self(self.0.saturating_add(u64::try_from(span.as_millis()).unwrap_or(u64::MAX)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arithmetic_saturates() {
        assert_eq!(Timestamp::from_millis(1) + Duration::MAX, Timestamp::from_millis(u64::MAX));
        assert_eq!(Timestamp::from_millis(1).since(Timestamp::from_millis(9)), Duration::ZERO);
        assert_eq!(Timestamp::from_millis(9).since(Timestamp::from_millis(1)), Duration::from_millis(8));
    }

    #[test]
    fn now_is_in_milliseconds() {
        // 2020-01-01 and 2200-01-01.
        assert!((1_577_836_800_000..7_258_118_400_000).contains(&Timestamp::now().as_millis()));
    }
}
