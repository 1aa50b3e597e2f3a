//! Signing in with an OpenID provider, as a browser sees it: there, and back.

mod logout;

use std::{sync::Arc, time::Duration};

use axum::{
    Extension,
    extract::{Path, Query, State},
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderValue, StatusCode, header};

use super::{
    notice,
    query::{Pairs, first},
};
use crate::{
    paths::{self, Again},
    server::{
        audit::{self, By},
        logout::answer,
        request::RequestContext,
        return_to::ReturnTo,
        session::{
            Session, SessionData, SessionError,
            seal::SealError,
            store::{StoreError, Tombstone},
        },
        sign_in::{
            Begun, NotNow, UnnamedAttempt, begin,
            oidc::{
                CallbackQuery, OidcError, Provider, TokenProblem, Transaction, TransactionProblem, Whom,
                logouts::{self, LogoutNumber},
            },
        },
        state::AppState,
        to_the_end::to_the_end,
    },
};

pub use logout::{backchannel, frontchannel, signed_out};

/// `GET /auth/{provider}/start`: sends the browser to the provider.
///
/// Only our own pages lead here. From elsewhere it goes to the login page, so that no other site signs anybody in
/// without their doing.
pub async fn start(
    State(state): State<AppState>,
    Extension(context): Extension<RequestContext>,
    Path(name): Path<String>,
    past: Option<Extension<Tombstone>>,
    query: Query<Pairs>,
) -> Response {
    let Some(provider) = state.sign_in().oidc.get(&name) else { return unknown(&state) };
    let next = context.caller().led_to(first(&query, "next").unwrap_or_default());
    if context.caller().cross_site {
        return answer::see_other(paths::login(None, &next.encoded()).as_str());
    }
    let is_asked = past.is_some() || was_signed_out(&context);
    let again = first(&query, "again").or(is_asked.then_some(Again::Anybody.as_str()));
    let Some(whom) = whom(provider, context.session().as_deref(), again) else {
        return answer::see_other(next.as_str());
    };
    match provider.start(&next, whom).await {
        Ok((url, transaction)) => match leave(&context, provider, url.as_str(), &transaction) {
            Ok(response) => response,
            Err(error) => {
                tracing::error!(error = &error as &dyn std::error::Error, "a sign-in cannot be begun");
                notice::provider_unavailable(&state)
            }
        },
        Err(_) => notice::provider_unavailable(&state),
    }
}

/// Whether the last session of this browser has ended, and nobody has signed in since.
fn was_signed_out(context: &RequestContext) -> bool {
    let again = context.state().sessions().cookie().again();
    context.session().is_none() && again.value(&context.caller().cookies).is_some()
}

/// Who may sign in. `None`: whoever is signed in already, and has not come to sign in again.
fn whom(provider: &Provider, session: Option<&Session>, again: Option<&str>) -> Option<Whom> {
    match (session, again) {
        (Some(_), None) => None,
        (None, None) => Some(Whom::Anybody),
        (Some(session), Some(again)) if again == Again::SamePerson.as_str() => {
            Some(provider.subject(&session.data).map_or(Whom::AnybodyAgain, Whom::Again))
        }
        (_, Some(_)) => Some(Whom::AnybodyAgain),
    }
}

