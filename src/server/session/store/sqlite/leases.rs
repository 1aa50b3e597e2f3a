//! Leases in the file. The processes that share it run on one machine, so they share its clock.

use std::time::Duration;

use async_trait::async_trait;
use rusqlite::{Connection, params};

use super::super::super::timestamp::Timestamp;
use super::super::super::token::RecordKey;
use super::super::{Holder, Leases, StoreError};
use super::SqliteStore;

const FORGET_PAST: &str = "DELETE FROM lease WHERE until <= ?1";

const ACQUIRE: &str =
    "INSERT INTO lease (key, holder, until) VALUES (?1, ?2, ?3) ON CONFLICT (key) DO NOTHING";

const RENEW: &str = "UPDATE lease SET until = ?3 WHERE key = ?1 AND holder = ?2 AND until > ?4";

const RELEASE: &str = "DELETE FROM lease WHERE key = ?1 AND holder = ?2";

#[async_trait]
impl Leases for SqliteStore {
    async fn acquire(&self, key: RecordKey, holder: Holder, term: Duration) -> Result<bool, StoreError> {
        self.database.write(move |tx| acquire(tx, key, holder, term, Timestamp::now())).await
    }

    async fn renew(&self, key: RecordKey, holder: Holder, term: Duration) -> Result<bool, StoreError> {
        self.database.write(move |tx| renew(tx, key, holder, term, Timestamp::now())).await
    }

    async fn release(&self, key: RecordKey, holder: Holder) -> Result<(), StoreError> {
        self.database.write(move |tx| release(tx, key, holder)).await
    }
}

fn acquire(
    db: &Connection,
    key: RecordKey,
    holder: Holder,
    term: Duration,
    now: Timestamp,
) -> rusqlite::Result<bool> {
    db.prepare_cached(FORGET_PAST)?.execute([now])?;
    Ok(db.prepare_cached(ACQUIRE)?.execute(params![key, holder.as_bytes(), now + term])? == 1)
}

fn renew(
    db: &Connection,
    key: RecordKey,
    holder: Holder,
    term: Duration,
    now: Timestamp,
) -> rusqlite::Result<bool> {
    Ok(db.prepare_cached(RENEW)?.execute(params![key, holder.as_bytes(), now + term, now])? == 1)
}

fn release(db: &Connection, key: RecordKey, holder: Holder) -> rusqlite::Result<()> {
    db.prepare_cached(RELEASE)?.execute(params![key, holder.as_bytes()]).map(|_| ())
}
