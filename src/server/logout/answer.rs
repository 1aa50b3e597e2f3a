//! What a browser is told when its session has ended: the only place that decides it.
//!
//! | who asks | answer |
//! |---|---|
//! | a document, headers not sent | `303` to the logout route, the cookies cleared, no body |
//! | a document whose headers are gone | a marker in the stream that moves the browser to the same address |
//! | a form without JavaScript | as a document |
//! | a server function, the proxy, any script | `401`, `WWW-Authenticate: Session`, JSON |

use std::time::Duration;

use axum::{
    body::{Body, Bytes},
    response::{IntoResponse, Response},
};
use futures::{StreamExt, stream};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use server_fn::error::FromServerFnError;

use crate::{
    error::ServerFnError,
    paths::{self, LocalPath},
    server::{
        caller::Kind,
        request::{Ended, RequestContext},
        session::{
            cookie::{self, Cookie},
            store::Reason,
        },
        state::AppState,
    },
};

/// Lets the answer to a request stand, unless the session ended on the way.
pub fn unless_ended(context: RequestContext, response: Response) -> Response {
    match context.ended() {
        Some(ended) => session_ended(context.state(), &context, ended),
        None if is_html(&response) => watch(response, context),
        None => response,
    }
}

/// The answer to a request whose session has just ended.
fn session_ended(state: &AppState, context: &RequestContext, ended: Ended) -> Response {
    let mut response = match context.caller().kind {
        Kind::Document => see_other(logout_address(context).as_str()),
        Kind::Script => unauthorized(),
    };
    if ended.first {
        clear_cookies(state, &context.caller().cookies, &mut response);
        ask_again(state, &context.caller().cookies, &mut response);
    }
    response
}

/// The word by which the login page explains the end of a session.
pub fn spoken(reason: Reason) -> &'static str {
    match reason {
        Reason::SignedOut => "signed-out",
        Reason::Revoked | Reason::SignedOutAtProvider => "revoked",
        Reason::Expired | Reason::Replaced | Reason::IdleTimeout | Reason::AbsoluteTimeout => "expired",
    }
}

/// Where a browser goes to have its cookies cleared and to sign in again.
fn logout_address(context: &RequestContext) -> LocalPath {
    paths::forced_logout(spoken(Reason::Expired), &context.caller().return_to.encoded())
}

/// A redirect with nothing in its body, to an address of our own without its mount, which the router puts in
/// front.
pub fn see_other(address: &str) -> Response {
    let location = HeaderValue::try_from(address).unwrap_or(HeaderValue::from_static("/"));
    (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response()
}

/// The refusal that a script gets: RFC 9110 asks for a challenge with every 401, and an unknown scheme keeps browsers
/// from showing a dialog of their own.
pub fn unauthorized() -> Response {
    let headers = [
        (header::WWW_AUTHENTICATE, HeaderValue::from_static("Session")),
        (header::CONTENT_TYPE, HeaderValue::from_static("application/json")),
    ];
    (StatusCode::UNAUTHORIZED, headers, Body::from(ServerFnError::Unauthorized.ser())).into_response()
}

/// Removes the session cookie, and those of an earlier application on this origin.
pub fn clear_cookies(state: &AppState, cookies: &HeaderMap, response: &mut Response) {
    clear_session(state, response);
    for cookie in state.foreign_cookies().clear(cookies) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
}

/// How long a provider is to ask who it is that signs in next.
const ASK_AGAIN: Duration = Duration::from_hours(30 * 24);

/// Removes the session cookie.
pub fn clear_session(state: &AppState, response: &mut Response) {
    response.headers_mut().append(header::SET_COOKIE, state.sessions().cookie().clear());
}

/// Where there are providers, a browser that has had a session keeps in mind that its person was signed out: whoever comes
/// to the login page by another way than the logout route is not waved through either. Not for those who have signed out
/// themselves.
pub fn ask_again(state: &AppState, cookies: &HeaderMap, response: &mut Response) {
    let cookie = state.sessions().cookie();
    let had_one = !matches!(cookie::find(cookies, cookie.name()), Cookie::Absent);
    if had_one
        && state.sign_in().oidc.iter().next().is_some()
        && let Ok(again) = cookie.again().set("1", ASK_AGAIN)
    {
        response.headers_mut().append(header::SET_COOKIE, again);
    }
}

/// Somebody has signed in: they were asked.
pub fn forget_again(state: &AppState, cookies: &HeaderMap, response: &mut Response) {
    let again = state.sessions().cookie().again();
    if again.value(cookies).is_some()
        && let Ok(clear) = again.clear()
    {
        response.headers_mut().append(header::SET_COOKIE, clear);
    }
}

fn is_html(response: &Response) -> bool {
    let content_type = response.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    content_type.is_some_and(|value| value.starts_with("text/html"))
}

/// Watches a page while it streams. Once the session has ended nothing more of the page is sent, only the marker.
fn watch(response: Response, context: RequestContext) -> Response {
    let (parts, body) = response.into_parts();
    let page = body.into_data_stream();
    let watched = stream::unfold(Some((page, context)), async |state| {
        let (mut page, context) = state?;
        let part = page.next().await?;
        if context.ended().is_some() {
            return Some((Ok(marker(&context)), None));
        }
        Some((part, Some((page, context))))
    });
    Response::from_parts(parts, Body::from_stream(watched))
}

/// Moves the browser on: by script at once and without a history entry, and without JavaScript by the refresh.
fn marker(context: &RequestContext) -> Bytes {
    let address = logout_address(context).on(context.state().mount());
    let nonce = context.nonce().unwrap_or_default();
    // The address is visible ASCII without quotes or angle brackets: `next` is percent-encoded.
    let attribute = address.replace('&', "&amp;");
    Bytes::from(format!(
        "<script nonce=\"{nonce}\">location.replace(\"{address}\")</script>\
         <meta http-equiv=\"refresh\" content=\"0;url={attribute}\" data-session-ended=\"{attribute}\">"
    ))
}
