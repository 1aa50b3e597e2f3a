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
use tracing::Instrument;

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
    to_the_end::to_the_end,
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
    let by = if reason == Reason::Expired { By::Upstream } else { By::Person };
    let (state, session) = (state.clone(), session.clone());
    to_the_end(async move {
        let data = latest(&state, &session).await;
        let ending = conclude(&state, session.key(), session.user, reason, by).await;
        if is_first(&ending) {
            revoke(&state, data);
        }
        ending
    })
    .await
}

/// Ends the session that a browser had when it began `newer`.
///
/// # Errors
/// When the store does not answer; then the session lives on.
pub async fn replace(state: &AppState, session: &Session, newer: &Session) -> Result<(), StoreError> {
    // A provider that revokes a token may revoke with it whatever else it gave this person in this browser.
    let shared = session.data.oidc.is_some() && session.user == newer.user;
    let (state, session) = (state.clone(), session.clone());
    to_the_end(async move {
        let data = latest(&state, &session).await;
        let ending = conclude(&state, session.key(), session.user, Reason::Replaced, By::Person).await;
        if is_first(&ending) && !shared {
            revoke(&state, data);
        }
        ending.map(|_| ())
    })
    .await
}

/// What `session` holds by now: another call may have renewed its tokens since it was loaded, and those from before are
/// spent.
async fn latest(state: &AppState, session: &Session) -> Arc<SessionData> {
    match state.sessions().reload(session).await {
        Ok(Some(renewed)) => renewed.data,
        Ok(None) | Err(_) => session.data.clone(),
    }
}

/// Ends a session in the store. Whoever is first also writes the audit line. To be seen [`to_the_end`]: what is left undone
/// then nobody does, as whoever comes next is not the first.
async fn conclude(
    state: &AppState,
    key: RecordKey,
    user: UserKey,
    reason: Reason,
    by: By,
) -> Result<Ending, StoreError> {
    let ending = state.sessions().end(key, reason).await;
    if ending.is_ok() {
        state.answers().forget(key);
    }
    if is_first(&ending) {
        audit::ended(state.api(), key, user, reason, by);
    }
    ending
}

/// How long, and how often, a session is tried to be ended that nobody holds.
const UNDO: Duration = Duration::from_mins(5);
const UNDO_AGAIN: Duration = Duration::from_secs(1);

/// Ends a session that has begun and whose browser never hears of it. Nobody waits for that, however long the store is
/// away.
pub fn undo(state: &AppState, session: &Session, by: By) {
    end_at_last(state, session, by, |state, session| revoke(state, session.data.clone()));
}

/// As [`undo`], for a session of which the store has not said whether it has begun. Only if it has to be ended, it counts
/// as begun.
pub fn undo_in_doubt(state: &AppState, session: &Session) {
    revoke(state, session.data.clone());
    end_at_last(state, session, By::Server, |state, _| audit::count_started(state));
}

/// Tries until the store has answered. `if_first` follows when it is this that has ended the session.
fn end_at_last(state: &AppState, session: &Session, by: By, if_first: fn(&AppState, &Session)) {
    let (state, session) = (state.clone(), session.clone());
    let work = async move {
        let began = Instant::now();
        loop {
            let ending = conclude(&state, session.key(), session.user, by.reason(), by).await;
            if is_first(&ending) {
                if_first(&state, &session);
            }
            let Err(error) = ending else { return };
            tracing::warn!(error = &error as &dyn std::error::Error, "a session that nobody holds lives on");
            if began.elapsed() > UNDO {
                return;
            }
            sleep(UNDO_AGAIN).await;
        }
    };
    tokio::spawn(work.in_current_span());
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
    let (state, key, user) = (state.clone(), record.key, record.user);
    to_the_end(async move { conclude(&state, key, user, by.reason(), by).await }).await
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
    let state = state.clone();
    to_the_end(async move {
        let ended = state.sessions().store().end_user(user, except, by.reason(), now).await;
        for key in ended.as_deref().unwrap_or_else(StoreError::ended) {
            state.answers().forget(*key);
            audit::ended(state.api(), *key, user, by.reason(), by);
        }
        ended.map(|ended| ended.len())
    })
    .await
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
