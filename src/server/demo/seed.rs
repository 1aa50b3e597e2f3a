//! Figures that look like life and are the same every time, and the calendar they hang on.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};

/// A number below `limit` that depends on nothing but `key`.
pub fn noise(key: &str, limit: u32) -> u32 {
    let digest: [u8; 32] = Sha256::digest(key).into();
    let number = digest.first_chunk().map_or(0, |bytes| u32::from_be_bytes(*bytes));
    number.checked_rem(limit).unwrap_or(0)
}

/// The time, in whole seconds.
pub fn now() -> Timestamp {
    let now = Timestamp::now();
    Timestamp::from_second(now.as_second()).unwrap_or(now)
}

pub fn hours_ago(hours: u32) -> Timestamp {
    let now = now();
    now.checked_sub(SignedDuration::from_hours(hours.into())).unwrap_or(now)
}

/// The date in UTC.
pub fn today() -> Date {
    date_of(now())
}

pub fn date_of(time: Timestamp) -> Date {
    time.to_zoned(TimeZone::UTC).date()
}
