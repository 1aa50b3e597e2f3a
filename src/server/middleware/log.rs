use std::{any::Any, time::Instant};

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use http::{HeaderValue, StatusCode};
use tracing::Instrument;

use crate::server::trace::{REQUEST_ID, Spans, Trace};

/// Gives the request its id, which the answer carries too, and writes one line when it is answered.
///
/// The query is left out: it may hold what a person typed.
pub async fn layer(State(spans): State<Spans>, mut request: Request, next: Next) -> Response {
    let trace = Trace::of(request.headers());
    let span = tracing::info_span!("request", id = trace.id());
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let id = HeaderValue::try_from(trace.id()).ok();
    request.extensions_mut().insert(trace.clone());
    let started = Instant::now();
    let mut response = next.run(request).instrument(span.clone()).await;
    let (status, elapsed) = (response.status().as_u16(), started.elapsed());
    spans.note(|| trace.request(method.as_str(), &path, status, elapsed));
    span.in_scope(|| tracing::debug!(%method, path, status, ?elapsed, "answered"));
    if let Some(id) = id {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    response
}

/// The answer to a request whose handler panicked. The cause goes to the log, never to the browser.
#[expect(clippy::needless_pass_by_value, reason = "the signature that the catching layer asks for")]
pub fn panicked(cause: Box<dyn Any + Send + 'static>) -> Response {
    let text = cause.downcast_ref::<String>().map(String::as_str);
    let cause = text.or_else(|| cause.downcast_ref::<&str>().copied()).unwrap_or("unknown");
    tracing::error!(cause, "a handler panicked");
    let mut response = Response::new("Something went wrong on our side.".into());
    *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
    response
}
