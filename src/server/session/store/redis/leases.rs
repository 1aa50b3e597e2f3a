//! Leases in Redis, by its own clock: a key that expires.

use std::time::Duration;

use async_trait::async_trait;

use super::super::super::token::RecordKey;
use super::super::{Holder, Leases, StoreError};
use super::RedisStore;
use super::link::Call;
use super::{rows, scripts};

#[async_trait]
impl Leases for RedisStore {
    async fn acquire(&self, key: RecordKey, holder: Holder, term: Duration) -> Result<bool, StoreError> {
        let call = Call::new(&scripts::ACQUIRE, &[&rows::lease(key)]);
        self.link.write(&call.arg(holder.as_bytes().as_slice()).arg(rows::millis(term))).await
    }

    async fn renew(&self, key: RecordKey, holder: Holder, term: Duration) -> Result<bool, StoreError> {
        let call = Call::new(&scripts::RENEW, &[&rows::lease(key)]);
        self.link.write(&call.arg(holder.as_bytes().as_slice()).arg(rows::millis(term))).await
    }

    async fn release(&self, key: RecordKey, holder: Holder) -> Result<(), StoreError> {
        let call = Call::new(&scripts::RELEASE, &[&rows::lease(key)]);
        self.link.write(&call.arg(holder.as_bytes().as_slice())).await
    }
}
