//! The documents that axum itself answers with.

use std::time::Duration;

use axum::response::{Html, IntoResponse, Response};
use bytesize::ByteSize;
use http::{HeaderValue, StatusCode, header};

use crate::{
    pages::notice::{self, Action, Notice},
    server::{
        console,
        logout::answer,
        middleware::retry_after,
        posted::{Excess, FormError},
        request::RequestContext,
        return_to::ReturnTo,
        state::AppState,
    },
    types::LoginProblem,
};

/// `GET /api/logout` with a live session: ask.
pub fn confirm_logout(state: &AppState, context: &RequestContext) -> Response {
    let name = context.session().map(|session| session.data.display_name().to_owned()).unwrap_or_default();
    let text = format!("You are signed in as {name}. Signing out ends this session in this browser.");
    document(state, StatusCode::OK, "Sign out?", text, Action::SignOut)
}

/// A form or script of another site.
pub fn cross_site(state: &AppState) -> Response {
    let text = "This was sent by another site, so nothing was done.".into();
    document(state, StatusCode::FORBIDDEN, "Not from here", text, Action::Home)
}

/// A form that cannot be read.
pub fn bad_form(state: &AppState, status: StatusCode, action: Action) -> Response {
    let text = "What was sent cannot be read. Nothing was done.".into();
    document(state, status, "That did not work", text, action)
}

/// The form of an operation that is not taken, and the way back to it: the path of its page.
pub fn form_not_taken(state: &AppState, error: &FormError, page: &str) -> Response {
    let (title, text) = match error {
        FormError::TooLarge { what: Excess::Files, most, .. } => (
            "That is too large",
            format!(
                "At most {} of files can be sent at once, so nothing was sent. What you typed is kept: choose a \
                 smaller file, or send several one by one.",
                ByteSize(*most)
            ),
        ),
        FormError::TooLarge { what: Excess::Number, most, .. } => (
            "Those are too many",
            format!(
                "At most {most} files can be sent at once, so nothing was sent. What you typed is kept: choose fewer \
                 files, or send them in several goes."
            ),
        ),
        FormError::TooLarge { what: Excess::Texts, most, .. } => (
            "That is too long",
            format!(
                "At most {} can be typed into a form, so nothing was sent. Your browser’s own way back leads to what \
                 you typed: shorten it, or send it as a file where the API takes one.",
                ByteSize(*most)
            ),
        ),
        FormError::Unreadable => (
            "That did not work",
            "What was sent did not arrive as a form, so nothing was sent to the API. Try again.".into(),
        ),
        FormError::Disk(_) => (
            "There is no room right now",
            "The files cannot be kept here at the moment, so nothing was sent. Try again later.".into(),
        ),
    };
    let page = format!("{}{page}", state.mount().prefix());
    document(state, error.status(), title, text, Action::Back(page))
}

/// Another person's session, or none at all: nobody learns which.
pub fn no_such_session(state: &AppState) -> Response {
    let text = "None of your sessions has this name. Nothing was done.".into();
    document(state, StatusCode::NOT_FOUND, "No such session", text, Action::Account)
}

/// The session store does not answer: nobody is signed out.
pub fn store_unavailable(state: &AppState) -> Response {
    let text = "Sessions cannot be read right now. You are not signed out; try again in a moment.".into();
    document(state, StatusCode::SERVICE_UNAVAILABLE, "One moment, please", text, Action::Retry)
}

/// Back from the provider, signed in.
pub fn signed_in(state: &AppState, next: &ReturnTo) -> Response {
    let text = "You are signed in. This goes on by itself.".into();
    goes_on(state, "Welcome", text, format!("{}{next}", state.mount().prefix()))
}

/// Leads from a form to a provider: by a page, where the browser would hold a redirect, and all that follow wherever the
/// provider has its own pages, to the policy of the form's page.
pub fn leave(context: &RequestContext, provider: &str) -> Response {
    if !context.caller().is_window {
        return answer::see_other(provider);
    }
    let text = "The sign-in service goes on from here. This goes on by itself.".into();
    goes_on(context.state(), "One moment, please", text, provider.to_owned())
}

/// A page from which the browser goes on by itself; the button is for those that do not.
fn goes_on(state: &AppState, title: &'static str, text: String, address: String) -> Response {
    let refresh = HeaderValue::try_from(format!("0; url={address}"));
    let mut response = document(state, StatusCode::OK, title, text, Action::GoOn(address));
    if let Ok(refresh) = refresh {
        response.headers_mut().insert(header::REFRESH, refresh);
    }
    response
}

/// A sign-in by way of a provider has come to nothing. What was wrong with it, the log says.
pub fn not_signed_in(state: &AppState) -> Response {
    let text = "The sign-in was not finished, so you are not signed in. Begin again.".into();
    document(state, StatusCode::BAD_REQUEST, "Not signed in", text, Action::Login)
}

/// The same, for somebody who was signed in before and still is.
pub fn not_confirmed(state: &AppState) -> Response {
    let text = "The sign-in was not finished, so nothing was done. You are signed in as before.".into();
    document(state, StatusCode::BAD_REQUEST, "Not confirmed", text, Action::Account)
}

/// So many have failed there that nobody's proof is asked for.
pub fn too_many(state: &AppState, wait: Duration) -> Response {
    let text = LoginProblem::TooMany(Some(wait)).sentence();
    let page = document(state, StatusCode::TOO_MANY_REQUESTS, "Not signed in", text, Action::Login);
    retry_after::after(wait, page)
}

/// Somebody was to show that it is them, and somebody else has signed in at the provider.
pub fn somebody_else(state: &AppState) -> Response {
    let text = "Somebody else has signed in there. Nothing was done, and you are signed in as before.".into();
    document(state, StatusCode::FORBIDDEN, "That was not you", text, Action::Account)
}

/// The provider is down: nobody is sent there.
pub fn provider_unavailable(state: &AppState) -> Response {
    let text = "The sign-in service cannot be reached right now. Try again in a moment.".into();
    document(state, StatusCode::SERVICE_UNAVAILABLE, "One moment, please", text, Action::Login)
}

fn document(
    state: &AppState,
    status: StatusCode,
    title: &'static str,
    text: String,
    action: Action,
) -> Response {
    let notice = Notice { api: console::title(state, &state.document().get()), title, text, action };
    (status, Html(notice::html(notice, state.assets(), state.mount()))).into_response()
}
