//! What a person is shown of an answer.

mod body;
mod list;
mod notes;
mod text;

pub use self::list::ROWS_ON_A_PAGE;

use std::{io, sync::Arc};

use http::{HeaderMap, StatusCode};
use serde_json::Map;

use crate::{
    error::{ServerFnError, Transient},
    openapi::{Operation, Response},
    server::{
        answers::{About, Ending, Kept},
        config::EnvelopeKind,
        error::internal,
        request::RequestContext,
        state::AppState,
        upstream::{
            Answer, Incoming,
            envelope::{self, Opened},
        },
    },
    types::{
        AnswerBody, AnswerPage, AnswerView, Outcome,
        reading::{EventsView, KeptLink, Reading},
    },
};

/// Headers that concern the connection or the browser, and say nothing about the answer.
const HIDDEN: [&str; 4] = ["set-cookie", "connection", "keep-alive", "transfer-encoding"];

/// An answer that has begun to come: kept, and shown as far as it is there.
pub(super) async fn received(request: &RequestContext, operation: &Operation, incoming: Incoming) -> Outcome {
    let Some(session) = request.session() else { return Outcome::Failed(ServerFnError::Unauthorized) };
    let response = response(operation, incoming.beginning.status);
    let about = About {
        operation: operation.summary.clone(),
        meaning: response.and_then(|response| response.description.clone()),
        json_promised: is_json_promised(response),
    };
    let shown = match request.state().answers().keep(&session, about, incoming) {
        Ok(kept) => {
            kept.ready().await;
            shown(request.state(), kept, Reading::default()).await
        }
        Err(error) => Err(error),
    };
    match shown {
        Ok(view) => Outcome::Answered(Box::new(view)),
        Err(error) => Outcome::Failed(internal(&error)),
    }
}

/// The answer of this id, if it is this session's and still kept.
pub fn kept(request: &RequestContext, id: &str) -> Option<Arc<Kept>> {
    request.state().answers().find(request.session()?.key(), id)
}

/// An answer that is kept, looked at as `query` says.
///
/// # Errors
/// [`ServerFnError::NotFound`] when it is kept no longer, or belongs to somebody else.
pub async fn reread(request: &RequestContext, id: &str, query: &str) -> Result<AnswerPage, ServerFnError> {
    let kept = kept(request, id).ok_or(ServerFnError::NotFound)?;
    let operation = kept.about.operation.clone();
    let shown = shown(request.state(), kept, Reading::parse(query)).await;
    shown.map(|answer| AnswerPage { operation, answer }).map_err(|error| internal(&error))
}

/// The events of an answer from a place on, as far as they have come. Blocks.
///
/// # Errors
/// When the answer cannot be read.
pub fn events(kept: &Kept, from: u64) -> io::Result<EventsView> {
    body::stream(kept, from, kept.media_type != "text/event-stream")
}

/// Reads what is to be shown, where it may block.
async fn shown(state: &AppState, kept: Arc<Kept>, reading: Reading) -> io::Result<AnswerView> {
    let kind = state.settings().upstream.envelope;
    tokio::task::spawn_blocking(move || view(&kept, reading, kind)).await.map_err(io::Error::other)?
}

fn view(kept: &Kept, reading: Reading, kind: EnvelopeKind) -> io::Result<AnswerView> {
    let progress = kept.progress();
    let shown = body::body(kept, &progress, &reading, kind)?;
    let ending = match &progress.ending {
        Some(Ending::Broken(transient)) => Some(transient.clone()),
        _ => None,
    };
    let lists = if shown.is_json { list::others(kept, &shown.body) } else { Vec::new() };
    let not_json = || (kept.about.json_promised && !shown.is_json).then_some(Transient::NotJson);
    Ok(AnswerView {
        size: progress.bytes,
        problem: ending.or_else(not_json),
        notes: notes::notes(kept, &progress, &shown),
        message: shown.message,
        kept: (progress.bytes > 0 || progress.ending.is_none()).then(|| KeptLink {
            id: kept.id.clone(),
            arrived: progress.ending.is_some(),
            reading,
            lists,
        }),
        meaning: kept.about.meaning.clone(),
        elapsed_ms: u32::try_from(kept.elapsed.as_millis()).unwrap_or(u32::MAX),
        ..head(kept.status, &kept.headers, kept.media_type.clone(), shown.body)
    })
}

/// An answer that is shown in passing, and not kept.
pub(super) fn at_a_glance(state: &AppState, operation: &Operation, answer: &Answer) -> AnswerView {
    let json = answer.json().ok();
    let promised = is_json_promised(response(operation, answer.status));
    let problem = (promised && json.is_none()).then_some(Transient::NotJson);
    let (body, message) = match json {
        Some(json) if answer.status.is_success() => {
            let Opened { data, message, .. } = envelope::open(json, state.settings().upstream.envelope);
            (AnswerBody::Json { data, about: Map::new(), source: String::new() }, message)
        }
        Some(json) => (AnswerBody::Binary, envelope::message(&json)),
        None => (AnswerBody::Binary, None),
    };
    AnswerView { message, problem, ..head(answer.status, &answer.headers, answer.media_type(), body) }
}

fn head(status: StatusCode, headers: &HeaderMap, media_type: String, body: AnswerBody) -> AnswerView {
    AnswerView {
        status: status.as_u16(),
        reason: status.canonical_reason().unwrap_or("").to_owned(),
        elapsed_ms: 0,
        size: 0,
        media_type,
        headers: shown_headers(headers),
        message: None,
        meaning: None,
        problem: None,
        notes: Vec::new(),
        kept: None,
        body,
    }
}

/// What the document says about this status: itself, its class (`4XX`), or the default.
fn response(operation: &Operation, status: StatusCode) -> Option<&Response> {
    let class = format!("{}XX", status.as_u16() / 100);
    let find = |pattern: &str| operation.responses.iter().find(|r| r.status.eq_ignore_ascii_case(pattern));
    find(status.as_str()).or_else(|| find(&class)).or_else(|| find("default"))
}

fn is_json_promised(response: Option<&Response>) -> bool {
    let is_json = |media_type: &String| media_type.contains("json");
    response
        .is_some_and(|response| !response.media_types.is_empty() && response.media_types.iter().all(is_json))
}

fn shown_headers(headers: &HeaderMap) -> Vec<(String, String)> {
    let shown = headers.iter().filter(|(name, _)| !HIDDEN.contains(&name.as_str()));
    shown
        .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
        .collect()
}
