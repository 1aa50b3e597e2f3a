//! Small things that are kept for a while: what a person has asked, what they had typed when their session ended,
//! tokens that may be used once, and how often somebody has tried.
//!
//! An item belongs to an owner, has an id, and expires. Both names are hashes, and the value is sealed by whoever
//! stores it ([`Collection`] does that for what belongs to a person): the store learns nothing.
//!
//! **Time.** Callers pass `now` in; a new item's `stored_at` is the `now` of that call. An item is there while `now`
//! is before its `expires_at`, and missing from then on. What a store answers never depends on when
//! [`ItemStore::purge`] last ran.
//!
//! **Durability.** As with sessions: once a call has answered, its effect outlives the process, except in the memory
//! store, and a caller that stops waiting cancels nothing.

use std::fmt;
use std::time::Duration;

use async_trait::async_trait;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rand::TryRng;
use rand::rngs::{SysError, SysRng};
use sha2::{Digest, Sha256};

use super::session::store::StoreError;
use super::session::timestamp::Timestamp;
use super::session::token::{UserKey, write_prefix};

pub use collection::{Collection, CollectionError, Kept};

mod collection;
#[cfg(test)]
mod conformance;
pub mod memory;
pub mod redis;
pub mod sqlite;

/// Keeps items and counts. Used as `Arc<dyn ItemStore>`.
///
/// Every method is atomic, also against other processes that share the store, and fails only with
/// [`StoreError::Unavailable`] or [`StoreError::Corrupt`].
#[async_trait]
pub trait ItemStore: Send + Sync + 'static {
    /// Adds an item if its id is free, and answers whether it was. Of many callers with the same id, one is told
    /// `true`: enough to let a token be used once. An expired item leaves its id free.
    ///
    /// # Errors
    /// When the store does not answer; the item may or may not be there.
    async fn insert(&self, owner: Owner, item: Item) -> Result<bool, StoreError>;

    /// Adds an item, or puts it in place of the one with its id.
    ///
    /// # Errors
    /// When the store does not answer; the item may or may not be there.
    async fn put(&self, owner: Owner, item: Item) -> Result<(), StoreError>;

    /// Reads an item.
    ///
    /// # Errors
    /// When the store does not answer.
    async fn get(&self, owner: Owner, id: ItemId, now: Timestamp) -> Result<Option<Item>, StoreError>;

    /// Reads an item and removes it. Of many callers, one gets it.
    ///
    /// # Errors
    /// When the store does not answer; the item may be gone.
    async fn take(&self, owner: Owner, id: ItemId, now: Timestamp) -> Result<Option<Item>, StoreError>;

    /// The owner's newest items, at most `limit`: by `stored_at`, among equals by id, the greatest first.
    ///
    /// # Errors
    /// When the store does not answer.
    async fn list(&self, owner: Owner, limit: u32, now: Timestamp) -> Result<Vec<Item>, StoreError>;

    /// Removes an item, if it is there.
    ///
    /// # Errors
    /// When the store does not answer.
    async fn remove(&self, owner: Owner, id: ItemId) -> Result<(), StoreError>;

    /// Removes everything of an owner.
    ///
    /// # Errors
    /// When the store does not answer; part of it may be gone.
    async fn clear(&self, owner: Owner) -> Result<(), StoreError> {
        self.trim(owner, 0, Timestamp::from_millis(0)).await
    }

    /// Removes all of an owner's items but the newest `keep`, in the order of [`ItemStore::list`].
    ///
    /// # Errors
    /// When the store does not answer; part of it may be gone.
    async fn trim(&self, owner: Owner, keep: u32, now: Timestamp) -> Result<(), StoreError>;

    /// Adds one to the count under `key` and answers the count with it. The first of a row begins a window; the
    /// count starts anew once that is over. Of many callers, no two get the same count.
    ///
    /// # Errors
    /// When the store does not answer; the count may have gone up.
    async fn increment(&self, key: ItemId, window: Duration, now: Timestamp) -> Result<Tally, StoreError>;

    /// Takes one from the count under `key`, if its window is still open: that time is not to count.
    ///
    /// # Errors
    /// When the store does not answer; the count may have gone down.
    async fn take_back(&self, key: ItemId, now: Timestamp) -> Result<(), StoreError>;

    /// Forgets the count under `key`.
    ///
    /// # Errors
    /// When the store does not answer.
    async fn reset(&self, key: ItemId) -> Result<(), StoreError>;

    /// Removes what has expired, and answers how much that was. To be called now and then; others may use the store
    /// meanwhile.
    ///
    /// # Errors
    /// When the store does not answer; part of the work may be done.
    async fn purge(&self, now: Timestamp) -> Result<u64, StoreError>;
}

