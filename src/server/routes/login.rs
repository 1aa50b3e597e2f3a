//! Signing in with a user name and a password: one form that needs no JavaScript.

use std::net::IpAddr;

use axum::{
    Extension, Form,
    extract::{FromRequest, Query, Request, State},
    response::Response,
};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use super::{
    notice, pages,
    query::{Pairs, first},
};
use crate::{
    error::Transient,
    pages::notice::Action,
    server::{
        account::sessions,
        audit,
        logout::answer,
        middleware::retry_after,
        request::RequestContext,
        return_to::ReturnTo,
        session::{
            Session, SessionData,
            cookie::{self, Cookie},
            token::UserKey,
        },
        sign_in::{Attempt, Begun, NotNow, SignInError, begin},
        state::AppState,
        to_the_end::to_the_end,
    },
    types::{LoginAttempt, LoginProblem},
};

/// Longer names and passwords are refused before the upstream sees them.
const LONGEST: usize = 1024;

#[derive(Deserialize)]
pub struct Credentials {
    username: String,
    password: SecretString,
    next: Option<String>,
}

/// `GET /login`. Whoever is signed in already goes on, unless they are to show that it is them; a dead cookie is cleared.
pub async fn get(
    State(state): State<AppState>,
    Extension(context): Extension<RequestContext>,
    query: Query<Pairs>,
    request: Request,
) -> Response {
    if context.session().is_some_and(|session| !confirms(&state, &session, &query)) {
        let next = context.caller().led_to(first(&query, "next").unwrap_or_default());
        return answer::see_other(next.as_str());
    }
    let cookie = state.sessions().cookie();
    let dead = context.session().is_none()
        && !matches!(cookie::find(request.headers(), cookie.name()), Cookie::Absent);
    let mut response = pages::render(&state, request).await;
    if dead {
        answer::clear_session(&state, &mut response);
        answer::ask_again(&state, &context.caller().cookies, &mut response);
    }
    response
}

/// Whether somebody who is signed in has come to sign in anew, and has not just done so.
fn confirms(state: &AppState, session: &Session, query: &Pairs) -> bool {
    first(query, "reason") == Some("confirm") && sessions::asks_again(state, session)
}

/// `POST /login`
pub async fn post(
    State(state): State<AppState>,
    Extension(context): Extension<RequestContext>,
    request: Request,
) -> Response {
    if !state.settings().sign_in.password.enabled {
        return notice::bad_form(&state, StatusCode::FORBIDDEN, Action::Login);
    }
    let (parts, body) = request.into_parts();
    let form = Request::from_parts(parts.clone(), body);
    let credentials = match Form::<Credentials>::from_request(form, &state).await {
        Ok(Form(credentials)) => credentials,
        Err(rejection) => return notice::bad_form(&state, rejection.status(), Action::Login),
    };
    let Credentials { username, password, next } = credentials;
    let next = ReturnTo::checked(next.as_deref().unwrap_or_default());
    match sign_in(&context, &parts.headers, &username, password).await {
        Ok(begun) => {
            let mut response = answer::see_other(next.as_str());
            response.headers_mut().append(header::SET_COOKIE, begun.hand_over());
            answer::forget_again(&state, &parts.headers, &mut response);
            response
        }
        Err(problem) => {
            let attempt = LoginAttempt { username, next: next.to_string(), problem };
            let page = Request::from_parts(parts, axum::body::Body::empty());
            let wait = attempt.problem.wait();
            let page = challenged(pages::render_with(&state, page, attempt).await);
            match wait {
                Some(wait) => retry_after::after(wait, page),
                None => page,
            }
        }
    }
}

/// RFC 9110 asks for a challenge with every 401; this one makes no browser ask by itself.
fn challenged(mut page: Response) -> Response {
    if page.status() == StatusCode::UNAUTHORIZED {
        page.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Session"));
    }
    page
}

/// Once the API is asked, the attempt is seen through: of a browser that leaves, a good one would count as a failure, and
/// nobody would know the tokens that the API has given.
async fn sign_in(
    context: &RequestContext,
    headers: &HeaderMap,
    username: &str,
    password: SecretString,
) -> Result<Begun, LoginProblem> {
    let username = username.trim();
    let lengths = [username.len(), password.expose_secret().len()];
    if lengths.contains(&0) || lengths.iter().any(|length| *length > LONGEST) {
        return Err(LoginProblem::Wrong);
    }
    let (state, from) = (context.state(), context.caller().address);
    let attempt = match state.sign_in().limits.begin(state.sessions(), username, from).await {
        Ok(attempt) => attempt,
        Err(refused) => return Err(not_now(state, state.sessions().user_key(username), from, refused)),
    };
    let agent = headers.get(header::USER_AGENT).cloned();
    to_the_end(ask(context.clone(), attempt, username.to_owned(), password, agent)).await
}

/// Asks the API, and begins a session for a person whom it knows.
async fn ask(
    context: RequestContext,
    attempt: Attempt,
    username: String,
    password: SecretString,
    agent: Option<HeaderValue>,
) -> Result<Begun, LoginProblem> {
    let (state, from) = (context.state(), context.caller().address);
    let asked = state.sign_in().password.sign_in(&username, &password, &context).await;
    settle(state, &attempt, &asked).await;
    let user = state.sessions().user_key(&username);
    match asked {
        Ok(data) => {
            let begun = begin(&context, agent.as_ref(), data).await;
            begun.map_err(|_| LoginProblem::Transient(Transient::Store))
        }
        Err(SignInError::Wrong) => {
            audit::refused(state, user, from, "wrong");
            Err(LoginProblem::Wrong)
        }
        Err(SignInError::TooMany) => {
            audit::refused(state, user, from, "too-many");
            Err(LoginProblem::TooMany(None))
        }
        Err(SignInError::Transient(transient)) => Err(LoginProblem::Transient(transient)),
    }
}

fn not_now(state: &AppState, user: UserKey, from: IpAddr, refused: NotNow) -> LoginProblem {
    match refused {
        NotNow::Wait(wait) => {
            audit::refused(state, user, from, "too-many");
            LoginProblem::TooMany(Some(wait))
        }
        NotNow::Store(error) => {
            tracing::error!(
                error = &error as &dyn std::error::Error,
                "attempts to sign in cannot be counted"
            );
            LoginProblem::Transient(Transient::Store)
        }
    }
}

/// Only failures are to add up.
async fn settle(state: &AppState, attempt: &Attempt, asked: &Result<SessionData, SignInError>) {
    let limits = &state.sign_in().limits;
    let settled = match asked {
        Ok(_) => limits.succeeded(attempt).await,
        Err(SignInError::Transient(_)) => limits.came_to_nothing(attempt).await,
        Err(SignInError::Wrong | SignInError::TooMany) => Ok(()),
    };
    if let Err(error) = settled {
        tracing::warn!(error = &error as &dyn std::error::Error, "an attempt to sign in still counts");
    }
}
