use std::{convert::Infallible, time::Duration};

use axum::response::{
    IntoResponse, Response,
    sse::{Event, KeepAlive, Sse},
};
use futures::Stream;
use http::{HeaderValue, header};

/// How often something is sent, so that nothing between here and the browser takes the connection for dead.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// Server-sent events, as they come.
pub fn response(events: impl Stream<Item = Result<Event, Infallible>> + Send + 'static) -> Response {
    let live = Sse::new(events).keep_alive(KeepAlive::new().interval(HEARTBEAT));
    let mut response = live.into_response();
    let headers = response.headers_mut();
    // The framework's own word would stand in the way of what every answer of ours says to caches.
    headers.remove(header::CACHE_CONTROL);
    // nginx collects what comes otherwise.
    headers.insert("x-accel-buffering", HeaderValue::from_static("no"));
    response
}
