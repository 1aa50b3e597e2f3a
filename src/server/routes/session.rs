use axum::{
    Extension, Json,
    response::{IntoResponse, Response},
};
use serde::Serialize;

use crate::{
    error::ServerFnError,
    server::{account, logout::answer, request::RequestContext},
    types::{Person, SessionTimes},
};

/// What a script may know about the session, and never a token.
#[derive(Serialize)]
struct Metadata {
    #[serde(flatten)]
    person: Person,
    #[serde(flatten)]
    times: SessionTimes,
}

/// `GET /api/session`. Looking does not extend the session.
pub async fn get(Extension(context): Extension<RequestContext>) -> Response {
    metadata(&context).map_or_else(|_| answer::unauthorized(), |metadata| Json(metadata).into_response())
}

fn metadata(context: &RequestContext) -> Result<Metadata, ServerFnError> {
    Ok(Metadata { person: account::person(context)?, times: account::times(context)? })
}
