//! The 401 rule, from the call's side: refresh, retry, verdict.

use std::{
    future::Future,
    sync::Arc,
    time::{Duration, Instant},
};

use super::{
    Access, Answer, Call, Client, Incoming, Transient, ends_session,
    failure::{Broken, Exchanged},
};
use crate::server::{
    logout,
    request::RequestContext,
    session::{
        Session,
        renewal::{self, Renewal},
        timestamp::Timestamp,
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
        Some(memo) => memo.get_or_init(|| whole(request, call)).await.clone(),
        None => whole(request, call).await,
    }
}

/// As [`exchange`], for an answer of any length. The verdict is passed on its head, and on its body where that is
/// short.
///
/// # Errors
/// See [`exchange`].
pub async fn open(request: &RequestContext, call: Call) -> Result<Incoming, Broken> {
    send(request, call).await
}

/// As [`open`], for an answer that is passed on as it is.
///
/// # Errors
/// See [`exchange`], and [`Transient::BodySpent`]: the token was dead, there is a new one, and the body is gone.
pub async fn relay(request: &RequestContext, call: Call) -> Result<Incoming, Broken> {
    send::<Relayed>(request, call).await.map(|Relayed(incoming)| incoming)
}

async fn whole(request: &RequestContext, call: Call) -> Exchanged {
    send::<Answer>(request, call).await.map(Arc::new)
}

/// An answer as it is waited for: whole, or only its beginning.
trait Asked: AsRef<Answer> + Sized {
    fn ask(
        client: &Client,
        call: &Call,
        bearer: Option<&str>,
    ) -> impl Future<Output = Result<Self, Transient>> + Send;
}

impl Asked for Answer {
    async fn ask(client: &Client, call: &Call, bearer: Option<&str>) -> Result<Self, Transient> {
        client.send(call, bearer).await
    }
}

impl Asked for Incoming {
    async fn ask(client: &Client, call: &Call, bearer: Option<&str>) -> Result<Self, Transient> {
        client.open(call, bearer).await
    }
}

/// An answer that is passed on as it is.
struct Relayed(Incoming);

impl AsRef<Answer> for Relayed {
    fn as_ref(&self) -> &Answer {
        self.0.as_ref()
    }
}

impl Asked for Relayed {
    async fn ask(client: &Client, call: &Call, bearer: Option<&str>) -> Result<Self, Transient> {
        client.relay(call, bearer).await.map(Self)
    }
}

async fn send<T: Asked>(request: &RequestContext, mut call: Call) -> Result<T, Broken> {
    let span = request.trace().pass_on(&mut call.headers);
    let began = Instant::now();
    let answer = match call.access {
        Access::Anonymous => plain(request, &call, None).await,
        Access::Session => authorised(request, &call).await,
    };
    request.note_call(&span, &call, began, || {
        answer.as_ref().map(|answer: &T| answer.as_ref().status.as_u16()).map_err(Broken::label)
    });
    answer
}

async fn authorised<T: Asked>(request: &RequestContext, call: &Call) -> Result<T, Broken> {
    let Some(mut session) = request.session() else { return Err(Broken::SessionEnded) };
    // What the issuer would say if it were asked once more.
    let mut last_word = None;
    let is_spent = call.upload().is_some();
    if is_overdue(&session, if is_spent { LONG_ON_THE_WAY } else { ON_THE_WAY }) {
        (session, last_word) = renew_ahead(request, session).await?;
    }
    let mut answer: T = plain(request, call, Some(&session)).await?;
    while is_dead(request, answer.as_ref()) {
        count(request, "vestibule_upstream_refused_tokens_total");
        let renewal = match last_word.take() {
            Some(said) => said,
            None => renew(request, &session).await,
        };
        session = match renewal {
            Renewal::Redeemed(fresh) => {
                last_word = Some(Renewal::Refused);
                fresh
            }
            Renewal::Found(newer) => newer,
            Renewal::Refused => return Err(logout::verdict(request, &session).await),
            Renewal::Ended => return Err(logout::already_ended(request)),
            Renewal::Unavailable(transient) => return Err(Broken::Transient(transient)),
        };
        request.renew_session(session.clone());
        if is_spent {
            return Err(Broken::Transient(Transient::BodySpent));
        }
        count(request, "vestibule_upstream_retries_total");
        answer = plain(request, call, Some(&session)).await?;
    }
    Ok(answer)
}

fn count(request: &RequestContext, what: &'static str) {
    metrics::counter!(what, "api" => request.state().api().to_owned()).increment(1);
}

/// How long a call is on its way before the upstream looks at its token.
const ON_THE_WAY: Duration = Duration::from_secs(1);
/// The same for one that cannot be repeated: what stands in front of an API may read all of it first.
const LONG_ON_THE_WAY: Duration = Duration::from_secs(30);

/// Whether the token is known to be of no use by the time it arrives, and there is another to be had.
fn is_overdue(session: &Session, on_the_way: Duration) -> bool {
    let tokens = &session.data.tokens;
    tokens.refresh.is_some()
        && tokens.access_expires_at.is_some_and(|end| end <= Timestamp::now() + on_the_way)
}

/// Saves a call that would be refused. No verdict is made here: if there is no new token, the old one is tried, and
/// the upstream has the last word. Comes with the issuer's, if it has been heard: it is asked once.
async fn renew_ahead(
    request: &RequestContext,
    old: Arc<Session>,
) -> Result<(Arc<Session>, Option<Renewal>), Broken> {
    let (session, last_word) = match renew(request, &old).await {
        Renewal::Redeemed(fresh) => (fresh, Some(Renewal::Refused)),
        Renewal::Found(newer) => (newer, None),
        said @ (Renewal::Refused | Renewal::Unavailable(_)) => return Ok((old, Some(said))),
        Renewal::Ended => return Err(logout::already_ended(request)),
    };
    request.renew_session(session.clone());
    Ok((session, last_word))
}

async fn renew(request: &RequestContext, session: &Session) -> Renewal {
    let began = Instant::now();
    let renewal = renewal::renew(request.state(), session).await;
    request.note_renewal(&renewal, began);
    renewal
}

async fn plain<T: Asked>(
    request: &RequestContext,
    call: &Call,
    session: Option<&Session>,
) -> Result<T, Broken> {
    let bearer = session.map(|session| session.data.tokens.access.expose());
    T::ask(request.state().client(), call, bearer).await.map_err(Broken::Transient)
}

fn is_dead(request: &RequestContext, answer: &Answer) -> bool {
    ends_session(answer, &request.state().settings().upstream.session_end)
}
