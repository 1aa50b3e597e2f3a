//! What a store keeps under a key, and the one rule for when it is live.

use std::fmt;
use std::time::Duration;

use super::super::timestamp::Timestamp;
use super::super::token::{RecordKey, UserKey};

/// A session about to be stored.
#[derive(Clone)]
pub struct NewRecord {
    /// The name of the record.
    pub key: RecordKey,
    /// Whose session it is.
    pub user: UserKey,
    /// When the person signed in.
    pub created_at: Timestamp,
    /// How long the session may lie unused.
    pub idle_timeout: Duration,
    /// The absolute end, which no use moves.
    pub expires_at: Timestamp,
    /// The session's data, sealed so that only its cookie opens it.
    pub sealed: Vec<u8>,
    /// A summary of the device, sealed under the server key, for the list of one's sessions.
    pub about: Vec<u8>,
}

impl fmt::Debug for NewRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewRecord")
            .field("key", &self.key)
            .field("user", &self.user)
            .field("created_at", &self.created_at)
            .field("idle_timeout", &self.idle_timeout)
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}

impl NewRecord {
    pub(super) fn into_record(self) -> Record {
        let Self { key, user, created_at, idle_timeout, expires_at, sealed, about } = self;
        let (version, seen_at) = (1, created_at);
        Record { key, user, version, created_at, seen_at, idle_timeout, expires_at, sealed, about }
    }
}

/// A live session, as the store keeps it.
#[derive(Clone, PartialEq, Eq)]
pub struct Record {
    /// The name of the record.
    pub key: RecordKey,
    /// Whose session it is.
    pub user: UserKey,
    /// Goes up by one with each update of `sealed`.
    pub version: u64,
    /// When the person signed in.
    pub created_at: Timestamp,
    /// When the session was last known to be in use.
    pub seen_at: Timestamp,
    /// How long the session may lie unused.
    pub idle_timeout: Duration,
    /// The absolute end, which no use moves.
    pub expires_at: Timestamp,
    /// The session's data, sealed so that only its cookie opens it.
    pub sealed: Vec<u8>,
    /// A summary of the device, sealed under the server key.
    pub about: Vec<u8>,
}

impl Record {
    /// When the session ends if nobody uses it again: the idle deadline or the absolute end, whichever is first.
    #[must_use]
    pub fn due_at(&self) -> Timestamp {
        self.expires_at.min(self.seen_at + self.idle_timeout)
    }

    pub(super) fn tombstone(&self, reason: Reason, ended_at: Timestamp) -> Tombstone {
        Tombstone { key: self.key, user: self.user, reason, ended_at, expires_at: self.expires_at }
    }
}

impl fmt::Debug for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Record")
            .field("key", &self.key)
            .field("user", &self.user)
            .field("version", &self.version)
            .field("seen_at", &self.seen_at)
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}

/// What is left of a session that has ended. It holds nothing of the session's data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tombstone {
    /// The name of the record.
    pub key: RecordKey,
    /// Whose session it was.
    pub user: UserKey,
    /// Why it ended.
    pub reason: Reason,
    /// When it ended.
    pub ended_at: Timestamp,
    /// Until when the tombstone is kept: the absolute end of the session.
    pub expires_at: Timestamp,
}

/// Why a session has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reason {
    /// The person signed out.
    SignedOut,
    /// The upstream no longer accepts the session's token.
    Expired,
    /// Ended from another session, or by an administrator.
    Revoked,
    /// The person's identity provider has signed them out.
    SignedOutAtProvider,
    /// The person signed in again in the same browser.
    Replaced,
    /// It lay unused for too long.
    IdleTimeout,
    /// It reached its absolute end.
    AbsoluteTimeout,
}

impl Reason {
    const ALL: [Self; 7] = [
        Self::SignedOut,
        Self::Expired,
        Self::Revoked,
        Self::SignedOutAtProvider,
        Self::Replaced,
        Self::IdleTimeout,
        Self::AbsoluteTimeout,
    ];

    /// The word for it in stores, logs and metrics.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SignedOut => "signed-out",
            Self::Expired => "expired",
            Self::Revoked => "revoked",
            Self::SignedOutAtProvider => "signed-out-at-provider",
            Self::Replaced => "replaced",
            Self::IdleTimeout => "idle-timeout",
            Self::AbsoluteTimeout => "absolute-timeout",
        }
    }

    /// Whether the session was ended by somebody who cannot open it, so that what it held is still to be revoked.
    #[must_use]
    pub const fn is_from_elsewhere(self) -> bool {
        matches!(self, Self::Revoked | Self::SignedOutAtProvider)
    }

    /// The reason that `as_str` calls by this word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.as_str() == word)
    }
}

/// What [`load`](super::SessionStore::load) has found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// A session in force.
    Live(Record),
    /// A session that has ended, and why.
    Ended(Tombstone),
    /// Nothing: never created, or past its absolute end.
    Missing,
}

impl Found {
    /// What `kept`, which lies under a key or not, amounts to at `now`.
    pub(super) fn of(kept: Option<Kept>, now: Timestamp) -> Self {
        kept.map_or(Self::Missing, |kept| kept.at(now))
    }
}

/// What lies under a key, whatever the time.
#[derive(Clone)]
pub(super) enum Kept {
    Live(Record),
    Ended(Tombstone),
}

impl Kept {
    pub(super) fn key(&self) -> RecordKey {
        match self {
            Self::Live(record) => record.key,
            Self::Ended(tombstone) => tombstone.key,
        }
    }

    /// When a purge has something to do here.
    pub(super) fn due_at(&self) -> Timestamp {
        match self {
            Self::Live(record) => record.due_at(),
            Self::Ended(tombstone) => tombstone.expires_at,
        }
    }

    /// What it amounts to at `now`. The stores that decide in a query of their own follow this rule.
    pub(super) fn at(self, now: Timestamp) -> Found {
        match self {
            Self::Live(record) if now < record.due_at() => Found::Live(record),
            Self::Live(record) if now < record.expires_at => {
                Found::Ended(record.tombstone(Reason::IdleTimeout, record.due_at()))
            }
            Self::Ended(tombstone) if now < tombstone.expires_at => Found::Ended(tombstone),
            Self::Live(_) | Self::Ended(_) => Found::Missing,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_has_a_word_of_its_own() {
        for reason in Reason::ALL {
            assert_eq!(Reason::parse(reason.as_str()), Some(reason));
        }
        assert_eq!(Reason::parse("Expired"), None);
    }
}
