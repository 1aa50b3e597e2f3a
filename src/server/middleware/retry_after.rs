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
