//! The person's own things: who they are, and their sessions.

pub mod sessions;

use http::StatusCode;
use serde_json::Value;

use super::{
    request::RequestContext,
    upstream::{Access, Call, Failure, fetch},
};
use crate::{
    error::ServerFnError,
    types::{Person, Profile, SessionTimes},
};

/// Who is signed in, by what the session knows; no call is made.
///
/// # Errors
/// [`ServerFnError::Unauthorized`] without a session.
pub fn person(request: &RequestContext) -> Result<Person, ServerFnError> {
    let session = request.session().ok_or(ServerFnError::Unauthorized)?;
    Ok(Person {
        id: session.user.to_string(),
        name: session.data.display_name().to_owned(),
        username: session.data.username.clone(),
    })
}

/// Who is signed in, by the API's "me" call; an API without one, or without the right to it, tells nothing.
///
/// # Errors
/// See [`ServerFnError`].
pub async fn profile(request: &RequestContext) -> Result<Profile, ServerFnError> {
    let person = person(request)?;
    let path = &request.state().settings().sign_in.password.profile.path;
    if path.is_empty() {
        return Ok(Profile { person, details: Value::Null });
    }
    let details = match fetch::<Value, Value>(request, Call::get(path, Access::Session)).await {
        Ok(success) => success.data,
        Err(Failure::Refused(refusal)) if refusal.status == StatusCode::FORBIDDEN => Value::Null,
        Err(failure) => return Err(failure.into()),
    };
    Ok(Profile { person, details })
}

/// When the session began and when it ends.
///
/// # Errors
/// [`ServerFnError::Unauthorized`] without a session.
pub fn times(request: &RequestContext) -> Result<SessionTimes, ServerFnError> {
    let session = request.session().ok_or(ServerFnError::Unauthorized)?;
    let idle_timeout = request.state().sessions().idle_timeout();
    Ok(SessionTimes {
        signed_in_at: session.created_at.as_millis(),
        seen_at: session.seen_at.as_millis(),
        idle_ends_at: (session.seen_at + idle_timeout).min(session.expires_at).as_millis(),
        ends_at: session.expires_at.as_millis(),
    })
}
