//! The store for one machine: a `SQLite` file, which several processes may share.
//!
//! **Reads** run straight on the calling task. A look-up by key takes microseconds, less than handing it to another
//! thread and back, and in WAL mode no reader ever waits for the writer. Until somebody writes, a record is not even
//! looked up again (`look_ups`). Only the count, which walks an index, goes to the blocking pool.
//!
//! **Writes** go to one thread that gathers what is waiting into one transaction (`writer`). `synchronous=FULL`
//! makes each commit durable before anybody is told of it: a sign-out survives `kill -9` and the loss of power alike,
//! and so does a refresh token that the issuer will accept only once.

use std::path::Path;
use std::sync::Arc;

use async_trait::async_trait;
use futures::stream::BoxStream;

use super::super::timestamp::Timestamp;
use super::super::token::{RecordKey, UserKey};
use super::{
    Ending, Found, Mark, NewRecord, Notice, Purged, Reason, Record, SCAN_BATCH, Scanned, SessionStore,
    StoreError, Updated,
};

pub use self::database::{Database, OpenError};
use self::look_ups::LookUps;

mod columns;
mod database;
mod leases;
mod look_ups;
mod notices;
mod readers;
mod schema;
mod statements;
mod writer;

/// How many records one transaction of a purge takes, so that it never holds up sign-ins for long.
const PURGE_BATCH: u32 = 500;

/// Sessions in one `SQLite` file.
pub struct SqliteStore {
    database: Arc<Database>,
    look_ups: LookUps,
}

impl SqliteStore {
    /// The sessions in an open file.
    #[must_use]
    pub fn new(database: Arc<Database>) -> Self {
        let look_ups = LookUps::beside(database.path());
        Self { database, look_ups }
    }

    /// Opens a file, see [`Database::open`].
    ///
    /// # Errors
    /// [`OpenError`], with the path.
    pub fn open(path: &Path) -> Result<Self, OpenError> {
        Database::open(path).map(Arc::new).map(Self::new)
    }
}

#[async_trait]
impl SessionStore for SqliteStore {
    async fn create(&self, record: NewRecord) -> Result<(), StoreError> {
        let created = self.database.write(move |tx| statements::create(tx, &record)).await?;
        if created { Ok(()) } else { Err(StoreError::Collision) }
    }

    async fn load(&self, key: RecordKey, now: Timestamp) -> Result<Found, StoreError> {
        let read = || self.database.point(|db| statements::look_up(db, key));
        Ok(Found::of(self.look_ups.get_or_read(key, read)?, now))
    }

    async fn update(
        &self,
        key: RecordKey,
        expected: u64,
        sealed: Vec<u8>,
        now: Timestamp,
    ) -> Result<Updated, StoreError> {
        self.database.write(move |tx| statements::update(tx, key, expected, &sealed, now)).await
    }

    async fn touch(&self, key: RecordKey, now: Timestamp) -> Result<bool, StoreError> {
        self.database.write(move |tx| statements::touch(tx, key, now)).await
    }

    async fn end(&self, key: RecordKey, reason: Reason, now: Timestamp) -> Result<Ending, StoreError> {
        self.database.write(move |tx| statements::end(tx, key, reason, now)).await
    }

    async fn end_user(
        &self,
        user: UserKey,
        except: Option<RecordKey>,
        reason: Reason,
        now: Timestamp,
    ) -> Result<Vec<RecordKey>, StoreError> {
        self.database.write(move |tx| statements::end_user(tx, user, except, reason, now)).await
    }

    async fn list_by_user(&self, user: UserKey, now: Timestamp) -> Result<Vec<Record>, StoreError> {
        Ok(self.database.point(|db| statements::list_by_user(db, user, now))?)
    }

    async fn scan(&self, from: Option<Mark>, now: Timestamp) -> Result<Scanned, StoreError> {
        let from = from.unwrap_or(Mark(Vec::new()));
        let records = self.database.scan(move |db| statements::scan(db, &from.0, now, SCAN_BATCH)).await?;
        let is_full = records.len() >= SCAN_BATCH as usize;
        let next = records.last().filter(|_| is_full).map(|record| Mark(record.key.as_bytes().to_vec()));
        Ok(Scanned { records, next })
    }

    async fn count_live(&self, now: Timestamp) -> Result<u64, StoreError> {
        self.database.scan(move |db| statements::count_live(db, now)).await
    }

    async fn purge(&self, now: Timestamp) -> Result<Purged, StoreError> {
        self.database.write(move |tx| statements::purge(tx, now, PURGE_BATCH)).await
    }

    fn ended(&self) -> BoxStream<'static, Notice> {
        notices::stream(self.database.readers())
    }

    async fn ping(&self) -> Result<(), StoreError> {
        self.database.point(statements::ping)?;
        self.database.write(|tx| statements::ping_write(tx)).await
    }
}

#[cfg(test)]
mod tests;
