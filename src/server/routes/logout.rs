//! The logout route, safe by construction.
//!
//! Reached by `GET` it carries no authority: it clears the cookies of a session that is dead already. A live session
//! ends by `POST` only, which the cross-site layer lets through from our own pages alone; a plain `GET` asks.

use super::{
    notice,
    query::{Pairs, first},
};
use crate::{
    paths::{self, LocalPath},
    server::{
        logout::{self, answer},
        request::RequestContext,
        session::{
            Session,
            store::{Reason, StoreError, Tombstone},
        },
        state::AppState,
    },
};
use axum::{
    Extension,
    extract::{Query, State},
    response::{IntoResponse, Response},
};

/// `GET /api/logout`
pub async fn get(
    State(state): State<AppState>,
    Extension(context): Extension<RequestContext>,
    past: Option<Extension<Tombstone>>,
    query: Query<Pairs>,
) -> Response {
    let next = context.caller().led_to(first(&query, "next").unwrap_or_default());
    match (context.session(), first(&query, "reason")) {
        // A verdict concerns the session whose token failed. This browser holds a newer one: it goes on.
        (Some(_), Some(_)) => answer::see_other(next.as_str()),
        (Some(_), None) => notice::confirm_logout(&state, &context).into_response(),
        (None, reason) => {
            let reason = past.map(|Extension(past)| answer::spoken(past.reason)).or_else(|| known(reason?));
            let mut response = signed_out(&context, &paths::login(reason, &next.encoded()));
            answer::ask_again(&state, &context.caller().cookies, &mut response);
            response
        }
    }
}

/// `POST /api/logout`: the person signs out.
pub async fn post(
    State(state): State<AppState>,
    Extension(context): Extension<RequestContext>,
    past: Option<Extension<Tombstone>>,
) -> Response {
    if let Some(session) = context.session() {
        return sign_out(&context, &session).await;
    }
    // An earlier attempt may have ended it, and nobody could be told, as replicas had not heard of it.
    if let Some(Extension(past)) = past
        && let Err(error) = state.sessions().end(past.key, past.reason).await
    {
        return unavailable(&state, &error);
    }
    signed_out(&context, &paths::signed_out())
}

/// Signs out whoever is in this session.
pub async fn sign_out(context: &RequestContext, session: &Session) -> Response {
    let state = context.state();
    if let Err(error) = logout::end(state, session, Reason::SignedOut).await {
        return unavailable(state, &error);
    }
    match state.sign_in().end_session(state.sessions(), &session.data).await {
        Some(at_provider) => and_clear(context, notice::leave(context, at_provider.as_str())),
        None => signed_out(context, &paths::signed_out()),
    }
}

pub(super) fn unavailable(state: &AppState, error: &StoreError) -> Response {
    tracing::error!(error = error as &dyn std::error::Error, "a session cannot be ended");
    notice::store_unavailable(state)
}

fn signed_out(context: &RequestContext, address: &LocalPath) -> Response {
    and_clear(context, answer::see_other(address.as_str()))
}

fn and_clear(context: &RequestContext, mut response: Response) -> Response {
    answer::clear_cookies(context.state(), &context.caller().cookies, &mut response);
    response
}

fn known(reason: &str) -> Option<&'static str> {
    ["expired", "signed-out", "revoked"].into_iter().find(|known| *known == reason)
}
