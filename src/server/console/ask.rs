//! From the form of an operation to its call, step by step: fill in, check, confirm, send.

use super::{
    answer, call, check, document,
    draft::Draft,
    exchanged, past, preview,
    servers::{self, Route},
};
use crate::{
    error::{ServerFnError, Transient},
    openapi::{Check, FieldError, Parameter, Place, RESPONSE, RESPONSE_TYPE, RequestParts, Values},
    server::{
        posted::Posted,
        request::RequestContext,
        return_to::HELD_BACK,
        upstream::{exchange, join},
    },
    types::{Intent, OperationPage, Outcome, SEND, Step},
};

/// One operation for the home page, sent with its defaults.
///
/// # Errors
/// [`ServerFnError::NotFound`] when there is no such operation, [`Transient::NoDocument`] when nobody knows.
pub async fn glance(request: &RequestContext, address: &str) -> Result<OperationPage, ServerFnError> {
    let draft = begin(request, address, Posted::default())?;
    let parts = draft.request(Check::Strict).ok().filter(|_| draft.operation.accepts_get_run(&draft.values));
    let route = servers::route(request.state(), &draft.operation, &draft.values);
    let (Some(Ok(call)), Ok(route)) = (parts.map(|parts| call::call(&draft.operation, parts, &[])), route)
    else {
        return Ok(draft.into_page(Outcome::NotSent));
    };
    let outcome = match exchange(request, route.apply(call)).await {
        Ok(answer) => {
            Outcome::Answered(Box::new(answer::at_a_glance(request.state(), &draft.operation, &answer)))
        }
        Err(broken) => Outcome::Failed(broken.into()),
    };
    Ok(draft.into_page(outcome))
}

/// The operation at `address` with its form filled in from `query`. A `GET` is sent when the address says so: a
/// required parameter, any parameter or `send` is there, or there is nothing to fill in; but not when it asks what an
/// answer holds.
///
/// # Errors
/// [`ServerFnError::NotFound`] when there is no such operation, [`Transient::NoDocument`] when nobody knows.
pub async fn open(
    request: &RequestContext,
    address: &str,
    query: &str,
) -> Result<OperationPage, ServerFnError> {
    let mut draft = begin(request, address, Posted::parse(query))?.begun();
    // A link of another site may fill a form in, but it takes the person to send it; also after they have signed in.
    let held_back = request.caller().cross_site || draft.values.count(HELD_BACK) > 0;
    draft.values.retain(|name| name != HELD_BACK);
    if let Some(values) = past::again(request, &draft.operation, &draft.values).await {
        return Ok(draft.refilled(values?).into_page(Outcome::NotSent));
    }
    if let Some(status) = draft.values.first(RESPONSE) {
        let media_type = draft.values.first(RESPONSE_TYPE);
        let detail = draft.document.response(&draft.operation.summary, status, media_type).map(Box::new);
        let page = OperationPage { detail, ..draft.into_page(Outcome::NotSent) };
        return Ok(past::with_latest(request, page).await);
    }
    let Some(intent) = intent_of_address(&draft) else {
        return Ok(past::with_latest(request, unsent(request, draft).await).await);
    };
    if held_back {
        return Ok(draft.into_page(Outcome::HeldBack));
    }
    Ok(noted(request, act(request, draft, &intent).await).await)
}

/// The operation at `address`, as the posted form asks: sent, shown first, or only drawn anew.
///
/// # Errors
/// [`ServerFnError::NotFound`] when there is no such operation, [`Transient::NoDocument`] when nobody knows.
pub async fn send(
    request: &RequestContext,
    address: &str,
    posted: Posted,
) -> Result<OperationPage, ServerFnError> {
    let intent = intent(&posted.values).unwrap_or(Intent::SEND_IT);
    let page = act(request, begin(request, address, posted)?, &intent).await;
    past::keep_typed(request, &page).await;
    Ok(noted(request, page).await)
}

/// An open form, with what the person had typed when their session ended, if there is anything.
async fn unsent(request: &RequestContext, draft: Draft) -> OperationPage {
    match past::typed(request, &draft.operation).await {
        Some(typed) => draft.refilled(typed).into_page(Outcome::Restored),
        None => draft.into_page(Outcome::NotSent),
    }
}

/// With the history, which has noted it.
async fn noted(request: &RequestContext, page: OperationPage) -> OperationPage {
    past::note(request, &page).await;
    past::with_latest(request, page).await
}

/// What opening the page does, if that is more than to show the form. Bodies do not stand in addresses.
fn intent_of_address(Draft { operation, values, .. }: &Draft) -> Option<Intent> {
    let intent = intent(values);
    let asked = intent.is_some() || operation.is_any_given(values) || operation.takes_no_parameters();
    (asked && operation.is_by_address()).then(|| intent.unwrap_or(Intent::SEND_IT))
}

/// What `send` says; that it is there at all means to send.
fn intent(values: &Values) -> Option<Intent> {
    let said = values.first(SEND).and_then(|text| text.parse().ok());
    said.or_else(|| (values.count(SEND) > 0).then_some(Intent::SEND_IT))
}

