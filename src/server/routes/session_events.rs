use std::{convert::Infallible, sync::Arc, time::Duration};

use axum::{
    Extension,
    extract::State,
    response::{IntoResponse, Response, sse::Event},
};
use futures::{Stream, StreamExt, future::ready, stream};
use http::{HeaderValue, StatusCode, header};

use super::sse;
use crate::server::{
    logout::{self, answer},
    request::RequestContext,
    session::{Listener, Session, store::Reason},
    state::AppState,
};

/// How long a browser waits before it connects again.
const RETRY: Duration = Duration::from_secs(3);

/// In seconds.
const LATER: HeaderValue = HeaderValue::from_static("60");

/// `GET /api/session/events`: tells when the session has ended (`event: ended`, with the reason), or that this browser
/// holds another one (`event: replaced`), and is over then.
/// Listening does not extend the session.
pub async fn get(State(state): State<AppState>, Extension(context): Extension<RequestContext>) -> Response {
    let Some(session) = context.session() else { return answer::unauthorized() };
    let Some(listener) = state.endings().listen(session.key()) else {
        return (StatusCode::TOO_MANY_REQUESTS, [(header::RETRY_AFTER, LATER)]).into_response();
    };
    sse::response(events(state, session, listener))
}

fn events(
    state: AppState,
    session: Arc<Session>,
    listener: Listener,
) -> impl Stream<Item = Result<Event, Infallible>> {
    let first = Event::default().retry(RETRY).comment("listening");
    let last = stream::once(async move {
        let reason = listener.over().await?;
        if reason.is_from_elsewhere() {
            logout::revoke_left(&state, session.token());
        }
        Some(told(reason))
    });
    stream::iter([first]).chain(last.filter_map(ready)).map(Ok)
}

/// Where somebody has signed in anew in this browser, it holds a newer session, and listens to that one when it connects
/// again; whose that is, an open page has to ask.
fn told(reason: Reason) -> Event {
    let event = if reason == Reason::Replaced { "replaced" } else { "ended" };
    Event::default().event(event).data(reason.as_str())
}
