//! Refreshing the upstream's tokens: once per session, for everybody who waits, on every node.
//!
//! Many calls meet the same expired token at once, and most issuers allow a refresh token to be used once. So the
//! first redeems it in a task of its own, which a caller that leaves cannot cut short between redeeming and saving;
//! the others of this process wait for its result. Those of other nodes find the session's lease taken (`turn`),
//! and look for the result in the store. Whoever comes late finds the winner's token there.
//!
//! Between redeeming and saving, the new tokens exist only here. Saving is therefore tried again for as long as it
//! can help. A node that dies just then takes them with it: when its lease has run out, the next one asks the issuer
//! with the old refresh token, and the issuer's answer decides.

mod turn;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use futures::{
    FutureExt,
    future::{BoxFuture, Shared},
};
use tokio::{
    sync::watch,
    time::{Instant, sleep},
};

use super::{
    Session, SessionData, SessionError,
    store::{StoreError, Updated},
    token::RecordKey,
};
use crate::server::{audit, logout, sign_in::RefreshError, state::AppState, upstream::Transient};

/// How long a caller waits, less when it is this node that has asked the issuer. It is enough for another node's lease to
/// run out, and for the issuer to answer then.
const PATIENCE: Duration = Duration::from_secs(25);
/// How often the store is looked at while another node redeems.
const LOOK: Duration = Duration::from_millis(50);
/// How long a refusal holds for whoever comes next: until then, the session has ended by it.
const REFUSED: Duration = Duration::from_secs(1);
/// How long, and how often, new tokens are tried to be saved in a store that does not answer.
const SAVE: Duration = Duration::from_mins(5);
const SAVE_AGAIN: Duration = Duration::from_millis(200);

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

impl Renewal {
    /// In one word.
    ///
    /// # Errors
    /// In one word too: what kept it from being known.
    pub fn outcome(&self) -> Result<&'static str, &'static str> {
        match self {
            Self::Redeemed(_) => Ok("redeemed"),
            Self::Found(_) => Ok("found"),
            Self::Refused => Ok("refused"),
            Self::Ended => Ok("ended"),
            Self::Unavailable(transient) => Err(transient.label()),
        }
    }
}

/// The renewals under way in this process.
#[derive(Default)]
pub struct Renewals(Mutex<HashMap<RecordKey, UnderWay>>);

/// One renewal, for everybody who waits for it.
#[derive(Clone)]
struct UnderWay {
    renewal: Shared<BoxFuture<'static, Renewal>>,
    /// Whether the issuer has been asked.
    asked: watch::Receiver<bool>,
}

impl Renewals {
    /// Waits until none is under way: a process that stops before loses the tokens that it has just got.
    pub async fn settled(&self) {
        while !self.under_way().is_empty() {
            sleep(LOOK).await;
        }
    }