fn begin(request: &RequestContext, address: &str, posted: Posted) -> Result<Draft, ServerFnError> {
    let document = document(request)?;
    let summary = document.find(address).ok_or(ServerFnError::NotFound)?.clone();
    Ok(Draft::new(document, &summary, posted))
}

async fn act(request: &RequestContext, draft: Draft, intent: &Intent) -> OperationPage {
    if intent.is_about_form() || draft.is_other_kind {
        return changed(draft, intent).await;
    }
    let Intent::Send { anyway, confirmed } = *intent else { return previewed(request, draft).await };
    let checked = if anyway { draft.request(Check::Lenient) } else { checked(&draft).await };
    let (parts, route) = match (checked, servers::route(request.state(), &draft.operation, &draft.values)) {
        (Ok(parts), Ok(route)) => (parts, route),
        (checked, route) => return to_be_corrected(draft, checked.err(), route.err()),
    };
    if let Some(stray) = stray(request, &draft, &route, &parts) {
        return to_be_corrected(draft, None, Some(stray));
    }
    if draft.operation.dangerous && !confirmed {
        return OperationPage { step: Step::Confirm { anyway }, ..draft.into_page(Outcome::NotSent) };
    }
    let outcome = match call::call(&draft.operation, parts, &draft.files) {
        Ok(call) => exchanged(request, &draft.operation, route.apply(call)).await,
        Err(_) => Outcome::Failed(ServerFnError::Transient(Transient::BadCall)),
    };
    draft.into_page(outcome)
}

/// The form as one of its buttons asks. One that holds much may take its time, so it is made where [`checked`] is. A change
/// that breaks off changes nothing.
async fn changed(mut draft: Draft, intent: &Intent) -> OperationPage {
    draft.values.retain(|name| name != SEND);
    let (mut copy, intent) = (draft.clone(), intent.clone());
    let page = tokio::task::spawn_blocking(move || {
        copy.change(&intent);
        copy.into_page(Outcome::NotSent)
    });
    page.await.unwrap_or_else(|_| draft.into_page(Outcome::NotSent))
}

/// The check may take its time, so it is done on a thread where nobody waits for anything else. Of one that breaks off,
/// only what the inputs see by themselves is left.
async fn checked(draft: &Draft) -> Result<RequestParts, Vec<FieldError>> {
    let copy = draft.clone();
    let checked = tokio::task::spawn_blocking(move || check::checked(&copy)).await;
    checked.unwrap_or_else(|_| draft.request(Check::Strict))
}

/// The form again, with what is wrong. It can be sent anyway when only its schema is against it.
fn to_be_corrected(
    draft: Draft,
    problems: Option<Vec<FieldError>>,
    of_route: Option<FieldError>,
) -> OperationPage {
    let can_be_sent = of_route.is_none() && draft.request(Check::Lenient).is_ok();
    let step = if can_be_sent { Step::Correct } else { Step::Fill };
    let problems = problems.into_iter().flatten().chain(of_route).collect();
    OperationPage { problems, step, ..draft.into_page(Outcome::NotSent) }
}

/// What is wrong with a path that would leave the API, at the input that makes it so.
fn stray(request: &RequestContext, draft: &Draft, route: &Route, parts: &RequestParts) -> Option<FieldError> {
    let base = route.base(request.state());
    join(base, &parts.path_and_query).err()?;
    let leads_away = |value: &str| join(base, &format!("/{}", value.trim_start_matches('/'))).is_err();
    let in_path = |parameter: &&Parameter| parameter.place == Place::Path;
    let given = |parameter: &&Parameter| draft.values.all(&parameter.input).any(leads_away);
    let mut parameters = draft.operation.parameters.iter().filter(in_path);
    let input = parameters.find(given).map(|parameter| parameter.input.clone()).unwrap_or_default();
    Some(FieldError {
        input,
        message: "With this the path would lead out of the API, so it is not sent.".into(),
    })
}

/// What is wrong is told, and the request shown all the same, as far as there is one.
async fn previewed(request: &RequestContext, draft: Draft) -> OperationPage {
    let (parts, mut problems) = match checked(&draft).await {
        Ok(parts) => (Some(parts), Vec::new()),
        Err(problems) => (draft.request(Check::Lenient).ok(), problems),
    };
    let route = servers::route(request.state(), &draft.operation, &draft.values);
    problems.extend(route.as_ref().err().cloned());
    if let (Some(parts), Ok(route)) = (&parts, &route) {
        problems.extend(stray(request, &draft, route, parts));
    }
    let shown = parts.and_then(|_| draft.without_keys().request(Check::Lenient).ok());
    let preview = shown
        .zip(route.ok())
        .and_then(|(parts, route)| preview::of(request.state(), &route, parts, &draft.uploads()));
    OperationPage { problems, preview: preview.map(Box::new), ..draft.into_page(Outcome::NotSent) }
}