/// Something kept.
#[derive(Clone, PartialEq, Eq)]
pub struct Item {
    pub id: ItemId,
    /// When it was stored.
    pub stored_at: Timestamp,
    /// From when on it is missing.
    pub expires_at: Timestamp,
    /// The value, sealed. Whoever stores it sees to a sensible size.
    pub sealed: Vec<u8>,
}

impl fmt::Debug for Item {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Item")
            .field("id", &self.id)
            .field("stored_at", &self.stored_at)
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}

/// How often something has happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tally {
    /// How often within the window, this time included.
    pub count: u64,
    /// When the window is over and the count starts anew.
    pub ends_at: Timestamp,
}

/// Whose an item is: a hash of what the items are for and whom they belong to.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Owner([u8; 32]);

impl Owner {
    /// The items for `purpose` (for example `"vestibule/history/1"`) of the one whom `name` stands for. What can be
    /// guessed, such as a user name, has to be hashed under the server key first, as a `UserKey` is.
    #[must_use]
    pub fn derive(purpose: &'static str, name: &[u8]) -> Self {
        Self(hash(purpose, name))
    }

    /// The bytes for a store to keep.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for Owner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Owner(")?;
        write_prefix(f, &self.0)?;
        f.write_str(")")
    }
}

/// Which item: random, or a hash of what it is about.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ItemId([u8; 32]);

impl ItemId {
    /// An id that nobody can guess.
    ///
    /// # Errors
    /// What the operating system's generator says if it fails.
    pub fn random() -> Result<Self, SysError> {
        let mut id = [0; 32];
        SysRng.try_fill_bytes(&mut id)?;
        Ok(Self(id))
    }

    /// An id that nobody can guess, and that tells what kind of item it is: see [`kind`](Self::kind).
    ///
    /// # Errors
    /// As [`random`](Self::random).
    pub fn random_of(kind: Kind) -> Result<Self, SysError> {
        let Self(mut id) = Self::random()?;
        id.iter_mut().zip(kind.0).for_each(|(byte, of_kind)| *byte = of_kind);
        Ok(Self(id))
    }

    /// What kind of item it is, if it was made for one.
    #[must_use]
    pub fn kind(&self) -> Kind {
        let mut kind = [0; 8];
        kind.iter_mut().zip(self.0).for_each(|(of_kind, byte)| *of_kind = byte);
        Kind(kind)
    }

    /// The id of the item about `name`, for example an address. As with [`Owner::derive`], guessable names of persons
    /// have to be hashed under the server key first.
    #[must_use]
    pub fn derive(purpose: &'static str, name: &[u8]) -> Self {
        Self(hash(purpose, name))
    }

    /// An id as a store has kept it.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes for a store to keep.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// All of it in base64url, for an address.
    #[must_use]
    pub fn to_text(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }

    /// Reads what [`ItemId::to_text`] gives.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        bytes.try_into().map(Self).ok()
    }
}

/// What several items of an owner have in common, as a hash: it can be seen without opening them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Kind([u8; 8]);

impl Kind {
    /// The items about `name`, which may be guessable; only whoever knows the `user` sees which those are.
    #[must_use]
    pub fn derive(purpose: &'static str, user: UserKey, name: &[u8]) -> Self {
        ItemId::derive(purpose, &[user.as_bytes().as_slice(), name].concat()).kind()
    }
}

impl fmt::Debug for ItemId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ItemId(")?;
        write_prefix(f, &self.0)?;
        f.write_str(")")
    }
}

/// The purpose's length goes first, so that no purpose and name run together into another pair.
fn hash(purpose: &str, name: &[u8]) -> [u8; 32] {
    let length = (purpose.len() as u64).to_be_bytes();
    Sha256::new_with_prefix(length).chain_update(purpose).chain_update(name).finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_depend_on_purpose_and_name() {
        assert_eq!(Owner::derive("history", b"ann"), Owner::derive("history", b"ann"));
        assert_ne!(Owner::derive("history", b"ann"), Owner::derive("history", b"bob"));
        assert_ne!(Owner::derive("history", b"ann"), Owner::derive("historya", b"nn"));
    }

    #[test]
    fn an_id_survives_an_address_and_nothing_else_is_one() {
        let id = ItemId::random().unwrap();
        assert_eq!(ItemId::parse(&id.to_text()), Some(id));
        assert_ne!(ItemId::random().unwrap(), id);
        for text in ["", "AAAA", &format!("{}=", id.to_text()), &format!("{} ", id.to_text()), "../etc"] {
            assert_eq!(ItemId::parse(text), None, "{text:?}");
        }
    }
}
