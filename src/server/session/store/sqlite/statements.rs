//! Every statement, as a function on a connection. The conditions follow `Kept::at`: a record is live if
//! `ended_at IS NULL AND due_at > now`.

use std::time::Duration;

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::super::super::timestamp::Timestamp;
use super::super::super::token::{RecordKey, UserKey};
use super::super::record::Kept;
use super::super::{Ending, Found, NewRecord, Passed, Purged, Reason, Record, Tombstone, Updated};
use super::{columns::integer, schema};

const CREATE: &str = "
    INSERT INTO session (key, user, version, created_at, seen_at, idle_timeout, expires_at, due_at, sealed, about)
    VALUES (?1, ?2, 1, ?3, ?3, ?4, ?5, ?6, ?7, ?8)
    ON CONFLICT (key) DO NOTHING";

const LOAD: &str = "
    SELECT key, user, version, created_at, seen_at, idle_timeout, expires_at, ended_at, reason, sealed, about
    FROM session WHERE key = ?1";

/// Where the members of a record stand in [`LOAD`], [`LIST`] and [`SCAN`]. By name, each would be looked for in each row.
mod column {
    pub const KEY: usize = 0;
    pub const USER: usize = 1;
    pub const VERSION: usize = 2;
    pub const CREATED_AT: usize = 3;
    pub const SEEN_AT: usize = 4;
    pub const IDLE_TIMEOUT: usize = 5;
    pub const EXPIRES_AT: usize = 6;
    pub const ENDED_AT: usize = 7;
    pub const REASON: usize = 8;
    pub const SEALED: usize = 9;
    pub const ABOUT: usize = 10;
}

const UPDATE: &str = "
    UPDATE session SET version = version + 1, sealed = ?3
    WHERE key = ?1 AND version = ?2 AND ended_at IS NULL AND due_at > ?4";

/// Written so that no sum overflows: `expires_at` is after `now` wherever the condition holds.
const TOUCH: &str = "
    UPDATE session SET
        seen_at = max(seen_at, ?2),
        due_at = max(due_at, iif(idle_timeout < expires_at - ?2, ?2 + idle_timeout, expires_at))
    WHERE key = ?1 AND ended_at IS NULL AND due_at > ?2";

const END: &str = "
    UPDATE session SET ended_at = ?3, reason = ?2, sealed = NULL, about = NULL, due_at = expires_at
    WHERE key = ?1 AND ended_at IS NULL AND due_at > ?3";

const END_USER: &str = "
    UPDATE session SET ended_at = ?3, reason = ?2, sealed = NULL, about = NULL, due_at = expires_at
    WHERE user = ?1 AND ended_at IS NULL AND due_at > ?3 AND key IS NOT ?4
    RETURNING key";

const LIST: &str = "
    SELECT key, user, version, created_at, seen_at, idle_timeout, expires_at, ended_at, reason, sealed, about
    FROM session WHERE user = ?1 AND ended_at IS NULL AND due_at > ?2 ORDER BY seen_at DESC";

/// The signs keep to the order of keys: every other index would have to be sorted for each batch.
const SCAN: &str = "
    SELECT key, user, version, created_at, seen_at, idle_timeout, expires_at, ended_at, reason, sealed, about
    FROM session WHERE key > ?1 AND +ended_at IS NULL AND +due_at > ?2 ORDER BY key LIMIT ?3";

const COUNT: &str = "SELECT count(*) FROM session WHERE due_at > ?1 AND ended_at IS NULL";

const DUE: &str = "
    SELECT rowid, ended_at IS NULL, expires_at <= ?1, key, user, about FROM session WHERE due_at <= ?1 LIMIT ?2";

const IDLE: &str = "
    UPDATE session SET ended_at = due_at, reason = ?2, sealed = NULL, about = NULL, due_at = expires_at
    WHERE rowid = ?1";

const FORGET: &str = "DELETE FROM session WHERE rowid = ?1";

/// The index that each statement must use.
#[cfg(test)]
pub const INDEXES: [(&str, &str); 10] = [
    (LOAD, "sqlite_autoindex_session_1"),
    (UPDATE, "sqlite_autoindex_session_1"),
    (TOUCH, "sqlite_autoindex_session_1"),
    (END, "sqlite_autoindex_session_1"),
    (END_USER, "session_by_user"),
    (LIST, "session_by_user"),
    (SCAN, "sqlite_autoindex_session_1"),
    (COUNT, "COVERING INDEX session_by_due"),
    (DUE, "session_by_due"),
    (IDLE, "INTEGER PRIMARY KEY"),
];

/// Answers whether the key was free.
pub fn create(db: &Connection, new: &NewRecord) -> rusqlite::Result<bool> {
    let due_at = new.expires_at.min(new.created_at + new.idle_timeout);
    let idle_timeout = integer(u64::try_from(new.idle_timeout.as_millis()).unwrap_or(u64::MAX));
    let NewRecord { key, user, created_at, expires_at, sealed, about, .. } = new;
    let values = params![key, user, created_at, idle_timeout, expires_at, due_at, sealed, about];
    Ok(db.prepare_cached(CREATE)?.execute(values)? == 1)
}

/// What lies under `key`, whatever the time.
pub fn look_up(db: &Connection, key: RecordKey) -> rusqlite::Result<Option<Kept>> {
    db.prepare_cached(LOAD)?.query_row([key], kept).optional()
}

fn load(db: &Connection, key: RecordKey, now: Timestamp) -> rusqlite::Result<Found> {
    Ok(Found::of(look_up(db, key)?, now))
}

