use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;
use zeroize::Zeroizing;

use super::{Item, ItemId, ItemStore, Owner};
use crate::server::session::seal::{SealError, ServerSeal};
use crate::server::session::server_key::ServerKey;
use crate::server::session::store::StoreError;
use crate::server::session::timestamp::Timestamp;
use crate::server::session::token::UserKey;

/// What is kept for persons for one purpose: every value is sealed under the server's key and bound to its person
/// and its id, so that it opens nowhere else.
pub struct Collection {
    store: Arc<dyn ItemStore>,
    seal: ServerSeal,
    purpose: &'static str,
    lifetime: Duration,
}

/// Why something cannot be kept or read.
#[derive(Debug, thiserror::Error)]
pub enum CollectionError {
    #[error("the item store does not answer")]
    Store(#[from] StoreError),
    #[error("an item cannot be sealed or opened")]
    Seal(#[from] SealError),
    #[error("an item cannot be written or read")]
    Value(#[from] serde_json::Error),
}

/// A value with its name and the time of its storing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept<T> {
    pub id: ItemId,
    pub stored_at: Timestamp,
    pub value: T,
}

impl Collection {
    /// The values for `purpose` (for example `"vestibule/history/1"`), each kept for `lifetime`.
    ///
    /// # Errors
    /// As [`ServerSeal::new`].
    pub fn new(
        store: Arc<dyn ItemStore>,
        key: &ServerKey,
        purpose: &'static str,
        lifetime: Duration,
    ) -> Result<Self, SealError> {
        Ok(Self { store, seal: ServerSeal::new(key, purpose)?, purpose, lifetime })
    }

    /// Keeps a value, in place of the one with this id.
    ///
    /// # Errors
    /// See [`CollectionError`].
    pub async fn put(
        &self,
        user: UserKey,
        id: ItemId,
        value: &(impl Serialize + Sync),
        now: Timestamp,
    ) -> Result<(), CollectionError> {
        let plain = Zeroizing::new(serde_json::to_vec(value)?);
        let sealed = self.seal.seal(&bound_to(user, id), &plain)?;
        let item = Item { id, stored_at: now, expires_at: now + self.lifetime, sealed };
        Ok(self.store.put(self.owner(user), item).await?)
    }

    /// Reads a value of this person.
    ///
    /// # Errors
    /// See [`CollectionError`].
    pub async fn get<T: DeserializeOwned>(
        &self,
        user: UserKey,
        id: ItemId,
        now: Timestamp,
    ) -> Result<Option<Kept<T>>, CollectionError> {
        let item = self.store.get(self.owner(user), id, now).await?;
        item.map(|item| self.open(user, &item)).transpose()
    }

    /// Reads a value of this person and removes it.
    ///
    /// # Errors
    /// See [`CollectionError`].
    pub async fn take<T: DeserializeOwned>(
        &self,
        user: UserKey,
        id: ItemId,
        now: Timestamp,
    ) -> Result<Option<Kept<T>>, CollectionError> {
        let item = self.store.take(self.owner(user), id, now).await?;
        item.map(|item| self.open(user, &item)).transpose()
    }

    /// The newest values whose ids `wanted` takes, among the person's newest `limit`, at most `most`: no others are
    /// opened. One that no longer opens, as after a change of the server's key, is left out.
    ///
    /// # Errors
    /// See [`CollectionError`].
    pub async fn newest<T: DeserializeOwned>(
        &self,
        user: UserKey,
        (limit, most): (u32, usize),
        now: Timestamp,
        mut wanted: impl FnMut(ItemId) -> bool + Send,
    ) -> Result<Vec<Kept<T>>, CollectionError> {
        let items = self.store.list(self.owner(user), limit, now).await?;
        let wanted = items.iter().filter(|item| wanted(item.id));
        Ok(wanted.filter_map(|item| self.open(user, item).ok()).take(most).collect())
    }

    /// Removes a value.
    ///
    /// # Errors
    /// See [`CollectionError`].
    pub async fn remove(&self, user: UserKey, id: ItemId) -> Result<(), CollectionError> {
        Ok(self.store.remove(self.owner(user), id).await?)
    }

    /// Removes everything of this person.
    ///
    /// # Errors
    /// See [`CollectionError`].
    pub async fn clear(&self, user: UserKey) -> Result<(), CollectionError> {
        Ok(self.store.clear(self.owner(user)).await?)
    }

    /// Removes all of this person's values but the newest `keep`.
    ///
    /// # Errors
    /// See [`CollectionError`].
    pub async fn trim(&self, user: UserKey, keep: u32, now: Timestamp) -> Result<(), CollectionError> {
        Ok(self.store.trim(self.owner(user), keep, now).await?)
    }

    fn owner(&self, user: UserKey) -> Owner {
        Owner::derive(self.purpose, user.as_bytes())
    }

    fn open<T: DeserializeOwned>(&self, user: UserKey, item: &Item) -> Result<Kept<T>, CollectionError> {
        let plain = self.seal.open(&bound_to(user, item.id), &item.sealed)?;
        let value = serde_json::from_slice(&plain)?;
        Ok(Kept { id: item.id, stored_at: item.stored_at, value })
    }
}

fn bound_to(user: UserKey, id: ItemId) -> Vec<u8> {
    [user.as_bytes().as_slice(), id.as_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use super::super::{Kind, memory::MemoryItems};
    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(1_700_000_000_000);
    const MINUTE: Duration = Duration::from_mins(1);

    fn key() -> ServerKey {
        ServerKey::parse(&"00".repeat(32).into()).unwrap()
    }

    fn user(name: &str) -> UserKey {
        UserKey::derive(&key(), name)
    }

    fn collection(store: &Arc<MemoryItems>, purpose: &'static str) -> Collection {
        Collection::new(store.clone(), &key(), purpose, MINUTE).unwrap()
    }

    #[tokio::test]
    async fn a_value_is_there_for_its_person_and_its_time() {
        let store = Arc::new(MemoryItems::new(1 << 20));
        let notes = collection(&store, "notes");
        let id = ItemId::random().unwrap();
        notes.put(user("ann"), id, &"hello", NOW).await.unwrap();
        let kept = notes.get::<String>(user("ann"), id, NOW).await.unwrap();
        assert_eq!(kept, Some(Kept { id, stored_at: NOW, value: "hello".to_owned() }));
        assert_eq!(notes.get::<String>(user("bob"), id, NOW).await.unwrap(), None);
        assert_eq!(notes.get::<String>(user("ann"), id, NOW + MINUTE).await.unwrap(), None);
        assert_eq!(collection(&store, "letters").get::<String>(user("ann"), id, NOW).await.unwrap(), None);
    }

    #[tokio::test]
    async fn a_value_that_was_moved_does_not_open() {
        let store = Arc::new(MemoryItems::new(1 << 20));
        let notes = collection(&store, "notes");
        let (ann, bob, id) = (user("ann"), user("bob"), ItemId::random().unwrap());
        notes.put(ann, id, &"hello", NOW).await.unwrap();
        let item = store.get(notes.owner(ann), id, NOW).await.unwrap().unwrap();
        assert!(!item.sealed.windows(5).any(|bytes| bytes == b"hello"));
        store.put(notes.owner(bob), item.clone()).await.unwrap();
        let other = ItemId::random().unwrap();
        store.put(notes.owner(ann), Item { id: other, ..item.clone() }).await.unwrap();
        store.put(collection(&store, "letters").owner(ann), item).await.unwrap();
        for (purpose, user, id) in [("notes", bob, id), ("notes", ann, other), ("letters", ann, id)] {
            let refused = collection(&store, purpose).get::<String>(user, id, NOW).await;
            assert!(matches!(refused, Err(CollectionError::Seal(SealError::Refused))), "{purpose}");
        }
        assert_eq!(notes.newest::<String>(ann, (10, 10), NOW, |_| true).await.unwrap().len(), 1);
    }

    #[tokio::test]
    async fn only_what_is_wanted_is_opened() {
        let store = Arc::new(MemoryItems::new(1 << 20));
        let notes = collection(&store, "notes");
        let ann = user("ann");
        let kinds = [b"one", b"two"].map(|name| Kind::derive("notes", ann, name));
        assert_ne!(kinds[0], Kind::derive("notes", user("bob"), b"one"));
        for second in 0..6 {
            let id = ItemId::random_of(kinds[second % 2]).unwrap();
            let later = NOW + Duration::from_secs(second as u64);
            notes.put(ann, id, &second, later).await.unwrap();
        }
        let mut asked = 0;
        let is_of_one = |id: ItemId| {
            asked += 1;
            id.kind() == kinds[0]
        };
        let newest = notes.newest::<usize>(ann, (10, 2), NOW + MINUTE / 2, is_of_one).await.unwrap();
        assert_eq!(newest.iter().map(|kept| kept.value).collect::<Vec<_>>(), [4, 2]);
        assert_eq!(asked, 4, "it stops where there are enough");
    }
}
