use std::{net::IpAddr, sync::Arc, time::Duration};

use super::{
    Session,
    seal::SealError,
    server_key::ServerKey,
    timestamp::Timestamp,
    token::{RecordKey, UserKey},
};
use crate::server::items::{Collection, CollectionError, ItemId, ItemStore};

const PURPOSE: &str = "vestibule/last-address/1";

/// The address that each session was last used from, for the list of one's sessions.
pub struct Whereabouts(Collection);

impl Whereabouts {
    /// The addresses in `store`, sealed under `key`, each kept for as long as a session can live.
    ///
    /// # Errors
    /// As [`Collection::new`].
    pub fn new(store: &Arc<dyn ItemStore>, key: &ServerKey, lifetime: Duration) -> Result<Self, SealError> {
        Ok(Self(Collection::new(store.clone(), key, PURPOSE, lifetime)?))
    }

    /// Notes from where a session is being used. What is known already is not written again.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn note(
        &self,
        session: &Session,
        address: IpAddr,
        now: Timestamp,
    ) -> Result<(), CollectionError> {
        let id = id(session.key());
        let known = self.0.get::<IpAddr>(session.user, id, now).await?;
        if known.is_some_and(|known| known.value == address) {
            return Ok(());
        }
        self.0.put(session.user, id, &address, now).await
    }

    /// From where a person's session was last used, if that has been noted.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn last(
        &self,
        user: UserKey,
        session: RecordKey,
        now: Timestamp,
    ) -> Result<Option<IpAddr>, CollectionError> {
        Ok(self.0.get(user, id(session), now).await?.map(|known| known.value))
    }
}

fn id(session: RecordKey) -> ItemId {
    ItemId::from_bytes(*session.as_bytes())
}
