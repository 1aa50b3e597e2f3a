use http::{HeaderMap, HeaderValue, header};

use crate::server::{
    audit, logout,
    request::RequestContext,
    session::{About, Session, SessionData, SessionError, store::Reason},
};

/// Begins a session under a new id for a person who has just proved who they are. The session that this browser had,
/// if any, is over. Returns the new one with the cookie that the browser has to keep.
///
/// # Errors
/// When the store does not answer; logged here, once.
pub async fn begin(
    context: &RequestContext,
    headers: &HeaderMap,
    data: SessionData,
) -> Result<(Session, HeaderValue), SessionError> {
    let begun = replace(context, headers, data).await;
    match &begun {
        Ok((session, _)) => audit::signed_in(context.state(), session, context.caller().address),
        Err(error) => {
            tracing::error!(error = error as &dyn std::error::Error, "a session cannot be begun");
        }
    }
    begun
}

async fn replace(
    context: &RequestContext,
    headers: &HeaderMap,
    data: SessionData,
) -> Result<(Session, HeaderValue), SessionError> {
    let state = context.state();
    let agent = headers.get(header::USER_AGENT).map(HeaderValue::as_bytes).unwrap_or_default();
    let about = About::new(&data.username, agent, context.caller().address);
    let begun = state.sessions().begin(data.clone(), &about).await.inspect_err(|_| {
        // What has just been given is held by nobody.
        logout::revoke(state, data);
    })?;
    // It ends like any other, also when nobody gets to hold it.
    audit::count_started(state);
    if let Some(previous) = context.session()
        && let Err(error) = logout::replace(state, &previous, &begun.0).await
    {
        logout::undo(state, begun.0, Reason::SignedOut);
        return Err(error.into());
    }
    Ok(begun)
}
