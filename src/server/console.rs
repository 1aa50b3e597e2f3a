//! The console: from an address or a form to a call, and from the API's answer to something to read.

mod answer;
mod ask;
mod call;
mod check;
mod draft;
mod finding;
mod past;
mod preview;
pub mod servers;
mod snippet;

pub use self::ask::{glance, open, send};

pub use answer::{ROWS_ON_A_PAGE, events, kept, reread};
pub use finding::{MOST_ON_A_PAGE, count, index, search};

use std::sync::Arc;

use super::{
    config::UpstreamSettings,
    document::Current,
    request::RequestContext,
    state::AppState,
    upstream::{self, Call},
};
use crate::{
    error::{ServerFnError, Transient},
    openapi::{Document, Operation, OperationSummary},
    types::{ApiSummary, Outcome},
};

/// The name of an API whose document cannot be read.
const UNKNOWN: &str = "API";
/// What is worth a try in the demo API, and how many operations of another one stand in its place.
const WORTH_A_TRY: [&str; 6] =
    ["listBooks", "createOrder", "getBookCover", "waitForIt", "tryYourLuck", "expireMyTokens"];

/// What this API is, by its document and the settings.
pub fn summary(request: &RequestContext) -> ApiSummary {
    let (state, current) = (request.state(), request.document());
    let (title, base_url) = (title(state, &current), base_url(state));
    let Some(document) = current.document else {
        return ApiSummary { title, base_url, problem: current.problem, ..ApiSummary::default() };
    };
    ApiSummary {
        title,
        version: document.version().map(str::to_owned),
        description: document.description().map(str::to_owned),
        base_url,
        operations: count(document.operations().len()),
        tags: finding::tags(&document),
        problem: current.problem,
    }
}

/// What people call the API: by the settings, else by its document as `current` has it.
pub fn title(state: &AppState, current: &Current) -> String {
    let UpstreamSettings { title, name, .. } = &state.settings().upstream;
    let document = current.document.as_ref().map(|document| document.title());
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

/// The API's document, as this person sees it.
fn document(request: &RequestContext) -> Result<Arc<Document>, ServerFnError> {
    let Current { document, problem } = request.document();
    document.ok_or(ServerFnError::Transient(Transient::NoDocument(problem)))
}

async fn exchanged(request: &RequestContext, operation: &Operation, call: Call) -> Outcome {
    match upstream::open(request, call).await {
        Ok(incoming) => answer::received(request, operation, incoming).await,
        Err(broken) => Outcome::Failed(broken.into()),
    }
}
