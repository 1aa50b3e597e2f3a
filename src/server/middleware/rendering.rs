use std::panic::resume_unwind;

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::StatusCode;
use tokio::runtime::Handle;
use tokio_util::task::AbortOnDropHandle;
use tracing::Instrument;

/// Does what takes longer on the runtime that all threads share: whoever talks to browsers serves many of them, and must
/// not be kept by one. It is given up as soon as the browser has gone.
pub async fn layer(State(shared): State<Handle>, request: Request, next: Next) -> Response {
    let rendered = shared.spawn(next.run(request).in_current_span());
    let cut_short = match AbortOnDropHandle::new(rendered).await {
        Ok(response) => return response,
        Err(error) => error,
    };
    match cut_short.try_into_panic() {
        Ok(cause) => resume_unwind(cause),
        Err(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}
