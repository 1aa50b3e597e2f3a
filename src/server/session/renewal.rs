//! Refreshing the upstream's tokens: once per session, for everybody who waits.
//!
//! Many calls meet the same expired token at once, and most issuers allow a refresh token to be used once. So the
//! first redeems it in a task of its own, which a caller that leaves cannot cut short between redeeming and saving;
//! the others wait for its result. Whoever comes late finds the winner's token in the store.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use futures::{
    FutureExt,
    future::{BoxFuture, Shared},
};

use super::{Session, Tokens, store::Updated, token::RecordKey};
use crate::server::{sign_in::RefreshError, state::AppState, upstream::Transient};

/// What became of a session whose access token was refused.
#[derive(Debug, Clone)]
pub enum Renewal {
    /// The issuer has just given this one; if it is refused as well, refreshing does not help.
    Redeemed(Arc<Session>),
    /// Somebody else has renewed it meanwhile.
    Found(Arc<Session>),
    /// There is no refresh token, or the issuer refuses it for good.
    Refused,
    /// The session ended meanwhile.
    Ended,
    /// For a passing reason nothing can be said; the session stays.
    Unavailable(Transient),
}

/// The renewals under way in this process.
#[derive(Default)]
pub struct Renewals(Mutex<HashMap<RecordKey, Shared<BoxFuture<'static, Renewal>>>>);

/// Replaces the access token of `session`, which the upstream has just refused.
pub async fn renew(state: &AppState, session: &Session) -> Renewal {
    let renewal = {
        let mut under_way = state.renewals().0.lock().unwrap_or_else(PoisonError::into_inner);
        under_way.entry(session.key()).or_insert_with(|| start(state.clone(), session.clone())).clone()
    };
    renewal.await
}

fn start(state: AppState, session: Session) -> Shared<BoxFuture<'static, Renewal>> {
    let task = tokio::spawn(async move {
        let renewal = redeem(&state, &session).await;
        state.renewals().0.lock().unwrap_or_else(PoisonError::into_inner).remove(&session.key());
        metrics::counter!("vestibule_refreshes_total", "outcome" => label(&renewal)).increment(1);
        renewal
    });
    async move { task.await.unwrap_or(Renewal::Unavailable(Transient::Store)) }.boxed().shared()
}

/// The store first: another caller or node may have done it already.
async fn redeem(state: &AppState, refused: &Session) -> Renewal {
    let session = match changed(state, refused).await {
        Changed::Not(session) => session,
        Changed::Already(renewal) => return renewal,
    };
    let Some(refresh_token) = &session.data.tokens.refresh else { return Renewal::Refused };
    match state.sign_in().refresh(&session.data.tokens.access, refresh_token).await {
        Ok(tokens) => save(state, *session, tokens).await,
        Err(RefreshError::Refused) => match changed(state, refused).await {
            Changed::Not(_) => Renewal::Refused,
            Changed::Already(renewal) => renewal,
        },
        Err(RefreshError::Transient(transient)) => Renewal::Unavailable(transient),
    }
}

enum Changed {
    Not(Box<Session>),
    Already(Renewal),
}

async fn changed(state: &AppState, refused: &Session) -> Changed {
    match state.sessions().reload(refused).await {
        Ok(Some(session)) if session.data.tokens.access == refused.data.tokens.access => {
            Changed::Not(Box::new(session))
        }
        Ok(Some(session)) => Changed::Already(Renewal::Found(Arc::new(session))),
        Ok(None) => Changed::Already(Renewal::Ended),
        Err(error) => Changed::Already(unavailable(&error)),
    }
}

async fn save(state: &AppState, mut session: Session, tokens: Tokens) -> Renewal {
    session.data.tokens = tokens;
    match state.sessions().save(&mut session).await {
        Ok(Updated::Done(_)) => Renewal::Redeemed(Arc::new(session)),
        Ok(Updated::Stale) => match state.sessions().reload(&session).await {
            Ok(Some(newer)) => Renewal::Found(Arc::new(newer)),
            Ok(None) => Renewal::Ended,
            Err(error) => unavailable(&error),
        },
        Ok(Updated::Ended | Updated::Missing) => Renewal::Ended,
        Err(error) => unavailable(&error),
    }
}

fn unavailable(error: &super::SessionError) -> Renewal {
    tracing::error!(error = error as &dyn std::error::Error, "a session cannot be renewed");
    Renewal::Unavailable(Transient::Store)
}

fn label(renewal: &Renewal) -> &'static str {
    match renewal {
        Renewal::Redeemed(_) => "redeemed",
        Renewal::Found(_) => "found",
        Renewal::Refused => "refused",
        Renewal::Ended => "ended",
        Renewal::Unavailable(_) => "unavailable",
    }
}
