//! The right to do something for a session that may be done only once at a time, such as redeeming a refresh token.

use std::fmt;
use std::time::Duration;

use async_trait::async_trait;

use super::super::token::RecordKey;
use super::StoreError;

/// Leases on records, one at a time for each, whether or not there is such a record.
///
/// A lease keeps others from starting; it cannot stop a holder whose time ran out while it was busy. What such a
/// latecomer writes is refused by the record's version, see [`update`](super::SessionStore::update).
///
/// Unlike everything else here, a term is counted by a clock of the store's own, which all holders share: the clocks
/// of nodes differ, and a lease that one of them believes to be over would be held twice.
#[async_trait]
pub trait Leases {
    /// Takes the lease for `term` unless somebody else holds it. Of many callers, one gets `true`.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`]; the lease may be held, until its term is over.
    async fn acquire(&self, key: RecordKey, holder: Holder, term: Duration) -> Result<bool, StoreError>;

    /// Lets the term begin anew. Answers whether the lease is still `holder`'s.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    async fn renew(&self, key: RecordKey, holder: Holder, term: Duration) -> Result<bool, StoreError>;

    /// Gives the lease back, if it is `holder`'s.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`]; then it ends with its term.
    async fn release(&self, key: RecordKey, holder: Holder) -> Result<(), StoreError>;
}

/// Who holds a lease: one attempt of one process.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Holder([u8; 16]);

impl Holder {
    /// A name that nobody else has.
    #[must_use]
    pub fn new() -> Self {
        Self(rand::random())
    }

    /// The bytes for a store to keep.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

impl Default for Holder {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Holder(..)")
    }
}
