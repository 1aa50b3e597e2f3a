//! The 401 rule, from the call's side: refresh, retry, verdict.

use std::sync::Arc;

use super::{
    Access, Answer, Call, ends_session,
    failure::{Broken, Exchanged},
};
use crate::server::{
    logout,
    request::RequestContext,
    session::{
        Session,
        renewal::{self, Renewal},
    },
};

/// Sends `call` for the person of this request.
///
/// Identical `GET`s within one request are made once. A dead token is refreshed once and the call repeated once; if
/// the upstream still refuses, the session ends in the store before this returns.
///
/// # Errors
/// [`Broken::SessionEnded`] after the verdict, or without a session; [`Broken::Transient`] for everything that says
/// nothing about the session.
pub async fn exchange(request: &RequestContext, call: Call) -> Exchanged {
    match request.memo(&call) {
        Some(memo) => memo.get_or_init(|| send(request, call)).await.clone(),
        None => send(request, call).await,
    }
}

async fn send(request: &RequestContext, mut call: Call) -> Exchanged {
    request.trace().pass_on(&mut call.headers);
    match call.access {
        Access::Anonymous => plain(request, &call, None).await,
        Access::Session => authorised(request, &call).await,
    }
}

async fn authorised(request: &RequestContext, call: &Call) -> Exchanged {
    let Some(mut session) = request.session() else { return Err(Broken::SessionEnded) };
    let mut answer = plain(request, call, Some(&session)).await?;
    let mut redeemed = false;
    while is_dead(request, &answer) {
        metrics::counter!("vestibule_upstream_refused_tokens_total").increment(1);
        if redeemed {
            return Err(logout::verdict(request, &session).await);
        }
        (session, redeemed) = match renewal::renew(request.state(), &session).await {
            Renewal::Redeemed(fresh) => (fresh, true),
            Renewal::Found(newer) => (newer, false),
            Renewal::Refused => return Err(logout::verdict(request, &session).await),
            Renewal::Ended => return Err(logout::already_ended(request)),
            Renewal::Unavailable(transient) => return Err(Broken::Transient(transient)),
        };
        request.renew_session(session.clone());
        answer = plain(request, call, Some(&session)).await?;
    }
    Ok(answer)
}

async fn plain(request: &RequestContext, call: &Call, session: Option<&Session>) -> Exchanged {
    let bearer = session.map(|session| session.data.tokens.access.expose());
    let answer = request.state().client().send(call, bearer).await;
    answer.map(Arc::new).map_err(Broken::Transient)
}

fn is_dead(request: &RequestContext, answer: &Answer) -> bool {
    ends_session(answer, &request.state().settings().upstream.session_end)
}
