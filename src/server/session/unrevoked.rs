use std::sync::Arc;

use futures::future::join_all;

use super::{
    store::{Record, StoreError},
    timestamp::Timestamp,
    token::RecordKey,
};
use crate::server::items::{Item, ItemId, ItemStore, Owner};

/// What sessions held that were ended from elsewhere, until their tokens are revoked.
///
/// It lies sealed under the cookie of its session, as before, so nobody can revoke anything until that comes back. It
/// is kept no longer than the session could have lasted.
#[derive(Clone)]
pub struct Unrevoked(Arc<dyn ItemStore>);

impl Unrevoked {
    /// Kept in `items`.
    pub fn new(items: Arc<dyn ItemStore>) -> Self {
        Self(items)
    }

    /// Keeps what a session holds that is about to end. Best effort: a failure is only logged.
    pub async fn keep(&self, record: &Record) {
        let item = Item {
            id: id(record.key),
            stored_at: Timestamp::now(),
            expires_at: record.expires_at,
            sealed: record.sealed.clone(),
        };
        if let Err(error) = self.0.put(owner(record.key), item).await {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "the tokens of a session stay unrevoked"
            );
        }
    }

    /// As [`keep`](Self::keep), of many at once.
    pub async fn keep_all(&self, records: impl IntoIterator<Item = &Record>) {
        join_all(records.into_iter().map(|record| self.keep(record))).await;
    }

    pub(super) async fn get(&self, session: RecordKey) -> Result<Option<Vec<u8>>, StoreError> {
        let kept = self.0.get(owner(session), id(session), Timestamp::now()).await?;
        Ok(kept.map(|item| item.sealed))
    }

    /// Forgets what was kept. Of many callers, one is told that it was there.
    pub(super) async fn remove(&self, session: RecordKey) -> Result<bool, StoreError> {
        Ok(self.0.take(owner(session), id(session), Timestamp::now()).await?.is_some())
    }
}

fn id(session: RecordKey) -> ItemId {
    ItemId::from_bytes(*session.as_bytes())
}

fn owner(session: RecordKey) -> Owner {
    Owner::derive("vestibule/unrevoked/1", session.as_bytes())
}
