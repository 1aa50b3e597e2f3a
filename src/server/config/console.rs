use std::time::Duration;

use serde::Deserialize;

use super::{SettingsError, units};

/// `[console]`: how much of the API's answers is kept for reading, and how long.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ConsoleSettings {
    /// The longest answer that is kept, in bytes, after decompression.
    #[serde(deserialize_with = "units::size")]
    pub max_answer: usize,
    /// The bytes of all answers that are kept for one person; the oldest go first.
    #[serde(deserialize_with = "units::size")]
    pub keep_per_person: usize,
    /// The bytes of all answers that are kept.
    #[serde(deserialize_with = "units::size")]
    pub keep_in_all: usize,
    /// How long an answer is kept after somebody has last looked at it.
    #[serde(deserialize_with = "units::duration")]
    pub keep_for: Duration,
}

impl Default for ConsoleSettings {
    fn default() -> Self {
        Self {
            max_answer: 1 << 30,
            keep_per_person: 2 << 30,
            keep_in_all: 8 << 30,
            keep_for: Duration::from_mins(15),
        }
    }
}

impl ConsoleSettings {
    pub(super) fn check(&self) -> Result<(), SettingsError> {
        units::check_not_zero("console.keep_for", self.keep_for, "Write it like 15 min.")?;
        if self.max_answer == 0 {
            return Err(SettingsError::key("console.max_answer", "it is zero", "Write it like 1 GiB."));
        }
        if self.keep_per_person < self.max_answer || self.keep_in_all < self.keep_per_person {
            return Err(SettingsError::key(
                "console.keep_per_person",
                "it is smaller than console.max_answer or larger than console.keep_in_all",
                "Write them like 1 GiB, 2 GiB and 8 GiB.",
            ));
        }
        Ok(())
    }
}
