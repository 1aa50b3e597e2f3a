//! The stores work in quite different ways, so each checks the others: whatever happens, in whatever order, all give
//! the same answers. The memory store is never purged, which must make no difference.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;

use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};

use super::conformance::{record_of, user};
use super::memory::MemoryStore;
use super::redis::{Link, RedisStore};
use super::sqlite::SqliteStore;
use super::{NewRecord, Reason, RecordKey, SessionStore, Timestamp, UserKey};
use crate::server::tests::redis_server::RedisServer;

#[derive(Debug)]
enum Step {
    Create(Box<NewRecord>),
    Load(RecordKey),
    Update(RecordKey, u64, u8),
    Touch(RecordKey),
    End(RecordKey),
    EndUser(UserKey, Option<RecordKey>),
    List(UserKey),
    Count,
}

/// Records that live for minutes, and what may happen to them, with times that run on in leaps.
struct Script {
    random: StdRng,
    keys: Vec<RecordKey>,
    now: Timestamp,
}

impl Script {
    fn new(seed: u64) -> Self {
        Self { random: StdRng::seed_from_u64(seed), keys: Vec::new(), now: Timestamp::from_millis(1_000_000) }
    }

    fn next(&mut self) -> Step {
        self.now = self.now + Duration::from_secs(self.random.random_range(0..90));
        let user = *[user("ann"), user("bob")].choose(&mut self.random).unwrap();
        // The latest keys, so that most steps meet a record that is still there.
        let recent = &self.keys[self.keys.len().saturating_sub(8)..];
        let Some(&key) = recent.choose(&mut self.random) else { return self.create(user) };
        match self.random.random_range(0..20) {
            0..4 => self.create(user),
            4..8 => Step::Load(key),
            8..12 => Step::Update(key, self.random.random_range(1..4), self.random.random()),
            12..15 => Step::Touch(key),
            15..16 => Step::End(key),
            16..17 => Step::EndUser(user, Some(key).filter(|_| self.random.random())),
            17..19 => Step::List(user),
            _ => Step::Count,
        }
    }

    fn create(&mut self, user: UserKey) -> Step {
        let record = NewRecord {
            created_at: self.now,
            idle_timeout: Duration::from_mins(self.random.random_range(1..12)),
            expires_at: self.now + Duration::from_mins(self.random.random_range(1..20)),
            ..record_of(user)
        };
        self.keys.push(record.key);
        Step::Create(Box::new(record))
    }
}

async fn answer(store: &dyn SessionStore, step: &Step, now: Timestamp) -> String {
    match *step {
        Step::Create(ref record) => format!("{:?}", store.create(NewRecord::clone(record)).await),
        Step::Load(key) => format!("{:?}", store.load(key, now).await),
        Step::Update(key, expected, byte) => {
            format!("{:?}", store.update(key, expected, vec![byte], now).await)
        }
        Step::Touch(key) => format!("{:?}", store.touch(key, now).await),
        Step::End(key) => format!("{:?}", store.end(key, Reason::Expired, now).await),
        Step::EndUser(user, except) => {
            let mut ended = store.end_user(user, except, Reason::Revoked, now).await.unwrap();
            ended.sort();
            format!("{ended:?}")
        }
        Step::List(user) => {
            let mut records = store.list_by_user(user, now).await.unwrap();
            assert!(records.is_sorted_by_key(|record| std::cmp::Reverse(record.seen_at)));
            records.sort_by_key(|record| record.key);
            format!("{records:?} {:?}", records.iter().map(|record| &record.sealed).collect::<Vec<_>>())
        }
        Step::Count => format!("{:?}", store.count_live(now).await),
    }
}

/// Does the same to a store in memory and to `other`.
async fn agree(seed: u64, other: &dyn SessionStore) {
    let memory = MemoryStore::new(NonZeroUsize::new(10_000).unwrap());
    let mut script = Script::new(seed);
    for number in 0..600 {
        let step = script.next();
        let expected = answer(&memory, &step, script.now).await;
        assert_eq!(answer(other, &step, script.now).await, expected, "seed {seed}, {number}: {step:?}");
        if script.random.random_range(0..10) == 0 {
            other.purge(script.now).await.unwrap();
        }
    }
}

#[tokio::test]
async fn memory_and_sqlite_give_the_same_answers() {
    for seed in 0..10 {
        let directory = tempfile::tempdir().unwrap();
        agree(seed, &SqliteStore::open(&directory.path().join("file")).unwrap()).await;
    }
}

#[tokio::test]
async fn memory_and_redis_give_the_same_answers() {
    for seed in 0..10 {
        let server = RedisServer::start();
        let link = Link::new(&server.location(), 0).unwrap();
        agree(seed, &RedisStore::new(Arc::new(link))).await;
    }
}
