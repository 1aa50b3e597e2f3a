//! The console: from an address or a form to a call, and from the API's answer to something to read.

mod answer;
mod finding;
mod past;

pub use answer::{events, kept, reread};
pub use finding::{count, index, search};

use super::{
    config::UpstreamSettings,
    document::Reading,
    request::RequestContext,
    state::AppState,
    upstream::{self, Access, Call, exchange},
};
use crate::{
    error::{ServerFnError, Transient},
    openapi::{Operation, OperationSummary, Piece, RequestParts, Values},
    types::{ApiSummary, OperationPage, Outcome},
};

/// The form field and query parameter that mean "send it", and the one that holds a body.
const SEND: &str = "send";
const BODY: &str = "body";
/// The name of an API whose document cannot be read.
const UNKNOWN: &str = "API";
/// What is worth a try in the demo API, and how many operations of another one stand in its place.
const WORTH_A_TRY: [&str; 6] =
    ["listBooks", "createOrder", "getBookCover", "waitForIt", "tryYourLuck", "expireMyTokens"];

/// What this API is, by its document and the settings.
pub fn summary(request: &RequestContext) -> ApiSummary {
    let (state, reading) = (request.state(), request.document());
    let (title, base_url) = (title(state, &reading), base_url(state));
    let Some(document) = reading.document else {
        return ApiSummary { title, base_url, problem: reading.problem, ..ApiSummary::default() };
    };
    ApiSummary {
        title,
        version: document.version().map(str::to_owned),
        description: document.description().map(str::to_owned),
        base_url,
        operations: count(document.operations().len()),
        tags: finding::tags(&document),
        problem: reading.problem,
        demo: state.is_demo(),
    }
}

/// What people call the API: by the settings, else by its document as `reading` has it.
pub fn title(state: &AppState, reading: &Reading) -> String {
    let UpstreamSettings { title, name, .. } = &state.settings().upstream;
    let document = reading.document.as_ref().map(|document| document.title());
    title.as_deref().or(document).or(name.as_deref()).unwrap_or(UNKNOWN).to_owned()
}

/// Where the API is, as people write it.
pub fn base_url(state: &AppState) -> String {
    state.client().base().as_str().trim_end_matches('/').to_owned()
}

/// The operations that the home page shows at a glance: those of the settings, or of the demo API.
pub fn glances(state: &AppState) -> Vec<String> {
    if state.is_demo() && state.settings().home.glance.is_empty() {
        return ["dailySales", "listOrders"].map(Into::into).into();
    }
    state.settings().home.glance.clone()
}

/// The operations at these addresses, as far as there are any.
pub fn find_all(request: &RequestContext, addresses: &[String]) -> Vec<OperationSummary> {
    let Some(document) = request.document().document else { return Vec::new() };
    addresses.iter().filter_map(|address| document.find(address)).cloned().collect()
}

/// Operations to begin with: the interesting ones of the demo API, the first ones of any other.
pub fn suggestions(request: &RequestContext) -> Vec<OperationSummary> {
    if request.state().is_demo() {
        return find_all(request, &WORTH_A_TRY.map(str::to_owned));
    }
    let document = request.document().document;
    document
        .iter()
        .flat_map(|document| document.operations().iter().take(WORTH_A_TRY.len()))
        .cloned()
        .collect()
}

/// One operation for the home page, sent with its defaults.
///
/// # Errors
/// [`ServerFnError::NotFound`] when there is no such operation.
pub async fn glance(request: &RequestContext, address: &str) -> Result<OperationPage, ServerFnError> {
    let operation = find(request, address)?;
    let values = Values::default();
    let parts = operation.request(&values, None).ok().filter(|_| operation.accepts_get_run(&values));
    let Some(Ok(call)) = parts.map(call) else { return Ok(unsent(operation, values, Outcome::NotSent)) };
    let outcome = match exchange(request, call).await {
        Ok(answer) => Outcome::Answered(Box::new(answer::at_a_glance(request.state(), &operation, &answer))),
        Err(broken) => Outcome::Failed(broken.into()),
    };
    Ok(unsent(operation, values, outcome))
}

