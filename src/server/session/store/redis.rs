//! The store for many nodes: Redis 6.2 or Valkey, alone, behind sentinels, or as a cluster.
//!
//! A record is a hash that Redis itself forgets a little after the record's absolute end, tombstone or not. Whatever
//! changes one is a script, which runs alone on its server: of two nodes that end and update a session at once, one is
//! first.
//! Everything lies in one slot of a cluster, which gives up spreading the load for ending all of a person's sessions
//! in one go.
//!
//! **Time.** What is live is decided by the caller's `now`, as everywhere. How long Redis keeps a key is a span, so
//! nodes whose clocks differ from the server's lose nothing.
//!
//! **Durability** is what Redis is set up for: `appendonly yes` with `appendfsync always` keeps what was answered when the
//! process is killed. With `session.replicas`, a write counts once that many replicas have it, so a failover keeps it too.
//!
//! **Failures.** No call takes longer than three seconds. A write that was cut off may be sent again: scripts know a
//! second attempt of the same call, and answer as the first would have.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use futures::stream::BoxStream;
use redis::cmd;

use self::link::Unconfirmed;
use self::rows::Fields;
use super::super::timestamp::Timestamp;
use super::super::token::{RecordKey, UserKey};
use super::{
    Ending, Found, Holder, Mark, NewRecord, Notice, Passed, Purged, Reason, Record, SCAN_BATCH, Scanned,
    SessionStore, StoreError, Updated,
};

pub use self::link::{Call, Link};
pub use self::rows::millis;

mod leases;
mod link;
mod notices;
mod origin;
mod rows;
mod scripts;

/// The longest that Redis is told to keep anything. Its times must not overflow.
const LONGEST: Duration = Duration::from_hours(10 * 366 * 24);

/// By how much other nodes' clocks may be behind. What is due by this one's stays in sight for so long: for them it lives.
const OTHER_CLOCKS: Duration = Duration::from_mins(10);

/// How long Redis keeps a record beyond its absolute end, so that whoever purges can tell whose it was.
const AFTERWARDS: Duration = Duration::from_mins(15);

/// Sessions in Redis.
pub struct RedisStore {
    link: Arc<Link>,
}

impl RedisStore {
    /// The sessions at the other end of `link`.
    #[must_use]
    pub fn new(link: Arc<Link>) -> Self {
        Self { link }
    }
}

#[async_trait]
impl SessionStore for RedisStore {
    async fn create(&self, record: NewRecord) -> Result<(), StoreError> {
        let NewRecord { key, user, created_at, idle_timeout, expires_at, sealed, about } = record;
        let due_at = expires_at.min(created_at + idle_timeout);
        let kept_for = expires_at.since(created_at).min(LONGEST) + AFTERWARDS;
        let call = Call::new(&scripts::CREATE, &[&rows::session(key), &rows::user(user), rows::LIVE])
            .arg(key.to_text())
            .arg(rows::user_text(user))
            .arg(created_at.as_millis())
            .arg(rows::millis(idle_timeout))
            .arg(expires_at.as_millis())
            .arg(due_at.as_millis())
            .arg(sealed)
            .arg(about)
            .arg(rows::millis(kept_for));
        if self.link.write(&call).await? { Ok(()) } else { Err(StoreError::Collision) }
    }

    async fn load(&self, key: RecordKey, now: Timestamp) -> Result<Found, StoreError> {
        let fields: Fields = self.link.read(cmd("HMGET").arg(rows::session(key)).arg(&rows::FIELDS)).await?;
        Ok(Found::of(rows::kept(key, &fields)?, now))
    }

    async fn update(
        &self,
        key: RecordKey,
        expected: u64,
        sealed: Vec<u8>,
        now: Timestamp,
    ) -> Result<Updated, StoreError> {
        let next = expected.saturating_add(1);
        let call = Call::new(&scripts::UPDATE, &[&rows::session(key)]);
        let call = call.arg(expected).arg(next).arg(sealed).arg(now.as_millis());
        let word: String = self.link.write(&call).await?;
        Ok(match word.as_str() {
            "done" => Updated::Done(next),
            "stale" => Updated::Stale,
            "ended" => Updated::Ended,
            _ => Updated::Missing,
        })
    }

    async fn touch(&self, key: RecordKey, now: Timestamp) -> Result<bool, StoreError> {
        let call = Call::new(&scripts::TOUCH, &[&rows::session(key), rows::LIVE]);
        self.link.write(&call.arg(key.to_text()).arg(now.as_millis())).await
    }

    async fn end(&self, key: RecordKey, reason: Reason, now: Timestamp) -> Result<Ending, StoreError> {
        let call = Call::new(&scripts::END, &[&rows::session(key)]);
        let call = ending(call, Some(key), reason, now);
        let (word, confirmed): (String, _) = self.link.written(&call).await?;
        let (ending, ended) = match word.as_str() {
            "first" => (Ending::First, vec![key]),
            "ended" => (Ending::Already, Vec::new()),
            _ => (Ending::Missing, Vec::new()),
        };
        confirmed.map(|()| ending).map_err(|few| unconfirmed(few, ended))
    }

