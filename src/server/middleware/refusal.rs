//! What a layer tells whom it lets no further: a page to a person, JSON to a script.

use axum::{
    Json,
    response::{IntoResponse, Response},
};
use http::{StatusCode, header};
use serde_json::json;
use server_fn::error::FromServerFnError;

use crate::{error::ServerFnError, paths, server::caller::Kind};

/// An answer without a session's request: to a script that calls the API by the proxy, in the proxy's form, and to any
/// other as a server function has it.
pub fn told(
    kind: Kind,
    path: &str,
    status: StatusCode,
    (label, error): (&'static str, ServerFnError),
    page: impl FnOnce() -> Response,
) -> Response {
    match kind {
        Kind::Document => (status, page()).into_response(),
        Kind::Script if path.starts_with(paths::UPSTREAM) => {
            (status, Json(json!({"error": label, "message": error.to_string()}))).into_response()
        }
        Kind::Script => (status, [(header::CONTENT_TYPE, "application/json")], error.ser()).into_response(),
    }
}
