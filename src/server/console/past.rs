//! The history and the drafts, as the console meets them: what is noted of a request, and what a form is filled in
//! with from before.

use crate::{
    error::ServerFnError,
    openapi::{Operation, Values},
    server::{
        history::{self, Note},
        redaction,
        request::RequestContext,
    },
    types::{
        AnswerBody, AnswerView, OperationPage, Outcome, PastAnswer, PastOperation, PastOutcome, PastRequest,
        SEND,
    },
};

/// The query parameter that names a past request whose values fill the form in.
const AGAIN: &str = "again";
/// How many past requests of the same operation a page lists.
const LISTED: usize = 5;

/// The values of a past request, when `values` name one.
pub(super) async fn again(
    request: &RequestContext,
    operation: &Operation,
    values: &Values,
) -> Option<Result<Values, ServerFnError>> {
    let id = values.first(AGAIN)?;
    let found = history::exchange(request, id).await.and_then(|found| {
        let past = found.past.request;
        let is_same = past.operation.address == operation.summary.address;
        if is_same { Ok(past.values) } else { Err(ServerFnError::NotFound) }
    });
    Some(found)
}

/// What the person had typed into the form when their session ended, if there is anything.
pub(super) async fn typed(request: &RequestContext, operation: &Operation) -> Option<Values> {
    request.state().drafts().take(request.session()?.user, operation).await
}

/// Keeps what was typed into a form for the person whose session has ended meanwhile. An address needs none of this:
/// whoever signs in again comes back to it.
pub(super) async fn keep_typed(request: &RequestContext, page: &OperationPage) {
    if let (Some(user), Outcome::Failed(ServerFnError::Unauthorized)) = (request.user(), &page.outcome) {
        let document = request.document().document;
        request.state().drafts().keep(user, document.as_deref(), &page.operation, &page.values).await;
    }
}

/// Notes what was asked and what came of it.
pub(super) async fn note(request: &RequestContext, page: &OperationPage) {
    let Some(user) = request.user() else { return };
    match &page.outcome {
        Outcome::NotSent
        | Outcome::HeldBack
        | Outcome::Restored
        | Outcome::Failed(ServerFnError::Unauthorized) => {}
        Outcome::Answered(answer) => {
            let outcome = PastOutcome::Answered {
                status: answer.status,
                reason: answer.reason.clone(),
                elapsed_ms: answer.elapsed_ms,
                size: answer.size,
                media_type: answer.media_type.clone(),
            };
            let note = Note { request: past(request, page, outcome), answer: kept(answer) };
            request.state().history().note(user, note).await;
        }
        Outcome::Failed(error) => {
            let note =
                Note { request: past(request, page, PastOutcome::Failed(error.to_string())), answer: None };
            request.state().history().note(user, note).await;
        }
    }
}

/// With the latest requests of the same operation.
pub(super) async fn with_latest(request: &RequestContext, page: OperationPage) -> OperationPage {
    let latest = history::latest_of(request, &page.operation.summary.address, LISTED).await;
    OperationPage { latest, ..page }
}

fn past(request: &RequestContext, page: &OperationPage, outcome: PastOutcome) -> PastRequest {
    let document = request.document().document;
    let (mut values, left_out) = redaction::form(document.as_deref(), &page.operation, &page.values);
    values.retain(|name| name != SEND);
    let operation = PastOperation::new(&page.operation.summary, page.operation.is_by_address());
    PastRequest { operation, values, left_out, outcome }
}

/// The body of an answer, as far as it is text and all there.
fn kept(answer: &AnswerView) -> Option<PastAnswer> {
    if answer.kept.as_ref().is_some_and(|kept| !kept.arrived) {
        return None;
    }
    let source = match &answer.body {
        AnswerBody::Json { source, .. } => Some(source),
        AnswerBody::List(list) => list.source.as_ref(),
        _ => None,
    };
    if let Some(source) = source {
        return kept_json(source);
    }
    match &answer.body {
        AnswerBody::Text(text) | AnswerBody::Page(text) => {
            text.is_whole().then(|| PastAnswer { text: redaction::text(&text.text), is_json: false })
        }
        AnswerBody::Empty => Some(PastAnswer { text: String::new(), is_json: false }),
        _ => None,
    }
}

fn kept_json(source: &str) -> Option<PastAnswer> {
    let mut value = serde_json::from_str(source).ok()?;
    let is_changed = redaction::json(&mut value);
    let text = if is_changed { serde_json::to_string_pretty(&value).ok()? } else { source.to_owned() };
    Some(PastAnswer { text, is_json: true })
}
