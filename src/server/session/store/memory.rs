//! A store that forgets everything when the process ends: for trying things out, and for tests.

use std::collections::{BTreeSet, HashMap};
use std::num::NonZeroUsize;
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use futures::stream::BoxStream;
use tokio::sync::broadcast;

use super::super::timestamp::Timestamp;
use super::super::token::{RecordKey, UserKey};
use super::record::Kept;
use super::{
    Ending, Found, Mark, NewRecord, Notice, Passed, Purged, Reason, Record, Scanned, SessionStore,
    StoreError, Updated,
};

mod leases;
mod notices;

/// Keeps up to a set number of records and tombstones in memory.
///
/// One lock guards everything. Each operation holds it for about a microsecond, so splitting it would cost more in
/// complexity than it could save.
pub struct MemoryStore {
    capacity: usize,
    state: Mutex<State>,
    leases: leases::Held,
    ended: broadcast::Sender<RecordKey>,
}

impl MemoryStore {
    /// An empty store. When `capacity` records and tombstones are there, and none of them is due, creating another
    /// is [`StoreError::Unavailable`].
    #[must_use]
    pub fn new(capacity: NonZeroUsize) -> Self {
        Self {
            capacity: capacity.get(),
            state: Mutex::default(),
            leases: leases::Held::default(),
            ended: notices::channel(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl SessionStore for MemoryStore {
    async fn create(&self, record: NewRecord) -> Result<(), StoreError> {
        let mut state = self.state();
        if state.kept.contains_key(&record.key) {
            return Err(StoreError::Collision);
        }
        if state.kept.len() >= self.capacity {
            let purged = state.purge(record.created_at);
            state.untold.extend(purged.passed);
        }
        if state.kept.len() >= self.capacity {
            return Err(StoreError::unavailable("the memory store is full"));
        }
        state.insert(Kept::Live(record.into_record()));
        Ok(())
    }

    async fn load(&self, key: RecordKey, now: Timestamp) -> Result<Found, StoreError> {
        Ok(self.state().load(key, now))
    }

    async fn update(
        &self,
        key: RecordKey,
        expected: u64,
        sealed: Vec<u8>,
        now: Timestamp,
    ) -> Result<Updated, StoreError> {
        let mut state = self.state();
        Ok(match state.load(key, now) {
            Found::Live(record) if record.version == expected => {
                let version = expected.saturating_add(1);
                state.insert(Kept::Live(Record { version, sealed, ..record }));
                Updated::Done(version)
            }
            Found::Live(_) => Updated::Stale,
            Found::Ended(_) => Updated::Ended,
            Found::Missing => Updated::Missing,
        })
    }

    async fn touch(&self, key: RecordKey, now: Timestamp) -> Result<bool, StoreError> {
        let mut state = self.state();
        let Found::Live(record) = state.load(key, now) else { return Ok(false) };
        state.insert(Kept::Live(Record { seen_at: record.seen_at.max(now), ..record }));
        Ok(true)
    }

    async fn end(&self, key: RecordKey, reason: Reason, now: Timestamp) -> Result<Ending, StoreError> {
        let mut state = self.state();
        Ok(match state.load(key, now) {
            Found::Live(record) => {
                state.insert(Kept::Ended(record.tombstone(reason, now)));
                notices::tell(&self.ended, key);
                Ending::First
            }
            Found::Ended(_) => Ending::Already,
            Found::Missing => Ending::Missing,
        })
    }

    async fn end_user(
        &self,
        user: UserKey,
        except: Option<RecordKey>,
        reason: Reason,
        now: Timestamp,
    ) -> Result<Vec<RecordKey>, StoreError> {
        let mut state = self.state();
        let mut ending = state.live_of(user, now);
        ending.retain(|record| Some(record.key) != except);
        for record in &ending {
            state.insert(Kept::Ended(record.tombstone(reason, now)));
            notices::tell(&self.ended, record.key);
        }
        Ok(ending.into_iter().map(|record| record.key).collect())
    }

    async fn list_by_user(&self, user: UserKey, now: Timestamp) -> Result<Vec<Record>, StoreError> {
        let mut records = self.state().live_of(user, now);
        records.sort_by_key(|record| std::cmp::Reverse(record.seen_at));
        Ok(records)
    }

    async fn scan(&self, _from: Option<Mark>, now: Timestamp) -> Result<Scanned, StoreError> {
        let state = self.state();
        let records = state.kept.values().filter_map(|kept| match kept.clone().at(now) {
            Found::Live(record) => Some(record),
            Found::Ended(_) | Found::Missing => None,
        });
        Ok(Scanned { records: records.collect(), next: None })
    }

    async fn count_live(&self, now: Timestamp) -> Result<u64, StoreError> {
        let state = self.state();
        let live = |kept: &&Kept| matches!(kept, Kept::Live(record) if now < record.due_at());
        Ok(state.kept.values().filter(live).map(|_| 1).sum())
    }

    async fn purge(&self, now: Timestamp) -> Result<Purged, StoreError> {
        let mut state = self.state();
        let mut purged = state.purge(now);
        purged.passed.append(&mut state.untold);
        Ok(purged)
    }

    fn ended(&self) -> BoxStream<'static, Notice> {
        notices::stream(self.ended.subscribe())
    }

    async fn ping(&self) -> Result<(), StoreError> {
        Ok(())
    }
}

/// The records, and two indexes that [`State::insert`] and [`State::remove`] keep in step with them.
#[derive(Default)]
struct State {
    kept: HashMap<RecordKey, Kept>,
    /// Live records only.
    by_user: HashMap<UserKey, BTreeSet<RecordKey>>,
    by_due: BTreeSet<(Timestamp, RecordKey)>,
    /// What has passed a deadline when room was made, for the next purge to tell.
    untold: Vec<Passed>,
}

impl State {
    fn load(&self, key: RecordKey, now: Timestamp) -> Found {
        Found::of(self.kept.get(&key).cloned(), now)
    }

    fn live_of(&self, user: UserKey, now: Timestamp) -> Vec<Record> {
        let keys = self.by_user.get(&user).into_iter().flatten();
        keys.filter_map(|key| match self.load(*key, now) {
            Found::Live(record) => Some(record),
            Found::Ended(_) | Found::Missing => None,
        })
        .collect()
    }

    /// Puts `kept` in place of whatever has its key.
    fn insert(&mut self, kept: Kept) {
        let key = kept.key();
        self.remove(key);
        if let Kept::Live(record) = &kept {
            self.by_user.entry(record.user).or_default().insert(key);
        }
        self.by_due.insert((kept.due_at(), key));
        self.kept.insert(key, kept);
    }

    fn remove(&mut self, key: RecordKey) {
        let Some(kept) = self.kept.remove(&key) else { return };
        self.by_due.remove(&(kept.due_at(), key));
        if let Kept::Live(record) = kept
            && let Some(keys) = self.by_user.get_mut(&record.user)
        {
            keys.remove(&key);
            if keys.is_empty() {
                self.by_user.remove(&record.user);
            }
        }
    }

    fn purge(&mut self, now: Timestamp) -> Purged {
        let mut purged = Purged::default();
        while let Some(&(due_at, key)) = self.by_due.first()
            && due_at <= now
        {
            self.by_due.pop_first();
            match self.kept.get(&key) {
                Some(Kept::Live(record)) if now < record.expires_at => {
                    purged.passed.push(passed(record, Reason::IdleTimeout));
                    self.insert(Kept::Ended(record.tombstone(Reason::IdleTimeout, due_at)));
                    continue;
                }
                Some(Kept::Live(record)) => purged.passed.push(passed(record, Reason::AbsoluteTimeout)),
                Some(Kept::Ended(_)) => purged.tombstones += 1,
                None => {}
            }
            self.remove(key);
        }
        purged
    }
}

fn passed(record: &Record, reason: Reason) -> Passed {
    Passed { key: record.key, user: Some(record.user), reason, about: record.about.clone() }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use super::super::conformance::{self, Shared};
    use super::*;

    #[expect(clippy::unused_async, reason = "what the suite expects")]
    async fn open() -> ((), Shared) {
        ((), Arc::new(MemoryStore::new(NonZeroUsize::new(10_000).unwrap())))
    }

    conformance::suite!(open);

    #[tokio::test]
    async fn a_full_store_says_so_and_makes_room_for_what_is_due() {
        let store = MemoryStore::new(NonZeroUsize::new(2).unwrap());
        let record = || conformance::record_of(conformance::user("ann"));
        store.create(record()).await.unwrap();
        store.create(record()).await.unwrap();
        assert!(matches!(store.create(record()).await, Err(StoreError::Unavailable(_))));
        let now = record().expires_at;
        let later = NewRecord { created_at: now, expires_at: now + Duration::from_hours(1), ..record() };
        store.create(later).await.unwrap();
        for told in [2, 0] {
            assert_eq!(store.purge(now).await.unwrap().passed.len(), told, "once");
        }
    }

    #[tokio::test]
    async fn the_indexes_forget_what_the_store_forgets() {
        let store = MemoryStore::new(NonZeroUsize::new(100).unwrap());
        let record = conformance::record_of(conformance::user("ann"));
        let (key, end) = (record.key, record.expires_at);
        store.create(record).await.unwrap();
        store.end(key, Reason::SignedOut, Timestamp::from_millis(0)).await.unwrap();
        assert!(store.state().by_user.is_empty());
        store.purge(end).await.unwrap();
        let state = store.state();
        assert!(state.kept.is_empty() && state.by_due.is_empty());
    }
}
