//! Where sessions live: the contract that every store keeps.
//!
//! A record moves in one direction only: live, ended, forgotten. An ended record leaves a [`Tombstone`] until the
//! moment it would have expired anyway, so that no request still in flight can bring it back.
//!
//! **Time.** Callers pass `now` in. A record is live while `now` is before both its idle deadline and its absolute
//! end. Past the idle deadline it counts as ended by [`Reason::IdleTimeout`]; from the absolute end on, it and its
//! tombstone are missing. What a store answers never depends on when [`SessionStore::purge`] last ran.
//!
//! **Trust.** A store sees neither ids, secrets nor tokens: keys are hashes, and the data is sealed. Finding a record
//! does not prove that the caller may use it: open its sealed data first, and only then touch, update or end it.
//!
//! **Durability.** Once a call has answered, its effect outlives the process, except in the memory store. A caller
//! that stops waiting cancels nothing: a write that has begun may still take place.

use std::error::Error;

use async_trait::async_trait;
use futures::stream::BoxStream;

use super::timestamp::Timestamp;
use super::token::{RecordKey, UserKey};

pub use self::lease::{Holder, Leases};
pub use self::record::{Found, NewRecord, Reason, Record, Tombstone};

#[cfg(test)]
mod agreement;
#[cfg(test)]
mod conformance;
mod lease;
pub mod memory;
mod record;
pub mod redis;
pub mod sqlite;

/// Keeps session records. Used as `Arc<dyn SessionStore>`.
///
/// Every method is atomic, also against other processes that share the store.
#[async_trait]
pub trait SessionStore: Leases + Send + Sync + 'static {
    /// Adds a record, at version 1 and seen at its creation.
    ///
    /// # Errors
    /// [`StoreError::Collision`] if the key is known, live or ended; what is there stays as it is.
    async fn create(&self, record: NewRecord) -> Result<(), StoreError>;

    /// Reads what lies under `key`. Changes nothing, and does not extend the session.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] or [`StoreError::Corrupt`]; the caller must not take either for "signed out".
    async fn load(&self, key: RecordKey, now: Timestamp) -> Result<Found, StoreError>;

    /// Replaces the sealed data if the record is live and still at version `expected`. Of many callers with the
    /// same `expected`, one gets [`Updated::Done`]. Does not extend the session.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`]; the update may or may not have taken place.
    async fn update(
        &self,
        key: RecordKey,
        expected: u64,
        sealed: Vec<u8>,
        now: Timestamp,
    ) -> Result<Updated, StoreError>;

    /// Notes that a live record was used at `now`, which moves its idle deadline. Never moves it back, never
    /// changes the version or the sealed data. Answers whether the record is live.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    async fn touch(&self, key: RecordKey, now: Timestamp) -> Result<bool, StoreError>;

    /// Ends a live record: a tombstone takes its place, the sealed data is gone. Of many callers, one gets
    /// [`Ending::First`].
    ///
    /// # Errors
    /// [`StoreError::Unavailable`]; the record may or may not have ended. [`StoreError::Unconfirmed`].
    async fn end(&self, key: RecordKey, reason: Reason, now: Timestamp) -> Result<Ending, StoreError>;

    /// Ends the user's live records, all or all but one, and names those that this call has ended.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`]; the records have ended either all or not at all. [`StoreError::Unconfirmed`].
    async fn end_user(
        &self,
        user: UserKey,
        except: Option<RecordKey>,
        reason: Reason,
        now: Timestamp,
    ) -> Result<Vec<RecordKey>, StoreError>;

    /// The user's live records, the one seen last first.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] or [`StoreError::Corrupt`].
    async fn list_by_user(&self, user: UserKey, now: Timestamp) -> Result<Vec<Record>, StoreError>;

    /// Live records, some at a time: first from `None` on, then from where the last answer has ended. What is live all
    /// the while comes at least once, perhaps twice, in no order.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] or [`StoreError::Corrupt`].
    async fn scan(&self, from: Option<Mark>, now: Timestamp) -> Result<Scanned, StoreError>;

    /// How many records are live.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    async fn count_live(&self, now: Timestamp) -> Result<u64, StoreError>;

    /// Turns records past their idle deadline into tombstones and removes whatever is past its absolute end, some at a
    /// time. Of many callers, one is told of each live record that this concerned. To be called now and then, and again
    /// while there is [`more`](Purged::more); others may use the store meanwhile.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`]; part of the work may be done.
    async fn purge(&self, now: Timestamp) -> Result<Purged, StoreError>;

    /// Which sessions end by [`end`](Self::end) or [`end_user`](Self::end_user) from now on, whichever process ends
    /// them, each within a second. Deadlines pass unannounced. One stream per process is enough: [`Endings`](super::Endings) shares it.
    fn ended(&self) -> BoxStream<'static, Notice>;

    /// Whether the store can be reached and takes writes.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] if not.
    async fn ping(&self) -> Result<(), StoreError>;
}

