//! Signing out by way of the provider: the provider says that somebody is out, or sends back who has signed out.

use axum::{
    Extension,
    extract::{Path, Query, RawForm, State},
    response::{IntoResponse, Response},
};
use http::StatusCode;
use url::form_urlencoded;

use super::unknown;
use crate::{
    paths,
    server::{
        audit::By,
        logout::answer,
        routes::query::{Pairs, first},
        session::store::StoreError,
        sign_in::oidc::{Provider, TokenProblem, logouts},
        state::{Apis, AppState},
    },
};

/// `POST /auth/{provider}/backchannel-logout`, server to server: 200 once they are out, 400 for what is no good
/// logout token, 503 when it should be sent again.
pub async fn backchannel(
    State(state): State<AppState>,
    Extension(apis): Extension<Apis>,
    Path(name): Path<String>,
    RawForm(form): RawForm,
) -> Response {
    let Some(provider) = state.sign_in().oidc.get(&name) else { return unknown(&state) };
    let Some(token) = only_token(&form) else { return refused("there is not exactly one logout_token") };
    let token = match provider.logout_token(&token).await {
        Ok(token) => token,
        Err(TokenProblem::Unavailable(_)) => return StatusCode::SERVICE_UNAVAILABLE.into_response(),
        Err(problem) => return refused(&problem.to_string()),
    };
    match logouts::obey(&state, &apis, provider, &token).await {
        Ok(None) => refused("it has been delivered before"),
        Ok(Some(ended)) => answered(provider, Ok(ended)),
        Err(error) => answered(provider, Err(error)),
    }
}

/// The token, if there is one and no second that somebody else might have read instead.
fn only_token(form: &[u8]) -> Option<String> {
    let mut tokens = form_urlencoded::parse(form).filter(|(name, _)| name == "logout_token");
    let token = tokens.next()?.1.into_owned();
    tokens.next().is_none().then_some(token)
}

/// Back-Channel Logout 1.0, section 2.8, in the form of an OAuth error.
fn refused(why: &str) -> Response {
    tracing::warn!(why, "a logout token was refused");
    let body = axum::Json(serde_json::json!({"error": "invalid_request", "error_description": why}));
    (StatusCode::BAD_REQUEST, body).into_response()
}

/// `GET /auth/{provider}/frontchannel-logout?iss=…&sid=…`, in a frame of the provider's page. A hint: anybody can
/// send it, so it ends what bears exactly this name here, and nothing at the provider.
pub async fn frontchannel(
    State(state): State<AppState>,
    Extension(apis): Extension<Apis>,
    Path(name): Path<String>,
    query: Query<Pairs>,
) -> Response {
    let Some(provider) = state.sign_in().oidc.get(&name) else { return unknown(&state) };
    let (Some(issuer), Some(sid)) = (first(&query, "iss"), first(&query, "sid")) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    if issuer != provider.issuer() {
        return StatusCode::BAD_REQUEST.into_response();
    }
    answered(provider, logouts::end_everywhere(&apis, provider, Some(sid), None, By::FrontChannel).await)
}

fn answered(provider: &Provider, ended: Result<usize, StoreError>) -> Response {
    match ended {
        Ok(ended) => {
            tracing::info!(provider = provider.name(), ended, "the provider has signed somebody out");
            StatusCode::OK.into_response()
        }
        Err(error) => {
            tracing::error!(error = &error as &dyn std::error::Error, "sessions cannot be ended");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}

/// `GET /auth/{provider}/signed-out`: the provider sends back who has signed out there. It carries no authority; with
/// our own state it says so on the login page.
pub async fn signed_out(
    State(state): State<AppState>,
    Path(name): Path<String>,
    query: Query<Pairs>,
) -> Response {
    let Some(provider) = state.sign_in().oidc.get(&name) else { return unknown(&state) };
    let ours = first(&query, "state").is_some_and(|value| provider.has_signed_out(state.sessions(), value));
    let address = if ours { paths::signed_out() } else { paths::LOGIN };
    answer::see_other(address.as_str())
}
