//! Where a person is signed in.

use serde::{Deserialize, Serialize};

/// A person's sessions, the one used last first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedInSessions {
    pub sessions: Vec<SignedInSession>,
    /// How many there are besides.
    pub more: usize,
    /// Whether ending another one asks the person to sign in first.
    pub asks_again: bool,
}

/// One session of a person. Times are milliseconds since the Unix epoch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedInSession {
    /// What a form calls it.
    pub id: String,
    /// Browser and system, in words.
    pub device: String,
    pub signed_in_at: u64,
    /// The address of the sign-in.
    pub signed_in_from: Option<String>,
    pub seen_at: u64,
    pub seen_from: Option<String>,
    /// Whether it is the one that asks.
    pub is_this: bool,
}