pub fn update(
    db: &Connection,
    key: RecordKey,
    expected: u64,
    sealed: &[u8],
    now: Timestamp,
) -> rusqlite::Result<Updated> {
    let values = params![key, integer(expected), sealed, now];
    if db.prepare_cached(UPDATE)?.execute(values)? == 1 {
        return Ok(Updated::Done(expected.saturating_add(1)));
    }
    Ok(match load(db, key, now)? {
        Found::Live(_) => Updated::Stale,
        Found::Ended(_) => Updated::Ended,
        Found::Missing => Updated::Missing,
    })
}

/// Answers whether the record is live.
pub fn touch(db: &Connection, key: RecordKey, now: Timestamp) -> rusqlite::Result<bool> {
    Ok(db.prepare_cached(TOUCH)?.execute(params![key, now])? == 1)
}

pub fn end(db: &Connection, key: RecordKey, reason: Reason, now: Timestamp) -> rusqlite::Result<Ending> {
    if db.prepare_cached(END)?.execute(params![key, reason, now])? == 1 {
        return Ok(Ending::First);
    }
    Ok(match load(db, key, now)? {
        Found::Live(_) | Found::Ended(_) => Ending::Already,
        Found::Missing => Ending::Missing,
    })
}

pub fn end_user(
    db: &Connection,
    user: UserKey,
    except: Option<RecordKey>,
    reason: Reason,
    now: Timestamp,
) -> rusqlite::Result<Vec<RecordKey>> {
    let mut statement = db.prepare_cached(END_USER)?;
    statement.query_map(params![user, reason, now, except], |row| row.get(0))?.collect()
}

pub fn list_by_user(db: &Connection, user: UserKey, now: Timestamp) -> rusqlite::Result<Vec<Record>> {
    db.prepare_cached(LIST)?.query_map(params![user, now], record)?.collect()
}

/// The next live records after a key.
pub fn scan(db: &Connection, after: &[u8], now: Timestamp, limit: u32) -> rusqlite::Result<Vec<Record>> {
    db.prepare_cached(SCAN)?.query_map(params![after, now, limit], record)?.collect()
}

pub fn count_live(db: &Connection, now: Timestamp) -> rusqlite::Result<u64> {
    let count: i64 = db.prepare_cached(COUNT)?.query_row([now], |row| row.get(0))?;
    Ok(count.unsigned_abs())
}

/// Deals with up to `limit` records that are due.
pub fn purge(db: &Connection, now: Timestamp, limit: u32) -> rusqlite::Result<Purged> {
    let due = due(db, now, limit)?;
    let mut purged = Purged { more: due.len() >= limit as usize, ..Purged::default() };
    for (row, passed) in due {
        if matches!(passed, Some(Passed { reason: Reason::IdleTimeout, .. })) {
            db.prepare_cached(IDLE)?.execute(params![row, Reason::IdleTimeout])?;
        } else {
            db.prepare_cached(FORGET)?.execute([row])?;
        }
        purged.tombstones += u64::from(passed.is_none());
        purged.passed.extend(passed);
    }
    Ok(purged)
}

/// What is due, and of what is live, what has ended by it.
fn due(db: &Connection, now: Timestamp, limit: u32) -> rusqlite::Result<Vec<(i64, Option<Passed>)>> {
    let mut statement = db.prepare_cached(DUE)?;
    let due = statement.query_map(params![now, limit], |row| {
        let (is_live, is_over): (bool, bool) = (row.get(1)?, row.get(2)?);
        let reason = if is_over { Reason::AbsoluteTimeout } else { Reason::IdleTimeout };
        let passed = if is_live {
            Some(Passed { key: row.get(3)?, user: Some(row.get(4)?), reason, about: row.get(5)? })
        } else {
            None
        };
        Ok((row.get(0)?, passed))
    })?;
    due.collect()
}

/// Whether the file can be read.
pub fn ping(db: &Connection) -> rusqlite::Result<()> {
    db.prepare_cached("SELECT EXISTS (SELECT 1 FROM session)")?.query_row([], |_| Ok(()))
}

/// Whether it can be written: what it says already is written once more, as a full disk only refuses what is.
pub fn ping_write(tx: &Connection) -> rusqlite::Result<()> {
    tx.pragma_update(None, "application_id", schema::APPLICATION_ID)
}

fn kept(row: &Row<'_>) -> rusqlite::Result<Kept> {
    Ok(match row.get(column::ENDED_AT)? {
        None => Kept::Live(record(row)?),
        Some(ended_at) => Kept::Ended(tombstone(row, ended_at)?),
    })
}

fn tombstone(row: &Row<'_>, ended_at: Timestamp) -> rusqlite::Result<Tombstone> {
    Ok(Tombstone {
        key: row.get(column::KEY)?,
        user: row.get(column::USER)?,
        reason: row.get(column::REASON)?,
        ended_at,
        expires_at: row.get(column::EXPIRES_AT)?,
    })
}

fn record(row: &Row<'_>) -> rusqlite::Result<Record> {
    let idle_timeout: Timestamp = row.get(column::IDLE_TIMEOUT)?;
    Ok(Record {
        key: row.get(column::KEY)?,
        user: row.get(column::USER)?,
        version: row.get::<_, i64>(column::VERSION)?.unsigned_abs(),
        created_at: row.get(column::CREATED_AT)?,
        seen_at: row.get(column::SEEN_AT)?,
        idle_timeout: Duration::from_millis(idle_timeout.as_millis()),
        expires_at: row.get(column::EXPIRES_AT)?,
        sealed: row.get(column::SEALED)?,
        about: row.get(column::ABOUT)?,
    })
}
