//! What a layer tells whom it lets no further: a page to a person, JSON to a script.

use axum::{
    Json,
    response::{IntoResponse, Response},
};
use http::{StatusCode, header};
use serde_json::json;
use server_fn::error::FromServerFnError;

use crate::{error::ServerFnError, paths, server::caller::Kind};

/// The answer of a layer that lets a request no further: a page for a document, the proxy's JSON for calls of the
/// proxy, a server function's error for other scripts. The page has the status already.
pub fn told(
    kind: Kind,
    path: &str,
    status: StatusCode,
    (label, error): (&'static str, ServerFnError),
    page: impl FnOnce() -> Response,
) -> Response {
    match kind {
        Kind::Document => page(),
        Kind::Script if path.starts_with(paths::UPSTREAM) => {
            (status, Json(json!({"error": label, "message": error.to_string()}))).into_response()
        }
        Kind::Script => (status, [(header::CONTENT_TYPE, "application/json")], error.ser()).into_response(),
    }
}