fn leave(
    context: &RequestContext,
    provider: &Provider,
    url: &str,
    transaction: &Transaction,
) -> Result<Response, SealError> {
    let sessions = context.state().sessions();
    let value = transaction.seal(sessions, provider.callback())?;
    let mut response = notice::leave(context, url);
    if let Ok(cookie) = sessions.cookie().transaction().set(&value, Transaction::LIFETIME) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

/// `GET /auth/{provider}/callback`: the provider sends the browser back.
pub async fn callback(
    State(state): State<AppState>,
    Extension(context): Extension<RequestContext>,
    Path(name): Path<String>,
    headers: HeaderMap,
    Query(query): Query<CallbackQuery>,
) -> Response {
    let Some(provider) = state.sign_in().oidc.get(&name) else { return unknown(&state) };
    match finish(&context, provider, &headers, query).await {
        Ok((next, begun)) => {
            // A redirect would pass on that the browser comes from another site, and an operation is not sent on another
            // site's word.
            let mut response = notice::signed_in(&state, &next);
            response.headers_mut().append(header::SET_COOKIE, begun.hand_over());
            answer::forget_again(&state, &headers, &mut response);
            forget(&state, response)
        }
        Err(error) => refused(&context, provider, &error),
    }
}

/// Why nobody is signed in by a callback.
#[derive(Debug, thiserror::Error)]
enum CallbackError {
    #[error(transparent)]
    Oidc(#[from] OidcError),
    #[error(transparent)]
    Session(#[from] SessionError),
    #[error("the provider has signed the person out meanwhile")]
    SignedOut,
    #[error("too many attempts from there have failed")]
    TooMany(Duration),
}

impl From<NotNow> for CallbackError {
    fn from(refused: NotNow) -> Self {
        match refused {
            NotNow::Wait(wait) => Self::TooMany(wait),
            NotNow::Store(error) => error.into(),
        }
    }
}

impl From<StoreError> for CallbackError {
    fn from(error: StoreError) -> Self {
        Self::Session(error.into())
    }
}

impl CallbackError {
    /// Whether somebody has failed to prove who they are. A replay proves nothing, and asks the provider nothing.
    fn counts(&self) -> bool {
        let Self::Oidc(error) = self else { return false };
        !error.is_passing() && !matches!(error, OidcError::Transaction(_))
    }
}

async fn finish(
    context: &RequestContext,
    provider: &Arc<Provider>,
    headers: &HeaderMap,
    query: CallbackQuery,
) -> Result<(ReturnTo, Begun), CallbackError> {
    let state = context.state();
    let transaction = transaction(state, provider, headers)?;
    let code = provider.code(&transaction, query).await?;
    let next = ReturnTo::checked(&transaction.next);
    let agent = headers.get(header::USER_AGENT).cloned();
    let begun = to_the_end(redeem(context.clone(), provider.clone(), transaction, code, agent)).await?;
    Ok((next, begun))
}

/// Begins a session for the person whom the code stands for. A code is good once, so this is seen through when the browser
/// leaves: what the provider gives for it would be held by nobody, and count as a failure.
async fn redeem(
    context: RequestContext,
    provider: Arc<Provider>,
    transaction: Transaction,
    code: String,
    agent: Option<HeaderValue>,
) -> Result<Begun, CallbackError> {
    let (state, from) = (context.state(), context.caller().address);
    let attempt = state.sign_in().limits.begin_unnamed(state.sessions(), from).await?;
    let proved = prove(state, &provider, transaction, code).await;
    settle(state, &attempt, &proved).await;
    let (data, number) = proved?;
    let begun = begin(&context, agent.as_ref(), data).await?;
    if stays(state, begun.session(), number).await? {
        return Ok(begun);
    }
    begun.undo(By::Provider);
    Err(CallbackError::SignedOut)
}

/// Spends the transaction and its code. To be counted before: a browser may begin and come back as often as it likes, and
/// every transaction that is spent is written down.
async fn prove(
    state: &AppState,
    provider: &Provider,
    transaction: Transaction,
    code: String,
) -> Result<(SessionData, LogoutNumber), CallbackError> {
    if !transaction.spend(state.items().as_ref()).await? {
        return Err(OidcError::from(TransactionProblem::Used).into());
    }
    let number = logouts::next_number(state, provider.issuer()).await?;
    Ok((provider.finish(transaction, code).await?, number))
}

/// Only failures are to add up.
async fn settle(
    state: &AppState,
    attempt: &UnnamedAttempt,
    proved: &Result<(SessionData, LogoutNumber), CallbackError>,
) {
    if proved.as_ref().is_err_and(CallbackError::counts) {
        return;
    }
    if let Err(error) = state.sign_in().limits.take_back(attempt).await {
        tracing::warn!(error = &error as &dyn std::error::Error, "an attempt to sign in still counts");
    }
}

/// Lets the provider end a session that has just begun, and answers whether it has not done so already.
async fn stays(state: &AppState, session: &Session, since: LogoutNumber) -> Result<bool, StoreError> {
    logouts::remember(state, session).await?;
    Ok(!logouts::is_out(state, session, since).await?)
}

fn transaction(state: &AppState, provider: &Provider, headers: &HeaderMap) -> Result<Transaction, OidcError> {
    let cookie = state.sessions().cookie().transaction();
    let value = cookie.value(headers).ok_or(TransactionProblem::Missing)?;
    Ok(Transaction::open(state.sessions(), provider.callback(), value)?)
}

fn refused(context: &RequestContext, provider: &Provider, error: &CallbackError) -> Response {
    let (state, from) = (context.state(), context.caller().address);
    let provider = provider.name();
    tracing::warn!(error = error as &dyn std::error::Error, provider, %from, "a sign-in came to nothing");
    let is_signed_in = context.session().is_some();
    let nothing = || if is_signed_in { notice::not_confirmed(state) } else { notice::not_signed_in(state) };
    let told = |word, notice| {
        audit::refused_by_provider(state, provider, from, word);
        forget(state, notice)
    };
    match error {
        // Whoever does not know the state has not come from the provider, and ends nobody's sign-in.
        CallbackError::Oidc(OidcError::Transaction(TransactionProblem::State)) => nothing(),
        CallbackError::Session(_) => forget(state, notice::store_unavailable(state)),
        CallbackError::Oidc(error) if error.is_passing() => {
            forget(state, notice::provider_unavailable(state))
        }
        CallbackError::Oidc(OidcError::Token(TokenProblem::Subject)) => {
            told("provider", notice::somebody_else(state))
        }
        CallbackError::Oidc(_) => told("provider", nothing()),
        // The session of before is over: the one that has just ended took its place.
        CallbackError::SignedOut => told("provider", notice::not_signed_in(state)),
        CallbackError::TooMany(wait) => told("too-many", notice::too_many(state, *wait)),
    }
}

fn forget(state: &AppState, mut response: Response) -> Response {
    if let Ok(clear) = state.sessions().cookie().transaction().clear() {
        response.headers_mut().append(header::SET_COOKIE, clear);
    }
    response
}

fn unknown(state: &AppState) -> Response {
    (StatusCode::NOT_FOUND, notice::not_signed_in(state)).into_response()
}
