//! What has to be kept for a provider's logouts besides the sessions themselves: which of them it means by its `sid`, who
//! is out, and which logout tokens have come before. On every node, so in the store.
//!
//! A logout may overtake the sign-in that it ends: the provider has given a code, and by the time there is a session,
//! the provider has said that its person is out. So logouts are numbered, a sign-in notes how many there have been
//! before it redeems its code, and looks for newer ones of its person once there is a session. No clock decides.

use std::time::Duration;

use crate::server::{
    audit::By,
    items::{Item, ItemId, Owner, Tally},
    logout,
    session::{
        Session,
        store::{Found, StoreError},
        timestamp::Timestamp,
        token::{RecordKey, UserKey},
    },
    state::{Apis, AppState},
};

use super::{Provider, logout_token::LogoutToken};

/// One sign-in at a provider can lead to several sessions here: one in each browser profile that shares it.
const MOST: u32 = 1000;

/// For how long logouts are numbered anew, and a sign-in may take from its code to its session.
const LOGOUTS: Duration = Duration::from_mins(15);

/// Does what a logout token says. Answers how many sessions have ended by it, or `None` when it has come before.
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
    let now = Timestamp::now();
    if state.items().get(owner, id, now).await?.is_some() {
        return Ok(None);
    }
    // Ending twice does no harm; a token that counts as delivered before anybody is out does.
    let (sid, subject) = (token.sid.as_deref(), token.subject.as_deref());
    let ended = end_everywhere(apis, provider, sid, subject, By::Provider).await?;
    let item = Item { id, stored_at: now, expires_at: token.expires_at, sealed: Vec::new() };
    state.items().insert(owner, item).await?;
    Ok(Some(ended))
}

/// Ends what the provider names, at every API that shares the client: a provider knows one address of a client for it.
/// Answers how many sessions that were.
///
/// # Errors
/// When the store does not answer; some may have ended.
pub async fn end_everywhere(
    apis: &Apis,
    provider: &Provider,
    sid: Option<&str>,
    subject: Option<&str>,
    by: By,
) -> Result<usize, StoreError> {
    let mut ended = 0;
    for api in apis.iter().filter(|api| api.sign_in().oidc.iter().any(|other| other.is_same_client(provider)))
    {
        ended += end(api, provider.issuer(), sid, subject, by).await?;
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

/// Which logout of a provider comes first, on whichever node: a later one is greater.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct LogoutNumber([u8; 16]);

impl From<Tally> for LogoutNumber {
    /// The count begins anew when its time is over, which later counts have a later one of.
    fn from(tally: Tally) -> Self {
        let mut bytes = [0; 16];
        bytes[..8].copy_from_slice(&tally.ends_at.as_millis().to_be_bytes());
        bytes[8..].copy_from_slice(&tally.count.to_be_bytes());
        Self(bytes)
    }
}

/// To be called before a code is redeemed, for [`is_out`].
///
/// # Errors
/// When the store does not answer.
pub async fn next_number(state: &AppState, issuer: &str) -> Result<LogoutNumber, StoreError> {
    let name = state.sessions().issuer_user_key(issuer, "");
    let key = ItemId::derive("vestibule/provider-logouts/1", name.as_bytes());
    state.items().increment(key, LOGOUTS, Timestamp::now()).await.map(LogoutNumber::from)
}

/// Whether the provider has signed out the person of this session after `since`.
///
/// # Errors
/// When the store does not answer.
pub async fn is_out(state: &AppState, session: &Session, since: LogoutNumber) -> Result<bool, StoreError> {
    let Some(identity) = &session.data.oidc else { return Ok(false) };
    let name = |name: &str| state.sessions().issuer_user_key(&identity.issuer, name);
    let names = identity.sid.as_deref().map(name).into_iter().map(by_sid).chain([by_subject(session.user)]);
    for (owner, id) in names {
        let last = state.items().get(owner, id, Timestamp::now()).await?;
        if last.is_some_and(|last| last.sealed.as_slice() > since.0.as_slice()) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Where the last logout of a provider's session is noted.
fn by_sid(name: UserKey) -> (Owner, ItemId) {
    (Owner::derive("vestibule/out-by-session/1", name.as_bytes()), ItemId::from_bytes(*name.as_bytes()))
}

/// Where the last logout of a person is noted.
fn by_subject(user: UserKey) -> (Owner, ItemId) {
    (Owner::derive("vestibule/out-by-person/1", user.as_bytes()), ItemId::from_bytes(*user.as_bytes()))
}

async fn note(state: &AppState, issuer: &str, (owner, id): (Owner, ItemId)) -> Result<(), StoreError> {
    let LogoutNumber(number) = next_number(state, issuer).await?;
    let now = Timestamp::now();
    let item = Item { id, stored_at: now, expires_at: now + LOGOUTS, sealed: number.into() };
    state.items().put(owner, item).await
}

/// Ends what the provider names: the sessions that go with `sid`, if they are `subject`'s, or without a `sid` all of
/// the subject's. Answers how many that were.
async fn end(
    state: &AppState,
    issuer: &str,
    sid: Option<&str>,
    subject: Option<&str>,
    by: By,
) -> Result<usize, StoreError> {
    let user = subject.map(|subject| state.sessions().issuer_user_key(issuer, subject));
    let Some(sid) = sid else {
        let Some(user) = user else { return Ok(0) };
        note(state, issuer, by_subject(user)).await?;
        return logout::end_user(state, user, None, by).await;
    };
    // A hint may come from anybody, with any name: strangers are not to fill the store. So it does not reach those who are
    // just signing in.
    if by != By::FrontChannel {
        note(state, issuer, by_sid(state.sessions().issuer_user_key(issuer, sid))).await?;
    }
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