/// What [`SessionStore::scan`] has come across.
#[derive(Clone, Debug, Default)]
pub struct Scanned {
    pub records: Vec<Record>,
    /// Where to go on. None: that was all.
    pub next: Option<Mark>,
}

/// A place in a scan. What it means is the store's own business.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark(Vec<u8>);

/// About how many records a scan comes across at a time.
const SCAN_BATCH: u32 = 200;

/// What came of [`SessionStore::update`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Updated {
    /// Stored; this is the record's version now.
    Done(u64),
    /// Somebody else has updated the record meanwhile. Load it again.
    Stale,
    /// The session has ended.
    Ended,
    /// There is no such record.
    Missing,
}

/// What came of [`SessionStore::end`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// This call has ended the session: the one to revoke tokens, write the audit line and count.
    First,
    /// The session had ended before.
    Already,
    /// There is no such record.
    Missing,
}

/// Whether a call of [`SessionStore::end`] has ended the session, be it that nobody may be told of that yet.
pub fn is_first(ending: &Result<Ending, StoreError>) -> bool {
    match ending {
        Ok(ending) => *ending == Ending::First,
        Err(error) => !error.ended().is_empty(),
    }
}

/// What [`SessionStore::ended`] tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notice {
    /// Every end is told from here on; what ended before has to be looked up. Comes first, and again whenever
    /// something may have been missed.
    Listening,
    /// This session has ended.
    Ended(RecordKey),
}

/// What [`SessionStore::purge`] has done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Purged {
    /// Live records that had passed a deadline: now tombstones, or removed.
    pub passed: Vec<Passed>,
    /// Tombstones removed.
    pub tombstones: u64,
    /// Whether there may be more to do.
    pub more: bool,
}

/// A session that has ended by a deadline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passed {
    pub key: RecordKey,
    /// Whose session it was. None: nobody has purged for so long that the store has forgotten it.
    pub user: Option<UserKey>,
    /// Which deadline.
    pub reason: Reason,
    /// As in [`Record::about`].
    pub about: Vec<u8>,
}

/// Why a store could not do its work. None of these means that anybody is signed out.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The key is taken. With random keys of this length it happens only by a fault or an attack.
    #[error("a session record with this key exists")]
    Collision,
    /// The store cannot be reached, is locked, or is full. Trying again later may help.
    #[error("the session store is unavailable: {0}")]
    Unavailable(#[source] Box<dyn Error + Send + Sync>),
    /// These sessions, if any, have ended by this call, and may yet live on: too few replicas have that. Nobody may be
    /// told that they are signed out, but whatever the first one has to do is this caller's.
    #[error("the end of sessions is unconfirmed: {source}")]
    Unconfirmed { ended: Vec<RecordKey>, source: Box<dyn Error + Send + Sync> },
    /// A record is there, but it is not what this program has written.
    #[error("a session record cannot be read: {0}")]
    Corrupt(#[source] Box<dyn Error + Send + Sync>),
}

impl StoreError {
    /// Which sessions have ended by the call that failed.
    pub fn ended(&self) -> &[RecordKey] {
        match self {
            Self::Unconfirmed { ended, .. } => ended,
            Self::Collision | Self::Unavailable(_) | Self::Corrupt(_) => &[],
        }
    }

    fn unavailable(source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Unavailable(source.into())
    }
}
