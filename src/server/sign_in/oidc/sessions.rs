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
    state::{Apis, AppState},
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

/// Does what a logout token says, at every API that shares the client: a provider knows one address of a client for it.
/// Answers how many sessions have ended by it, or `None` when it has come before.
///
/// # Errors
/// When the store does not answer; then the token may come again.
pub async fn obey(
    state: &AppState,
    apis: &Apis,
    provider: &Provider,
    token: &LogoutToken,
) -> Result<Option<usize>, StoreError> {
    let id = ItemId::derive("vestibule/logout-token/1", token.id.as_bytes());
    let owner = Owner::derive("vestibule/logout-tokens/1", provider.issuer().as_bytes());
    let item = Item { id, stored_at: Timestamp::now(), expires_at: token.expires_at, sealed: Vec::new() };
    if !state.items().insert(owner, item).await? {
        return Ok(None);
    }
    let ended = end_everywhere(apis, provider, token).await;
    if ended.is_err() {
        state.items().remove(owner, id).await?;
    }
    ended.map(Some)
}

async fn end_everywhere(apis: &Apis, provider: &Provider, token: &LogoutToken) -> Result<usize, StoreError> {
    let (sid, subject) = (token.sid.as_deref(), token.subject.as_deref());
    let mut ended = 0;
    for api in apis.iter().filter(|api| api.sign_in().oidc.iter().any(|other| other.is_same_client(provider)))
    {
        ended += end(api, provider.issuer(), sid, subject, By::Provider).await?;
    }
    Ok(ended)
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
    state.items().put(owner_of(state, &identity.issuer, sid), item).await
}

/// Ends what the provider names: the sessions that go with `sid`, if they are `subject`'s, or without a `sid` all of
/// the subject's. Answers how many that were.
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
    for item in state.items().list(owner_of(state, issuer, sid), MOST, now).await? {
        let key = RecordKey::from_bytes(*item.id.as_bytes());
        let Found::Live(record) = state.sessions().store().load(key, now).await? else { continue };
        if user.is_none_or(|user| user == record.user) {
            logout::end_record(state, &record, by).await?;
            ended += 1;
        }
    }
    Ok(ended)
}

/// Hashed under the API's own key, as the names of people are.
fn owner_of(state: &AppState, issuer: &str, sid: &str) -> Owner {
    Owner::derive("vestibule/provider-session/1", state.sessions().issuer_user_key(issuer, sid).as_bytes())
}
