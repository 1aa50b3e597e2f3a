//! What has to be kept besides the sessions themselves: which of them a provider means by its `sid`, and what may
//! come only once. On every node, so in the store.

use crate::server::{
    audit::By,
    items::{Item, ItemId, Owner},
    logout,
    session::{
        Session,
        store::{Found, StoreError},
        timestamp::Timestamp,
        token::RecordKey,
    },
    state::AppState,
};

use super::{Provider, Transaction, logout_token::LogoutToken};

/// One sign-in at a provider can lead to several sessions here: one in each browser profile that shares it.
const MOST: u32 = 1000;

/// Uses a transaction. Of many callbacks with it, one is told `true`.
///
/// # Errors
/// When the store does not answer.
pub async fn use_once(state: &AppState, transaction: &Transaction) -> Result<bool, StoreError> {
    let now = Timestamp::now();
    let id = ItemId::from_bytes(transaction.fingerprint());
    let owner = Owner::derive("vestibule/used-sign-in/1", b"");
    state
        .items()
        .insert(
            owner,
            Item { id, stored_at: now, expires_at: now + Transaction::LIFETIME, sealed: Vec::new() },
        )
        .await
}

/// Does what a logout token says. Answers how many sessions have ended by it, or `None` when it has come before.
///
/// # Errors
/// When the store does not answer; then the token may come again.
pub async fn obey(
    state: &AppState,
    provider: &Provider,
    token: &LogoutToken,
) -> Result<Option<usize>, StoreError> {
    let id = ItemId::derive("vestibule/logout-token/1", token.id.as_bytes());
    let owner = Owner::derive("vestibule/logout-tokens/1", provider.issuer().as_bytes());
    let item = Item { id, stored_at: Timestamp::now(), expires_at: token.expires_at, sealed: Vec::new() };
    if !state.items().insert(owner, item).await? {
        return Ok(None);
    }
    let (sid, subject) = (token.sid.as_deref(), token.subject.as_deref());
    let ended = end(state, provider.issuer(), sid, subject, By::Provider).await;
    if ended.is_err() {
        state.items().remove(owner, id).await?;
    }
    ended.map(Some)
}

/// Notes which session here goes with the provider's.
///
/// # Errors
/// When the store does not answer.
pub async fn remember(state: &AppState, session: &Session) -> Result<(), StoreError> {
    let Some(identity) = &session.data.oidc else { return Ok(()) };
    let Some(sid) = &identity.sid else { return Ok(()) };
    let item = Item {
        id: ItemId::from_bytes(*session.key().as_bytes()),
        stored_at: session.created_at,
        expires_at: session.expires_at,
        sealed: Vec::new(),
    };
    state.items().put(owner_of(&identity.issuer, sid), item).await
}

/// Ends what the provider names: the sessions that go with `sid`, if they are `subject`'s, or without a `sid` all of
/// the subject's. Answers how many that were.
///
/// The tokens are not revoked: they lie sealed under the person's cookie, and the provider ends them by itself.
///
/// # Errors
/// When the store does not answer; some may have ended.
pub async fn end(
    state: &AppState,
    issuer: &str,
    sid: Option<&str>,
    subject: Option<&str>,
    by: By,
) -> Result<usize, StoreError> {
    let user = subject.map(|subject| state.sessions().issuer_user_key(issuer, subject));
    let Some(sid) = sid else {
        return match user {
            Some(user) => logout::end_user(state, user, None, by).await,
            None => Ok(0),
        };
    };
    let mut ended = 0;
    let now = Timestamp::now();
    for item in state.items().list(owner_of(issuer, sid), MOST, now).await? {
        let key = RecordKey::from_bytes(*item.id.as_bytes());
        let Found::Live(record) = state.sessions().store().load(key, now).await? else { continue };
        if user.is_none_or(|user| user == record.user) {
            logout::end_record(state, &record, by).await?;
            ended += 1;
        }
    }
    Ok(ended)
}

fn owner_of(issuer: &str, sid: &str) -> Owner {
    let name = [&issuer.len().to_be_bytes(), issuer.as_bytes(), sid.as_bytes()].concat();
    Owner::derive("vestibule/provider-session/1", &name)
}
