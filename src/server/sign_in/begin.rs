use http::HeaderValue;

use crate::server::{
    audit::{self, By},
    logout,
    request::RequestContext,
    session::{About, Session, SessionData, SessionError},
    state::AppState,
};

/// A session that has begun, on the way to its browser. Dropped there, it ends: nobody holds it.
#[must_use]
pub struct Begun {
    state: AppState,
    session: Session,
    cookie: HeaderValue,
    /// Who ends it when this is dropped.
    ends_by: Option<By>,
}

impl Begun {
    pub fn session(&self) -> &Session {
        &self.session
    }

    /// The cookie that the browser has to keep, for the answer that it is waiting for.
    pub fn hand_over(mut self) -> HeaderValue {
        self.ends_by = None;
        self.cookie.clone()
    }

    /// Ends it again.
    pub fn undo(mut self, by: By) {
        self.ends_by = Some(by);
    }
}

impl Drop for Begun {
    fn drop(&mut self) {
        if let Some(by) = self.ends_by {
            logout::undo(&self.state, &self.session, by);
        }
    }
}

/// Begins a session under a new id for a person who has just proved who they are, in a browser that calls itself `agent`.
/// The session that this browser had, if any, is over.
///
/// # Errors
/// When the store does not answer; logged here, once.
pub async fn begin(
    context: &RequestContext,
    agent: Option<&HeaderValue>,
    data: SessionData,
) -> Result<Begun, SessionError> {
    let begun = replace(context, agent, data).await;
    match &begun {
        Ok(begun) => audit::signed_in(context.state(), begun.session(), context.caller().address),
        Err(error) => {
            tracing::error!(error = error as &dyn std::error::Error, "a session cannot be begun");
        }
    }
    begun
}

async fn replace(
    context: &RequestContext,
    agent: Option<&HeaderValue>,
    data: SessionData,
) -> Result<Begun, SessionError> {
    let agent = agent.map(HeaderValue::as_bytes).unwrap_or_default();
    let about = About::new(&data.username, agent, context.caller().address);
    let begun = create(context.state(), &about, data).await?;
    if let Some(previous) = context.session() {
        logout::replace(context.state(), &previous, begun.session()).await?;
    }
    Ok(begun)
}

/// When it fails, nobody holds what the person has just been given.
async fn create(state: &AppState, about: &About, data: SessionData) -> Result<Begun, SessionError> {
    let begun = state.sessions().begin(data.clone(), about).await;
    let (session, cookie) = begun.inspect_err(|error| match error {
        SessionError::InDoubt { session, .. } => logout::undo_in_doubt(state, session),
        _ => logout::revoke(state, data),
    })?;
    // It ends like any other, also when nobody gets to hold it.
    audit::count_started(state);
    Ok(Begun { state: state.clone(), session, cookie, ends_by: Some(By::Server) })
}
