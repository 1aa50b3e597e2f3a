//! The proxy for code in the browser: the same session and the same 401 rule as everything else.

use axum::{
    Extension, Json,
    body::{Body, Bytes},
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderName, Method, StatusCode, Uri, header};
use serde_json::json;

use crate::{
    error::Transient,
    paths,
    server::{
        logout::answer,
        request::RequestContext,
        upstream::{Access, Answer, Broken, Call, exchange},
    },
};

/// What a browser's header may reach the upstream; everything else is ours to set or nobody's business there.
const PASSED_ON: [HeaderName; 9] = [
    header::ACCEPT,
    header::ACCEPT_LANGUAGE,
    header::CONTENT_TYPE,
    header::CONTENT_LANGUAGE,
    header::IF_MATCH,
    header::IF_NONE_MATCH,
    header::IF_MODIFIED_SINCE,
    header::IF_UNMODIFIED_SINCE,
    header::RANGE,
];

/// What an upstream's answer must not do here: set cookies, send elsewhere, speak for this origin or connection.
const HELD_BACK: [&str; 16] = [
    "set-cookie",
    "location",
    "connection",
    "keep-alive",
    "transfer-encoding",
    "upgrade",
    "trailer",
    "proxy-authenticate",
    "www-authenticate",
    "content-encoding",
    "content-length",
    "content-security-policy",
    "strict-transport-security",
    "clear-site-data",
    "cache-control",
    "access-control-allow-origin",
];

/// `ANY /api/upstream/{*path}`. A simple form or link cannot send the header that this asks for.
pub async fn any(
    Extension(context): Extension<RequestContext>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    if headers.get("x-csrf").is_none_or(|value| value != "1") {
        return refusal(StatusCode::FORBIDDEN, "csrf_header", "Send the header X-CSRF: 1.");
    }
    match exchange(&context, call(method, &uri, &headers, body)).await {
        Ok(answer) => pass_on(&answer),
        Err(Broken::SessionEnded) => answer::unauthorized(),
        Err(Broken::Transient(transient)) => failure(&transient),
    }
}

fn call(method: Method, uri: &Uri, headers: &HeaderMap, body: Bytes) -> Call {
    let path = uri.path().strip_prefix(paths::UPSTREAM).unwrap_or_default();
    let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    let mut call = Call::new(method, format!("{path}{query}"), Access::Session);
    for name in PASSED_ON {
        if let Some(value) = headers.get(&name) {
            call.headers.insert(name, value.clone());
        }
    }
    if body.is_empty() { call } else { call.bytes(body) }
}

fn pass_on(answer: &Answer) -> Response {
    let mut response = Response::new(Body::from(answer.body.clone()));
    *response.status_mut() = answer.status;
    *response.headers_mut() = allowed(&answer.headers);
    response
}

fn allowed(headers: &HeaderMap) -> HeaderMap {
    let kept = headers.iter().filter(|(name, _)| !HELD_BACK.contains(&name.as_str()));
    kept.map(|(name, value)| (name.clone(), value.clone())).collect()
}

fn failure(transient: &Transient) -> Response {
    let status = StatusCode::from_u16(transient.status()).unwrap_or(StatusCode::BAD_GATEWAY);
    refusal(status, transient.label(), &transient.sentence())
}

fn refusal(status: StatusCode, error: &str, message: &str) -> Response {
    (status, Json(json!({ "error": error, "message": message }))).into_response()
}
