//! Leases within this process.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use async_trait::async_trait;

use super::super::super::token::RecordKey;
use super::super::{Holder, Leases, StoreError};
use super::MemoryStore;

/// The leases that are held, by whom, and until when.
#[derive(Default)]
pub struct Held(Mutex<HashMap<RecordKey, (Holder, Instant)>>);

impl Held {
    /// Runs `work` on the leases whose term is not over.
    fn with<T>(&self, work: impl FnOnce(&mut HashMap<RecordKey, (Holder, Instant)>) -> T) -> T {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        held.retain(|_, (_, until)| now < *until);
        work(&mut held)
    }
}

#[async_trait]
impl Leases for MemoryStore {
    async fn acquire(&self, key: RecordKey, holder: Holder, term: Duration) -> Result<bool, StoreError> {
        let until = Instant::now() + term;
        Ok(self.leases.with(|held| held.entry(key).or_insert((holder, until)).0 == holder))
    }

    async fn renew(&self, key: RecordKey, holder: Holder, term: Duration) -> Result<bool, StoreError> {
        let until = Instant::now() + term;
        Ok(self.leases.with(|held| match held.get_mut(&key) {
            Some(lease) if lease.0 == holder => {
                lease.1 = until;
                true
            }
            _ => false,
        }))
    }

    async fn release(&self, key: RecordKey, holder: Holder) -> Result<(), StoreError> {
        self.leases.with(|held| {
            if held.get(&key).is_some_and(|lease| lease.0 == holder) {
                held.remove(&key);
            }
        });
        Ok(())
    }
}
