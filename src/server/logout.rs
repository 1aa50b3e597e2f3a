//! How a session ends, and how everybody who was using it is told.
//!
//! The session ends in the store first, there and then; what the browser is told afterwards changes nothing any more.

pub mod answer;
mod brake;

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

pub use brake::Brake;
use tokio::time::sleep;

use super::{
    audit::{self, By},
    request::{Ended, RequestContext},
    session::{
        Session, SessionData,
        store::{Ending, Reason, Record, StoreError, is_first},
        timestamp::Timestamp,
        token::{RecordKey, SessionToken, UserKey},
    },
    state::AppState,
    upstream::{Broken, Transient},
};

/// The verdict: the upstream refuses this session's token for good. Ends the session, unless so many are being
/// refused that the upstream is the likelier culprit.
pub async fn verdict(request: &RequestContext, session: &Session) -> Broken {
    let state = request.state();
    if !state.brake().admit(session.key()) {
        return Broken::Transient(Transient::Braked);
    }
    match end(state, session, Reason::Expired).await {
        Ok(ending) => {
            request.end_session(Ended { first: matches!(ending, Ending::First) });
            Broken::SessionEnded
        }
        Err(error) => {
            tracing::error!(error = &error as &dyn std::error::Error, "a session cannot be ended");
            Broken::Transient(Transient::Store)
        }
    }
}

/// Somebody else has ended the session while this request was using it.
pub fn already_ended(request: &RequestContext) -> Broken {
    request.end_session(Ended { first: false });
    Broken::SessionEnded
}

/// Ends `session` in the store, for the person who is in it or because the API refuses its token. Whoever is first
/// also writes the audit line and revokes the upstream's tokens.
///
/// # Errors
/// When the store does not answer; then the session lives on, or may do so.
pub async fn end(state: &AppState, session: &Session, reason: Reason) -> Result<Ending, StoreError> {
    let ending = conclude(state, session, reason).await;
    if is_first(&ending) {
        revoke(state, session.data.clone());
    }
    ending
}

/// Ends the session that a browser had when it began `newer`.
///
/// # Errors
/// When the store does not answer; then the session lives on.
pub async fn replace(state: &AppState, session: &Session, newer: &Session) -> Result<(), StoreError> {
    let ending = conclude(state, session, Reason::Replaced).await;
    // A provider that revokes a token may revoke with it whatever else it gave this person in this browser.
    let shared = session.data.oidc.is_some() && session.user == newer.user;
    if is_first(&ending) && !shared {
        revoke(state, session.data.clone());
    }
    ending.map(|_| ())
}

/// Ends `session` in the store. Whoever is first also writes the audit line.
async fn conclude(state: &AppState, session: &Session, reason: Reason) -> Result<Ending, StoreError> {
    let ending = state.sessions().end(session.key(), reason).await;
    if ending.is_ok() {
        state.answers().forget(session.key());
    }
    if is_first(&ending) {
        let by = match reason {
            Reason::Expired => By::Upstream,
            Reason::SignedOutAtProvider => By::Provider,
            _ => By::Person,
        };
        audit::ended(state.api(), session.key(), session.user, reason, by);
    }
    ending
}

/// How long, and how often, a session is tried to be ended that nobody holds.
const UNDO: Duration = Duration::from_mins(5);
const UNDO_AGAIN: Duration = Duration::from_secs(1);

/// Ends a session that has begun and whose browser never hears of it. Nobody waits for that, however long the store is
/// away.
pub fn undo(state: &AppState, session: Session, reason: Reason) {
    let state = state.clone();
    tokio::spawn(async move {
        let began = Instant::now();
        while let Err(error) = end(&state, &session, reason).await {
            tracing::warn!(error = &error as &dyn std::error::Error, "a session that nobody holds lives on");
            if began.elapsed() > UNDO {
                break;
            }
            sleep(UNDO_AGAIN).await;
        }
    });
}

/// Best effort: nobody waits for the upstream to forget a token.
pub fn revoke(state: &AppState, data: impl Into<Arc<SessionData>>) {
    let (state, data) = (state.clone(), data.into());
    tokio::spawn(async move { state.sign_in().revoke(&data).await });
}

/// Ends a session from elsewhere. Its tokens lie sealed under its own cookie: they are revoked when that comes back.
///
/// # Errors
/// When the store does not answer; then the session lives on.
pub async fn end_record(state: &AppState, record: &Record, by: By) -> Result<Ending, StoreError> {
    if by != By::FrontChannel {
        state.sessions().unrevoked().keep(record).await;
    }
    let ending = state.sessions().end(record.key, by.reason()).await;
    if ending.is_ok() {
        state.answers().forget(record.key);
    }
    if is_first(&ending) {
        audit::ended(state.api(), record.key, record.user, by.reason(), by);
    }
    ending
}

/// Ends all sessions of a person from elsewhere, or all but one. Answers how many that were.
///
/// # Errors
/// When the store does not answer; then all of them live on.
pub async fn end_user(
    state: &AppState,
    user: UserKey,
    except: Option<RecordKey>,
    by: By,
) -> Result<usize, StoreError> {
    let (sessions, now) = (state.sessions(), Timestamp::now());
    let live = sessions.store().list_by_user(user, now).await?;
    sessions.unrevoked().keep_all(live.iter().filter(|record| except != Some(record.key))).await;
    let ended = sessions.store().end_user(user, except, by.reason(), now).await;
    for key in ended.as_deref().unwrap_or_else(StoreError::ended) {
        state.answers().forget(*key);
        audit::ended(state.api(), *key, user, by.reason(), by);
    }
    ended.map(|ended| ended.len())
}

/// Revokes the tokens of a session that was ended from elsewhere, now that its cookie is here. Nobody waits for it.
pub fn revoke_left(state: &AppState, token: &SessionToken) {
    let (state, token) = (state.clone(), token.clone());
    tokio::spawn(async move {
        match state.sessions().left_by(&token).await {
            Ok(Some(data)) => state.sign_in().revoke(&data).await,
            Ok(None) => {}
            Err(error) => {
                tracing::warn!(error = &error as &dyn std::error::Error, "tokens cannot be revoked");
            }
        }
    });
}
