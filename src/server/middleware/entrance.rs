use std::net::SocketAddr;

use axum::{
    extract::{ConnectInfo, Request, State},
    middleware::Next,
    response::Response,
};

use super::{cross_site, session};
use crate::server::{logout::answer, state::AppState};

/// What every request to an API goes through. One layer and not three: each costs the request three boxes and a copy of
/// all that stands behind it.
pub async fn layer(
    State(state): State<AppState>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: Request,
    next: Next,
) -> Response {
    if let Some(refused) = cross_site::refused(&state, &request) {
        return refused;
    }
    let (mut parts, body) = request.into_parts();
    let context = match session::context(state.clone(), peer, &mut parts).await {
        Ok(context) => context,
        Err(error) => return session::unavailable(&state, &parts, &error),
    };
    parts.extensions.insert(context.clone());
    let response = next.run(Request::from_parts(parts, body)).await;
    answer::unless_ended(context, response)
}
