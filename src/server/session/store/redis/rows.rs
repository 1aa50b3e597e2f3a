//! How records lie in Redis: names of keys, and fields of a hash.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::super::super::timestamp::Timestamp;
use super::super::super::token::{RecordKey, UserKey};
use super::super::record::Kept;
use super::super::{Reason, Record, StoreError, Tombstone};

/// All keys share one hash tag: in a cluster they lie in one slot, so that one script can reach them all.
pub const LIVE: &str = "{vestibule}:live";
/// Where ended sessions are told.
pub const ENDED: &str = "{vestibule}:ended";
/// Written to see whether writing works.
pub const PING: &str = "{vestibule}:ping";

/// The fields of a record, in the order in which they are read.
pub const FIELDS: [&str; 10] =
    ["user", "version", "created", "seen", "idle", "expires", "sealed", "about", "ended", "reason"];

/// The values of [`FIELDS`].
pub type Fields = Vec<Option<Vec<u8>>>;

pub fn session(key: RecordKey) -> String {
    format!("{{vestibule}}:session:{}", key.to_text())
}

pub fn user(key: UserKey) -> String {
    format!("{{vestibule}}:user:{}", user_text(key))
}

pub fn lease(key: RecordKey) -> String {
    format!("{{vestibule}}:lease:{}", key.to_text())
}

pub fn user_text(key: UserKey) -> String {
    URL_SAFE_NO_PAD.encode(key.as_bytes())
}

/// What [`user_text`] has written.
pub(super) fn user_of(text: &[u8]) -> Result<UserKey, Unreadable> {
    let bytes = URL_SAFE_NO_PAD.decode(text).ok().and_then(|bytes| bytes.try_into().ok());
    bytes.map(UserKey::from_bytes).ok_or(Unreadable("user"))
}

/// In milliseconds, at most as many as the type holds.
#[must_use]
pub fn millis(span: Duration) -> u64 {
    u64::try_from(span.as_millis()).unwrap_or(u64::MAX)
}

/// A field is missing, or not what this program has written.
#[derive(Debug, thiserror::Error)]
#[error("the field `{0}` cannot be read")]
pub struct Unreadable(pub(super) &'static str);

impl From<Unreadable> for StoreError {
    fn from(error: Unreadable) -> Self {
        Self::Corrupt(error.into())
    }
}

/// What the fields say. None if there are none.
pub(super) fn kept(key: RecordKey, fields: &Fields) -> Result<Option<Kept>, Unreadable> {
    if fields.iter().all(Option::is_none) {
        return Ok(None);
    }
    let row = Row(fields);
    Ok(Some(match row.bytes("ended") {
        Err(_) => Kept::Live(row.record(key)?),
        Ok(_) => Kept::Ended(row.tombstone(key)?),
    }))
}

struct Row<'a>(&'a Fields);

impl Row<'_> {
    fn record(&self, key: RecordKey) -> Result<Record, Unreadable> {
        Ok(Record {
            key,
            user: self.user()?,
            version: self.number("version")?,
            created_at: self.time("created")?,
            seen_at: self.time("seen")?,
            idle_timeout: Duration::from_millis(self.number("idle")?),
            expires_at: self.time("expires")?,
            sealed: self.bytes("sealed")?.to_vec(),
            about: self.bytes("about")?.to_vec(),
        })
    }

    fn tombstone(&self, key: RecordKey) -> Result<Tombstone, Unreadable> {
        Ok(Tombstone {
            key,
            user: self.user()?,
            reason: self.text("reason").ok().and_then(Reason::parse).ok_or(Unreadable("reason"))?,
            ended_at: self.time("ended")?,
            expires_at: self.time("expires")?,
        })
    }

    fn bytes(&self, name: &'static str) -> Result<&[u8], Unreadable> {
        let mut fields = FIELDS.iter().zip(self.0);
        let field = fields.find_map(|(field, value)| (*field == name).then_some(value));
        field.and_then(Option::as_deref).ok_or(Unreadable(name))
    }

    fn text(&self, name: &'static str) -> Result<&str, Unreadable> {
        std::str::from_utf8(self.bytes(name)?).map_err(|_| Unreadable(name))
    }

    fn number(&self, name: &'static str) -> Result<u64, Unreadable> {
        self.text(name)?.parse().map_err(|_| Unreadable(name))
    }

    fn time(&self, name: &'static str) -> Result<Timestamp, Unreadable> {
        self.number(name).map(Timestamp::from_millis)
    }

    fn user(&self) -> Result<UserKey, Unreadable> {
        user_of(self.bytes("user")?)
    }
}