    async fn end_user(
        &self,
        user: UserKey,
        except: Option<RecordKey>,
        reason: Reason,
        now: Timestamp,
    ) -> Result<Vec<RecordKey>, StoreError> {
        let call = Call::new(&scripts::END_USER, &[&rows::user(user)]);
        let call = ending(call, except, reason, now);
        let (names, confirmed): (Vec<String>, _) = self.link.written_once(&call).await?;
        let ended = names.iter().map(|name| key(name)).collect::<Result<Vec<_>, _>>()?;
        match confirmed {
            Ok(()) => Ok(ended),
            Err(few) => Err(unconfirmed(few, ended)),
        }
    }

    async fn list_by_user(&self, user: UserKey, now: Timestamp) -> Result<Vec<Record>, StoreError> {
        let call = Call::new(&scripts::LIST, &[&rows::user(user)]);
        let mut records = live(self.link.look(&call).await?, now)?;
        records.sort_by_key(|record| std::cmp::Reverse(record.seen_at));
        Ok(records)
    }

    async fn scan(&self, from: Option<Mark>, now: Timestamp) -> Result<Scanned, StoreError> {
        let cursor = from.map_or_else(|| b"0".to_vec(), |mark| mark.0);
        let call = Call::new(&scripts::SCAN, &[rows::LIVE]).arg(cursor).arg(SCAN_BATCH);
        let (next, rows): (Vec<u8>, Vec<(String, Fields)>) = self.link.look(&call).await?;
        Ok(Scanned { records: live(rows, now)?, next: Some(Mark(next)).filter(|mark| mark.0 != b"0") })
    }

    async fn count_live(&self, now: Timestamp) -> Result<u64, StoreError> {
        let after_now = format!("({}", now.as_millis());
        self.link.read(cmd("ZCOUNT").arg(rows::LIVE).arg(after_now).arg("+inf")).await
    }

    /// Redis removes records by itself. What is left to do is to tell of those that are due, once, and no more.
    async fn purge(&self, now: Timestamp) -> Result<Purged, StoreError> {
        let until = now.as_millis().saturating_sub(rows::millis(OTHER_CLOCKS));
        let call = Call::new(&scripts::PURGE, &[rows::LIVE]).arg(until).arg(SCAN_BATCH);
        // Replicas have no say: what a failover brings back is told again.
        let (taken, passed): (u32, Vec<PassedRow>) = self.link.write_unconfirmed(&call).await?;
        let passed = passed.into_iter().map(self::passed).collect::<Result<_, _>>()?;
        Ok(Purged { passed, tombstones: 0, more: taken >= SCAN_BATCH })
    }

    fn ended(&self) -> BoxStream<'static, Notice> {
        notices::stream(Arc::clone(self.link.origin()))
    }

    async fn ping(&self) -> Result<(), StoreError> {
        self.link.write(&Call::new(&scripts::PING, &[rows::PING])).await
    }
}

/// Those that are live, of records with their names and fields.
fn live(rows: Vec<(String, Fields)>, now: Timestamp) -> Result<Vec<Record>, StoreError> {
    let mut records = Vec::with_capacity(rows.len());
    for (name, fields) in rows {
        let kept = rows::kept(key(&name)?, &fields)?;
        if let Some(Found::Live(record)) = kept.map(|kept| kept.at(now)) {
            records.push(record);
        }
    }
    Ok(records)
}

/// Name, reason, user and summary of a record that has passed a deadline, the latter as far as they are there.
type PassedRow = (String, String, Option<Vec<u8>>, Option<Vec<u8>>);

fn passed((name, reason, user, about): PassedRow) -> Result<Passed, StoreError> {
    let reason = Reason::parse(&reason).ok_or(rows::Unreadable("reason"))?;
    let user = user.as_deref().map(rows::user_of).transpose()?;
    Ok(Passed { key: key(&name)?, user, reason, about: about.unwrap_or_default() })
}

/// The arguments that both ways to end a session share, with a name of their own for this attempt.
fn ending(call: Call, key: Option<RecordKey>, reason: Reason, now: Timestamp) -> Call {
    let name = key.map(|key| key.to_text()).unwrap_or_default();
    call.arg(name).arg(reason.as_str()).arg(now.as_millis()).arg(Holder::new().as_bytes().as_slice())
}

fn unconfirmed(few: Unconfirmed, ended: Vec<RecordKey>) -> StoreError {
    StoreError::Unconfirmed { ended, source: few.into() }
}

fn key(name: &str) -> Result<RecordKey, StoreError> {
    name.parse().map_err(|error| StoreError::Corrupt(Box::new(error)))
}

#[cfg(test)]
mod tests;
