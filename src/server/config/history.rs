use serde::Deserialize;

use super::SettingsError;

/// `[history]`: what each person has asked, for themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct HistorySettings {
    pub enabled: bool,
    /// How many requests are kept for each person.
    pub keep: u32,
    /// For how many days.
    pub days: u32,
}

impl Default for HistorySettings {
    fn default() -> Self {
        Self { enabled: true, keep: 100, days: 30 }
    }
}

impl HistorySettings {
    pub(super) fn check(&self) -> Result<(), SettingsError> {
        if !(1..=1000).contains(&self.keep) {
            let remedy = "Write it like 100, or set history.enabled to false.";
            return Err(SettingsError::key("history.keep", "it is not between 1 and 1000", remedy));
        }
        if !(1..=400).contains(&self.days) {
            let remedy = "Write it like 30, or set history.enabled to false.";
            return Err(SettingsError::key("history.days", "it is not between 1 and 400", remedy));
        }
        Ok(())
    }
}
