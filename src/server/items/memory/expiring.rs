use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeBounds;

use crate::server::session::timestamp::Timestamp;

/// A map whose entries expire, and weigh no more together than it may hold.
pub struct Expiring<K, V> {
    entries: BTreeMap<K, Entry<V>>,
    /// In step with `entries`.
    by_expiry: BTreeSet<(Timestamp, K)>,
    weight: usize,
    capacity: usize,
}

struct Entry<V> {
    value: V,
    weight: usize,
    expires_at: Timestamp,
}

#[derive(Debug, thiserror::Error)]
#[error("the memory store is full")]
pub struct Full;

impl<K: Ord + Copy, V> Expiring<K, V> {
    pub fn new(capacity: usize) -> Self {
        Self { entries: BTreeMap::new(), by_expiry: BTreeSet::new(), weight: 0, capacity }
    }

    pub fn get(&self, key: &K, now: Timestamp) -> Option<(&V, Timestamp)> {
        let entry = self.entries.get(key).filter(|entry| now < entry.expires_at)?;
        Some((&entry.value, entry.expires_at))
    }

    pub fn range(&self, keys: impl RangeBounds<K>, now: Timestamp) -> impl Iterator<Item = &V> {
        let live = self.entries.range(keys).filter(move |(_, entry)| now < entry.expires_at);
        live.map(|(_, entry)| &entry.value)
    }

    pub fn put(
        &mut self,
        key: K,
        value: V,
        weight: usize,
        expires_at: Timestamp,
        now: Timestamp,
    ) -> Result<(), Full> {
        let freed = self.entries.get(&key).map_or(0, |entry| entry.weight);
        if self.weight - freed + weight > self.capacity {
            self.purge(now);
        }
        let freed = self.entries.get(&key).map_or(0, |entry| entry.weight);
        if self.weight - freed + weight > self.capacity {
            return Err(Full);
        }
        self.remove(&key);
        self.weight += weight;
        self.by_expiry.insert((expires_at, key));
        self.entries.insert(key, Entry { value, weight, expires_at });
        Ok(())
    }

    pub fn remove(&mut self, key: &K) -> Option<V> {
        let entry = self.entries.remove(key)?;
        self.by_expiry.remove(&(entry.expires_at, *key));
        self.weight -= entry.weight;
        Some(entry.value)
    }

    /// Removes what has expired, and answers how much.
    pub fn purge(&mut self, now: Timestamp) -> u64 {
        let mut purged = 0;
        while let Some(&(expires_at, key)) = self.by_expiry.first()
            && expires_at <= now
        {
            self.remove(&key);
            purged += 1;
        }
        purged
    }
}
