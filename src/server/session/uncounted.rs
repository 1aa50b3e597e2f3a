use std::{sync::Arc, time::Duration};

use serde::{Deserialize, Serialize};

use super::{store::StoreError, timestamp::Timestamp};
use crate::server::items::{Item, ItemId, ItemStore, Owner};

/// How many sessions an operator's command has ended, until a serving node counts them: what the command itself counts
/// goes with its process. Each number is counted by one node.
#[derive(Clone)]
pub struct Uncounted(Arc<dyn ItemStore>);

/// How long a number waits for a node that serves.
const LIFETIME: Duration = Duration::from_hours(24);

/// So many numbers are taken at a time.
const MOST: u32 = 1000;

#[derive(Serialize, Deserialize)]
struct Ends {
    api: String,
    count: u64,
}

impl Uncounted {
    /// Kept in `items`.
    pub fn new(items: Arc<dyn ItemStore>) -> Self {
        Self(items)
    }

    /// Leaves word of ends at an API. Best effort: a failure is only logged.
    pub async fn leave(&self, api: &str, count: u64) {
        let ends = Ends { api: api.to_owned(), count };
        let (Ok(id), Ok(value)) = (ItemId::random(), serde_json::to_vec(&ends)) else { return };
        let now = Timestamp::now();
        // There is nobody whom it should be hidden from.
        let item = Item { id, stored_at: now, expires_at: now + LIFETIME, sealed: value };
        if let Err(error) = self.0.put(owner(), item).await {
            tracing::warn!(error = &error as &dyn std::error::Error, "ends of sessions stay uncounted");
        }
    }

    /// What is there to be counted, by API. Of many callers, each number goes to one.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn take(&self, now: Timestamp) -> Result<Vec<(String, u64)>, StoreError> {
        let mut taken = Vec::new();
        for item in self.0.list(owner(), MOST, now).await? {
            let item = self.0.take(owner(), item.id, now).await?;
            let ends = item.and_then(|item| serde_json::from_slice::<Ends>(&item.sealed).ok());
            taken.extend(ends.map(|ends| (ends.api, ends.count)));
        }
        Ok(taken)
    }
}

fn owner() -> Owner {
    Owner::derive("vestibule/uncounted-ends/1", b"")
}
