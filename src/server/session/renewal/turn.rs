//! Whose turn it is to redeem a session's refresh token: one node's at a time.

use std::{convert::Infallible, time::Duration};

use tokio::time::sleep;

use crate::server::session::{
    store::{Holder, SessionStore, StoreError},
    token::RecordKey,
};

/// How long a node is believed to be busy after its last sign of life. Longer than a restart of the store takes, so
/// that whoever holds new tokens when the store goes away is the first to write when it is back.
const TERM: Duration = Duration::from_secs(15);
/// How often it gives one.
const SIGN_OF_LIFE: Duration = Duration::from_secs(3);

/// Does `work` while holding the lease on `key`. `None` if another node holds it; then `work` is not begun.
///
/// A lease that is lost meanwhile does not stop `work`: the issuer may have been asked already, and what comes too
/// late is refused by the record's version.
///
/// # Errors
/// When the store does not answer; then `work` is not begun either.
pub async fn take<T>(
    store: &dyn SessionStore,
    key: RecordKey,
    work: impl Future<Output = T>,
) -> Result<Option<T>, StoreError> {
    let holder = Holder::new();
    if !store.acquire(key, holder, TERM).await? {
        return Ok(None);
    }
    let done = tokio::select! {
        done = work => done,
        never = hold(store, key, holder) => match never {},
    };
    if let Err(error) = store.release(key, holder).await {
        tracing::warn!(%error, "a lease cannot be given back and has to run out");
    }
    Ok(Some(done))
}

async fn hold(store: &dyn SessionStore, key: RecordKey, holder: Holder) -> Infallible {
    loop {
        sleep(SIGN_OF_LIFE).await;
        match store.renew(key, holder, TERM).await {
            Ok(true) => {}
            // If nobody has taken it since, it is ours again.
            Ok(false) => match store.acquire(key, holder, TERM).await {
                Ok(again) => {
                    tracing::warn!(session = %key, again, "a lease ran out before its work was done");
                }
                Err(error) => tracing::warn!(session = %key, %error, "a lease cannot be renewed"),
            },
            Err(error) => tracing::warn!(session = %key, %error, "a lease cannot be renewed"),
        }
    }
}
