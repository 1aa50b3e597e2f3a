use std::time::Duration;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::server::{
    items::{Item, ItemId, ItemStore, Owner},
    session::{Secret, Sessions, seal::SealError, store::StoreError, timestamp::Timestamp},
};

/// A sign-in under way: what the browser carries, sealed, from the start to the callback.
///
/// There is one in a browser: whoever begins anew forgets the one before, so that nothing piles up.
#[derive(Debug, Serialize, Deserialize)]
pub struct Transaction {
    pub(super) state: Secret,
    pub(super) nonce: Secret,
    /// The PKCE verifier (RFC 7636).
    pub(super) verifier: Secret,
    /// Where the person wanted to go.
    pub next: String,
    pub(super) whom: Whom,
    pub(super) started_at: Timestamp,
}

/// Who may sign in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Whom {
    /// Anybody, silently if the provider still knows them.
    Anybody,
    /// Anybody, but not silently: whoever was signed out, by themselves or by a verdict, is asked again.
    AnybodyAgain,
    /// The one person with this `sub`, and not silently: they are to show that it is them.
    Again(String),
}

/// Why a callback belongs to no sign-in of this browser.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TransactionProblem {
    #[error("there is none")]
    Missing,
    #[error("it is of another provider, or no value of ours")]
    Foreign,
    #[error("it was begun too long ago")]
    Expired,
    #[error("the state is another one")]
    State,
    #[error("it has been used")]
    Used,
}

const PURPOSE: &str = "vestibule/sign-in/1";

impl Transaction {
    /// How long a person may take at the provider.
    pub const LIFETIME: Duration = Duration::from_mins(15);

    /// The cookie's value. It opens at this `callback` only, so one provider's does not pass for another's.
    ///
    /// # Errors
    /// When the system gives no random bytes.
    pub fn seal(&self, sessions: &Sessions, callback: &str) -> Result<String, SealError> {
        let plain = serde_json::to_vec(self).map_err(|_| SealError::TooLong)?;
        let sealed = sessions.purpose_seal(PURPOSE)?.seal(callback.as_bytes(), &plain)?;
        Ok(URL_SAFE_NO_PAD.encode(sealed))
    }

    /// Reads a cookie's value.
    ///
    /// # Errors
    /// See [`TransactionProblem`].
    pub fn open(sessions: &Sessions, callback: &str, value: &[u8]) -> Result<Self, TransactionProblem> {
        let foreign = |_| TransactionProblem::Foreign;
        let sealed = URL_SAFE_NO_PAD.decode(value).map_err(|_| TransactionProblem::Foreign)?;
        let seal = sessions.purpose_seal(PURPOSE).map_err(foreign)?;
        let plain = seal.open(callback.as_bytes(), &sealed).map_err(foreign)?;
        let transaction: Self = serde_json::from_slice(&plain).map_err(|_| TransactionProblem::Foreign)?;
        let age = Timestamp::now().since(transaction.started_at);
        if age > Self::LIFETIME { Err(TransactionProblem::Expired) } else { Ok(transaction) }
    }

    /// Compares by hash, so that the time it takes says nothing.
    pub(super) fn has_state(&self, state: &str) -> bool {
        Sha256::digest(self.state.expose()) == Sha256::digest(state)
    }

    /// Notes that it has been used. Of many callbacks with it, one is told `true`.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn spend(&self, items: &dyn ItemStore) -> Result<bool, StoreError> {
        let now = Timestamp::now();
        let item = Item {
            id: ItemId::from_bytes(Sha256::digest(self.state.expose()).into()),
            stored_at: now,
            expires_at: now + Self::LIFETIME,
            sealed: Vec::new(),
        };
        items.insert(Owner::derive("vestibule/used-sign-in/1", b""), item).await
    }
}