/// The operation at `address` with its form filled in from `query`. A `GET` is sent when the address says so: a
/// required parameter, any parameter or `send` is there, or there is nothing to fill in.
///
/// # Errors
/// [`ServerFnError::NotFound`] when there is no such operation.
pub async fn open(
    request: &RequestContext,
    address: &str,
    query: &str,
) -> Result<OperationPage, ServerFnError> {
    let operation = find(request, address)?;
    let values = Values::parse(query);
    if let Some(page) = past::again(request, &operation, &values).await {
        return page;
    }
    let asked =
        values.first(SEND).is_some() || operation.is_any_given(&values) || operation.parameters.is_empty();
    if !is_safe(&operation) || !asked {
        let page = past::open(request, operation, values).await;
        return Ok(past::with_latest(request, page).await);
    }
    // A link of another site may fill a form in, but it takes the person to send it.
    if request.caller().cross_site {
        return Ok(unsent(operation, values, Outcome::HeldBack));
    }
    Ok(noted(request, run(request, operation, values, None).await).await)
}

/// The operation at `address`, sent as a form says.
///
/// # Errors
/// [`ServerFnError::NotFound`] when there is no such operation.
pub async fn send(
    request: &RequestContext,
    address: &str,
    form: &str,
) -> Result<OperationPage, ServerFnError> {
    let operation = find(request, address)?;
    let values = Values::parse(form);
    let body = values.first(BODY).filter(|body| !body.trim().is_empty()).map(str::to_owned);
    Ok(noted(request, run(request, operation, values, body).await).await)
}

/// With the history, which has noted it.
async fn noted(request: &RequestContext, page: OperationPage) -> OperationPage {
    past::note(request, &page).await;
    past::with_latest(request, page).await
}

async fn run(
    request: &RequestContext,
    operation: Operation,
    values: Values,
    body: Option<String>,
) -> OperationPage {
    match operation.request(&values, body.as_deref()) {
        Err(problems) => OperationPage { body, problems, ..unsent(operation, values, Outcome::NotSent) },
        Ok(parts) => {
            let outcome = exchanged(request, &operation, parts).await;
            OperationPage { body, ..unsent(operation, values, outcome) }
        }
    }
}

async fn exchanged(request: &RequestContext, operation: &Operation, parts: RequestParts) -> Outcome {
    let Ok(call) = call(parts) else { return Outcome::Failed(ServerFnError::Transient(Transient::BadCall)) };
    match upstream::open(request, call).await {
        Ok(incoming) => answer::received(request, operation, incoming).await,
        Err(broken) => Outcome::Failed(broken.into()),
    }
}

fn call(parts: RequestParts) -> Result<Call, http::Error> {
    let method = http::Method::from_bytes(parts.method.as_bytes())?;
    let mut call = Call::new(method, parts.path_and_query, Access::Session);
    for (name, value) in parts.headers {
        call = call.header(http::HeaderName::try_from(name)?, http::HeaderValue::try_from(value)?);
    }
    if !parts.cookies.is_empty() {
        let cookies: Vec<_> = parts.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        call = call.header(http::header::COOKIE, http::HeaderValue::try_from(cookies.join("; "))?);
    }
    if let Some(body) = parts.body {
        let bytes = body.pieces.into_iter().filter_map(|piece| match piece {
            Piece::Bytes(bytes) => Some(bytes),
            Piece::File(_) => None,
        });
        call = call
            .header(http::header::CONTENT_TYPE, http::HeaderValue::try_from(body.media_type)?)
            .bytes(bytes.flatten().collect::<Vec<_>>().into());
    }
    Ok(call)
}

fn unsent(operation: Operation, values: Values, outcome: Outcome) -> OperationPage {
    OperationPage { operation, values, body: None, problems: Vec::new(), outcome, latest: Vec::new() }
}

fn find(request: &RequestContext, address: &str) -> Result<Operation, ServerFnError> {
    let document = request.document().document.ok_or(ServerFnError::NotFound)?;
    let summary = document.find(address).ok_or(ServerFnError::NotFound)?;
    Ok(document.operation(summary))
}

/// Whether an address may send it (RFC 9110, safe methods).
fn is_safe(operation: &Operation) -> bool {
    matches!(operation.summary.method.to_ascii_uppercase().as_str(), "GET" | "HEAD")
}
