//! How often somebody may try to sign in: at one account from one network, at one account from anywhere, and from one
//! network at all.
//!
//! An attempt is counted before the upstream is asked, on all nodes together, so that many at once get no further than
//! one after the other. One that succeeds, or comes to nothing by itself, is taken back: only failures add up. What the
//! upstream says about a name plays no part, so that a name that it does not know is limited like any other.
//!
//! By way of a provider, nobody knows the account beforehand: such attempts add up with the others of their network.
//!
//! Anybody can try names, so no stranger's failures may lock a person out: what counts for an account from anywhere
//! does not concern the networks that its person has signed in from. Those are counted together by themselves, so that
//! an attempt at any name is the same work.

use std::{
    collections::HashMap,
    net::{IpAddr, Ipv6Addr},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::server::{
    config::Rate,
    items::{Item, ItemId, ItemStore, Owner},
    session::{Sessions, store::StoreError, timestamp::Timestamp},
};

/// How many attempts at one account a node makes at a time. The others wait: were they counted meanwhile, one person's
/// many good sign-ins at once would look like guesses.
const AT_A_TIME: usize = 2;

/// From all networks together, an account may have this many times as many failures as from one.
const FROM_ANYWHERE: u32 = 10;

/// How long a network is known that a person has signed in from.
const KNOWN: Duration = Duration::from_hours(30 * 24);

/// The limits of one API.
pub struct SignInLimits {
    items: Arc<dyn ItemStore>,
    account: Rate,
    network: Rate,
    turns: Mutex<HashMap<ItemId, Arc<Semaphore>>>,
}

/// An attempt that has been counted.
pub struct Attempt {
    names: Names,
    counted: Vec<ItemId>,
    _turn: Option<OwnedSemaphorePermit>,
}

/// An attempt by way of a provider that has been counted.
pub struct UnnamedAttempt(ItemId);

/// What an attempt is known by.
#[derive(Clone, Copy)]
struct Names {
    /// The account from this network.
    here: ItemId,
    /// The account from anywhere that its person has not signed in from.
    account: ItemId,
    /// The account from all networks that its person has signed in from.
    known: ItemId,
    network: ItemId,
}

impl Names {
    /// Hashed under the server's key: a store does not learn who has tried from where.
    fn of(sessions: &Sessions, username: &str, address: IpAddr) -> Self {
        let account = *sessions.user_key(&folded(username)).as_bytes();
        let network = network_key(sessions, address);
        Self {
            here: ItemId::derive(
                "vestibule/attempts-at-account-from-network/1",
                &[account, network].concat(),
            ),
            account: ItemId::derive("vestibule/attempts-at-account/1", &account),
            known: ItemId::derive("vestibule/attempts-at-account-from-known-networks/1", &account),
            network: attempts_from(&network),
        }
    }

    fn known_networks(&self) -> Owner {
        Owner::derive("vestibule/known-networks/1", self.account.as_bytes())
    }
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
        let names = Names::of(sessions, username, address);
        let turn = self.turn(names.here).acquire_owned().await.ok();
        let mut attempt = Attempt { names, counted: Vec::new(), _turn: turn };
        for (key, rate) in self.counts(names).await? {
            if let Err(refused) = self.count(key, rate).await {
                self.came_to_nothing(&attempt).await?;
                return Err(refused);
            }
            attempt.counted.push(key);
        }
        Ok(attempt)
    }

    /// Counts an attempt from `address` to prove by way of a provider who somebody is. One that is refused does not count:
    /// it may have come while others were being tried that prove nothing.
    ///
    /// # Errors
    /// See [`NotNow`].
    pub async fn begin_unnamed(
        &self,
        sessions: &Sessions,
        address: IpAddr,
    ) -> Result<UnnamedAttempt, NotNow> {
        let key = attempts_from(&network_key(sessions, address));
        let attempt = UnnamedAttempt(key);
        if let Err(refused) = self.count(key, self.network).await {
            self.take_back(&attempt).await?;
            return Err(refused);
        }
        Ok(attempt)
    }

    /// The attempt has succeeded, or nothing was learnt from it.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn take_back(&self, attempt: &UnnamedAttempt) -> Result<(), StoreError> {
        self.items.take_back(attempt.0, Timestamp::now()).await
    }

    /// What an attempt adds to: as much for every name, or the time that it takes would tell who has signed in here.
    async fn counts(&self, names: Names) -> Result<[(ItemId, Rate); 3], StoreError> {
        let known = self.items.get(names.known_networks(), names.network, Timestamp::now()).await?;
        let everywhere = if known.is_some() { names.known } else { names.account };
        let limit = self.account.limit.saturating_mul(FROM_ANYWHERE);
        Ok([
            (names.network, self.network),
            (names.here, self.account),
            (everywhere, Rate { limit, ..self.account }),
        ])
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

    /// The person has proved who they are: from here the account is theirs, and others behind the same address may go
    /// on.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn succeeded(&self, attempt: &Attempt) -> Result<(), StoreError> {
        let (names, now) = (attempt.names, Timestamp::now());
        let known = Item { id: names.network, stored_at: now, expires_at: now + KNOWN, sealed: Vec::new() };
        self.items.put(names.known_networks(), known).await?;
        self.came_to_nothing(attempt).await?;
        self.items.reset(names.here).await
    }

    /// Nothing was learnt from the attempt, as the upstream did not answer.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn came_to_nothing(&self, attempt: &Attempt) -> Result<(), StoreError> {
        for key in &attempt.counted {
            self.items.take_back(*key, Timestamp::now()).await?;
        }
        Ok(())
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

/// Hashed under the server's key.
fn network_key(sessions: &Sessions, address: IpAddr) -> [u8; 32] {
    *sessions.user_key(&network(address)).as_bytes()
}

/// All attempts from a network.
fn attempts_from(network_key: &[u8; 32]) -> ItemId {
    ItemId::derive("vestibule/attempts-from-network/1", network_key)
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