    fn under_way(&self) -> MutexGuard<'_, HashMap<RecordKey, UnderWay>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Makes room for the next renewal of a session when this one is over, however that comes.
struct Over(AppState, RecordKey);

impl Drop for Over {
    fn drop(&mut self) {
        self.0.renewals().under_way().remove(&self.1);
    }
}

/// Replaces the access token of `session`, which the upstream has just refused.
pub async fn renew(state: &AppState, session: &Session) -> Renewal {
    let UnderWay { renewal, asked } = {
        let mut under_way = state.renewals().under_way();
        under_way.entry(session.key()).or_insert_with(|| start(state.clone(), session.clone())).clone()
    };
    tokio::select! {
        renewal = renewal => renewal,
        () = waited(asked, state.sign_in().patience(&session.data)) => Renewal::Unavailable(Transient::TimedOut),
        () = sleep(PATIENCE) => Renewal::Unavailable(Transient::TimedOut),
    }
}

/// Returns when somebody has waited for the issuer as long as for any call to it. The call itself may take longer: its
/// answer is of use to the next.
async fn waited(mut asked: watch::Receiver<bool>, patience: Duration) {
    // It is gone when the renewal is over, which whoever waits hears first.
    let _ = asked.wait_for(|asked| *asked).await;
    sleep(patience).await;
}

fn start(state: AppState, session: Session) -> UnderWay {
    let (ask, asked) = watch::channel(false);
    let task = tokio::spawn(async move {
        let over = Over(state.clone(), session.key());
        let renewal = in_turn(&state, &session, &ask).await;
        audit::refreshed(&state, &session, label(&renewal));
        if matches!(renewal, Renewal::Refused) {
            tokio::spawn(async move {
                sleep(REFUSED).await;
                drop(over);
            });
        }
        renewal
    });
    let renewal = async move { task.await.unwrap_or(Renewal::Unavailable(Transient::Store)) };
    UnderWay { renewal: renewal.boxed().shared(), asked }
}

/// Redeems, unless another node is doing it, or has done it.
async fn in_turn(state: &AppState, refused: &Session, ask: &watch::Sender<bool>) -> Renewal {
    let began = Instant::now();
    while began.elapsed() < PATIENCE {
        if let Changed::Already(renewal) = changed(state, refused).await {
            return renewal;
        }
        match turn::take(state.sessions().store(), refused.key(), redeem(state, refused, ask)).await {
            Ok(Some(renewal)) => return renewal,
            Ok(None) => sleep(LOOK).await,
            Err(error) => return unavailable(&error.into()),
        }
    }
    Renewal::Unavailable(Transient::TimedOut)
}

/// The store first: while this node waited for its turn, another may have done it.
async fn redeem(state: &AppState, refused: &Session, ask: &watch::Sender<bool>) -> Renewal {
    let session = match changed(state, refused).await {
        Changed::Not(session) => session,
        Changed::Already(renewal) => return renewal,
    };
    ask.send_replace(true);
    match state.sign_in().refresh(&session.data).await {
        Ok(renewed) => keep(state, *session, &renewed).await,
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

/// Saves new tokens, however long the store is away: there is no second copy of them.
/// Those of a session that has ended meanwhile are nobody's.
async fn keep(state: &AppState, session: Session, renewed: &SessionData) -> Renewal {
    let kept = saved(state, session, renewed).await;
    if matches!(kept, Renewal::Ended) {
        logout::revoke(state, renewed.clone());
    }
    kept
}

async fn saved(state: &AppState, session: Session, renewed: &SessionData) -> Renewal {
    let began = Instant::now();
    loop {
        match save(state, session.clone(), renewed).await {
            Err(error @ SessionError::Store(StoreError::Unavailable(_))) if began.elapsed() < SAVE => {
                tracing::warn!(error = &error as &dyn std::error::Error, "new tokens cannot be saved yet");
                sleep(SAVE_AGAIN).await;
            }
            saved => return saved.unwrap_or_else(|error| unavailable(&error)),
        }
    }
}

/// What somebody else has changed in the record meanwhile stays, unless it is the tokens.
async fn save(
    state: &AppState,
    mut session: Session,
    renewed: &SessionData,
) -> Result<Renewal, SessionError> {
    let spent = session.data.tokens.clone();
    Arc::make_mut(&mut session.data).take_tokens(renewed);
    loop {
        match state.sessions().save(&mut session).await? {
            Updated::Done(_) => return Ok(Renewal::Redeemed(Arc::new(session))),
            Updated::Ended | Updated::Missing => return Ok(Renewal::Ended),
            Updated::Stale => {}
        }
        match state.sessions().reload(&session).await? {
            None => return Ok(Renewal::Ended),
            Some(newer) if newer.data.tokens != spent => return Ok(Renewal::Found(Arc::new(newer))),
            Some(newer) => {
                session = newer;
                Arc::make_mut(&mut session.data).take_tokens(renewed);
            }
        }
    }
}

fn unavailable(error: &SessionError) -> Renewal {
    tracing::error!(error = error as &dyn std::error::Error, "a session cannot be renewed");
    Renewal::Unavailable(Transient::Store)
}

fn label(renewal: &Renewal) -> &'static str {
    renewal.outcome().unwrap_or("unavailable")
}
