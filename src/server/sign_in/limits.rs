//! How often somebody may try to sign in: for one account, and from one network.
//!
//! An attempt is counted before the upstream is asked, on all nodes together, so that many at once get no further than
//! one after the other. One that succeeds, or comes to nothing by itself, is taken back: only failures add up. What the
//! upstream says about a name plays no part, so that a name that it does not know is limited like any other.

use std::{
    collections::HashMap,
    net::{IpAddr, Ipv6Addr},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::server::{
    config::Rate,
    items::{ItemId, ItemStore},
    session::{Sessions, store::StoreError, timestamp::Timestamp},
};

/// How many attempts at one account a node makes at a time. The others wait: were they counted meanwhile, one person's
/// many good sign-ins at once would look like guesses.
const AT_A_TIME: usize = 2;

/// The limits of one API.
pub struct SignInLimits {
    items: Arc<dyn ItemStore>,
    account: Rate,
    network: Rate,
    turns: Mutex<HashMap<ItemId, Arc<Semaphore>>>,
}

/// An attempt that has been counted.
pub struct Attempt {
    account: ItemId,
    network: ItemId,
    _turn: Option<OwnedSemaphorePermit>,
}

/// Why nobody may try.
#[derive(Debug)]
pub enum NotNow {
    /// There have been too many attempts. The next one may come after this time.
    Wait(Duration),
    Store(StoreError),
}

impl From<StoreError> for NotNow {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl SignInLimits {
    /// Limits that are counted in `items`.
    pub fn new(items: Arc<dyn ItemStore>, account: Rate, network: Rate) -> Self {
        Self { items, account, network, turns: Mutex::default() }
    }

    /// Counts an attempt to sign in as `username` from `address`.
    ///
    /// # Errors
    /// See [`NotNow`].
    pub async fn begin(
        &self,
        sessions: &Sessions,
        username: &str,
        address: IpAddr,
    ) -> Result<Attempt, NotNow> {
        // Hashed under the server's key: a store does not learn who has tried from where.
        let hashed = |name: &str| *sessions.user_key(name).as_bytes();
        let account = ItemId::derive("vestibule/attempts-at-account/1", &hashed(&folded(username)));
        let network = ItemId::derive("vestibule/attempts-from-network/1", &hashed(&network(address)));
        let turn = self.turn(account).acquire_owned().await.ok();
        self.count(network, self.network).await?;
        if let Err(refused) = self.count(account, self.account).await {
            self.items.take_back(network, Timestamp::now()).await?;
            return Err(refused);
        }
        Ok(Attempt { account, network, _turn: turn })
    }

    async fn count(&self, key: ItemId, rate: Rate) -> Result<(), NotNow> {
        let now = Timestamp::now();
        let tally = self.items.increment(key, rate.window, now).await?;
        if tally.count <= u64::from(rate.limit) {
            Ok(())
        } else {
            Err(NotNow::Wait(tally.ends_at.since(now)))
        }
    }

    /// The person has proved who they are: their account is theirs, and others behind the same address may go on.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn succeeded(&self, attempt: &Attempt) -> Result<(), StoreError> {
        self.items.reset(attempt.account).await?;
        self.items.take_back(attempt.network, Timestamp::now()).await
    }

    /// Nothing was learnt from the attempt, as the upstream did not answer.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn came_to_nothing(&self, attempt: &Attempt) -> Result<(), StoreError> {
        let now = Timestamp::now();
        self.items.take_back(attempt.account, now).await?;
        self.items.take_back(attempt.network, now).await
    }

    fn turn(&self, account: ItemId) -> Arc<Semaphore> {
        let mut turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
        // Whoever waits or tries holds another reference.
        turns.retain(|_, turn| Arc::strong_count(turn) > 1);
        turns.entry(account).or_insert_with(|| Arc::new(Semaphore::new(AT_A_TIME))).clone()
    }
}

/// One text for all spellings that an API may take for the same name: case, spaces, and what cannot be seen make no
/// difference.
fn folded(username: &str) -> String {
    let seen = username.chars().filter(|c| c.is_alphanumeric() || c.is_ascii_punctuation());
    seen.flat_map(char::to_lowercase).collect()
}

/// An IPv4 address, or the /64 that one household or server of IPv6 has to itself.
fn network(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() >> 64 << 64).to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_name_are_one_account() {
        for spelling in ["Ada", " ada ", "ADA", "a d\ta", "a\u{200b}da", "a\u{a0}da", "\u{feff}ada"] {
            assert_eq!(folded(spelling), "ada", "{spelling:?}");
        }
        assert_ne!(folded("ada@one.example"), folded("ada@two.example"));
        assert_eq!(folded("ÄDA"), folded("äda"));
    }

    #[test]
    fn a_network_is_an_address_of_version_4_or_64_bits_of_version_6() {
        let same = |one: &str, other: &str| network(one.parse().unwrap()) == network(other.parse().unwrap());
        assert!(same("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff"));
        assert!(!same("2001:db8:1:2::1", "2001:db8:1:3::1"));
        assert!(same("192.0.2.1", "::ffff:192.0.2.1"));
        assert!(!same("192.0.2.1", "192.0.2.2"));
    }
}
