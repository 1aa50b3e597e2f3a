//! The proxy for code in the browser: the same session and the same 401 rule as everything else.
//!
//! Bodies are passed on as they come, in both directions. What concerns a connection, or says who somebody is, goes
//! neither way; what an answer could do to this site is held back. A body of up to 64 KiB is kept until the answer is
//! there, so that the call can be repeated with a new token. A longer one is gone by then: the token is renewed all
//! the same, and the answer is 503 with `Retry-After: 0`, for the session lives and the same call will do.

mod body;
mod headers;
mod socket;

use axum::{
    Json,
    extract::Request,
    response::{IntoResponse, Response},
};
use http::{HeaderName, HeaderValue, StatusCode, header, request::Parts, uri::PathAndQuery};
use serde_json::json;

use crate::{
    error::Transient,
    paths,
    server::{
        logout::answer,
        middleware::guard::SignedIn,
        request::RequestContext,
        upstream::{Access, Broken, Call, Incoming, Payload, relay},
    },
};

const CSRF: HeaderName = HeaderName::from_static("x-csrf");

/// `ANY /api/upstream/{*path}`.
pub async fn any(SignedIn(context): SignedIn, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    if let Some(refused) = refused(&context, &parts) {
        return refused;
    }
    if socket::is_asked_for(&parts) {
        return socket::open(&context, parts).await;
    }
    let Some(body) = body::payload(&context, body).await else {
        return refusal(StatusCode::REQUEST_TIMEOUT, "body", "The body of the request broke off.");
    };
    let call = call(&context, &parts, body);
    let path = call.path.clone();
    match relayed(&context, call).await {
        Ok(incoming) => pass_on(&context, &path, incoming),
        Err(broken) => failure(&broken),
    }
}

/// What takes its time on the way to the upstream is broken off with its session.
async fn relayed(context: &RequestContext, call: Call) -> Result<Incoming, Broken> {
    let Some(upload) = call.upload().cloned() else { return relay(context, call).await };
    let answer = tokio::select! {
        biased;
        answer = relay(context, call) => answer,
        () = upload.over() => return Err(Broken::SessionEnded),
    };
    // It may be the body that has heard of it first.
    if answer.is_err() && upload.is_over() { Err(Broken::SessionEnded) } else { answer }
}

/// The answer to a call that is not let through.
fn refused(context: &RequestContext, parts: &Parts) -> Option<Response> {
    let settings = &context.state().settings().proxy;
    if !settings.allows_method(&parts.method) {
        let allow = HeaderValue::try_from(settings.methods.join(", ")).ok();
        let answer = refusal(StatusCode::METHOD_NOT_ALLOWED, "method", "This method is not let through.");
        return Some(
            ([(header::ALLOW, allow.unwrap_or(HeaderValue::from_static("")))], answer).into_response(),
        );
    }
    let path = target(parts).split('?').next().unwrap_or_default();
    if !settings.allows_path(path) {
        return Some(refusal(StatusCode::FORBIDDEN, "path", "This path is not let through."));
    }
    if socket::is_asked_for(parts) {
        let message = "Sockets are opened by pages of this site only.";
        return (!socket::is_ours(context, parts)).then(|| refusal(StatusCode::FORBIDDEN, "origin", message));
    }
    // A simple form or link cannot send a header of its own.
    let is_script = parts.headers.get(CSRF).is_some_and(|value| value == "1");
    (!is_script).then(|| refusal(StatusCode::FORBIDDEN, "csrf_header", "Send the header X-CSRF: 1."))
}

/// What is asked for below the base of the upstream, with its query.
fn target(parts: &Parts) -> &str {
    let target = parts.uri.path_and_query().map_or("", PathAndQuery::as_str);
    target.strip_prefix(paths::UPSTREAM).unwrap_or_default()
}

fn call(context: &RequestContext, parts: &Parts, body: Option<Payload>) -> Call {
    Call {
        headers: headers::for_upstream(&parts.headers),
        idle: Some(context.state().settings().proxy.idle_timeout),
        body,
        ..Call::new(parts.method.clone(), target(parts), Access::Session)
    }
}

fn pass_on(context: &RequestContext, path: &str, incoming: Incoming) -> Response {
    let (status, headers) = (incoming.beginning.status, &incoming.beginning.headers);
    let headers = headers::for_browser(context, path, headers);
    let mut response = Response::new(body::of(context, incoming));
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    response
}

fn failure(broken: &Broken) -> Response {
    let transient = match broken {
        Broken::SessionEnded => return answer::unauthorized(),
        Broken::Transient(transient) => transient,
    };
    let status = StatusCode::from_u16(transient.status()).unwrap_or(StatusCode::BAD_GATEWAY);
    let answer = refusal(status, transient.label(), &transient.sentence());
    match transient {
        Transient::BodySpent => ([(header::RETRY_AFTER, "0")], answer).into_response(),
        _ => answer,
    }
}

fn refusal(status: StatusCode, error: &str, message: &str) -> Response {
    (status, Json(json!({ "error": error, "message": message }))).into_response()
}
