use axum::{
    Extension, Json,
    response::{IntoResponse, Response},
};
use serde::Serialize;

use crate::server::{logout::answer, request::RequestContext};

/// What a script may know about the session: times in milliseconds since the Unix epoch, and never a token.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Metadata<'a> {
    username: &'a str,
    name: &'a str,
    signed_in_at: u64,
    seen_at: u64,
    /// When it ends if nobody uses it again.
    idle_ends_at: u64,
    /// When it ends however busy it is.
    ends_at: u64,
}

/// `GET /api/session`. Looking does not extend the session.
pub async fn get(Extension(context): Extension<RequestContext>) -> Response {
    let Some(session) = context.session() else { return answer::unauthorized() };
    let idle_ends_at = (session.seen_at + context.state().sessions().idle_timeout()).min(session.expires_at);
    Json(Metadata {
        username: &session.data.username,
        name: session.data.display_name(),
        signed_in_at: session.created_at.as_millis(),
        seen_at: session.seen_at.as_millis(),
        idle_ends_at: idle_ends_at.as_millis(),
        ends_at: session.expires_at.as_millis(),
    })
    .into_response()
}
