use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use http::{HeaderValue, header};

use crate::paths::Mount;

/// Puts the mount in front of the address that an answer sends the browser to. The router takes it off the address of
/// every request, so that everything inside knows addresses without it.
pub async fn layer(State(mount): State<Mount>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    if let Some(location) = response.headers().get(header::LOCATION).and_then(|local| on(&mount, local)) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    response
}

/// An address of ours; one of another site stays as it is.
fn on(mount: &Mount, local: &HeaderValue) -> Option<HeaderValue> {
    let local = local.to_str().ok().filter(|address| address.starts_with('/'))?;
    HeaderValue::try_from(format!("{}{local}", mount.prefix())).ok()
}
