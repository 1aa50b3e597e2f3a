//! Items that are forgotten when the process ends: for trying things out, and for tests.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;

use self::expiring::{Expiring, Full};
use super::{Item, ItemId, ItemStore, Owner, Tally};
use crate::server::session::store::StoreError;
use crate::server::session::timestamp::Timestamp;

mod expiring;

/// What an item or a count costs besides its value, in bytes, roughly.
const OVERHEAD: usize = 256;

/// Keeps items up to a set size in memory.
pub struct MemoryItems {
    state: Mutex<State>,
}

struct State {
    items: Expiring<(Owner, ItemId), Item>,
    counts: Expiring<ItemId, u64>,
}

impl MemoryItems {
    /// An empty store that takes about `capacity` bytes of items, and as many of counts. When it is full of what has
    /// not expired, adding to it is [`StoreError::Unavailable`].
    #[must_use]
    pub fn new(capacity: usize) -> Self {
        let state = State { items: Expiring::new(capacity), counts: Expiring::new(capacity) };
        Self { state: Mutex::new(state) }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl From<Full> for StoreError {
    fn from(full: Full) -> Self {
        Self::Unavailable(Box::new(full))
    }
}

impl State {
    fn put(&mut self, owner: Owner, item: Item) -> Result<(), StoreError> {
        let (now, expires_at, weight) = (item.stored_at, item.expires_at, OVERHEAD + item.sealed.len());
        Ok(self.items.put((owner, item.id), item, weight, expires_at, now)?)
    }

    /// Newest first.
    fn of(&self, owner: Owner, now: Timestamp) -> Vec<Item> {
        let all = (owner, ItemId([0; 32]))..=(owner, ItemId([u8::MAX; 32]));
        let mut items: Vec<Item> = self.items.range(all, now).cloned().collect();
        items.sort_by_key(|item| std::cmp::Reverse((item.stored_at, item.id)));
        items
    }
}

#[async_trait]
impl ItemStore for MemoryItems {
    async fn insert(&self, owner: Owner, item: Item) -> Result<bool, StoreError> {
        let mut state = self.state();
        let free = state.items.get(&(owner, item.id), item.stored_at).is_none();
        if free {
            state.put(owner, item)?;
        }
        Ok(free)
    }

    async fn put(&self, owner: Owner, item: Item) -> Result<(), StoreError> {
        self.state().put(owner, item)
    }

    async fn get(&self, owner: Owner, id: ItemId, now: Timestamp) -> Result<Option<Item>, StoreError> {
        Ok(self.state().items.get(&(owner, id), now).map(|(item, _)| item.clone()))
    }

    async fn take(&self, owner: Owner, id: ItemId, now: Timestamp) -> Result<Option<Item>, StoreError> {
        let taken = self.state().items.remove(&(owner, id));
        Ok(taken.filter(|item| now < item.expires_at))
    }

    async fn list(&self, owner: Owner, limit: u32, now: Timestamp) -> Result<Vec<Item>, StoreError> {
        let mut items = self.state().of(owner, now);
        items.truncate(limit as usize);
        Ok(items)
    }

    async fn remove(&self, owner: Owner, id: ItemId) -> Result<(), StoreError> {
        self.state().items.remove(&(owner, id));
        Ok(())
    }

    async fn trim(&self, owner: Owner, keep: u32, now: Timestamp) -> Result<(), StoreError> {
        let mut state = self.state();
        for item in state.of(owner, now).into_iter().skip(keep as usize) {
            state.items.remove(&(owner, item.id));
        }
        Ok(())
    }

    async fn increment(&self, key: ItemId, window: Duration, now: Timestamp) -> Result<Tally, StoreError> {
        let mut state = self.state();
        let (before, ends_at) = state.counts.get(&key, now).map_or((0, now + window), |(n, end)| (*n, end));
        let count = before.saturating_add(1);
        state.counts.put(key, count, OVERHEAD, ends_at, now)?;
        Ok(Tally { count, ends_at })
    }

    async fn take_back(&self, key: ItemId, now: Timestamp) -> Result<(), StoreError> {
        let mut state = self.state();
        match state.counts.get(&key, now).map(|(count, ends_at)| (*count, ends_at)) {
            Some((count @ 2.., ends_at)) => state.counts.put(key, count - 1, OVERHEAD, ends_at, now)?,
            Some(_) => drop(state.counts.remove(&key)),
            None => {}
        }
        Ok(())
    }

    async fn reset(&self, key: ItemId) -> Result<(), StoreError> {
        self.state().counts.remove(&key);
        Ok(())
    }

    async fn purge(&self, now: Timestamp) -> Result<u64, StoreError> {
        let mut state = self.state();
        Ok(state.items.purge(now) + state.counts.purge(now))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::conformance::{self, Shared, item, owner};
    use super::*;

    #[expect(clippy::unused_async, reason = "what the suite expects")]
    async fn open() -> ((), Shared) {
        ((), Arc::new(MemoryItems::new(64 << 20)))
    }

    conformance::suite!(open);

    #[tokio::test]
    async fn a_full_store_says_so_and_makes_room_for_what_is_due() {
        let store = MemoryItems::new(3000);
        let large = || Item { sealed: vec![0; 1000], ..item() };
        let first = large();
        store.put(owner("ann"), first.clone()).await.unwrap();
        store.put(owner("ann"), large()).await.unwrap();
        assert!(matches!(store.put(owner("bob"), large()).await, Err(StoreError::Unavailable(_))));
        store.put(owner("ann"), first.clone()).await.unwrap();
        let later = Item { stored_at: first.expires_at, ..large() };
        store.put(owner("bob"), later).await.unwrap();
    }
}
