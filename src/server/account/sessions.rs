//! Where a person is signed in, and ending it there.

use futures::future::try_join_all;

use crate::{
    error::ServerFnError,
    server::{
        audit::By,
        error,
        items::CollectionError,
        logout,
        request::RequestContext,
        session::{
            Session, device,
            store::{Found, Record, StoreError},
            timestamp::Timestamp,
            token::RecordKey,
        },
        state::AppState,
    },
    types::{SignedInSession, SignedInSessions},
};

/// A page shows no more sessions than this. Ending all of them takes the others along.
const MOST: usize = 50;

/// The person's sessions.
///
/// # Errors
/// [`ServerFnError::Unauthorized`] without a session; [`ServerFnError::Transient`] when the store does not answer.
pub async fn list(request: &RequestContext) -> Result<SignedInSessions, ServerFnError> {
    let session = request.session().ok_or(ServerFnError::Unauthorized)?;
    let (state, now) = (request.state(), Timestamp::now());
    let live = state.sessions().store().list_by_user(session.user, now).await;
    let mut live = live.map_err(|error| error::store(&error))?;
    let more = live.len().saturating_sub(MOST);
    live.truncate(MOST);
    let rows = try_join_all(live.iter().map(|record| row(state, &session, record, now))).await?;
    Ok(SignedInSessions { sessions: rows, more, asks_again: asks_again(state, &session) })
}

async fn row(
    state: &AppState,
    this: &Session,
    record: &Record,
    now: Timestamp,
) -> Result<SignedInSession, CollectionError> {
    let about = state.sessions().about(record.key, &record.about);
    let seen_from = state.whereabouts().last(record.user, record.key, now).await?;
    let signed_in_from = about.as_ref().map(|about| about.address);
    Ok(SignedInSession {
        id: record.key.to_text(),
        device: device(about.as_ref().map_or("", |about| &about.agent)),
        signed_in_at: record.created_at.as_millis(),
        signed_in_from: signed_in_from.map(|address| address.to_string()),
        seen_at: record.seen_at.as_millis(),
        seen_from: seen_from.or(signed_in_from).map(|address| address.to_string()),
        is_this: record.key == this.key(),
    })
}

/// Whether the person is signed in elsewhere too.
///
/// # Errors
/// When the store does not answer.
pub async fn has_others(state: &AppState, session: &Session) -> Result<bool, StoreError> {
    let live = state.sessions().store().list_by_user(session.user, Timestamp::now()).await?;
    Ok(live.iter().any(|record| record.key != session.key()))
}

/// Whether the person has to sign in anew before ending another session: whoever finds a browser unattended is not to
/// lock its owner out.
pub fn asks_again(state: &AppState, session: &Session) -> bool {
    Timestamp::now().since(session.created_at) > state.settings().session.confirm_after
}

/// Ends another session of this person. Answers whether there is, or was, such a session of theirs.
///
/// # Errors
/// When the store does not answer; then the session lives on.
pub async fn end_one(state: &AppState, session: &Session, key: RecordKey) -> Result<bool, StoreError> {
    match state.sessions().store().load(key, Timestamp::now()).await? {
        Found::Live(record) if record.user == session.user => {
            logout::end_record(state, &record, By::Session(session.key())).await?;
            Ok(true)
        }
        Found::Ended(tombstone) if tombstone.user == session.user => {
            // Replicas may not have heard of it, so that nobody could be told.
            state.sessions().end(key, tombstone.reason).await.map(|_| true)
        }
        Found::Live(_) | Found::Ended(_) | Found::Missing => Ok(false),
    }
}

/// Ends all of this person's sessions but the one that asks.
///
/// # Errors
/// When the store does not answer; then all of them live on.
pub async fn end_others(state: &AppState, session: &Session) -> Result<usize, StoreError> {
    logout::end_user(state, session.user, Some(session.key()), By::Session(session.key())).await
}
