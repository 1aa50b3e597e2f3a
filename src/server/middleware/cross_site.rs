//! The defence against cross-site request forgery.
//!
//! Browsers say where a request comes from (Fetch Metadata); those that do not, send `Origin` with every POST. Only a
//! method that changes nothing may come from elsewhere.

use axum::{extract::Request, response::Response};
use http::{HeaderMap, Method, StatusCode, header};

use super::refusal::told;
use crate::{
    error::ServerFnError,
    server::{
        caller::{Kind, SEC_FETCH_SITE},
        routes::notice,
        session::cookie::{self, Cookie},
        state::AppState,
    },
};

/// The refusal of what another site makes a browser send.
pub fn refused(state: &AppState, request: &Request) -> Option<Response> {
    if is_safe(request.method()) || is_ours(state, request.headers()) {
        return None;
    }
    let path = request.uri().path();
    tracing::warn!(path, "a cross-site request was refused");
    let (kind, status) = (Kind::of(request.method(), path, request.headers()), StatusCode::FORBIDDEN);
    let message = "This was sent by another site, so nothing was done.".into();
    let error = ServerFnError::Refused { status: status.as_u16(), message };
    Some(told(kind, path, status, ("cross_site", error), || notice::cross_site(state)))
}

fn is_safe(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// Whether the sender is one of our own pages, or no browser that holds a session.
fn is_ours(state: &AppState, headers: &HeaderMap) -> bool {
    if let Some(site) = headers.get(SEC_FETCH_SITE) {
        return site == "same-origin";
    }
    match headers.get(header::ORIGIN).or_else(|| headers.get(header::REFERER)) {
        Some(origin) => origin.to_str().is_ok_and(|origin| is_own_origin(state.origin().as_str(), origin)),
        None => matches!(cookie::find(headers, state.sessions().cookie().name()), Cookie::Absent),
    }
}

/// `Origin` is the origin alone; `Referer` goes on with a path.
fn is_own_origin(own: &str, sender: &str) -> bool {
    sender.strip_prefix(own).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_compared_whole() {
        let own = "https://app.example";
        assert!(is_own_origin(own, "https://app.example"));
        assert!(is_own_origin(own, "https://app.example/account"));
        for sender in
            ["null", "https://app.example.evil.example", "https://app.example:444", "http://app.example", ""]
        {
            assert!(!is_own_origin(own, sender), "{sender}");
        }
    }
}
