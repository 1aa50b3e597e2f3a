use std::net::SocketAddr;

use axum::response::Response;
use http::{HeaderMap, StatusCode, request::Parts};

use super::refusal::told;
use crate::{
    error::{ServerFnError, Transient},
    paths,
    server::{
        caller::{Caller, Kind},
        client_address::client_address,
        logout,
        request::RequestContext,
        routes::notice,
        session::{
            Presence, Session,
            store::{Reason, StoreError},
            timestamp::Timestamp,
        },
        state::AppState,
        trace::Trace,
    },
};

/// What looks at the session without being a sign of life of the person.
const BACKGROUND: [&str; 3] = [paths::SESSION, paths::SESSION_EVENTS, paths::CHECK_SESSION];

/// Loads the session that the request's cookie stands for, once, and keeps its idle time fresh.
///
/// # Errors
/// When the store does not answer, and nothing is known about the session.
pub async fn context(
    state: AppState,
    peer: SocketAddr,
    parts: &mut Parts,
) -> Result<RequestContext, StoreError> {
    let address = client_address(peer.ip(), &parts.headers, &state.settings().server.trusted_proxies);
    let caller = Caller::of(parts, address, state.mount());
    let session = match load(&state, parts, &caller).await? {
        Presence::Live(session) => Some(*session),
        Presence::Ended(tombstone) => {
            revoke_left(&state, &parts.headers, tombstone.reason);
            // The cookie's secret was not checked: nothing is left that it opens.
            parts.extensions.insert(tombstone);
            None
        }
        Presence::None => None,
    };
    let trace = parts.extensions.get::<Trace>().cloned().unwrap_or_else(|| Trace::of(&parts.headers));
    Ok(RequestContext::new(state, trace, caller, session))
}

/// A session that was ended from elsewhere has left tokens that its own cookie alone opens.
fn revoke_left(state: &AppState, headers: &HeaderMap, reason: Reason) {
    if reason.is_from_elsewhere()
        && let Some(token) = state.sessions().cookie().token(headers)
    {
        logout::revoke_left(state, &token);
    }
}

async fn load(state: &AppState, parts: &Parts, caller: &Caller) -> Result<Presence, StoreError> {
    let now = Timestamp::now();
    let presence = state.sessions().load(&parts.headers, now).await?;
    if let Presence::Live(session) = &presence
        && !BACKGROUND.contains(&parts.uri.path())
    {
        touch(state, session, caller, now).await;
    }
    Ok(presence)
}

/// A session that cannot be marked as used is still a session.
async fn touch(state: &AppState, session: &Session, caller: &Caller, now: Timestamp) {
    match state.sessions().touch(session, now).await {
        Ok(false) => {}
        Ok(true) => note_address(state, session, caller, now).await,
        Err(error) => {
            tracing::warn!(error = &error as &dyn std::error::Error, "a session cannot be marked as used");
        }
    }
}

async fn note_address(state: &AppState, session: &Session, caller: &Caller, now: Timestamp) {
    if let Err(error) = state.whereabouts().note(session, caller.address, now).await {
        tracing::warn!(error = &error as &dyn std::error::Error, "a session's address cannot be noted");
    }
}

/// Nothing is known about the session: nobody is signed in, and nobody is signed out.
pub fn unavailable(state: &AppState, parts: &Parts, error: &StoreError) -> Response {
    let path = parts.uri.path();
    let kind = Kind::of(&parts.method, path, &parts.headers);
    tracing::error!(error = error as &dyn std::error::Error, "the session store does not answer");
    let (label, error) = (Transient::Store.label(), ServerFnError::Transient(Transient::Store));
    let page = || notice::store_unavailable(state);
    told(kind, path, StatusCode::SERVICE_UNAVAILABLE, (label, error), page)
}
