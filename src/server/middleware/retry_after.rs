use std::time::Duration;

use axum::response::Response;
use http::{HeaderValue, StatusCode, header};

/// In seconds.
const SOON: HeaderValue = HeaderValue::from_static("5");

/// Says when to come back with every answer that says "not now", if its handler has not.
pub fn set(mut response: Response) -> Response {
    if response.status() == StatusCode::SERVICE_UNAVAILABLE {
        response.headers_mut().entry(header::RETRY_AFTER).or_insert(SOON);
    }
    response
}

/// Says to come back no sooner than `wait` from now.
pub fn after(wait: Duration, mut response: Response) -> Response {
    let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
    response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
    response
}
