//! Signing in and out, the profile, and endpoints that expire one's own tokens.

use std::sync::Arc;

use axum::Extension;
use axum::body::Bytes;
use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::middleware::Next;
use axum::response::Response;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::answer::{Envelope, Failure, Nothing, Refusal};
use super::extract::{Body, bearer};
use super::people::{self, Person};
use super::tokens::{Caller, TokenPair};
use super::{Shop, lock};

/// The part that needs no bearer: it is where one comes from, and goes to.
pub fn public_routes() -> OpenApiRouter<Arc<Shop>> {
    OpenApiRouter::new().routes(routes!(log_in)).routes(routes!(refresh)).routes(routes!(log_out))
}

pub fn routes() -> OpenApiRouter<Arc<Shop>> {
    OpenApiRouter::new()
        .routes(routes!(me))
        .routes(routes!(expire_tokens))
        .routes(routes!(expire_access_token))
        .routes(routes!(expire_refresh_token))
}

/// Lets a request through when it carries a good access token, and says to the handler whose it is.
pub async fn require_bearer(
    State(shop): State<Arc<Shop>>,
    mut request: Request,
    next: Next,
) -> Result<Response, Refusal> {
    let token = bearer(request.headers()).ok_or(Refusal::Unauthenticated)?;
    let caller = lock(&shop.tokens).caller(token).ok_or(Refusal::Unauthenticated)?;
    request.extensions_mut().insert(caller);
    Ok(next.run(request).await)
}

/// Name and password.
#[derive(Deserialize, ToSchema)]
struct Credentials {
    #[schema(min_length = 1, example = "demo")]
    username: String,
    #[schema(min_length = 1, format = Password, example = "demo")]
    password: String,
}

/// A refresh token to spend or to give back.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct RefreshToken {
    #[schema(min_length = 1, example = "refresh_Zm9yIGV4YW1wbGU")]
    refresh_token: String,
}

/// Sign in
///
/// Answers a short-lived access token, and a refresh token that buys the next pair.
#[utoipa::path(
    post, path = "/auth/login", operation_id = "logIn", tag = "Account", security(()),
    request_body = Credentials,
    responses(
        (status = 200, description = "Signed in", body = Envelope<TokenPair>),
        (status = 401, description = "The username or the password is wrong", body = Failure),
        (status = 422, description = "A field is missing", body = Failure),
    )
)]
async fn log_in(
    State(shop): State<Arc<Shop>>,
    Body(Credentials { username, password }): Body<Credentials>,
) -> Result<Envelope<TokenPair>, Refusal> {
    let person = people::authenticate(&username, &password).ok_or(Refusal::WrongCredentials)?;
    let pair = lock(&shop.tokens).sign_in(person);
    Ok(Envelope { data: pair, message: "Welcome to the bookshop" })
}

/// Exchange a refresh token for a new pair
///
/// A refresh token can be used once. A second use means that somebody else has had it too, so it ends the whole
/// sign-in: every token that came from it is dead.
#[utoipa::path(
    post, path = "/auth/refresh", operation_id = "refreshTokens", tag = "Account", security(()),
    request_body = RefreshToken,
    responses(
        (status = 200, description = "A new pair", body = Envelope<TokenPair>),
        (status = 401, description = "The refresh token is dead", body = Failure, example = json!({
            "data": {"error": "invalid_grant"},
            "message": "The refresh token has expired, or has been used before"
        })),
        (status = 422, description = "There is no refresh token in the body", body = Failure),
    )
)]
async fn refresh(
    State(shop): State<Arc<Shop>>,
    Body(RefreshToken { refresh_token }): Body<RefreshToken>,
) -> Result<Envelope<TokenPair>, Refusal> {
    lock(&shop.tokens).refresh(&refresh_token).map(Envelope::ok).ok_or(Refusal::InvalidGrant)
}

/// Sign out
///
/// Ends the sign-in that the bearer, or the refresh token in the body, belongs to. A token that is dead already
/// is no error.
#[utoipa::path(
    post, path = "/auth/logout", operation_id = "logOut", tag = "Account", security(("bearer" = []), ()),
    request_body(content = Option<RefreshToken>, description = "May be left out when there is a bearer"),
    responses(
        (status = 200, description = "Signed out", body = Envelope<Nothing>),
        (status = 401, description = "There is no token in the request", body = Failure),
    )
)]
async fn log_out(
    State(shop): State<Arc<Shop>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Envelope<Nothing>, Refusal> {
    let in_body = serde_json::from_slice(&body).ok().map(|RefreshToken { refresh_token }| refresh_token);
    let tokens = || bearer(&headers).into_iter().chain(in_body.as_deref());
    if tokens().next().is_none() {
        return Err(Refusal::Unauthenticated);
    }
    let mut store = lock(&shop.tokens);
    tokens().for_each(|token| store.end_family_of(token));
    Ok(Envelope { data: Nothing, message: "Signed out" })
}

/// Who am I?
#[utoipa::path(
    get, path = "/me", operation_id = "getMe", tag = "Account",
    responses((status = 200, description = "The person signed in", body = Envelope<Person>))
)]
async fn me(Extension(caller): Extension<Caller>) -> Envelope<&'static Person> {
    Envelope::ok(caller.person)
}

/// Expire my tokens
///
/// Kills the access token and the refresh token of this sign-in at once. This call still succeeds; the next one
/// is answered with 401, and no refresh helps. Other sign-ins of the same person go on.
#[utoipa::path(
    post, path = "/me/expire-tokens", operation_id = "expireMyTokens", tag = "Account",
    responses((status = 200, description = "Both are dead", body = Envelope<Nothing>))
)]
async fn expire_tokens(
    State(shop): State<Arc<Shop>>,
    Extension(caller): Extension<Caller>,
) -> Envelope<Nothing> {
    lock(&shop.tokens).end(caller.family);
    Envelope { data: Nothing, message: "Your tokens have expired: the next call ends the session" }
}

/// Expire my access token
///
/// Kills the access token of this sign-in and keeps the refresh token, so the next call has to refresh.
#[utoipa::path(
    post, path = "/me/expire-access-token", operation_id = "expireMyAccessToken", tag = "Account",
    responses((status = 200, description = "The access token is dead", body = Envelope<Nothing>))
)]
async fn expire_access_token(
    State(shop): State<Arc<Shop>>,
    Extension(caller): Extension<Caller>,
) -> Envelope<Nothing> {
    lock(&shop.tokens).expire_access(caller.family);
    Envelope { data: Nothing, message: "Your access token has expired: the next call refreshes it" }
}

/// Expire my refresh token
///
/// Kills the refresh token of this sign-in and keeps the access token for the rest of its time.
#[utoipa::path(
    post, path = "/me/expire-refresh-token", operation_id = "expireMyRefreshToken", tag = "Account",
    responses((status = 200, description = "The refresh token is dead", body = Envelope<Nothing>))
)]
async fn expire_refresh_token(
    State(shop): State<Arc<Shop>>,
    Extension(caller): Extension<Caller>,
) -> Envelope<Nothing> {
    lock(&shop.tokens).expire_refresh(caller.family);
    Envelope {
        data: Nothing,
        message: "Your refresh token has expired: the session lasts as long as the access token",
    }
}
